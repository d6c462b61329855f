"""One trial in full, for the terminal: plain status first, then what is given, with the record's words."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from stemcheck.guidance.cautions import ALWAYS, cautions_for, headline_cautions
from stemcheck.guidance.dates import last_day
from stemcheck.guidance.glossary import find_entry, plain
from stemcheck.guidance.questions import questions_for
from stemcheck.guidance.signals import find_kind
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
    short_lines,
    summary_line,
    summary_lines,
    told,
)
from stemcheck.output.places import place_lines
from stemcheck.output.plain import clean, clean_lines
from stemcheck.output.posted_results import harm_lines, result_lines
from stemcheck.output.table import source_panel
from stemcheck.output.wording import (
    day,
    given_by,
    not_a_trial,
    people_of,
    phase_of,
    source_line,
    title_of,
    way_of,
)
from stemcheck.reading.quotes import Step
from stemcheck.trial.answer import AppliedCaution, Source
from stemcheck.trial.details import DetailedTrial, ShowAnswer
from stemcheck.trial.reading import Evidence
from stemcheck.trial.text import RecordText
from stemcheck.trial.trial import Trial


@dataclass(frozen=True, slots=True)
class Parts:
    """Which of the long parts to print."""

    sites: bool = False
    """Every site, not only the countries."""
    criteria: bool = False
    """The text on who may take part, as the record has it."""
    why: bool = False
    """The rules that took or refused words of the record."""
    sections: tuple[str, ...] = ()
    """Print these parts of the trial, whole, and no others."""


class ShowSheet(Sheet):
    """Trials in full. ``text_of`` gives the words of a trial's record, where they are at hand."""

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
            if self._parts.sections:
                print_parts(trial, console, _chosen(trial, self._parts.sections))
                continue
            steps = self._steps(trial) if self._parts.why else ()
            parts = [
                *_parts(trial, cautions_for(trial), self._parts, source, self._today),
                ("How the record was read", list(_why(steps))),
            ]
            print_parts(trial, console, parts)

    def _steps(self, trial: DetailedTrial) -> Iterable[Step]:
        """Return how the record was read; nothing when its words are not at hand."""
        from stemcheck.reading import explain

        text = self._text_of(trial)
        return explain(text)[1] if text else ()

    def trials(self) -> Iterator[tuple[DetailedTrial, Source]]:
        for trial in self._answer.trials:
            yield trial, self._answer.source


def print_source(source: Source, console: Console, today: date, address: str | None = None) -> None:
    """Print where the answer comes from; unmissably when it is not the registry's own."""
    if panel := source_panel(source, today, address):
        console.print(panel)
    console.print(Text(source_line(source), "dim"))


Part = tuple[str, list["Line"]]
"""A heading, and the lines below it."""


def print_parts(trial: DetailedTrial, console: Console, parts: Iterable[Part]) -> None:
    """Print what is known about one trial, part by part."""
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


Line = str | Text | Table


def _indented(line: Line) -> Padding:
    """Return a line in its place: what is wrapped stays as far in as it began."""
    deeper = len(line) - len(line.lstrip(" ")) if isinstance(line, str) else 0
    text = Text(line[deeper:]) if isinstance(line, str) else line
    return Padding(text, (0, 0, 0, 2 + deeper), expand=False)


def _parts(
    trial: DetailedTrial,
    cautions: Iterable[AppliedCaution],
    parts: Parts,
    source: Source,
    today: date,
) -> Iterator[Part]:
    """Yield what the first screen tells, most needed first."""
    yield _status_heading(trial, source), list(_status(trial))
    yield told("sections.summary"), list(_summary(trial))
    yield "What is given, and how", list(_given(trial))
    yield "Who runs it, and how it is built", list(_build(trial))
    yield "Who may take part", list(_people(trial, parts))
    yield "Where", list(place_lines(trial, every_site=parts.sites))
    yield "Oversight, as the sponsor ticked it", list(_oversight(trial))
    yield "Dates and results", list(_dates(trial, last_day(source.saved_day) or today))
    yield "FDA notices on this record", [clean(_notice(n)) for n in trial.details.fda_notices]
    yield "What a careful reader would notice", list(_signals(trial))
    yield "Cautions for this study", list(_cautions(cautions))
    yield "Questions to ask", [f"• {question.text}" for question in questions_for(trial)]


def _chosen(trial: DetailedTrial, names: Iterable[str]) -> Iterator[Part]:
    """Yield the parts that were asked for, whole; what is not there is said to be so."""
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
"""Parts that the built-in sample does not hold."""


def _status_heading(trial: DetailedTrial, source: Source) -> str:
    """Return the heading over a status: saved data cannot say how things stand today."""
    as_of = trial.status.as_of or source.saved_day
    return f"Status on {day(as_of)}, not today" if as_of else "Status"


def _status(trial: DetailedTrial) -> Iterator[Line]:
    status = trial.status
    style = "bold green" if status.open_to_new_participants else "bold yellow"
    yield Text(f"{clean(status.label)}: {status.meaning}", style)
    if status.last_known:
        words = clean(plain("status", status.last_known))
        yield f"Last known status: {words} ({clean(status.last_known)})."
    confirmed = day(status.verified_on) if status.verified_on else None
    yield f"Last confirmed by the sponsor: {confirmed or 'the record does not say'}."
    if status.why_stopped:
        yield f'Why it stopped, in the record\'s words: "{clean(status.why_stopped)}"'
    if not_a_trial(trial) and (entry := find_entry("study_type", trial.study_type)):
        yield f"{entry.label}: {entry.meaning}"


