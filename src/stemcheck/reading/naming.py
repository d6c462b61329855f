"""Every cell term of a record, with what its sentence says of it."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from stemcheck.reading.borders import OPENING
from stemcheck.reading.marking import Mark
from stemcheck.reading.objection import Nearby, Objection, objection_to
from stemcheck.reading.passages import EVERY_PART, Part
from stemcheck.reading.scanner import Scan, Scans

TELLING: Final = frozenset(
    {"background", "cell", "giving", "harvest", "join", "link", "person", "veto"}
)
"""Kinds of mark that say something of a cell term beside them."""
SPEAKING: Final = frozenset({"giving", "background", "person", "harvest"})
"""Kinds of mark that say something of every cell term of their sentence or clause."""
WINDOW: Final = 10
"""Such marks looked at on either side of a cell term: keeps the work linear."""
ASSESSED_REACH: Final = 5
"""Words between "the safety of" and the cell term."""
LONGEST_JOINT: Final = 8
"""Characters between a term and its abbreviation in brackets, as in "cells (hUC-MSC)"."""
JOIN_REACH: Final = 8
"""Words between two products given together."""
WEAK_REACH: Final = 2
"""Words between two products joined by a bare "with"."""
SHARED_REACH: Final = 3
"""Words between an "and" and the term that shares in a veto."""
JOINING: Final = "+&/"
HEADLINE: Final = frozenset(part for part in Part if part <= Part.BRIEF_SUMMARY)
"""Interventions, arms, titles and the brief summary."""
VETO_BEFORE: Final = "context.toml veto.before"
VETO_AFTER: Final = "context.toml veto.after"


@dataclass(slots=True, eq=False)
class Naming:
    """A cell term at its place."""

    scan: int
    mark: Mark
    value: str
    """The kind of product it names."""
    objection: Objection | None
    """Why it is not the product."""
    joined: str
    """Kind of the term before it that it is given together with."""
    is_given: bool
    """A giving verb stands in its clause."""
    is_treatment: bool
    """A giving verb, "therapy" or "the safety of" stands in its sentence."""
    is_background: bool
    """Its sentence speaks of animals, earlier studies or what cells can do."""
    is_of_person: bool
    """Its sentence speaks of participants."""
    is_harvested: bool
    """Its sentence speaks of a harvest."""
    is_headline: bool
    """It stands in an intervention, an arm, a title or the brief summary."""


class _Sentences:
    """What the sentences and clauses of one passage speak of."""

    given: AbstractSet[int] = frozenset()
    treated: AbstractSet[int] = frozenset()
    background: AbstractSet[int] = frozenset()
    persons: AbstractSet[int] = frozenset()
    harvests: AbstractSet[int] = frozenset()

    def __init__(self, scan: Scan) -> None:
        if not scan.has_any(SPEAKING):
            return
        giving = scan.of_kind("giving")
        self.given = {mark.clause for mark in giving if mark.key == "give"}
        self.treated = {mark.sentence for mark in giving if mark.key != "assess"}
        self.background = {mark.sentence for mark in scan.of_kind("background")}
        self.persons = {mark.sentence for mark in scan.of_kind("person")}
        self.harvests = {mark.sentence for mark in scan.of_kind("harvest")}


class Namings:
    """The cell terms of a record, passage by passage; those of a passage are judged when asked for."""

    def __init__(self, scans: Scans) -> None:
        self._scans = scans
        self._judged: dict[int, list[Naming]] = {}

    def in_scan(self, number: int) -> list[Naming]:
        """Judge all cell terms of one passage, in order."""
        judged = self._judged.get(number)
        if judged is None:
            judged = self._judged[number] = _namings(number, self._scans[number])
        return judged

    def in_parts(self, parts: AbstractSet[Part] = EVERY_PART) -> list[Naming]:
        """Judge the cell terms of all passages of these parts of the record, in order."""
        return [
            naming
            for number, _ in self._scans.holding("cell", parts=parts)
            for naming in self.in_scan(number)
        ]


def _namings(number: int, scan: Scan) -> list[Naming]:
    if not scan.of_kind("cell"):
        return []
    marks = scan.of_kinds(TELLING)
    sentences = _Sentences(scan)
    is_headline = scan.passage.part in HEADLINE
    namings: list[Naming] = []
    previous: Naming | None = None
    for place, mark in enumerate(marks):
        if mark.kind == "cell":
            nearby = _nearby(scan, marks, place)
            previous = _naming(number, nearby, sentences, previous, is_headline=is_headline)
            namings.append(previous)
    return _with_appositions(scan, namings)


def _nearby(scan: Scan, marks: Sequence[Mark], place: int) -> Nearby:
    mark = marks[place]
    if len(marks) == 1:
        return Nearby(scan, mark, (), (), None, None)
    sentence, first, last = mark.sentence, mark.token, mark.last_token
    behind = [
        other
        for other in marks[max(0, place - WINDOW) : place]
        if other.sentence == sentence and other.last_token < first
    ]
    ahead = [
        other
        for other in marks[place + 1 : place + 1 + WINDOW]
        if other.sentence == sentence and other.token > last
    ]
    cells_behind = [other for other in behind if other.kind == "cell"]
    cells_ahead = [other for other in ahead if other.kind == "cell"]
    return Nearby(
        scan,
        mark,
        behind,
        ahead,
        cells_behind[-1] if cells_behind else None,
        cells_ahead[0] if cells_ahead else None,
    )


def _naming(
    number: int,
    nearby: Nearby,
    sentences: _Sentences,
    previous: Naming | None,
    *,
    is_headline: bool,
) -> Naming:
    mark = nearby.mark
    objection = objection_to(nearby)
    if objection is None and previous is not None:
        objection = _shared_veto(previous, nearby)
    joined = "" if objection or previous is None else _joined(previous, nearby)
    return Naming(
        number,
        mark,
        mark.value,
        objection,
        joined,
        mark.clause in sentences.given,
        mark.sentence in sentences.treated or _is_assessed(nearby),
        mark.sentence in sentences.background,
        mark.sentence in sentences.persons,
        mark.sentence in sentences.harvests,
        is_headline,
    )


def _joined(previous: Naming, nearby: Nearby) -> str:
    """Kind of the product before, when both are given: "MSC plus PRP", "MSC + DLI"."""
    before, mark = previous.mark, nearby.mark
    gap = mark.token - before.last_token - 1
    if previous.objection or before.sentence != mark.sentence or gap > JOIN_REACH:
        return ""
    is_joined = any(
        m.kind == "join" and before.last_token < m.token and (m.key != "weak" or gap <= WEAK_REACH)
        for m in nearby.behind
    )
    return before.value if is_joined or _is_joined_by_sign(nearby.scan, before, mark) else ""


def _is_joined_by_sign(scan: Scan, before: Mark, mark: Mark) -> bool:
    words = scan.tokens[before.last_token + 1 : mark.token]
    if sum(map(len, words)) > LONGEST_JOINT or not any(
        sign in scan.passage.text for sign in JOINING
    ):
        return False
    joint = scan.between(before, mark)
    return len(joint) <= LONGEST_JOINT and any(sign in joint for sign in JOINING)


def _shared_veto(previous: Naming, nearby: Nearby) -> Objection | None:
    """Refuse both terms of "levels of MSC and HSC"."""
    before, mark, objection = previous.mark, nearby.mark, previous.objection
    if objection is None or not objection.rule.startswith(VETO_BEFORE):
        return None
    is_shared = mark.clause == before.clause and any(
        (m.kind, m.key) == ("join", "words")
        and m.token > before.last_token
        and mark.token - m.last_token <= SHARED_REACH
        for m in nearby.behind
    )
    return objection if is_shared else None


def _is_assessed(nearby: Nearby) -> bool:
    return any(
        (
            (other.kind == "giving" and other.key == "assess")
            or (other.kind == "join" and other.key == "weak")
        )
        and nearby.mark.token - other.last_token - 1 <= ASSESSED_REACH
        for other in nearby.behind
    )


def _with_appositions(scan: Scan, namings: list[Naming]) -> list[Naming]:
    """Treat a term and its abbreviation in brackets as one: what refuses either refuses both."""
    for place in range(1, len(namings)):
        first, second = namings[place - 1], namings[place]
        if not is_in_brackets(scan, first.mark, second.mark):
            continue
        if "false_friend" in {first.value, second.value}:
            continue
        if first.objection is not None and second.objection is None:
            namings[place] = replace(second, objection=first.objection)
        elif first.objection is None and _refuses_both(second.objection):
            namings[place - 1] = replace(first, objection=second.objection)
    return namings


def is_in_brackets(scan: Scan, first: Mark, second: Mark) -> bool:
    """Whether nothing but an opening bracket stands between two terms."""
    if second.token != first.last_token + 2 or scan.tokens[first.last_token + 1] not in OPENING:
        return False
    joint = scan.between(first, second)
    return len(joint) <= LONGEST_JOINT and joint.strip() in OPENING


def _refuses_both(objection: Objection | None) -> bool:
    return objection is not None and (
        bool(objection.source_of) or objection.rule.startswith(VETO_AFTER)
    )
