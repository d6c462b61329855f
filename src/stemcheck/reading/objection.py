"""What the words around a cell term say against its being the product.

Each check knows one way in which cells are named without being given: as the source of another
product, as a general word for one just named, as something measured, as a feeder layer, as a
patient's earlier transplant, or denied.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from stemcheck.reading.marking import Mark
from stemcheck.reading.scanner import Scan

OPEN: Final = frozenset(
    {"unspecified_stem", "coded_product", "some_cells", "tissue_cells", "cord_blood_cells"}
)
"""Words that leave the kind of cell open."""
UNTYPED: Final = frozenset({"false_friend", *OPEN})
TURNED_INTO: Final = frozenset({"other_cells", "other_stem"})
"""Kinds that mesenchymal cells are turned into and then still count as mesenchymal."""
EARLIER_TRANSPLANT: Final = frozenset(
    {"hematopoietic", "unspecified_stem", "tissue_cells", "cord_blood_cells"}
)
"""What "after" and "history of" speak of: the patient's earlier transplant."""
VETO_REACH: Final = 3
"""Words that may stand between a veto word and the cell term."""
SOURCE_REACH: Final = 6
"""Words between a product and its source."""
LINK_REACH: Final = 3
"""Words between a product and the "of" or "from" that leads to its source."""
NOUN_REACH: Final = 3
"""Words from an adjective to the noun that it shares, as in "hematopoietic and/or stem cells"."""
CLOSED: Final = frozenset(")")
HYPHENS: Final = " -\u2010\u2011\u2013\u00a0"
PLURALS: Final = ("s", "S")
"""A plural noun does not modify the next one: "MNCs UC-MSCs" are two products."""


@dataclass(slots=True, eq=False)
class Nearby:
    """A cell term and the telling marks before and after it in its sentence."""

    scan: Scan
    mark: Mark
    behind: Sequence[Mark]
    ahead: Sequence[Mark]
    cell_before: Mark | None
    """The last cell term behind."""
    cell_after: Mark | None
    """The first cell term ahead."""


class Objection(NamedTuple):
    """Why a term is not the product; false when nothing is said against it."""

    why: str
    rule: str
    source_of: str = ""
    """Kind of the product that it is only the source or the content of."""


def objection_to(nearby: Nearby) -> Objection | None:
    """Return the first objection to the term being the product, if there is one."""
    has_cells = nearby.cell_before is not None or nearby.cell_after is not None
    for check in CHECKS if has_cells else CHECKS_OF_WORDS:
        found = check(nearby)
        if found is not None:
            return found
    if nearby.scan.of_kind("veto"):
        return _is_vetoed_after(nearby) or _is_vetoed_before(nearby)
    return None


def _is_false_friend(nearby: Nearby) -> Objection | None:
    mark = nearby.mark
    if mark.value == "false_friend":
        return Objection("the words mean something else", mark.rule)
    return None


def _is_echo(nearby: Nearby) -> Objection | None:
    """Refuse the general word in "BM-MNC stem cell therapy": it repeats the special one."""
    mark, before = nearby.mark, nearby.cell_before
    if (
        mark.value in OPEN
        and before is not None
        and before.value not in UNTYPED
        and mark.token == before.last_token + 1
        and not nearby.scan.between(before, mark).strip(" -")
    ):
        return Objection("a general word for the cells just named", mark.rule)
    return None


def _is_lone_adjective(nearby: Nearby) -> Objection | None:
    """Refuse a bare "hematopoietic", unless it shares a noun: "... and mesenchymal stem cells"."""
    mark, after = nearby.mark, nearby.cell_after
    if mark.key != "adjective" or (
        after is not None
        and after.token - mark.last_token <= NOUN_REACH
        and any(m.kind == "join" and m.token == mark.last_token + 1 for m in nearby.ahead)
    ):
        return None
    return Objection("no cell follows", mark.rule)


def _is_source(nearby: Nearby) -> Objection | None:
    product = _product_after(nearby) or _product_before(nearby)
    if product is None:
        return None
    words = nearby.scan.words_of(product)
    return Objection(f"only the source of “{words}”", nearby.mark.rule, product.value)