def _given(trial: DetailedTrial) -> Iterator[Line]:
    reading = trial.reading
    yield f"Given: {given_by(reading)}. How: {way_of(reading).removeprefix('how: ')}."
    if reading is None:
        return
    if not reading.evidence:
        yield "The record has no words on this that stemcheck could find."
    for evidence in reading.evidence:
        yield _quoted(evidence)


def _quoted(evidence: Evidence) -> Text:
    topic = evidence.claim
    line = Text(f"• {plain(topic, evidence.value)}: ")
    line.append(f'"{clean(evidence.quote)}"', "italic")
    return line.append(f"  {evidence.field}", "dim")


def _why(steps: Iterable[Step]) -> Iterator[Line]:
    for step in steps:
        style = "green" if step.decision == "took" else "yellow"
        line = Text(f"{step.decision} ", style)
        line.append(f"{step.claim} {step.value} ").append(f'"{clean(step.quote)}"', "italic")
        yield line.append(f" {step.field}: {clean(step.why)} [{step.rule}]", "dim")


def _build(trial: DetailedTrial) -> Iterator[Line]:
    if trial.sponsor:
        kind = clean(plain("sponsor_class", trial.sponsor.class_))
        yield f"Sponsor: {clean(trial.sponsor.name)} ({kind})"
    if trial.collaborators:
        yield f"With: {', '.join(clean(c.name) for c in trial.collaborators)}"
    if trial.phases:
        meanings = [e.meaning for p in trial.phases if (e := find_entry("phase", p))]
        yield f"Phase {phase_of(trial)}: {' '.join(meanings)}"
    design = trial.design
    topics = {
        "allocation": design.allocation,
        "masking": design.masking,
        "model": design.intervention_model or design.observational_model,
    }
    for topic, value in topics.items():
        if value and (entry := find_entry(topic, value)):
            yield f"{entry.label}: {entry.meaning}"
    yield f"{people_of(trial).capitalize()}."


def _people(trial: DetailedTrial, parts: Parts) -> Iterator[Line]:
    people = trial.eligibility
    low, high = clean(people.minimum_age), clean(people.maximum_age)
    ages = f"{low or 'no lower limit given'} to {high or 'no upper limit given'}"
    sexes = {"ALL": "all sexes", "FEMALE": "women", "MALE": "men"}
    sex = sexes.get(people.sex or "", clean(people.sex) or "sex not given")
    yield f"Age: {ages}. Sex: {sex}."
    yield {
        True: "Healthy people may take part.",
        False: "Healthy people may not take part.",
        None: "The record does not say if healthy people may join.",
    }[people.healthy_volunteers]
    if parts.criteria:
        text = clean_lines(trial.details.eligibility_criteria)
        yield text or "The record's full conditions for taking part are not in this data."
    elif trial.details.eligibility_criteria:
        yield Text("The full conditions for taking part: add --criteria", "dim")


def _oversight(trial: DetailedTrial) -> Iterator[Line]:
    ticks = trial.oversight
    for name, value in (
        ("fda_regulated_drug", ticks.fda_regulated_drug),
        ("fda_regulated_device", ticks.fda_regulated_device),
        ("data_monitoring_committee", ticks.data_monitoring_committee),
    ):
        entry = find_entry("oversight", name)
        said = {True: "yes", False: "no", None: "not stated"}[value]
        yield f"{entry.label if entry else name}: {said}. {entry.meaning if entry else ''}".rstrip()


def _summary(trial: DetailedTrial) -> Iterator[Line]:
    line = summary_line(trial)
    if line:
        yield line
        if len(line) < len(clean(trial.details.brief_summary)):
            yield Text(told("hints.section", name="summary"), "dim")


def _dates(trial: DetailedTrial, today: date) -> Iterator[Line]:
    dates = trial.dates
    named = {
        "Start": dates.start,
        "Main results expected": dates.primary_completion,
        "End": dates.completion,
        "First listed": dates.first_submitted,
        "Last update": dates.last_update_posted,
        "Results posted": dates.results_posted,
    }
    yield " · ".join(f"{name}: {day(value) or 'not given'}" for name, value in named.items())
    yield from short_lines(trial, today)
    if trial.arms is not None:
        yield Text(told("hints.sections"), "dim")
    yield from document_lines(trial)


def _notice(notice: object) -> str:
    parts = [str(value) for value in dict(notice).values() if value]  # type: ignore[call-overload]
    return "• " + " · ".join(parts)


def _signals(trial: DetailedTrial) -> Iterator[Line]:
    for signal in trial.signals:
        kind = find_kind(signal.id)
        line = Text(f"• {clean(signal.text)} ")
        if signal.quote:
            line.append(f'"{clean(signal.quote)}" ', "italic")
        line.append(
            f"{signal.field} = {clean(signal.value)}" if not signal.quote else signal.field, "dim"
        )
        if kind and kind.base_rate:
            line.append(f". {kind.base_rate}", "dim")
        yield line


def _cautions(cautions: Iterable[AppliedCaution]) -> Iterator[Line]:
    """Yield what holds for every study in short, then what this record calls for, with the reason."""
    everywhere = {caution.id for caution in headline_cautions()}
    others = 0
    for caution in cautions:
        if caution.id in everywhere:
            yield f"• {caution.text}"
        elif caution.why == ALWAYS:
            others += 1
        else:
            yield Text(f"• {caution.text} ").append(f"({caution.why.rstrip('.')}.)", "dim")
    if others:
        yield Text(f"{others} more hold for every study: stemcheck cautions", "dim")


def _design(trial: DetailedTrial) -> Iterator[Line]:
    yield from _build(trial)
    yield from design_lines(trial)


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
    "oversight": _oversight,
    "results": _results,
    "harms": _harms,
    "publications": paper_lines,
    "documents": document_lines,
    "contacts": contact_lines,
}
"""The parts of a trial that can be asked for by name; their headings stand in the words."""
