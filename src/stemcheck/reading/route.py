"""By which way the given cells reach the participant.

Every route word of the record is judged by itself: do the words, as they stand, name a way into the
body, and is it the way of the given cells? What holds is then weighed by the field it stands in:
interventions, arms and titles before summary and keywords, these before the detailed description;
and plain routes before places, places before carriers, carriers before a bare "infusion".
"""

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from stemcheck.reading.given import Given
from stemcheck.reading.nearness import UNTIED, words_bind_to_cells
from stemcheck.reading.passages import Part, Passage
from stemcheck.reading.scanner import Mark, Scan
from stemcheck.reading.sentence import Verdict, distance, sentences_of, word_set
from stemcheck.reading.step import Step, quote_around
from stemcheck.reading.wording import words_say_route
from stemcheck.trial.reading import Route


class Weight(IntEnum):
    """How plainly the words say the route."""

    INFUSION = 0
    FORM = 1
    PLACE = 2
    ROUTE = 3


WEIGHTS: Final = {
    "route": Weight.ROUTE,
    "letters": Weight.ROUTE,
    "site": Weight.ROUTE,
    "form": Weight.FORM,
    "infusion": Weight.INFUSION,
}
NO_ROUTE: Final = "none"
"""Value of the words that only look like a route."""
LOOSE_RULES: Final = frozenset({"local", "organs"})
"""Rules of the local routes that say less than any named route."""
ONE_BREATH = 2
"""Words between two routes that are said in one breath."""
UNTIED_TIER = 3
"""Tier of words that nothing ties to the cells, in a record that says no more."""
TIERS: Final = {
    Part.BRIEF_SUMMARY: 1,
    Part.KEYWORDS: 1,
    Part.DETAILED_DESCRIPTION: 2,
}
"""Fields that count only where more trusted ones are silent; all others are tier 0."""


class Finding(NamedTuple):
    """Words that name the route of the given cells."""

    route: Route
    weight: Weight
    tier: int
    step: Step
    mark: Mark


def read_routes(scans: Sequence[Scan], given: Given) -> tuple[tuple[Route, ...], tuple[Step, ...]]:
    """Find the routes of the given cells, and what each rule took or refused.

    ``(Route.NOT_STATED,)`` where no word names one.
    """
    findings: list[Finding] = []
    refused: list[Step] = []
    drugs = _drug_entries(scans)
    for number, scan in enumerate(scans):
        own: list[Finding] = []
        for outcome in _judged(number, scan, given, drugs):
            if isinstance(outcome, Finding):
                own.append(outcome)
            else:
                refused.append(outcome)
        findings += _raise_listed(own, scan.passage.text)
    chosen = _weigh(findings)
    if not chosen:
        return (Route.NOT_STATED,), tuple(refused)
    left = [
        finding.step._replace(decision="refused", why="plainer words elsewhere say more")
        for finding in findings
        if finding not in chosen
    ]
    wanted = {finding.route for finding in chosen}
    routes = tuple(route for route in Route if route in wanted)
    return routes, (*(finding.step for finding in chosen), *left, *refused)


def _raise_listed(findings: Sequence[Finding], text: str) -> list[Finding]:
    """Let a local route named in one breath with another ("intramuscular and local") weigh as much."""
    plain = [finding.mark for finding in findings if finding.weight is Weight.ROUTE]
    return [
        finding._replace(weight=Weight.ROUTE)
        if finding.weight is Weight.PLACE
        and finding.mark.kind == "route"
        and any(_are_listed(finding.mark, other, text) for other in plain)
        else finding
        for finding in findings
    ]


def _are_listed(one: Mark, other: Mark, text: str) -> bool:
    if one.sentence != other.sentence or distance(text, one, other) > ONE_BREATH:
        return False
    first, second = sorted((one, other), key=lambda mark: mark.start)
    return set(text[first.end : second.start].lower().split()) <= word_set("listed")


def _weigh(findings: Sequence[Finding]) -> list[Finding]:
    """Keep the findings of the plainest weight, of the most trusted fields that have any."""
    best = min((_rank(finding) for finding in findings), default=None)
    return [finding for finding in findings if _rank(finding) == best]


