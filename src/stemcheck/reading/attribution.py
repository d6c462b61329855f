"""Which tissue or donor words are said of the given cells: by clause, nearness and link words.

A word before the cells is bound when no other cell stands between ("bone marrow derived, expanded
mesenchymal cells"); a word after them needs a link ("cells obtained from bone marrow").
"""

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from stemcheck.reading.given import Given
from stemcheck.reading.naming import OPEN
from stemcheck.reading.passages import Part
from stemcheck.reading.scanner import Mark, Scan
from stemcheck.reading.step import Step, quote_around
from stemcheck.trial.reading import Product

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
PLACES_TOLD: Final = 3
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


class Trust(IntEnum):
    """How far a passage is believed on where cells come from; lower is better."""

    HEADLINE = 0
    """Interventions, arms and titles: when they contradict, all are shown."""
    SUMMARY = 1
    KEYWORDS = 2
    DETAIL = 3


REACHES: Final = {"tissue": 6, "donor": 8}
"""Words between a tissue or donor word and the cells after it."""
TELLING: Final = frozenset({"cell", "code", "link", "tissue", "donor", *BARRIERS})


class Bound(NamedTuple):
    """A word said of the given cells."""

    scan: int
    word: Mark
    cell: Mark
    trust: Trust


def trust_in(part: Part) -> Trust:
    """How far words of this part of the record are believed."""
    if part is Part.BRIEF_SUMMARY:
        return Trust.SUMMARY
    if part in {Part.KEYWORDS, Part.CONDITIONS}:
        return Trust.KEYWORDS
    return Trust.DETAIL if part is Part.DETAILED_DESCRIPTION else Trust.HEADLINE


def main_product(given: Given) -> Product:
    """The product that tissue and donor are told of: mesenchymal cells before any other."""
    if Product.MESENCHYMAL in given.products:
        return Product.MESENCHYMAL
    return given.products[0]


def bind_words(scans: Sequence[Scan], given: Given) -> dict[str, list[Bound]]:
    """Tissue and donor words said of the main product, passage by passage."""
    main = main_product(given)
    bound: dict[str, list[Bound]] = {kind: [] for kind in REACHES}
    for number, scan in enumerate(scans):
        targets = _targets_in(number, given, main)
        if not targets:
            continue
        trust = trust_in(scan.passage.part)
        told = None if trust is Trust.HEADLINE else _told_given(scan, trust)
        doubtful = _doubtful_sentences(scan, trust)
        marks = [mark for mark in scan.marks if mark.kind in TELLING]
        for place, mark in enumerate(marks):
            if mark.token not in targets or mark.kind not in {"cell", "code"}:
                continue
            if mark.sentence in doubtful:
                continue
            if told is not None and mark.value in OPEN and mark.sentence not in told:
                continue
            for kind, reach in REACHES.items():
                bound[kind] += [
                    Bound(number, word, mark, trust)
                    for word in _bound_to(marks, place, kind, reach)
                ]
    return bound


def _targets_in(number: int, given: Given, main: Product) -> set[int]:
    """First tokens of the terms in this scan that name the main product or its source."""
    if number in given.controls:
        return set()
    return {
        mark.token
        for marks in (given.mentions.get(number, ()), given.sources.get(number, ()))
        for mark, product in marks
        if product is main
    }


def _told_given(scan: Scan, trust: Trust) -> set[int]:
    """Sentences that say that something is given; only there do "the cells" mean the product."""
    return {
        mark.sentence
        for mark in scan.marks
        if mark.kind == "giving"
        and (mark.key == "give" or (mark.key == "treat" and trust is Trust.SUMMARY))
    }


def _doubtful_sentences(scan: Scan, trust: Trust) -> set[int]:
    """Sentences on what such cells are in general, or on other studies."""
    doubtful = {
        mark.sentence
        for mark in scan.marks
        if mark.kind == "background" and (mark.key == "ability" or trust is not Trust.HEADLINE)
    }
    if scan.passage.part in NAMES:
        return doubtful
    tissues: dict[int, set[str]] = {}
    for mark in scan.marks:
        if mark.kind == "tissue" and mark.value not in {"not_a_source", "other"}:
            tissues.setdefault(mark.sentence, set()).add(mark.value)
    return doubtful | {
        sentence for sentence, kinds in tissues.items() if len(kinds) >= MANY_TISSUES
    }


