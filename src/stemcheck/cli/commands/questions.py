"""`stemcheck questions`: what to ask the clinic and your own doctor."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stemcheck.cli.options import (
    TEXT,
    ForceFlag,
    JsonFlag,
    LiveFlag,
    NoColorFlag,
    OfflineFlag,
    OutputOption,
    QuietFlag,
    TextFormatOption,
    TimeoutOption,
    chosen_format,
)
from stemcheck.errors import ExitCode, UsageError
from stemcheck.words import words

if TYPE_CHECKING:
    from stemcheck.services.show import Found

EPILOG = """\
\b
Examples:
  stemcheck questions
  stemcheck questions NCT04506073 --format markdown -o questions.md
  stemcheck questions --condition stroke --for clinician
"""


def list_questions(  # noqa: PLR0913 (one parameter an option)
    *,
    number: Annotated[
        str | None, typer.Argument(metavar="[NCT]", help=words("cli.questions.number"))
    ] = None,
    condition: Annotated[
        str | None, typer.Option("--condition", "-c", help=words("cli.questions.condition"))
    ] = None,
    audience: Annotated[
        str,
        typer.Option("--for", metavar="WHO", help=words("cli.questions.audience")),
    ] = "patient",
    format_: TextFormatOption = None,
    json: JsonFlag = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    offline: OfflineFlag = False,
    live: LiveFlag = False,
    quiet: QuietFlag = False,
    no_color: NoColorFlag = False,
    timeout: TimeoutOption = None,
) -> int:
    """Print a sheet of questions: about one trial, about an illness, or in general."""
    shape = chosen_format(format_, json=json, output=output, offered=TEXT)
    if number is not None and condition is not None:
        raise UsageError(
            words("cli.questions.two_subjects"), hint=words("cli.questions.number_is_enough")
        )

    from stemcheck.cli.asking import chosen_ask, settings_with
    from stemcheck.cli.writing import say_closing, write_sheet
    from stemcheck.output.questions import QuestionsSheet, questions_document
    from stemcheck.output.sink import check_place
    from stemcheck.output.talk import Talk
    from stemcheck.services.filters import AUDIENCE_SHOWN, AUDIENCE_WORDS, one_value_of
    from stemcheck.services.show import find_trial
    from stemcheck.services.sources import today

    check_place(output, force=force)
    talk = Talk(quiet=quiet, for_machines=shape.is_for_machines, no_color=no_color)
    ask = chosen_ask(offline=offline, live=live, shape=shape, output=output)
    who = one_value_of(audience, AUDIENCE_WORDS, name="--for", shown=AUDIENCE_SHOWN)
    reader: Literal["patient", "clinician"] = "clinician" if who == "clinician" else "patient"
    found: Found | None = None
    if number is not None:
        with talk.progress() as progress:
            found = find_trial(number, ask, settings_with(timeout), on_event=progress)
    trial = found.trials[0] if found else None
    source = found.origin if found else None
    document = questions_document(trial, condition, reader, source)
    write_sheet(QuestionsSheet(document, today=today()), shape, talk, output, force=force)
    if found is None:
        return ExitCode.DONE
    say_closing(found.closing_notices(), talk)
    return ExitCode.DONE if ask.is_answered_by(found.origin) else ExitCode.SAVED_DATA
