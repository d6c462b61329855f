"""One trial in full, for the terminal: what most people ask first, with the record's words."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from stemcheck.guidance.cautions import cautions_for, cautions_that_fit_best
from stemcheck.guidance.questions import questions_for
from stemcheck.guidance.signals import counted_in
from stemcheck.output.formats import Sheet
from stemcheck.output.in_full import (
    arm_lines,
    contact_lines,
    description_lines,
    design_lines,
    document_lines,
    eligibility_lines,
    outcome_lines,
    paper_lines,
    summary_line,
    summary_lines,
    told,
)
from stemcheck.output.places import place_lines
from stemcheck.output.plain import clean, clean_lines
from stemcheck.output.posted_results import harm_lines, result_lines
from stemcheck.output.sections import Fact, Section, by_reason, sections_of
from stemcheck.output.table import source_panel
from stemcheck.output.wording import source_line, title_of
from stemcheck.reading.quotes import Step
from stemcheck.trial.answer import AppliedCaution, Source
from stemcheck.trial.details import DetailedTrial, ShowAnswer
from stemcheck.trial.text import RecordText
from stemcheck.trial.trial import Trial
from stemcheck.words import words, words_or_none

_MOST_CAUTIONS = 5
_MOST_QUESTIONS = 6
_BULLET = "• "
_GRAVE = "join"
"""The section whose first line gives the status."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The optional long parts to print."""

    sites: bool = False
    """Every site, not only the countries."""
    criteria: bool = False
    """The eligibility criteria, in the record's words."""
    why: bool = False
    """The rules that took or refused words of the record."""
    all_cautions: bool = False
    """Every caution that fits, by reason."""
    sections: tuple[str, ...] = ()
    """The names of the sections to print in full; if any are given, nothing else is printed."""


class ShowSheet(Sheet):
    """Trials in full. ``text_of`` returns the words of a trial's record, if available."""

    def __init__(
        self,
        answer: ShowAnswer,
        text_of: Callable[[Trial], RecordText | None],
        parts: Parts,
        *,
        today: date,
    ) -> None:
        self._answer = answer
        self._text_of = text_of
        self._parts = parts
        self._today = today

    def gather(self) -> int:
        return len(self._answer.trials)

    def document(self) -> ShowAnswer:
        return self._answer

    def draw(self, console: Console) -> None:
        source = self._answer.source
        address = self._answer.trials[0].url if len(self._answer.trials) == 1 else None
        print_source(source, console, self._today, address)
        for trial in self._answer.trials:
            chosen = self._parts.sections
            parts = _chosen(trial, chosen) if chosen else self._whole(trial)
            print_parts(trial, console, parts)

    def _whole(self, trial: DetailedTrial) -> "Iterator[Part]":
        """Yield everything about a trial that is printed without being requested by name."""
        parts = self._parts
        for section in sections_of(trial, self._answer.source, self._today):
            yield section.heading, [*_lines(section), *_hints(section.id, trial, parts)]
        yield _heading("sites"), list(place_lines(trial, every_site=True)) if parts.sites else []
        yield _heading("criteria"), list(_criteria(trial)) if parts.criteria else []
        yield _heading("why"), list(_why(self._steps(trial))) if parts.why else []
        yield _heading("cautions"), list(_cautions(trial, show_all=parts.all_cautions))
        yield _heading("questions"), list(_questions(trial))

    def _steps(self, trial: DetailedTrial) -> Iterable[Step]:
        """Return the steps of the reading; nothing if the record's words are not available."""
        from stemcheck.reading import explain

        text = self._text_of(trial)
        return explain(text)[1] if text else ()

    def trials(self) -> Iterator[tuple[DetailedTrial, Source]]:
        for trial in self._answer.trials:
            yield trial, self._answer.source


def print_source(source: Source, console: Console, today: date, address: str | None = None) -> None:
    """Print where the answer comes from, in a box if this is not the registry itself."""
    if panel := source_panel(source, today, address):
        console.print(panel)
    console.print(Text(source_line(source), "dim"))


Line = str | Text
Part = tuple[str, list[Line]]
"""A heading, and the lines below it."""


def print_parts(trial: DetailedTrial, console: Console, parts: Iterable[Part]) -> None:
    """Print one trial, part by part."""
    console.print()
    console.print(Text(f"{trial.nct_id}  {title_of(trial)}", "bold"))
    for heading, lines in parts:
        if lines:
            console.print()
            console.print(Text(heading, "bold cyan"))
            for line in lines:
                console.print(_indented(line))
    console.print()
    console.print(Text(trial.url))


def _heading(name: str) -> str:
    return words(f"record.headings.{name}")


def _indented(line: Line) -> Padding:
    """Return a line with its indent; wrapped text starts below its first word."""
    text = Text(line) if isinstance(line, str) else line
    deeper = len(text.plain) - len(text.plain.lstrip(" "))
    text = text[deeper:]
    if not text.plain.startswith(_BULLET):
        return Padding(text, (0, 0, 0, 2 + deeper), expand=False)
    listed = Table.grid()
    listed.add_column(no_wrap=True)
    listed.add_column(overflow="fold")
    listed.add_row(text[: len(_BULLET)], text[len(_BULLET) :])
    return Padding(listed, (0, 0, 0, 2 + deeper), expand=False)


# --- printed for every trial ----------------------------------------------------------------------------


