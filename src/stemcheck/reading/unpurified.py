"""Unpurified tissue that a record calls stem cells: "stem cells (SVF)", "BMAC containing MSC"."""

from itertools import pairwise
from typing import Final

from stemcheck.reading.kinds import Kinds
from stemcheck.reading.naming import HEADLINE, Naming, Namings, is_in_brackets
from stemcheck.reading.scanner import Scan, Scans, marks_between

CONTENT_REACH: Final = 5
"""Words from a tissue to the cells that it contains."""
CALLED: Final = "mesenchymal"
TAKEN: Final = "mixed_tissue"


def kinds_as_taken(kinds: Kinds, namings: Namings, scans: Scans) -> Kinds:
    """Tell such tissue for what it is, where the record speaks of no culture."""
    if CALLED not in kinds:
        return kinds
    for number, scan in scans.holding("cell", parts=HEADLINE):
        if not scan.may_tell("cell", {TAKEN}):
            continue
        for first, second in pairwise(namings.in_scan(number)):
            if second.is_background:
                continue
            if _is_abbreviated(first, second, scan) or _is_content(first, second, scan):
                if any(other.may_tell("culture") for _, other in scans.holding("culture")):
                    return kinds
                taken = first if first.value == TAKEN else second
                return {TAKEN: taken} | {value: n for value, n in kinds.items() if value != CALLED}
    return kinds


def _is_abbreviated(first: Naming, second: Naming, scan: Scan) -> bool:
    """Whether the stem cells are told by the tissue in brackets."""
    return (
        (first.value, second.value) == (CALLED, TAKEN)
        and first.objection is None
        and is_in_brackets(scan, first.mark, second.mark)
    )


def _is_content(first: Naming, second: Naming, scan: Scan) -> bool:
    """Whether a tissue that is given is said to contain the stem cells."""
    return (
        (first.value, second.value) == (TAKEN, CALLED)
        and first.objection is None
        and first.is_treatment
        and second.mark.token - first.mark.last_token <= CONTENT_REACH
        and any(
            mark.value == "contains"
            for mark in marks_between(scan.of_kind("link"), first.mark, second.mark)
        )
    )
