"""The parts of a trial in full, for people: one line each on the first screen, in full with ``--section``.

Words and numbers are the record's, in its order. A number that the record does not give is shown as "not
given", never as zero.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from stemcheck.guidance.dates import last_day
from stemcheck.guidance.signals import find_kind
from stemcheck.output.plain import clean, clean_lines, shortened
from stemcheck.output.posted_results import harms_in_short
from stemcheck.output.wording import day
from stemcheck.trial.details import DetailedTrial
from stemcheck.trial.protocol import Criterion, PlannedOutcome, Publication
from stemcheck.words import entry_of, words

LONGEST_SUMMARY: Final = 320
"""The most characters of the summary on the first screen."""
LONGEST_NAME: Final = 60
MOST_ARMS: Final = 4
"""How many arms are named on the first screen."""
MOST_MEASURES: Final = 2
INDENT: Final = "  "


def told(key: str, **facts: object) -> str:
    """Return a sentence for a trial in full."""
    return words(f"in_full.{key}", **facts)


def short_lines(trial: DetailedTrial, today: date) -> Iterator[str]:
    """Yield one line each on arms, outcomes, results and papers. ``today``: the date of the data."""
    if trial.arms is not None:
        yield _arms_line(trial)
    if trial.outcomes is not None:
        yield _outcomes_line(trial)
    yield _results_line(trial, today)
    if trial.publications is not None:
        yield _papers_line(trial.publications)


def summary_line(trial: DetailedTrial) -> str | None:
    """Return the first sentences of the summary."""
    text = clean(trial.details.brief_summary)
    if len(text) <= LONGEST_SUMMARY:
        return text or None
    head = text[:LONGEST_SUMMARY]
    end = max(head.rfind(stop) for stop in (". ", "? ", "! "))
    return head[: end + 1] if end > LONGEST_SUMMARY // 3 else shortened(text, LONGEST_SUMMARY)


def _arms_line(trial: DetailedTrial) -> str:
    arms = trial.arms or ()
    named = "; ".join(
        shortened(clean(arm.label), LONGEST_NAME) or told("arms.nameless")
        for arm in arms[:MOST_ARMS]
    )
    if not arms:
        return f"{told('sections.arms')}: {told('lines.none_given')}"
    return told(
        "lines.arms" if len(arms) <= MOST_ARMS else "lines.arms_many", count=len(arms), arms=named
    )


def _outcomes_line(trial: DetailedTrial) -> str:
    outcomes = trial.outcomes
    if outcomes is None or not outcomes.primary:
        return f"{told('sections.outcomes')}: {told('lines.none_given')}"
    first = outcomes.primary[:MOST_MEASURES]
    measures = "; ".join(_outcome(item, LONGEST_NAME * 2) for item in first)
    more = sum(map(len, (outcomes.primary, outcomes.secondary, outcomes.other))) - len(first)
    if more <= 0:
        return told("lines.outcomes", measures=measures)
    return told("lines.outcomes_more", measures=measures, count=more)


def _results_line(trial: DetailedTrial, today: date) -> str:
    posted = trial.dates.results_posted
    if trial.results:
        key = "lines.results" if posted else "lines.results_undated"
        return told(key, day=day(posted), harms=harms_in_short(trial.results)).rstrip()
    if trial.has_results:
        return told("lines.results_elsewhere")
    if trial.details.results_submitted_not_posted:
        return told("lines.waiting")
    return _no_results_line(trial.dates.primary_completion, today)


def _no_results_line(measured: str | None, today: date) -> str:
    """Return that there are no results, since when they could exist, and how common that is."""
    ended = last_day(measured)
    if ended is None:
        return told("lines.no_results")
    if ended >= today:
        return told("lines.no_results_yet", day=day(measured))
    kind = find_kind("no-results-posted")
    rate = kind.base_rate if kind and kind.base_rate else ""
    return told("lines.no_results_since", day=day(measured), base_rate=rate).rstrip()


def _papers_line(publications: tuple[Publication, ...]) -> str:
    if not publications:
        return told("lines.no_publications")
    kinds = Counter(_kind_of(paper) for paper in publications)
    counted = "; ".join(told("papers.counted", count=n, kind=kind) for kind, n in kinds.items())
    line = told("lines.publications", count=len(publications), kinds=counted)
    retracted = sum(paper.retracted for paper in publications)
    return f"{line} {told('lines.retracted', count=retracted)}" if retracted else line


def _kind_of(paper: Publication) -> str:
    kinds = entry_of("in_full.papers")
    kind: str = kinds.get(paper.type or "untyped") or clean(paper.type)
    return kind


def _outcome(item: PlannedOutcome, width: int | None = None) -> str:
    measure = clean(item.measure) or told("outcomes.no_measure")
    measure = shortened(measure, width) if width else measure
    time_frame = clean(item.time_frame)
    if not time_frame:
        return measure
    return told("outcomes.item", measure=measure, time_frame=shortened(time_frame, width or 10_000))


def summary_lines(trial: DetailedTrial) -> Iterator[str]:
    """Yield the whole summary."""
    yield from clean_lines(trial.details.brief_summary).split("\n")


def description_lines(trial: DetailedTrial) -> Iterator[str]:
    """Yield the whole description."""
    yield from clean_lines(trial.details.detailed_description).split("\n")


def arm_lines(trial: DetailedTrial) -> Iterator[str]:
    """Yield the arms with what each gets, then everything that is given."""
    types = entry_of("in_full.arms.types")
    for arm in trial.arms or ():
        label = clean(arm.label) or told("arms.nameless")
        kind = types.get(arm.type or "") or clean(arm.type)
        yield f"• {told('arms.arm', label=label, type=kind) if kind else label}"
        if arm.description:
            yield f"{INDENT}{clean(arm.description)}"
        names = ", ".join(clean(name) for name in arm.interventions)
        yield INDENT + (
            told("arms.given", interventions=names) if names else told("arms.given_none")
        )
    if trial.interventions:
        yield f"{told('arms.interventions')}:"
    for item in trial.interventions:
        kind = clean(item.type).replace("_", " ").capitalize()
        yield f"• {told('arms.intervention', type=kind, name=clean(item.name)) if kind else clean(item.name)}"
        if item.other_names:
            yield INDENT + told(
                "arms.also", names=", ".join(clean(name) for name in item.other_names)
            )
        if item.description:
            yield f"{INDENT}{clean(item.description)}"


def outcome_lines(trial: DetailedTrial) -> Iterator[str]:
    """Yield what the study measures, with descriptions and time frames."""
    if trial.outcomes is None:
        return
    for rank in ("primary", "secondary", "other"):
        items: tuple[PlannedOutcome, ...] = getattr(trial.outcomes, rank)
        if items:
            yield f"{told(f'outcomes.{rank}')}:"
        for item in items:
            yield f"• {_outcome(item)}"
            if item.description:
                yield f"{INDENT}{clean(item.description)}"


def eligibility_lines(trial: DetailedTrial) -> Iterator[str]:
    """Yield the two lists of criteria, quoted; a text that cannot be divided stays as it is."""
    people = trial.eligibility
    if people.population:
        yield told("eligibility.population", population=clean(people.population))
    if not people.text:
        return
    if not people.inclusion and not people.exclusion:
        yield told("eligibility.not_split")
        yield from clean_lines(people.text).split("\n")
        return
    for name in ("inclusion", "exclusion"):
        criteria: tuple[Criterion, ...] = getattr(people, name)
        yield f"{told(f'eligibility.{name}')}:"
        yield from _criteria(criteria)
        if not criteria:
            yield INDENT + told(
                "eligibility.empty" if people.is_split else f"eligibility.no_{name}"
            )
    if people.other:
        yield f"{told('eligibility.other')}:"
        yield from _criteria(people.other)
    yield told("eligibility.caution")


def _criteria(criteria: tuple[Criterion, ...]) -> Iterator[str]:
    above: tuple[str, ...] = ()
    for criterion in criteria:
        if criterion.headings != above:
            yield from (
                f"{INDENT}{clean(head)}" for head in criterion.headings if head not in above
            )
            above = criterion.headings
        label = f"{criterion.label}." if criterion.label else "•"
        yield f"{INDENT * (criterion.level + 1)}{label} {clean(criterion.quote)}"


def design_lines(trial: DetailedTrial) -> Iterator[str]:
    """Yield what the record says in words about the design of the study."""
    design = trial.design
    if design.intervention_model_description:
        yield told("design.model", text=clean(design.intervention_model_description))
    if design.masking_description:
        yield told("design.masking", text=clean(design.masking_description))
    if design.who_is_masked:
        who = ", ".join(clean(one).replace("_", " ").lower() for one in design.who_is_masked)
        yield told("design.masked", who=who)
    if design.target_duration:
        yield told("design.duration", duration=clean(design.target_duration))


def paper_lines(trial: DetailedTrial) -> Iterator[str]:
    """Yield the papers, those with the study's results first, each with its marks and addresses."""
    order = ("RESULT", "DERIVED", "BACKGROUND")
    papers = sorted(
        trial.publications or (),
        key=lambda paper: order.index(paper.type) if paper.type in order else len(order),
    )
    for paper in papers:
        yield f"• {_kind_of(paper).capitalize()}: {clean(paper.citation)}"
        if paper.retracted:
            yield f"{INDENT}{retraction_of(paper)}"
        if paper.url:
            yield f"{INDENT}{clean(paper.url)}"


def retraction_of(paper: Publication) -> str:
    """Return the mark of a retracted paper."""
    sources = "; ".join(clean(source) for source in paper.retraction_sources)
    if not sources:
        return told("papers.retracted_unsourced")
    return told("papers.retracted", sources=sources)


def document_lines(trial: DetailedTrial) -> Iterator[str]:
    """Yield the documents that the sponsor posted."""
    yield from (f"• {document}" for document in documents_of(trial))


def documents_of(trial: DetailedTrial) -> Iterator[str]:
    """Yield each document that the sponsor posted, with its date and address."""
    for document in trial.details.documents:
        when = f", {day(document.date)}" if document.date else ""
        yield f"{clean(document.label)}{when}: {clean(document.url)}"


def contact_lines(trial: DetailedTrial) -> Iterator[str]:
    """Yield where to find the contacts: personal data are not shown here."""
    yield told("contacts.page", url=trial.url)