def _lines(section: Section) -> Iterator[Line]:
    facts = section.facts
    if section.in_one_line:
        yield " · ".join(f"{fact.name}: {fact.text}" for fact in facts if fact.name)
        facts = [fact for fact in facts if not fact.name]
    for number, fact in enumerate(facts):
        following = facts[number + 1].meaning if number + 1 < len(facts) else None
        meaning = "" if fact.meaning == following else fact.meaning  # after the last only
        yield _line(fact._replace(meaning=meaning), is_grave=section.id == _GRAVE and not number)
    if section.id == "notice":
        yield Text(words("record.rates", day=counted_in()), "dim")


def _line(fact: Fact, *, is_grave: bool) -> Text:
    line = Text(f"{fact.name}: " if fact.name else "• ", "bold" if is_grave else "")
    line.append(fact.text, "bold" if is_grave else "")
    if fact.quote:
        link = "" if not fact.text else " " if fact.text.endswith(".") else ": "
        line.append(f'{link}"{fact.quote}"', "italic")
    if fact.meaning and not fact.name:
        line.append(f" ({fact.meaning})", "dim")
    elif fact.meaning:
        stop = "" if fact.text.endswith((".", "?", "!")) or not fact.text else "."
        line.append(f"{stop} {fact.meaning}")
    return line


def _hints(section: str, trial: DetailedTrial, parts: Parts) -> Iterator[Line]:
    """Yield hints on how to see more of a section."""
    details = trial.details
    if section == "about" and len(summary_line(trial) or "") < len(clean(details.brief_summary)):
        yield Text(words("record.more_summary"), "dim")
    if section == "join" and details.locations and not parts.sites:
        yield Text(words("record.more_sites"), "dim")
    if section == "join" and details.eligibility_criteria and not parts.criteria:
        yield Text(words("record.all_criteria"), "dim")
    if section == "dates" and trial.arms is not None:
        yield Text(words("record.more_sections"), "dim")


def _criteria(trial: DetailedTrial) -> Iterator[Line]:
    text = clean_lines(trial.details.eligibility_criteria)
    yield text or words("record.no_criteria")


def _why(steps: Iterable[Step]) -> Iterator[Line]:
    for step in steps:
        style = "green" if step.decision == "took" else "yellow"
        line = Text(f"{words(f'reading.decision.{step.decision}')} ", style)
        line.append(f"{step.claim} {step.value} ").append(f'"{clean(step.quote)}"', "italic")
        why = words_or_none(f"reading.why.{step.why}") or ""
        yield line.append(f" {step.field}: {why} [{step.rule}]", "dim")


def _cautions(trial: Trial, *, show_all: bool) -> Iterator[Line]:
    """Yield the cautions that fit best, or all of them grouped by reason."""
    every = cautions_for(trial)
    if not show_all:
        best = cautions_that_fit_best(trial, _MOST_CAUTIONS)
        yield from map(_caution_line, best)
        if more := len(every) - len(best):
            yield Text(words("record.more_cautions", count=more), "dim")
        return
    for reason, cautions in by_reason(every):
        name = words("record.because", reason=reason.rstrip(".")) if reason else ""
        yield Text(name or words("record.for_every_study"), "bold")
        yield from map(_caution_line, cautions)


def _caution_line(caution: AppliedCaution) -> Text:
    line = Text(f"{_BULLET}{caution.text}")
    return line.append(f" ({words('cautions.ours_short')})", "dim") if caution.ours else line


def _questions(trial: Trial) -> Iterator[Line]:
    questions = questions_for(trial)
    yield from (f"• {question.text}" for question in questions[:_MOST_QUESTIONS])
    if more := len(questions) - _MOST_QUESTIONS:
        yield Text(words("record.more_questions", count=more, number=trial.nct_id), "dim")


# --- printed when requested by name ---------------------------------------------------------------------


def _chosen(trial: DetailedTrial, names: Iterable[str]) -> Iterator[Part]:
    """Yield the requested parts in full, and say so if one is missing."""
    for name in names:
        lines = list(SECTIONS[name](trial))
        if trial.arms is None and name in _IN_RECORDS_ONLY:
            lines.append(told("lines.not_here", number=trial.nct_id))
        elif not any(lines):
            lines = [told("lines.none_given")]
        yield told(f"sections.{name}"), lines


_IN_RECORDS_ONLY = frozenset(
    {"summary", "description", "arms", "outcomes", "eligibility", "publications", "documents"}
)
"""Parts that the built-in sample does not have."""


def _design(trial: DetailedTrial) -> Iterator[Line]:
    yield from _lines_of("who", trial)
    yield from _lines_of("design", trial)
    yield from design_lines(trial)


def _lines_of(name: str, trial: DetailedTrial) -> Iterator[Line]:
    source = Source(kind="file", registry="")  # sponsor and design do not depend on a date
    for section in sections_of(trial, source, date.max):
        if section.id == name:
            yield from _lines(section)


def _results(trial: DetailedTrial) -> Iterator[Line]:
    yield from result_lines(trial.results) if trial.results else _no_results(trial)


def _harms(trial: DetailedTrial) -> Iterator[Line]:
    yield from harm_lines(trial.results) if trial.results else _no_results(trial)


def _no_results(trial: DetailedTrial) -> Iterator[Line]:
    yield told("lines.results_elsewhere" if trial.has_results else "lines.no_results")


SECTIONS: dict[str, Callable[[DetailedTrial], Iterable[Line]]] = {
    "summary": summary_lines,
    "description": description_lines,
    "arms": arm_lines,
    "outcomes": outcome_lines,
    "eligibility": eligibility_lines,
    "sites": partial(place_lines, every_site=True),
    "design": _design,
    "oversight": partial(_lines_of, "oversight"),
    "results": _results,
    "harms": _harms,
    "publications": paper_lines,
    "documents": document_lines,
    "contacts": contact_lines,
}
"""The parts of a trial that can be requested by name; their headings are in the table of words."""
