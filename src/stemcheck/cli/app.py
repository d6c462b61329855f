"""The commands of stemcheck, and the help that lists them."""

from typing import Annotated

import typer

from stemcheck.cli.commands.cautions import show_cautions
from stemcheck.cli.commands.read import read_records
from stemcheck.cli.commands.schema import print_schema
from stemcheck.cli.commands.show import show_trials
from stemcheck.cli.commands.trials import list_trials
from stemcheck.errors import ExitCode

EPILOG = "\n\n".join(
    [
        "Exit codes: " + " · ".join(f"{code.value} {code.meaning}" for code in ExitCode) + ".",
        "Data: ClinicalTrials.gov, U.S. National Library of Medicine. A listing there is no approval.",
    ]
)

app = typer.Typer(
    name="stemcheck",
    help=(
        "What stem-cell trials ClinicalTrials.gov really lists: what is given and how, in the record's "
        "own words, beside the cautions you should know."
    ),
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(*, is_asked: bool) -> None:
    if is_asked:
        from stemcheck import __version__

        typer.echo(f"stemcheck {__version__}")
        raise typer.Exit


@app.callback()
def _stemcheck(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Keep the options that stand before a command."""


app.command("trials")(list_trials)
app.command("show")(show_trials)
app.command("read")(read_records)
app.command("cautions")(show_cautions)
app.command("schema")(print_schema)