def _product_after(nearby: Nearby) -> Mark | None:
    """Find the product that the term modifies: "MSC-derived exosomes", "SVF-derived MSC"."""
    mark, head = nearby.mark, nearby.cell_after
    if head is None or head.value in UNTYPED or mark.value == "cell_free":
        return None
    if mark.value == "mesenchymal" and head.value not in {"mesenchymal", "cell_free"}:
        return None
    return head if _modifies(nearby, head) else None


def _modifies(nearby: Nearby, head: Mark) -> bool:
    scan, mark, ahead = nearby.scan, nearby.mark, nearby.ahead
    between = scan.tokens[mark.last_token + 1 : head.token]
    if not between and not scan.tokens[mark.last_token].endswith(PLURALS):
        joint = scan.between(mark, head)
        return len(joint) == 1 and joint in HYPHENS
    if between == [")"] and _is_bracketed(scan, mark, head):
        return True
    return (
        len(between) <= SOURCE_REACH
        and "," not in between
        and any(
            m.kind == "link"
            and m.value == "derived"
            and m.token - mark.last_token <= LINK_REACH - 1
            and m.last_token < head.token
            for m in ahead
        )
    )


def _is_bracketed(scan: Scan, mark: Mark, head: Mark) -> bool:
    """Whether the term stands in brackets of its own: "cells (MSC) exosomes"."""
    start, _ = scan.span(mark.token, mark.last_token)
    is_opened = scan.passage.text[start - 1 : start] == "("
    return is_opened and scan.between(mark, head).strip() == ")"


def _product_before(nearby: Nearby) -> Mark | None:
    """Find the product that comes from it: "exosomes of MSC", "MSC isolated from lipoaspirate"."""
    mark, before = nearby.mark, nearby.cell_before
    if before is None or before.value in UNTYPED:
        return None
    if before.value == "cell_free" and mark.token == before.last_token + 1:
        return before
    if mark.value == "mesenchymal" and before.value not in {"mesenchymal", "cell_free"}:
        return None
    is_linked = any(
        m.kind == "link"
        and m.value in {"from", "of", "contains"}
        and 0 < m.token - before.last_token <= LINK_REACH
        for m in nearby.behind
    )
    return before if is_linked and mark.token - before.last_token <= SOURCE_REACH else None


def _is_turned_from_stem(nearby: Nearby) -> Objection | None:
    """Refuse the hepatocytes of "hepatocytes derived from MSC": MSC are what is given."""
    mark = nearby.mark
    if mark.value not in TURNED_INTO:
        return None
    before, after = nearby.cell_before, nearby.cell_after
    if before is not None and before.value == "mesenchymal":
        is_turned = mark.token - before.last_token <= SOURCE_REACH and any(
            m.kind == "link" and m.value == "derived" and m.token == before.last_token + 1
            for m in nearby.behind
        )
    else:
        is_turned = (
            after is not None
            and after.value == "mesenchymal"
            and after.token - mark.last_token <= SOURCE_REACH
            and any(
                m.kind == "link"
                and m.value == "from"
                and m.token - mark.last_token <= LINK_REACH
                and m.token < after.token
                for m in nearby.ahead
            )
        )
    return Objection("what the stem cells were turned into", mark.rule) if is_turned else None


def _is_vetoed_after(nearby: Nearby) -> Objection | None:
    for other in nearby.ahead:
        if (other.kind, other.value) == ("veto", "after"):
            # a closing bracket may stand between
            between = nearby.scan.tokens[nearby.mark.last_token + 1 : other.token]
            if {*between} <= CLOSED and not nearby.scan.between(nearby.mark, other).strip(" )-"):
                return Objection("the next words make it something measured or used", other.rule)
            break
    return None


def _is_vetoed_before(nearby: Nearby) -> Objection | None:
    mark = nearby.mark
    for other in nearby.behind:
        if (
            (other.kind, other.value) == ("veto", "before")
            and mark.token - other.last_token - 1 <= VETO_REACH
            and other.clause == mark.clause
            and (other.key != "patient_history" or mark.value in EARLIER_TRANSPLANT)
        ):
            return Objection("the words before make it something else", other.rule)
    return None


CHECKS: Final[tuple[Callable[[Nearby], Objection | None], ...]] = (
    _is_false_friend,
    _is_echo,
    _is_lone_adjective,
    _is_source,
    _is_turned_from_stem,
)
CHECKS_OF_WORDS: Final = (_is_false_friend, _is_lone_adjective)
"""Those that need no other cell term beside it."""
