"""The commands of stemcheck, and the help that lists them."""

import os
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

from stemcheck.cli.options import option
from stemcheck.errors import ExitCode
from stemcheck.words import words

COMMANDS = {
    "trials": "list_trials",
    "show": "show_trials",
    "verify": "verify_claims",
    "questions": "list_questions",
    "read": "read_records",
    "report": "write_report",
    "save": "save_search",
    "saved": "list_saved",
    "changes": "tell_changes",
    "history": "show_history",
    "landscape": "show_landscape",
    "cautions": "show_cautions",
    "approved": "show_approved",
    "glossary": "show_glossary",
    "doctor": "examine_connection",
    "schema": "print_schema",
    "mcp": "serve_agents",
    "help": "print_help",
}
"""Every command in the order of the help, with its function in the module of the same name."""


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """Return the application for one command line. It lists all commands but loads only those that are named.

    If the line starts with a command, the general options (help, completion) are left out. Typer loads
    pydantic for each of them, and ``stemcheck trials --help`` would take twice as long.
    """
    has_options = not arguments or arguments[0].startswith("-")
    app = typer.Typer(
        name="stemcheck",
        help=words("cli.about"),
        epilog=_epilog(),
        add_completion=has_options,
        add_help_option=has_options,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_stemcheck)
    named = {*arguments, *_words_to_complete()}
    for command in COMMANDS:
        function, examples = _load(command) if command in named else (_listed_only, None)
        app.command(
            command,
            help=words(f"cli.commands.{command}"),
            short_help=words(f"cli.summaries.{command}"),
            epilog=examples,
        )(function)
    return app


def _epilog() -> str:
    """Return the end of the help text. Typer keeps the line breaks of a paragraph after a backspace."""
    codes = [
        f"  {code.value:>3}  {words(f'cli.meanings.{code.name.lower()}')}" for code in ExitCode
    ]
    start = ["\b", words("cli.start_with"), f"  {words('cli.first_command')}", ""]
    return "\n".join([*start, "\b", words("cli.exit_codes"), *codes, "", words("cli.data")])


def _load(command: str) -> tuple[Callable[..., Any], str | None]:
    """Return a command's function, and the examples at the end of its help."""
    module = import_module(f"stemcheck.cli.commands.{command}")
    return getattr(module, COMMANDS[command]), getattr(module, "EPILOG", None)


def _listed_only() -> None:
    """Stand in for a command that is not on the command line."""


def _words_to_complete() -> list[str]:
    """Return the words of the line that a shell wants to complete, if any."""
    line = f"{os.environ.get('COMP_WORDS', '')} {os.environ.get('_TYPER_COMPLETE_ARGS', '')}"
    return line.split()


def _print_version(*, is_asked: bool) -> None:
    if is_asked:
        from stemcheck import __version__

        typer.echo(f"stemcheck {__version__}")
        raise typer.Exit


def _stemcheck(
    *,
    version: Annotated[bool, option("--version", callback=_print_version, is_eager=True)] = False,
) -> None:
    """Define the options that come before a command."""
