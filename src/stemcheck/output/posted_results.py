"""Posted results, for people: who finished, what was measured, which harms occurred. No interpretation."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from string import ascii_uppercase
from typing import Final

from stemcheck.output.plain import clean, shortened
from stemcheck.output.wording import day
from stemcheck.trial.results import (
    AdverseEvent,
    AdverseEvents,
    EventCount,
    MeasuredOutcome,
    Measurement,
    Participants,
    Results,
)
from stemcheck.words import entry_of, words

MOST_FREQUENT: Final = 10
"""How many serious harms are printed by name."""
MOST_GROUPS: Final = 3
"""How many groups have their harms on the first screen."""
LONGEST_NAME: Final = 40
INDENT: Final = "  "


def told(key: str, **facts: object) -> str:
    """Return a sentence about results."""
    return words(f"in_full.{key}", **facts)


def harms_in_short(results: Results) -> str:
    """Return deaths and serious harms of each group in one line."""
    harms = results.adverse_events
    if harms is None or not harms.groups:
        return told("harms.none_reported")
    if len(harms.groups) > MOST_GROUPS:
        return told("lines.harms_many", count=len(harms.groups))
    each = (
        told(
            "lines.harms_of",
            group=_name(group.title, LONGEST_NAME),
            deaths=share(group.deaths, group.deaths_at_risk),
            serious=share(group.serious_affected, group.serious_at_risk),
        )
        for group in harms.groups
    )
    return f"{'. '.join(each)}."


def share(affected: int | None, at_risk: int | None) -> str:
    """Return "so many of so many"; a number that the record does not give is marked as missing."""
    if affected is None:
        return told("harms.not_given")
    return (
        f"{affected:,}"
        if at_risk is None
        else told("harms.of", affected=f"{affected:,}", at_risk=f"{at_risk:,}")
    )


def result_lines(results: Results) -> Iterator[str]:
    """Yield everything in the results, part by part."""
    yield told("results.no_interpretation")
    if results.unread:
        yield told("results.unread", paths=", ".join(clean(path) for path in results.unread))
    if results.participants:
        yield f"{told('results.participants')}:"
        yield from _participant_lines(results.participants)
    if results.outcomes:
        yield f"{told('results.outcomes')}:"
        for outcome in results.outcomes:
            yield from _outcome_lines(outcome)
    yield f"{told('sections.harms')}:"
    yield from harm_lines(results)
    if results.limitations:
        yield told("results.limitations", text=clean(results.limitations))


def _name(title: str | None, width: int | None = None) -> str:
    name = clean(title) or told("results.nameless_group")
    return shortened(name, width) if width else name


def _participant_lines(participants: Participants) -> Iterator[str]:
    for key, text in (
        ("recruitment", participants.recruitment),
        ("before", participants.before_assignment),
    ):
        if text:
            yield INDENT + told(f"results.{key}", text=clean(text))
    for period in participants.periods:
        if len(participants.periods) > 1:
            yield f"{INDENT}{clean(period.title)}"
        for group in period.groups:
            left = ", ".join(
                told("results.left", count=reason.count, reason=clean(reason.name).lower())
                for reason in group.left
                if reason.count
            )
            yield f"{INDENT}• " + told(
                "results.progress",
                group=_name(group.title),
                began=_number(group.began),
                finished=_number(group.finished),
                left=f" ({left})" if left else "",
            )


def _number(count: int | None) -> str:
    return told("results.number_not_given") if count is None else f"{count:,}"


def _outcome_lines(outcome: MeasuredOutcome) -> Iterator[str]:
    kinds = entry_of("in_full.results.outcome_type")
    yield f"{INDENT}• " + told(
        "results.outcome",
        title=clean(outcome.title) or told("outcomes.no_measure"),
        kind=kinds.get(outcome.type or "") or clean(outcome.type),
        time_frame=clean(outcome.time_frame) or told("results.time_not_given"),
    )
    deeper = INDENT * 2
    if outcome.status == "NOT_POSTED":
        key = "not_posted_until" if outcome.expected else "not_posted"
        yield deeper + told(f"results.{key}", day=day(outcome.expected))
        return
    if outcome.unit or outcome.measure:
        spread = clean(outcome.spread_kind).replace("_", " ").lower()
        has_spread = spread not in {"", "na"}
        yield deeper + told(
            "results.unit_spread" if has_spread else "results.unit",
            unit=clean(outcome.unit),
            measure=clean(outcome.measure).replace("_", " ").lower(),
            spread=spread,
        )
    rows = groupby(outcome.measurements, key=lambda number: (number.row, number.category))
    for (row, category), numbers in rows:
        name = ", ".join(filter(None, (clean(row), clean(category))))
        values = " · ".join(_value(number) for number in numbers)
        yield f"{deeper}{name}: {values}" if name else f"{deeper}{values}"
    for comparison in outcome.comparisons:
        if comparison.p_value:
            method = clean(comparison.method) or told("harms.not_given")
            yield deeper + told(
                "results.comparison", method=method, p_value=clean(comparison.p_value)
            )


def _value(number: Measurement) -> str:
    value = clean(number.value) or told("results.no_value")
    limits = " to ".join(filter(None, (clean(number.lower), clean(number.upper))))
    if around := clean(number.spread) or limits:
        value = f"{value} ({around})"
    if number.comment and number.value in {None, "NA"}:
        value = f"{value}: {clean(number.comment)}"
    group = _name(number.group)
    if number.analysed is None:
        return told("results.value_alone", group=group, value=value)
    return told("results.value", group=group, value=value, analysed=f"{number.analysed:,}")


def harm_lines(results: Results) -> Iterator[str]:
    """Yield deaths, serious and other harms by group, then the most frequent serious ones by name."""
    harms = results.adverse_events
    if harms is None:
        yield INDENT + told("harms.none_reported")
        return
    if harms.time_frame:
        yield INDENT + told("harms.time_frame", time_frame=clean(harms.time_frame))
    yield INDENT + told("harms.caused")
    letters = _letters(harms)
    for group in harms.groups:
        name = _name(group.title)
        yield f"{INDENT}• " + told(
            "harms.group",
            group=f"{letters[group.id]}: {name}" if group.id in letters else name,
            deaths=share(group.deaths, group.deaths_at_risk),
            serious=share(group.serious_affected, group.serious_at_risk),
            other=share(group.other_affected, group.other_at_risk),
        )
    if harms.deaths_comment:
        yield INDENT + clean(harms.deaths_comment)
    yield from _serious_lines(harms, letters)
    if harms.other:
        yield INDENT + told("harms.others", count=len(harms.other))
    if harms.threshold_percent:
        yield INDENT + told("harms.threshold", percent=clean(harms.threshold_percent))


def _letters(harms: AdverseEvents) -> dict[str | None, str]:
    """Return a letter for each group, if there are too many to name beside every harm."""
    ids = [group.id for group in harms.groups]
    is_needed = MOST_GROUPS <= len(ids) == len(set(ids)) <= len(ascii_uppercase)
    return dict(zip(ids, ascii_uppercase, strict=False)) if is_needed else {}


def _serious_lines(harms: AdverseEvents, letters: Mapping[str | None, str]) -> Iterator[str]:
    if not harms.serious:
        yield INDENT + told("harms.none_serious")
        return
    yield f"{INDENT}{told('harms.most_frequent')}:"
    for event in most_frequent(harms)[:MOST_FREQUENT]:
        counts = "; ".join(_count(count, letters.get(count.id)) for count in event.groups)
        yield f"{INDENT * 2}• {clean(event.term)}: {counts}"
    more = len(harms.serious) - MOST_FREQUENT
    if more > 0:
        yield INDENT * 2 + told("harms.more", count=more)


def most_frequent(harms: AdverseEvents) -> list[AdverseEvent]:
    """Return the serious harms by number of people, highest first; equal ones in the record's order."""
    return sorted(
        harms.serious, key=lambda event: -sum(count.affected or 0 for count in event.groups)
    )


def _count(count: EventCount, letter: str | None) -> str:
    name = letter or _name(count.group, LONGEST_NAME)
    return f"{name} {share(count.affected, count.at_risk)}"
