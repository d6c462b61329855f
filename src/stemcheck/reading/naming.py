"""Every cell term of a record, and what its neighbours say against it being the product.

A term is refused when it is only the source of the next one ("MSC-derived exosomes", "MSC isolated
from lipoaspirate"), or when a word beside it makes it a measurement, a feeder layer, a patient's
earlier transplant or a negation.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from stemcheck.reading.scanner import Mark, Scan

TELLING: Final = frozenset(
    {"cell", "veto", "link", "join", "giving", "background", "person", "harvest"}
)
"""Kinds of mark that say something of a cell term beside them."""
WINDOW: Final = 14
"""Such marks looked at on either side of a cell term: keeps the work linear."""
VETO_REACH: Final = 3
"""Words that may stand between a veto word and the cell term."""
SOURCE_REACH: Final = 6
ASSESSED_REACH: Final = 5
"""Words between "the safety of" and the cell term."""
LONGEST_JOINT: Final = 8
"""Characters between a term and its abbreviation in brackets, as in "cells (hUC-MSC)"."""
WEAK_REACH: Final = 2
"""Words between two products joined by a bare "with"."""
JOIN_REACH: Final = 8
"""Words between two products given together."""
PLURALS: Final = ("s", "S")
"""A plural noun does not modify the next one: "MNCs UC-MSCs" are two products."""
VETO_RULES: Final = "context.toml veto.before"
VETO_AFTER: Final = "context.toml veto.after"
OPEN: Final = frozenset({"unspecified_stem", "some_cells", "tissue_cells"})
"""Words that leave the kind of cell open."""
TURNED_INTO: Final = frozenset({"other_cells", "other_stem"})
EARLIER_TRANSPLANT: Final = frozenset({"hematopoietic", "unspecified_stem", "tissue_cells"})
"""What "after" and "history of" speak of: the patient's earlier transplant."""


class Naming(NamedTuple):
    """A cell term at its place, with the judgement passed on it."""

    scan: int
    mark: Mark
    refusal: str = ""
    """Why it is not the product; empty when nothing speaks against it."""
    veto: str = ""
    """The rule that refused it."""
    source_of: str = ""
    """Kind of the product that it is only the source or the content of."""
    is_given: bool = False
    """A giving verb stands in its clause."""
    is_treatment: bool = False
    """"Therapy", "treated with" or a giving verb stands in its sentence."""
    is_background: bool = False
    """Its sentence speaks of animals, earlier studies or what cells can do."""
    is_of_person: bool = False
    """Its sentence speaks of participants."""
    is_made: bool = False
    """Its sentence speaks of a harvest."""
    joined: str = ""
    """Kind of the term before it that it is given together with."""


def judge_namings(scans: Iterable[Scan]) -> tuple[Naming, ...]:
    """All cell terms of all passages, in order."""
    return tuple(naming for number, scan in enumerate(scans) for naming in _namings(number, scan))


def _namings(number: int, scan: Scan) -> list[Naming]:
    marks = [mark for mark in scan.marks if mark.kind in TELLING]
    if not any(mark.kind == "cell" for mark in marks):
        return []
    given: set[int] = set()
    treated: set[int] = set()
    background: set[int] = set()
    persons: set[int] = set()
    made: set[int] = set()
    for mark in marks:
        if mark.kind == "giving":
            if mark.key != "assess":
                treated.add(mark.sentence)
            if mark.key == "give":
                given.add(mark.clause)
        elif mark.kind == "background":
            background.add(mark.sentence)
        elif mark.kind == "person":
            persons.add(mark.sentence)
        elif mark.kind == "harvest":
            made.add(mark.sentence)
    namings: list[Naming] = []
    previous: Naming | None = None
    for place, mark in enumerate(marks):
        if mark.kind != "cell":
            continue
        behind, ahead = _neighbours(marks, place)
        refusal, veto, source_of = _objection(scan.passage.text, mark, behind, ahead)
        if not refusal and previous is not None and _shares_veto(previous, mark, behind):
            refusal, veto = previous.refusal, previous.veto
        previous = Naming(
            number,
            mark,
            refusal,
            veto,
            source_of,
            mark.clause in given,
            mark.sentence in treated or _is_assessed(mark, behind),
            mark.sentence in background,
            mark.sentence in persons,
            mark.sentence in made,
            ""
            if previous is None or refusal
            else _joined(scan.passage.text, previous, mark, behind),
        )
        namings.append(previous)
    return _with_appositions(scan.passage.text, namings)