def _bound_to(marks: Sequence[Mark], place: int, kind: str, reach: int) -> Iterator[Mark]:
    yield from _before(marks, place, kind, reach)
    yield from _after(marks, place, kind)


def _before(marks: Sequence[Mark], place: int, kind: str, reach: int) -> Iterator[Mark]:
    cell = marks[place]
    edge = max(
        (
            m.last_token
            for m in marks[max(0, place - WINDOW) : place]
            if m.kind == "cell" and m.value != "some_cells" and m.last_token < cell.token
        ),
        default=-1,
    )
    nearest: Mark | None = None
    barrier = -1
    transfer = 0
    for word in reversed(marks[max(0, place - WINDOW) : place]):
        if word.sentence != cell.sentence:
            break
        if word.last_token >= cell.token:
            if word.kind == kind:
                yield word
            continue
        if word.last_token <= edge:
            break
        if word.kind == "giving" and kind == "donor" and word.key == "give":
            # "autologous transplantation of bone marrow cells"
            transfer = word.token
        elif word.kind in BARRIERS:
            if nearest is None or word.kind != "join":
                break
            barrier = word.token
        elif word.kind == kind and word.clause == cell.clause:
            if transfer and transfer - word.last_token > TRANSFER_REACH:
                break
            far = CODE_REACH if word.key == "codes" else reach
            if cell.token - word.last_token - 1 > far:
                break
            # "allogeneic and autologous cells": past an "and", only the like of what was found
            if barrier < 0 or (
                nearest is not None and nearest.token - word.last_token <= PAIR_REACH
            ):
                nearest = word
                barrier = -1
                yield word


def _after(marks: Sequence[Mark], place: int, kind: str) -> Iterator[Mark]:
    cell = marks[place]
    linked = -1
    near = 0
    for word in marks[place + 1 : place + 1 + WINDOW]:
        if word.sentence != cell.sentence:
            break
        if word.token <= cell.last_token:
            if word.kind == kind:
                yield word
        elif word.kind == "cell" and word.value != "some_cells":
            if word.token - cell.last_token > 2:
                break
        elif word.kind == "link" and linked < 0:
            gap = word.token - cell.last_token
            if word.value == "from" and gap <= (BARE_REACH if word.key == "bare" else FROM_REACH):
                linked, near = word.last_token, SOURCE_REACH
            elif word.value == "of" and gap <= 1:
                linked, near = word.last_token, OF_REACH
        elif word.kind == kind == "donor" and word.token == cell.last_token + 1:
            yield word  # "stem cells, allogeneic"
        elif word.kind == kind and word.key != "codes" and linked >= 0:
            if word.token - linked <= near:
                yield word


def words_harvested(scans: Sequence[Scan], given: Given, kind: str) -> Iterator[Bound]:
    """Words of this kind beside a word for harvesting, wherever the record tells of it."""
    for number, scan in enumerate(scans):
        if number in given.controls:
            continue
        doubtful = {mark.sentence for mark in scan.marks if mark.kind == "background"}
        harvests = [mark for mark in scan.marks if mark.kind == "harvest"]
        by_sentence: dict[int, Mark] = {}
        for harvest in harvests:
            by_sentence.setdefault(harvest.sentence, harvest)
        for word in scan.marks:
            harvest = by_sentence.get(word.sentence)
            if word.kind == kind and harvest is not None and word.sentence not in doubtful:
                yield Bound(number, word, harvest, trust_in(scan.passage.part))


def steps_for(scans: Sequence[Scan], taken: Sequence[Bound], claim: str) -> tuple[Step, ...]:
    """The trace of the words taken: of each value, the most trusted places."""
    places: dict[str, set[int]] = {}
    steps: list[Step] = []
    for one in taken:
        seen = places.setdefault(one.word.value, set())
        if one.scan not in seen and len(seen) < PLACES_TOLD:
            seen.add(one.scan)
            steps.append(step_for(scans[one.scan], one, claim))
    return tuple(steps)


def step_for(scan: Scan, bound: Bound, claim: str) -> Step:
    """What binding the word to the cells looks like in the trace."""
    start = min(bound.word.start, bound.cell.start)
    end = max(bound.word.end, bound.cell.end)
    return Step(
        scan.passage.field,
        quote_around(scan.passage, start, end),
        bound.word.rule,
        "took",
        "said of the given cells",
        claim,
        bound.word.value,
    )
