"""By which way the given cells reach the participant.

Every route word of the record is judged by itself: do the words, as they stand, name a way into the
body, and is it the way of the given cells? What holds is then weighed by the field it stands in:
interventions, arms and titles before summary and keywords, these before the detailed description;
and plain routes before places, places before carriers, carriers before a bare "infusion".
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import IntEnum
from functools import cache, cached_property
from typing import Final, NamedTuple

from stemcheck.reading.given import Given
from stemcheck.reading.marking import Mark
from stemcheck.reading.nearness import UNTIED, words_bind_to_cells
from stemcheck.reading.passages import PROSE, Part, Passage
from stemcheck.reading.scanner import BY_TOKEN, Scan, Scans
from stemcheck.reading.sentence import (
    Verdict,
    aims_in,
    distance,
    others_around,
    sentences_of,
    word_set,
)
from stemcheck.reading.step import QUOTES_FOR_EACH, Step, quote_of
from stemcheck.reading.wording import words_say_route
from stemcheck.trial.terms import Route


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
MOST_STEPS = 2000
"""Steps told of one record; thousands occur only in text made to be hard."""
NO_ROUTE: Final = "none"
"""Value of the words that only look like a route."""
LOOSE_RULES: Final = frozenset({"local", "organs"})
"""Rules of the local routes that say less than any named route."""
ONE_BREATH = 2
"""Words between two routes that are said in one breath."""
OTHER_MEANINGS: Final = {
    ("route", "local_injection", "anywhere"): ("intracerebral", "intraspinal"),
    ("route", "local_injection", "local"): ("intracerebral", "intraspinal"),
    ("letters", "intra_arterial", "letters"): ("intra_articular",),
    ("letters", "intrathecal", "letters"): ("local_injection",),
    ("letters", "intracoronary", "letters"): ("local_injection",),
}
"""Kind, value and key of the rules whose words may mean the organ of the disease."""
DISEASE_FIELDS: Final = frozenset({Part.BRIEF_TITLE, Part.OFFICIAL_TITLE, Part.CONDITIONS})
Rank = tuple[int, int]
"""How far a route word counts: by the weight of the words and the tier of the field; lower is better."""
LAST: Final = (0, 99)
"""Worse than any word that holds."""
PLAINEST: Final = (-Weight.ROUTE, 0)
"""Rank of a plain route named by the intervention, an arm or a title."""
WAYS: Final = ("route", "letters", "site")
"""Kinds of words that name a way or a place, and outdo the others where one of them holds."""
CARRIERS: Final = ("form", "infusion")
FIRST_CARRIED: Final = (-Weight.FORM, 0)
"""The best rank of a carrier."""
AIMED: Final = ("route",)
"""Kinds of words of the prose that count beside such a route: those that tell the study's aim."""
UNTIED_TIER = 3
"""Tier of words that nothing ties to the cells, in a record that says no more."""
EVERY_ROUTE: Final = tuple(Route)
ALL_ROUTES: Final = frozenset(route.value for route in Route) - {NO_ROUTE}
LOCAL: Final = frozenset({Route.LOCAL_INJECTION.value})
TIERS: Final = {
    Part.BRIEF_SUMMARY: 1,
    Part.KEYWORDS: 1,
    Part.DETAILED_DESCRIPTION: 2,
}
"""Fields that count only where more trusted ones are silent; all others are tier 0."""


VEIN_OR_UNKNOWN: Final = frozenset(
    {Route.INTRAVENOUS, Route.INFUSION_UNSPECIFIED, Route.NOT_STATED}
)


class Word(NamedTuple):
    """A route word of the record and what was decided on it."""

    scan: Scan
    mark: Mark
    value: str
    holds: bool
    why: str
    weight: Weight = Weight.INFUSION
    tier: int = 0
    is_aim: bool = False
    """A plain route in a sentence on this study's own giving of the cells."""


def read_routes(
    scans: Scans, given: Given, *, is_traced: bool = True
) -> tuple[tuple[Route, ...], tuple[Step, ...]]:
    """Find the routes of the given cells, and what each rule took or refused.

    ``(Route.NOT_STATED,)`` where no word names one. Where the cells have a route of their own, a
    cell-free product given beside them by vein is left out. Not traced: only the steps that are
    evidence, `QUOTES_FOR_EACH` for every route, since quoting every word costs most of the time.
    """
    found = _routes_of(scans, given, is_traced=is_traced)
    alone = given.cells_alone() if Route.INTRAVENOUS in found[0] else None
    if alone is None:
        return found
    # cells into the spine and their secretome into a vein: "cells by vein" would mislead
    of_cells = _routes_of(scans, alone, is_traced=is_traced)
    is_elsewhere = VEIN_OR_UNKNOWN.isdisjoint(of_cells[0])
    return of_cells if is_elsewhere else found