def _neighbours(marks: Sequence[Mark], place: int) -> tuple[list[Mark], list[Mark]]:
    mark = marks[place]
    behind = [
        m
        for m in marks[max(0, place - WINDOW) : place]
        if m.sentence == mark.sentence and m.last_token < mark.token
    ]
    ahead = [
        m
        for m in marks[place + 1 : place + 1 + WINDOW]
        if m.sentence == mark.sentence and m.token > mark.last_token
    ]
    return behind, ahead


def _objection(
    text: str, mark: Mark, behind: Sequence[Mark], ahead: Sequence[Mark]
) -> tuple[str, str, str]:
    if mark.value == "false_friend":
        return "the words mean something else", mark.rule, ""
    if mark.value in OPEN and _is_echo(text, mark, behind):
        return "a general word for the cells just named", mark.rule, ""
    if mark.key == "adjective" and not _shares_noun(mark, ahead):
        return "no cell follows", mark.rule, ""
    product = _made_of(text, mark, behind, ahead)
    if product is not None:
        return f"only the source of “{text[product.start : product.end]}”", mark.rule, product.value
    if mark.value in TURNED_INTO and _is_turned_from_stem(mark, behind, ahead):
        return "what the stem cells were turned into", mark.rule, ""
    for other in ahead:
        if other.kind == "veto" and other.value == "after" and other.token == mark.last_token + 1:
            return "the next words make it something measured or used", other.rule, ""
    for other in behind:
        if (
            other.kind == "veto"
            and other.value == "before"
            and mark.token - other.last_token - 1 <= VETO_REACH
            and other.clause == mark.clause
            and (other.key != "patient_history" or mark.value in EARLIER_TRANSPLANT)
        ):
            return "the words before make it something else", other.rule, ""
    return "", "", ""


def _is_turned_from_stem(mark: Mark, behind: Sequence[Mark], ahead: Sequence[Mark]) -> bool:
    """ "hepatocytes derived from MSC", "MSC differentiated into hepatocytes"."""
    before = next((m for m in reversed(behind) if m.kind == "cell"), None)
    if before is not None and before.value == "mesenchymal":
        return mark.token - before.last_token <= SOURCE_REACH and any(
            m.kind == "link" and m.value == "derived" and m.token == before.last_token + 1
            for m in behind
        )
    after = next((m for m in ahead if m.kind == "cell"), None)
    return (
        after is not None
        and after.value == "mesenchymal"
        and after.token - mark.last_token <= SOURCE_REACH
        and any(
            m.kind == "link" and m.value == "from" and m.token - mark.last_token <= VETO_REACH
            for m in ahead
            if m.token < after.token
        )
    )


def _is_echo(text: str, mark: Mark, behind: Sequence[Mark]) -> bool:
    """ "BM-MNC stem cell therapy": the general word repeats the special one."""
    return any(
        other.kind == "cell"
        and other.value not in {"false_friend", *OPEN}
        and other.token <= mark.token == other.last_token + 1
        and not text[other.end : mark.start].strip(" -")
        for other in behind
    )


def _shares_noun(mark: Mark, ahead: Sequence[Mark]) -> bool:
    """ "hematopoietic and mesenchymal stem cells": the adjective borrows the next noun."""
    return any(
        other.kind == "cell" and 0 <= other.token - mark.last_token - 1 <= 2 for other in ahead
    ) and any(other.kind == "join" and other.token == mark.last_token + 1 for other in ahead)


