"""`stemcheck report`: a page to read and print, for people without a terminal."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn, TextIO

import typer

from stemcheck.cli.filters import Given, query_for, takes_filters
from stemcheck.cli.options import (
    ForceFlag,
    LiveFlag,
    OfflineFlag,
    OutputOption,
    QuietFlag,
    RefreshFlag,
    StrictFlag,
    TimeoutOption,
    check_page_ending,
    option,
)
from stemcheck.errors import AnswerUnreadableError, ExitCode, TrialNotFoundError, UsageError
from stemcheck.words import words

if TYPE_CHECKING:
    from stemcheck.output.talk import Talk
    from stemcheck.services.search import Ask
    from stemcheck.services.settings import Settings
    from stemcheck.services.show import Found
    from stemcheck.trial.answer import TrialsAnswer
    from stemcheck.trial.details import ShowAnswer
    from stemcheck.trial.query import TrialQuery

EPILOG = """\b
Examples:
  stemcheck report -c stroke -o stroke.html
  stemcheck report NCT04506073 -o study.html
  stemcheck report NCT04506073 --questions clinician -o sheet.html
"""


class Audience(StrEnum):
    """Whom the questions are for."""

    PATIENT = "patient"
    CLINICIAN = "clinician"


@takes_filters(without=("raw",))
def write_report(  # noqa: PLR0913 (one parameter an option)
    *,
    numbers: Annotated[
        list[str] | None, typer.Argument(metavar="NCT...", help=words("cli.report.numbers"))
    ] = None,
    filters: Given,
    questions: Annotated[
        Audience | None,
        typer.Option("--questions", help=words("cli.report.questions")),
    ] = None,
    short: Annotated[bool, option("--short")] = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    offline: OfflineFlag = False,
    live: LiveFlag = False,
    refresh: RefreshFlag = False,
    strict: StrictFlag = False,
    quiet: QuietFlag = False,
    timeout: TimeoutOption = None,
) -> int:
    """Write a web page about a search or about trials in full: one file to read, print and pass on."""
    _check(numbers, filters, has_output=output is not None)
    check_page_ending(output)
    query = query_for(filters)

    from stemcheck.cli.asking import chosen_ask, settings_with
    from stemcheck.output.sink import answer_stream, is_file
    from stemcheck.output.talk import Talk

    ask = chosen_ask(offline=offline, live=live, strict=strict, output=output)
    settings = settings_with(timeout, refresh=refresh)
    page = _Page(ask, settings, Talk(quiet=quiet), questions, strict, short)
    # Opening the stream checks the file's place before the registry is asked.
    with answer_stream(output, force=force) as stream:
        code = page.of_trials(numbers, stream) if numbers else page.of_search(query, stream)
    if is_file(output):
        page.talk.say_written(output, page.studies)
    return code


def _check(numbers: list[str] | None, filters: Given, *, has_output: bool) -> None:
    if not numbers and not filters:
        raise UsageError(words("cli.report.no_subject"), hint=words("cli.report.for_example"))
    if numbers and filters:
        raise UsageError(words("cli.report.two_subjects"), hint=words("cli.report.two_reports"))
    if not has_output:
        raise UsageError(words("cli.report.no_file"), hint=words("cli.report.no_file_hint"))


@dataclass(slots=True)
class _Page:
    """Makes a page, with the options of the command line."""

    ask: "Ask"
    settings: "Settings"
    talk: "Talk"
    questions: Audience | None
    is_strict: bool
    is_short: bool
    studies: int = 0
    """How many studies are on the page, once it has been written."""

    def of_search(self, query: "TrialQuery", stream: TextIO) -> int:
        """Write the page of a search and return the exit code."""
        from stemcheck.cli.writing import TOLD_IN_ANSWER, say_closing
        from stemcheck.output.html.page import write_search_page
        from stemcheck.services.search import open_search
        from stemcheck.services.sources import today

        with (
            self.talk.progress() as progress,
            open_search(
                query,
                self.ask,
                self.settings,
                evidence=True,
                strict=self.is_strict,
                on_event=progress,
            ) as search,
        ):
            answer = search.answer()
        self.studies = len(answer.trials)
        write_search_page(
            answer,
            stream,
            today=today(),
            questions=_audience(self.questions),
            is_short=self.is_short,
        )
        notices = (one for one in search.closing_notices() if one.id not in TOLD_IN_ANSWER)
        say_closing(notices, self.talk)
        return self._exit_code(answer)

    def of_trials(self, numbers: list[str], stream: TextIO) -> int:
        """Write the page of trials in full and return the exit code. Raises if there is no trial."""
        from stemcheck.cli.writing import say_closing
        from stemcheck.output.html.page import write_trials_page
        from stemcheck.services.show import checked_number, find_trials
        from stemcheck.services.sources import today

        wanted = tuple(dict.fromkeys(checked_number(number) for number in numbers))
        with self.talk.progress() as progress:
            found = find_trials(wanted, self.ask, self.settings, on_event=progress)
        if not found.trials:
            _raise_for_none(found)
        if self.is_strict:
            found.raise_if_unreadable()
        answer = found.answer()
        self.studies = len(answer.trials)
        write_trials_page(
            answer,
            stream,
            today=today(),
            questions=_audience(self.questions),
            is_short=self.is_short,
        )
        say_closing(found.closing_notices(), self.talk)
        return ExitCode.NOT_FOUND if answer.missing else self._exit_code(answer)

    def _exit_code(self, answer: "TrialsAnswer | ShowAnswer") -> int:
        return ExitCode.DONE if self.ask.is_answered_by(answer.source) else ExitCode.SAVED_DATA


def _audience(questions: Audience | None) -> Literal["patient", "clinician"] | None:
    return None if questions is None else questions.value


def _raise_for_none(found: "Found") -> NoReturn:
    """Raise the error for a page without any trial, so that nothing is written."""
    sentence = " ".join(notice.text for notice in found.closing_notices())
    hint = words("cli.report.no_page")
    if found.unreadable:
        raise AnswerUnreadableError(sentence, hint=hint)
    raise TrialNotFoundError(sentence, hint=hint)