def _routes_of(
    scans: Scans, given: Given, *, is_traced: bool
) -> tuple[tuple[Route, ...], tuple[Step, ...]]:
    words: list[Word] = []
    organs = _Organs(scans)
    plainest: dict[str, int] = {}
    best: Rank = LAST
    for kinds in (WAYS + CARRIERS,) if is_traced else (WAYS, CARRIERS):
        for number, scan in scans.holding(*kinds):
            part = scan.passage.part
            if part is Part.CONDITIONS:
                continue
            if is_traced:
                marks = _marks_of(scan, kinds)
            elif plainest and part in TIERS:
                # beside a plain route, prose only adds a plain one that is not told yet
                untold = ALL_ROUTES - plainest.keys()
                may_add = scan.may_tell("route", untold)
                marks = aims_in(scan, _marks_of(scan, AIMED, untold)) if may_add else []
            else:
                asked = _kinds_asked(kinds, part, best)
                may_say = part not in PROSE or any(map(scan.may_tell, asked))
                marks = _marks_of(scan, asked, _still_asked(scan, plainest)) if may_say else []
            if marks:
                found = _judged(number, scans, marks, given, is_traced=is_traced)
                judged = [_placed(word, organs) for word in found]
                _count_plainest(judged, plainest)
                judged = _raise_listed(judged)
                best = min([best, *[_rank_of(word) for word in judged if word.holds]])
                words += judged
        if best < FIRST_CARRIED:
            break  # no carrier and no infusion says as much
    told = plainest.keys()
    held = [word for word in words if word.holds]
    chosen = [word for word in held if _rank_of(word) == best or _adds_route(word, told)]
    wanted = {word.value for word in chosen}
    routes = tuple([route for route in EVERY_ROUTE if route in wanted]) or (Route.NOT_STATED,)
    if not is_traced:
        return routes, tuple(_step(word) for word in _first_of_each(chosen))
    outweighed = [
        word._replace(holds=False, why="plainer words elsewhere say more")
        for word in held
        if not (_rank_of(word) == best or _adds_route(word, told))
    ]
    refused = [word for word in words if not word.holds]
    return routes, tuple(_step(word) for word in (*chosen, *outweighed, *refused)[:MOST_STEPS])


def _count_plainest(words: Sequence[Word], plainest: dict[str, int]) -> None:
    for word in words:
        if word.holds and _rank_of(word) == PLAINEST:
            plainest[word.value] = plainest.get(word.value, 0) + 1


def _marks_of(
    scan: Scan, kinds: Sequence[str], values: AbstractSet[str] | None = None
) -> list[Mark]:
    """List the marks of these kinds, of these values where any are named, in order.

    Of two that begin with the same word, the one of the kind named first comes first: a plain route before
    a place.
    """
    marks = [
        mark
        for kind in kinds
        for mark in scan.of_kind(kind)
        if values is None or mark.value in values
    ]
    marks.sort(key=BY_TOKEN)
    return marks


@cache
def _kinds_asked(kinds: Sequence[str], part: Part, best: Rank) -> tuple[str, ...]:
    """List the kinds of words that can still count in a field, after words of the best rank so far."""
    tier = TIERS.get(part, 0)
    return tuple(kind for kind in kinds if _rank(WEIGHTS[kind], tier) <= best)


def _still_asked(scan: Scan, plainest: Mapping[str, int]) -> AbstractSet[str]:
    """Name the routes that words of a headline field can still say something about.

    A plain route with all its quotes needs no more, unless a local one may be named in one breath with it.
    """
    told = {value for value, count in plainest.items() if count >= QUOTES_FOR_EACH}
    return ALL_ROUTES if not told or scan.may_tell("route", LOCAL) else ALL_ROUTES - told


def _adds_route(word: Word, told: AbstractSet[str]) -> bool:
    """Whether the prose says, of this study's own giving, a plain route beside those told already."""
    return bool(told) and word.is_aim and word.value not in told


def _first_of_each(chosen: Sequence[Word]) -> Iterator[Word]:
    seen: dict[str, int] = {}
    for word in chosen:
        times = seen[word.value] = seen.get(word.value, 0) + 1
        if times <= QUOTES_FOR_EACH:
            yield word


def _raise_listed(words: list[Word]) -> list[Word]:
    """Let a local route named in one breath with another ("intramuscular and local") weigh as much."""
    if not any(word.weight is Weight.PLACE for word in words):
        return words
    plain = [word.mark for word in words if word.holds and word.weight is Weight.ROUTE]
    return [
        word._replace(weight=Weight.ROUTE)
        if word.holds
        and word.weight is Weight.PLACE
        and word.mark.kind == "route"
        and any(
            _are_listed(word.mark, other, word.scan) for other in others_around(word.mark, plain)
        )
        else word
        for word in words
    ]