def _made_of(text: str, mark: Mark, behind: Sequence[Mark], ahead: Sequence[Mark]) -> Mark | None:
    """The product that this term is only the source, or the content, of.

    What mesenchymal cells are turned into is still counted as mesenchymal; only what they give off
    is not.
    """
    head = next((other for other in ahead if other.kind == "cell"), None)
    if (
        head is not None
        and head.value not in {"false_friend", *OPEN}
        and mark.value != "cell_free"
        and (mark.value != "mesenchymal" or head.value in {"mesenchymal", "cell_free"})
        and _modifies(text, mark, head, ahead)
    ):
        return head
    linked = None
    for other in reversed(behind):
        if other.kind == "link" and other.value in {"from", "of", "contains"}:
            linked = linked or other
        elif other.kind == "cell":
            if other.value == "cell_free" and mark.token == other.last_token + 1:
                return other
            if mark.value == "mesenchymal" and other.value not in {"mesenchymal", "cell_free"}:
                break
            if (
                linked is not None
                and linked.token - other.last_token <= 3
                and mark.token - other.last_token <= SOURCE_REACH
                and other.value not in {"false_friend", *OPEN}
            ):
                return other
            break
    return None


def _modifies(text: str, mark: Mark, head: Mark, between: Sequence[Mark]) -> bool:
    gap = head.token - mark.last_token - 1
    joint = text[mark.end : head.start]
    if gap == 0 and not text[mark.start : mark.end].endswith(PLURALS):
        return not joint.strip(" -‐‑–\u00a0") and len(joint) <= 2
    if gap == 1 and joint.strip() == ")" and text[mark.start - 1 : mark.start] == "(":
        return True
    if gap > SOURCE_REACH or "," in joint:
        return False
    return any(
        m.kind == "link"
        and m.value == "derived"
        and m.token <= mark.last_token + 2
        and m.last_token < head.token
        for m in between
    )


def _joined(text: str, previous: Naming, mark: Mark, behind: Sequence[Mark]) -> str:
    before = previous.mark
    if previous.refusal and before.value != "false_friend":
        return ""
    if before.sentence != mark.sentence or mark.token - before.last_token - 1 > JOIN_REACH:
        return ""
    gap = mark.token - before.last_token - 1
    if any(
        m.kind == "join" and before.last_token < m.token and (m.key != "weak" or gap <= WEAK_REACH)
        for m in behind
    ):
        return before.value
    joint = text[before.end : mark.start]
    return before.value if len(joint) <= LONGEST_JOINT and set(joint) & set("+&/") else ""


def _shares_veto(previous: Naming, mark: Mark, behind: Sequence[Mark]) -> bool:
    """ "Levels of MSC and HSC": what is measured, is measured for both."""
    before = previous.mark
    return (
        previous.veto.startswith(VETO_RULES)
        and mark.clause == before.clause
        and any(
            m.kind == "join"
            and m.key == "words"
            and m.token > before.last_token
            and mark.token - m.last_token <= VETO_REACH
            for m in behind
        )
    )


def _is_assessed(mark: Mark, behind: Sequence[Mark]) -> bool:
    return any(
        (other.kind, other.key) in {("giving", "assess"), ("join", "weak")}
        and mark.token - other.last_token - 1 <= ASSESSED_REACH
        for other in behind
    )


def _with_appositions(text: str, namings: list[Naming]) -> list[Naming]:
    """A term and its abbreviation in brackets are one: what refuses either refuses both."""
    for place in range(1, len(namings)):
        first, second = namings[place - 1], namings[place]
        joint = text[first.mark.end : second.mark.start]
        if len(joint) > LONGEST_JOINT or joint.strip() not in {"(", "["}:
            continue
        if first.mark.value == "false_friend" or second.mark.value == "false_friend":
            continue
        if second.refusal and not first.refusal and _refuses_both(second):
            namings[place - 1] = _refused_like(first, second)
        elif first.refusal and not second.refusal:
            namings[place] = _refused_like(second, first)
    return namings


def _refuses_both(naming: Naming) -> bool:
    return bool(naming.source_of) or naming.veto.startswith(VETO_AFTER)


def _refused_like(naming: Naming, other: Naming) -> Naming:
    return naming._replace(refusal=other.refusal, veto=other.veto, source_of=other.source_of)
