"""`stemcheck questions`: what to ask the clinic and one's own doctor."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from stemcheck.cli.options import (
    ForceFlag,
    Format,
    FormatOption,
    JsonFlag,
    LiveFlag,
    NoColorFlag,
    OfflineFlag,
    OutputOption,
    QuietFlag,
    TimeoutOption,
    chosen_format,
)
from stemcheck.errors import ExitCode, TrialNotFoundError, UsageError

if TYPE_CHECKING:
    from stemcheck.services.search import Ask
    from stemcheck.services.show import Found

EPILOG = """\
\b
Examples:
  stemcheck questions
  stemcheck questions NCT04506073 --format markdown -o questions.md
  stemcheck questions --condition stroke --for clinician
"""


class AudienceChoice(StrEnum):
    """Who asks."""

    PATIENT = "patient"
    CLINICIAN = "clinician"


def list_questions(  # noqa: PLR0913 (one parameter an option)
    *,
    number: Annotated[
        str | None, typer.Argument(metavar="[NCT]", help="The trial that it is about.")
    ] = None,
    condition: Annotated[
        str | None, typer.Option("--condition", "-c", help="The illness, when there is no number.")
    ] = None,
    audience: Annotated[
        AudienceChoice, typer.Option("--for", help="Who asks: patient or clinician.")
    ] = AudienceChoice.PATIENT,
    format_: FormatOption = None,
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
    shape = chosen_format(format_, json=json, jsonl=False, csv=False)
    if shape in {Format.CSV, Format.JSONL}:
        raise UsageError(f"questions has no {shape} format.", hint="Use table, json or markdown.")
    if number is not None and condition is not None:
        raise UsageError(
            "A number and --condition are asked for at once.",
            hint="The number is enough: the record names the illness.",
        )

    from stemcheck.cli.asking import chosen_ask, settings_with
    from stemcheck.output.questions import (
        QuestionsDocument,
        print_questions,
        write_questions_markdown,
    )
    from stemcheck.output.records import write_json
    from stemcheck.output.sink import answer_stream
    from stemcheck.output.talk import Talk
    from stemcheck.services.questions import questions_to_ask
    from stemcheck.services.show import checked_number, find_trials

    talk = Talk(quiet=quiet, for_machines=shape.is_for_machines, no_color=no_color)
    ask = chosen_ask(offline=offline, live=live)
    found: Found | None = None
    if number is not None:
        wanted = checked_number(number)
        with talk.progress() as progress:
            found = find_trials((wanted,), ask, settings_with(timeout), on_event=progress)
        _check_found(found, wanted)
    trial = found.trials[0] if found else None
    asked = " ".join(condition.split()) if condition else None
    sheet = QuestionsDocument(
        audience=audience.value,
        nct_id=trial.nct_id if trial else None,
        title=trial.brief_title if trial else None,
        condition=asked,
        questions=questions_to_ask(trial, asked, audience.value),
        source=found.source if found else None,
    )
    with answer_stream(output, force=force) as stream:
        match shape:
            case Format.JSON:
                write_json(sheet, stream)
            case Format.MARKDOWN:
                write_questions_markdown(sheet, stream)
            case _:
                print_questions(sheet, talk.console(stream))
    if found:
        talk.say(found.closing_notices())
    return _exit_code(found, ask)


def _check_found(found: "Found", wanted: str) -> None:
    """Raise TrialNotFoundError when there is no trial to ask about."""
    if found.trials:
        return
    if found.unreadable:
        from stemcheck.errors import AnswerUnreadableError

        raise AnswerUnreadableError(f"The record of {wanted} could not be read.")
    where = "the registry" if found.missing else "saved data"
    raise TrialNotFoundError(
        f"{wanted} is not in {where}.", hint="Without a number: stemcheck questions"
    )


def _exit_code(found: "Found | None", ask: "Ask") -> int:
    from stemcheck.services.search import Ask

    is_saved = found is not None and found.source.kind != "live"
    return ExitCode.SAVED_DATA if is_saved and ask is not Ask.SAVED_ONLY else ExitCode.DONE
