"""The commands of stemcheck, and the help that lists them."""

import os
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer

from stemcheck.errors import ExitCode

EPILOG = "\n".join(
    [
        "\b",
        "Start with:",
        "  stemcheck trials --condition stroke",
        "",
        "\b",
        "Exit codes:",
        *(f"  {code.value:>3}  {code.meaning}" for code in ExitCode),
        "",
        "Data: ClinicalTrials.gov, U.S. National Library of Medicine. A listing there is no approval.",
    ]
)
"""The ``\\b`` lines keep what follows from being filled into a paragraph."""


class Command(NamedTuple):
    """One command: its name is also that of its module in `stemcheck.cli.commands`."""

    name: str
    function: str
    summary: str
    """What ``stemcheck --help`` says of it."""


COMMANDS = (
    Command("trials", "list_trials", "trials for a condition"),
    Command("show", "show_trials", "one or more trials in full"),
    Command("verify", "verify_claims", "is it what a clinic told you"),
    Command("questions", "list_questions", "what to ask the clinic"),
    Command("read", "read_records", "read records that you already have"),
    Command("report", "write_report", "a page to print and hand on"),
    Command("cautions", "show_cautions", "what to know before you decide"),
    Command("approved", "show_approved", "stem-cell products that the FDA approved"),
    Command("glossary", "show_glossary", "the registry's words in plain words"),
    Command("doctor", "examine_connection", "can this machine reach the registry"),
    Command("schema", "print_schema", "JSON Schema of what is printed as JSON"),
)
"""In the order of the help."""


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """Return the application for one command line: all commands are listed, those that it names are loaded.

    The options that stand before a command (help, completion) are left away where a command comes first:
    Typer would load pydantic for each that is not given, which doubles the time of
    ``stemcheck trials --help``.
    """
    words = {*arguments, *_words_to_complete()}
    first = next(iter(arguments), "-")
    has_options = first.startswith("-")
    app = typer.Typer(
        name="stemcheck",
        help=(
            "What stem-cell trials ClinicalTrials.gov really lists: what is given and how, in the "
            "record's own words, beside the cautions you should know."
        ),
        epilog=EPILOG,
        add_completion=has_options,
        add_help_option=has_options,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_stemcheck)
    for command in COMMANDS:
        if command.name in words:
            function, epilog = _load(command)
        else:
            function, epilog = _listed_only, None
        app.command(command.name, short_help=command.summary, epilog=epilog)(function)
    return app


def _load(command: Command) -> tuple[Callable[..., Any], str | None]:
    """Return a command's function and the examples that end its help."""
    module = import_module(f"stemcheck.cli.commands.{command.name}")
    return getattr(module, command.function), getattr(module, "EPILOG", None)


def _listed_only() -> None:
    """Stand in for a command that the command line does not name."""


def _words_to_complete() -> list[str]:
    """Return the words of the line that a shell wants completed, when one does."""
    return (
        f"{os.environ.get('COMP_WORDS', '')} {os.environ.get('_TYPER_COMPLETE_ARGS', '')}".split()
    )


def _print_version(*, is_asked: bool) -> None:
    if is_asked:
        from stemcheck import __version__

        typer.echo(f"stemcheck {__version__}")
        raise typer.Exit


def _stemcheck(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Keep the options that stand before a command."""