def _rank(finding: Finding) -> tuple[int, int]:
    """Order of trust: lower goes first.

    Words not tied to the cells count after all plain routes. Prose does not outweigh the
    intervention: a place of the prose counts after a carrier named there ("MSC on a scaffold"), a
    carrier of the prose after an infusion named there.
    """
    weight, tier = finding.weight, finding.tier
    if tier == UNTIED_TIER:
        return (-Weight.PLACE, tier) if weight >= Weight.PLACE else (-Weight.INFUSION, tier)
    if tier > 0 and weight in {Weight.PLACE, Weight.FORM}:
        return -(weight - 1), tier
    return -weight, tier


def _drug_entries(scans: Sequence[Scan]) -> frozenset[tuple[int | None, int | None]]:
    """List the interventions and arms that name another drug, as (intervention, arm)."""
    return frozenset(
        (scan.passage.intervention, scan.passage.arm)
        for scan in scans
        if any(mark.kind == "agent" for mark in scan.marks)
    )


def _judged(
    number: int, scan: Scan, given: Given, drugs: frozenset[tuple[int | None, int | None]]
) -> Iterator[Finding | Step]:
    passage = scan.passage
    words = [mark for mark in scan.marks if mark.kind in WEIGHTS]
    if not words or passage.part is Part.CONDITIONS:
        return
    if number in given.controls:
        for mark in words:
            if mark.value != NO_ROUTE:
                yield _step(passage, mark, "refused", "of the placebo or the control")
        return
    mentions = [mark for mark, _ in given.mentions.get(number, ())]
    sentences = sentences_of(scan, mentions)
    is_of_cells = _is_of_cells(passage, given)
    is_of_drug = (passage.intervention, passage.arm) in drugs
    for mark in words:
        verdict = words_say_route(scan, mark, sentences[mark.sentence])
        if verdict.holds and _is_in_name(mark, mentions):
            verdict = Verdict(holds=False, why="part of the product's name")
        tier = TIERS.get(passage.part, 0)
        weight = Weight.PLACE if verdict.is_loose and tier > 0 else _weight_of(mark)
        if verdict.holds:
            verdict = words_bind_to_cells(scan, mark, sentences, is_of_cells=is_of_cells)
            if verdict.why == UNTIED and not is_of_drug and _may_stand_untied(mark, passage):
                tier = UNTIED_TIER
                verdict = Verdict(holds=True, why="no other words say a route")
        if verdict.holds:
            step = _step(passage, mark, "took", verdict.why)
            yield Finding(Route(mark.value), weight, tier, step, mark)
        else:
            yield _step(passage, mark, "refused", verdict.why)


def _weight_of(mark: Mark) -> Weight:
    is_local = mark.value == Route.LOCAL_INJECTION.value
    if is_local and (mark.kind == "site" or mark.key in LOOSE_RULES):
        return Weight.PLACE
    return WEIGHTS[mark.kind]


def _may_stand_untied(mark: Mark, passage: Passage) -> bool:
    """Whether words that no sentence ties to the cells may still be all the record says."""
    if mark.kind == "infusion":
        return True
    return mark.kind != "form" and passage.part < Part.BRIEF_TITLE


def _is_in_name(mark: Mark, mentions: Sequence[Mark]) -> bool:
    return mark.kind in {"route", "site"} and any(
        name.start <= mark.start < name.end for name in mentions
    )


def _is_of_cells(passage: Passage, given: Given) -> bool:
    if passage.intervention is not None:
        return passage.intervention in given.interventions
    if passage.arm is not None:
        return passage.arm in given.arms
    return passage.part not in {Part.BRIEF_SUMMARY, Part.DETAILED_DESCRIPTION}


def _step(passage: Passage, mark: Mark, decision: str, why: str) -> Step:
    return Step(
        field=passage.field,
        quote=quote_around(passage, mark.start, mark.end),
        rule=mark.rule,
        decision="took" if decision == "took" else "refused",
        why=why,
        claim="route",
        value=mark.value,
    )
