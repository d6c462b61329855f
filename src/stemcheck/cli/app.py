"""The commands of stemcheck, and the help that lists them."""

from typing import Annotated

import typer

from stemcheck.cli.commands.approved import show_approved
from stemcheck.cli.commands.cautions import show_cautions
from stemcheck.cli.commands.doctor import examine_connection
from stemcheck.cli.commands.glossary import show_glossary
from stemcheck.cli.commands.questions import EPILOG as QUESTIONS_EXAMPLES
from stemcheck.cli.commands.questions import list_questions
from stemcheck.cli.commands.read import EPILOG as READ_EXAMPLES
from stemcheck.cli.commands.read import read_records
from stemcheck.cli.commands.report import EPILOG as REPORT_EXAMPLES
from stemcheck.cli.commands.report import write_report
from stemcheck.cli.commands.schema import print_schema
from stemcheck.cli.commands.show import EPILOG as SHOW_EXAMPLES
from stemcheck.cli.commands.show import show_trials
from stemcheck.cli.commands.trials import EPILOG as TRIALS_EXAMPLES
from stemcheck.cli.commands.trials import list_trials
from stemcheck.cli.commands.verify import EPILOG as VERIFY_EXAMPLES
from stemcheck.cli.commands.verify import verify_claims
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


app.command("trials", short_help="trials for a condition", epilog=TRIALS_EXAMPLES)(list_trials)
app.command("show", short_help="one or more trials in full", epilog=SHOW_EXAMPLES)(show_trials)
app.command("verify", short_help="is it what a clinic told you", epilog=VERIFY_EXAMPLES)(
    verify_claims
)
app.command("questions", short_help="what to ask the clinic", epilog=QUESTIONS_EXAMPLES)(
    list_questions
)
app.command("read", short_help="read records that you already have", epilog=READ_EXAMPLES)(
    read_records
)
app.command("report", short_help="a page to print and hand on", epilog=REPORT_EXAMPLES)(
    write_report
)
app.command("cautions", short_help="what to know before you decide")(show_cautions)
app.command("approved", short_help="stem-cell products that the FDA approved")(show_approved)
app.command("glossary", short_help="the registry's words in plain words")(show_glossary)
app.command("doctor", short_help="can this machine reach the registry")(examine_connection)
app.command("schema", short_help="JSON Schema of what is printed as JSON")(print_schema)
