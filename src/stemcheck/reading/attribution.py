"""Which tissue or donor words are said of the given cells: by clause, nearness and link words.

A word before the cells is bound when no other cell stands between ("bone marrow derived, expanded
mesenchymal cells"); a word after them needs a link ("cells obtained from bone marrow").
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from stemcheck.reading.given import Given
from stemcheck.reading.marking import Mark
from stemcheck.reading.objection import OPEN
from stemcheck.reading.passages import Part
from stemcheck.reading.scanner import Scan, Scans
from stemcheck.reading.step import Step, quote_of
from stemcheck.trial.terms import Product

WINDOW: Final = 16
"""Marks looked at on either side of a cell term: keeps the work linear."""
BARRIERS: Final = frozenset({"join", "giving", "break", "control"})
"""Words past which what stands before the cells is said of something else."""
CODE_REACH: Final = 2
"""Words between a code such as UC or BM and the cells: alone it may mean a disease."""
PAIR_REACH: Final = 3
NAMES: Final = frozenset(
    {
        Part.INTERVENTION_NAME,
        Part.INTERVENTION_OTHER_NAMES,
        Part.ARM_LABEL,
        Part.BRIEF_TITLE,
        Part.OFFICIAL_TITLE,
    }
)
PLACES_TOLD: Final = 2
"""Places told of one value."""
MANY_TISSUES: Final = 3
"""So many tissues in one sentence are a list of where such cells are found."""
TRANSFER_REACH: Final = 2
"""Words between "autologous" and "transplantation of"."""
FROM_REACH: Final = 12
"""Words between the cells and "derived from"."""
BARE_REACH: Final = 3
"""Words between the cells and a bare "from"."""
SOURCE_REACH: Final = 6
"""Words between "derived from" and the source."""
OF_REACH: Final = 4
"""Words between "of" and the source."""
APPOSITION_REACH: Final = 2
"""Words to an abbreviation of the cells in brackets."""


class Trust(IntEnum):
    """How far a passage is believed on where cells come from; lower is better."""

    HEADLINE = 0
    """Interventions, arms and titles: when they contradict, all are shown."""
    SUMMARY = 1
    KEYWORDS = 2
    DETAIL = 3


TRUST: Final = dict.fromkeys(Part, Trust.HEADLINE) | {
    Part.BRIEF_SUMMARY: Trust.SUMMARY,
    Part.KEYWORDS: Trust.KEYWORDS,
    Part.CONDITIONS: Trust.KEYWORDS,
    Part.DETAILED_DESCRIPTION: Trust.DETAIL,
}
"""How far words of each part of the record are believed."""
NO_VALUES: Final = frozenset({"not_a_source", "not_of_cells"})
"""Values of words that only look like a tissue or a donor."""
REACHES: Final = {"tissue": 6, "donor": 8}
"""Words between a tissue or donor word and the cells after it."""
TERMS: Final = frozenset({"cell", "code"})
"""Kinds of mark that may name the given cells."""
TELLING: Final = TERMS | BARRIERS | {"link", "tissue", "donor", "culture"}


@dataclass(slots=True, eq=False)
class Bound:
    """A word said of the given cells."""

    scan: int
    word: Mark
    cell: Mark
    trust: Trust


def main_product(given: Given) -> Product:
    """Pick the product that tissue and donor are told of: mesenchymal cells before any other."""
    if Product.MESENCHYMAL in given.products:
        return Product.MESENCHYMAL
    return given.products[0]


def bind_words(scans: Scans, given: Given) -> dict[str, list[Bound]]:
    """Tissue and donor words said of the main product, passage by passage."""
    main = main_product(given)
    bound: dict[str, list[Bound]] = {kind: [] for kind in REACHES}
    settled = dict.fromkeys(REACHES, Trust.DETAIL)
    for number, scan in scans.holding(*REACHES):
        trust = TRUST[scan.passage.part]
        # a less trusted passage is not asked; and nothing is bound across the end of a sentence
        asked = [kind for kind in REACHES if trust <= settled[kind] and scan.may_tell(kind)]
        if not asked or number in given.controls:
            continue
        worded = {kind: {mark.sentence for mark in scan.of_kind(kind)} for kind in asked}
        sentences = set().union(*worded.values()) - _doubtful_sentences(scan, trust)
        told = None if trust is Trust.HEADLINE else _told_given(scan, trust)
        marks = scan.of_kinds(TELLING)
        terms = [
            place
            for place, mark in enumerate(marks)
            if mark.kind in TERMS and mark.sentence in sentences and not _is_untold(mark, told)
        ]
        # whether the terms name what is given is asked last: it takes the longest
        targets = _targets_in(number, given, main) if terms else ()
        for place in terms:
            mark = marks[place]
            if mark.token not in targets:
                continue
            beside = _beside(marks, place)
            for kind in [kind for kind in asked if mark.sentence in worded[kind]]:
                bound[kind] += [
                    Bound(number, word, mark, trust)
                    for words in (
                        _inside(beside, kind),
                        _before(beside, kind),
                        _after(beside, kind),
                    )
                    for word in words
                ]
        settled |= {kind: trust for kind in asked if _has_value(bound[kind])}
    return bound


def _is_untold(mark: Mark, told: set[int] | None) -> bool:
    return told is not None and mark.value in OPEN and mark.sentence not in told


def _has_value(bound: Sequence[Bound]) -> bool:
    return any(one.word.value not in NO_VALUES for one in bound)


def _targets_in(number: int, given: Given, main: Product) -> set[int]:
    """First tokens of the terms in this scan that name the main product or its source."""
    return {
        mark.token
        for marks in (given.mentions[number], given.sources[number])
        for mark, product in marks
        if product is main
    }


def _told_given(scan: Scan, trust: Trust) -> set[int]:
    """Sentences that say that something is given; only there do "the cells" mean the product."""
    return {
        mark.sentence
        for mark in scan.of_kind("giving")
        if mark.key == "give" or (mark.key == "treat" and trust is Trust.SUMMARY)
    }


def _doubtful_sentences(scan: Scan, trust: Trust) -> set[int]:
    """Sentences on what such cells are in general, or on other studies."""
    doubtful = {
        mark.sentence
        for mark in scan.of_kind("background")
        if mark.key == "ability" or trust is not Trust.HEADLINE
    }
    if scan.passage.part in NAMES:
        return doubtful
    tissues: dict[int, set[str]] = {}
    for mark in scan.of_kind("tissue"):
        if mark.value not in {"not_a_source", "other"}:
            tissues.setdefault(mark.sentence, set()).add(mark.value)
    return doubtful | {
        sentence for sentence, kinds in tissues.items() if len(kinds) >= MANY_TISSUES
    }


@dataclass(slots=True, eq=False)
class Beside:
    """What stands in the sentence of a cell term."""

    cell: Mark
    inside: Sequence[Mark]
    """Words that are part of the term itself, as in "hUC-MSC"."""
    behind: Sequence[Mark]
    """Words before it as far as the cells named before, nearest first."""
    ahead: Sequence[Mark]
    """Words after it."""


def _beside(marks: Sequence[Mark], place: int) -> Beside:
    cell = marks[place]
    inside: list[Mark] = []
    behind: list[Mark] = []
    edge = -1
    for word in reversed(marks[max(0, place - WINDOW) : place]):
        if word.sentence != cell.sentence:
            break
        if word.last_token >= cell.token:
            inside.append(word)
        elif word.last_token <= edge:
            continue
        elif word.kind == "cell" and word.value != "some_cells":
            edge = max(edge, word.last_token)
            behind = [one for one in behind if one.last_token > edge]
        else:
            behind.append(word)
    inside.reverse()
    ahead: list[Mark] = []
    for word in marks[place + 1 : place + 1 + WINDOW]:
        if word.sentence != cell.sentence:
            break
        (inside if word.token <= cell.last_token else ahead).append(word)
    return Beside(cell, inside, behind, ahead)


def _inside(beside: Beside, kind: str) -> Iterator[Mark]:
    """Words that are part of the term itself."""
    return (word for word in beside.inside if word.kind == kind)


def _before(beside: Beside, kind: str) -> Iterator[Mark]:
    """Words before the term with nothing between that leads away from it."""
    cell, near = beside.cell, beside.behind
    nearest: Mark | None = None
    is_past_join = False
    transfer = 0
    for word in near:
        if word.kind == "giving" and word.key == "give" and kind == "donor":
            transfer = word.token  # "autologous transplantation of bone marrow cells"
        elif word.kind in BARRIERS:
            if word.kind == "join" and kind == "donor" and _follows_adjective(near, word):
                continue
            if nearest is None or word.kind != "join":
                return
            is_past_join = True
        elif word.kind == kind and word.clause == cell.clause:
            far = CODE_REACH if word.key == "codes" else REACHES[kind]
            if cell.token - word.last_token - 1 > far:
                return
            if transfer and transfer - word.last_token > TRANSFER_REACH:
                return
            # "allogeneic and autologous cells": past an "and", only the like of what was found
            if not is_past_join or _is_paired(word, nearest):
                nearest, is_past_join = word, False
                yield word


def _follows_adjective(near: Sequence[Mark], join: Mark) -> bool:
    """Whether the "and" only strings adjectives: "autologous fat and marrow derived cells"."""
    return any(
        mark.last_token == join.token - 1
        and (mark.kind in {"culture", "tissue"} or (mark.kind, mark.value) == ("link", "derived"))
        for mark in near
    )


def _is_paired(word: Mark, nearest: Mark | None) -> bool:
    return nearest is not None and nearest.token - word.last_token <= PAIR_REACH


def _after(beside: Beside, kind: str) -> Iterator[Mark]:
    """Words after the term that a link leads to: "cells obtained from bone marrow"."""
    cell = beside.cell
    linked: tuple[int, int] | None = None
    for word in beside.ahead:
        gap = word.token - cell.last_token
        if word.kind == "cell" and word.value != "some_cells" and gap > APPOSITION_REACH:
            return
        if word.kind == "link" and linked is None:
            linked = _linked(word, gap)
        elif word.kind == kind == "donor" and gap == 1:
            yield word  # "stem cells, allogeneic"
        elif word.kind == kind and word.key != "codes" and linked is not None:
            last, near = linked
            if word.token - last <= near:
                yield word


def _linked(link: Mark, gap: int) -> tuple[int, int] | None:
    """Where the link ends, and how far from there a source may stand."""
    if link.value == "of" and gap <= 1:
        return link.last_token, OF_REACH
    if link.value == "from" and gap <= (BARE_REACH if link.key == "bare" else FROM_REACH):
        return link.last_token, SOURCE_REACH
    return None


def steps_for(scans: Sequence[Scan], taken: Sequence[Bound], claim: str) -> tuple[Step, ...]:
    """Trace the words taken: of each value, the most trusted places."""
    places: dict[str, set[int]] = {}
    steps: list[Step] = []
    for one in taken:
        seen = places.setdefault(one.word.value, set())
        if one.scan not in seen and len(seen) < PLACES_TOLD:
            seen.add(one.scan)
            steps.append(_step(scans[one.scan], one, claim))
    return tuple(steps)


def _step(scan: Scan, bound: Bound, claim: str) -> Step:
    """Trace one word and the cells it is said of."""
    word, cell = bound.word, bound.cell
    first, last = min(word.token, cell.token), max(word.last_token, cell.last_token)
    return Step(
        scan.passage.field,
        quote_of(scan, first, last),
        bound.word.rule,
        "took",
        "said of the given cells",
        claim,
        bound.word.value,
    )