def _are_listed(one: Mark, other: Mark, scan: Scan) -> bool:
    if one.sentence != other.sentence or distance(scan, one, other) > ONE_BREATH:
        return False
    first, second = sorted((one, other), key=BY_TOKEN)
    return set(scan.between(first, second).lower().split()) <= word_set("listed")


def _rank_of(word: Word) -> Rank:
    return _rank(word.weight, word.tier)


def _rank(weight: Weight, tier: int) -> Rank:
    """Order of trust: lower goes first.

    Words not tied to the cells count last. Prose does not outweigh the intervention: a place of the
    prose counts after a carrier named there ("MSC on a scaffold"), a carrier of the prose after an
    infusion named there.
    """
    if tier == UNTIED_TIER:
        return -Weight.INFUSION, tier + (weight < Weight.PLACE)
    if tier > 0 and weight in {Weight.PLACE, Weight.FORM}:
        return -(weight - 1), tier
    return -weight, tier


class _Organs:
    """How often titles and conditions name each organ, as routes into them; counted when first asked."""

    def __init__(self, scans: Scans) -> None:
        self._scans = scans

    @cached_property
    def named(self) -> Counter[str]:
        return Counter(
            mark.value
            for _, scan in self._scans.holding("organ", parts=DISEASE_FIELDS)
            for mark in scan.of_kind("organ")
        )


def _placed(word: Word, organs: _Organs) -> Word:
    """Give words of several meanings ("intracavitary", "IA") that of the diseased organ."""
    mark = word.mark
    meanings = OTHER_MEANINGS.get((mark.kind, mark.value, mark.key))
    if meanings is None:
        return word
    count = organs.named
    meant = max(meanings, key=lambda value: count[value])
    return word._replace(value=meant) if count[meant] else word


def _is_with_drug(passage: Passage, scans: Scans) -> bool:
    """Whether the intervention or the arm, or for other passages any of them, names another drug."""
    owner = (passage.intervention, passage.arm)
    return any(
        scan.of_kind("agent")
        for _, scan in scans.holding("agent")
        if (scan.passage.intervention, scan.passage.arm) == owner
    )


def _judged(
    number: int, scans: Scans, marks: Sequence[Mark], given: Given, *, is_traced: bool
) -> Iterator[Word]:
    """Judge route words of one passage; not traced, those that cannot hold may be left out."""
    scan = scans[number]
    passage = scan.passage
    if number in given.controls:
        for mark in marks if is_traced else ():
            if mark.value != NO_ROUTE:
                yield Word(scan, mark, mark.value, holds=False, why="of the placebo or the control")
        return
    mentions = [mark for mark, _ in given.mentions[number]]
    partners = [mark for mark, _ in given.partners[number]]
    sentences = sentences_of(scan, {mark.sentence for mark in marks}, mentions, partners)
    is_of_cells = _is_of_cells(passage, given)
    for mark in marks:
        sentence = sentences[mark.sentence]
        is_tied = is_of_cells or sentence.has_cells or sentence.giving
        if not (is_tied or is_traced or _may_stand_untied(mark, passage)):
            continue
        verdict = words_say_route(scan, mark, sentence)
        if verdict.holds and _is_in_name(mark, mentions):
            verdict = Verdict(holds=False, why="part of the product's name")
        tier = TIERS.get(passage.part, 0)
        weight = Weight.PLACE if verdict.is_loose and tier > 0 else _weight_of(mark)
        if verdict.holds:
            verdict = words_bind_to_cells(scan, mark, sentences, is_of_cells=is_of_cells)
            if (
                verdict.why == UNTIED
                and _may_stand_untied(mark, passage)
                and not _is_with_drug(passage, scans)
            ):
                tier = UNTIED_TIER
                verdict = Verdict(holds=True, why="no other words say a route")
        is_plain = verdict.holds and mark.kind == "route" and weight is Weight.ROUTE
        is_aim = is_plain and sentence.is_aim
        yield Word(scan, mark, mark.value, verdict.holds, verdict.why, weight, tier, is_aim)


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
        name.token <= mark.token <= name.last_token for name in others_around(mark, mentions)
    )


def _is_of_cells(passage: Passage, given: Given) -> bool:
    if passage.intervention is not None:
        return passage.intervention in given.interventions
    if passage.arm is not None:
        return passage.arm in given.arms
    return passage.part not in PROSE


def _step(word: Word) -> Step:
    return Step(
        field=word.scan.passage.field,
        quote=quote_of(word.scan, word.mark.token, word.mark.last_token),
        rule=word.mark.rule,
        decision="took" if word.holds else "refused",
        why=word.why,
        claim="route",
        value=word.value,
    )
