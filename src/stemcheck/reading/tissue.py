"""Where the given cells come from: tissue words bound to them by clause and nearness."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from stemcheck.reading.attribution import Bound, Trust, steps_for
from stemcheck.reading.given import Given
from stemcheck.reading.harvest import words_harvested
from stemcheck.reading.scanner import Scans
from stemcheck.reading.step import Step
from stemcheck.trial.terms import Product, Tissue

EVERY_TISSUE: Final = tuple(Tissue)
EVERY_TRUST: Final = tuple(Trust)


def read_tissue(
    scans: Scans, given: Given, told: Sequence[Bound]
) -> tuple[tuple[Tissue, ...], tuple[Step, ...]]:
    """Read the tissue of the mesenchymal cells; where there are none, of the main product.

    Interventions, arms and titles that contradict one another are all shown; otherwise the most
    trusted passage decides.
    """
    bound = _without_doubtful_codes([one for one in told if _is_source(one)])
    taken = most_trusted(bound)
    if not taken and Product.HEMATOPOIETIC not in given.products:
        taken = most_trusted(
            [one for one in words_harvested(scans, given, "tissue") if _is_harvestable(one)]
        )[:1]
    if not taken:
        return (Tissue.NOT_STATED,), ()
    values = {one.word.value for one in taken}
    return tuple(tissue for tissue in EVERY_TISSUE if tissue in values), steps_for(
        scans, taken, "tissue"
    )


def _is_source(bound: Bound) -> bool:
    return bound.word.value != "not_a_source"


def _is_harvestable(bound: Bound) -> bool:
    return _is_source(bound) and bound.word.value != Tissue.OTHER.value


def most_trusted(bound: Sequence[Bound]) -> list[Bound]:
    """Keep all words of the headline fields; else the commonest value of the next trusted field."""
    for trust in EVERY_TRUST:
        told = [one for one in bound if one.trust is trust]
        if told and trust is Trust.HEADLINE:
            return told
        if told:
            counts = Counter(one.word.value for one in told)
            most = max(counts.values())
            tied = {value for value, count in counts.items() if count == most}
            if trust is not Trust.KEYWORDS:
                tied = {told[0].word.value} if told[0].word.value in tied else {min(tied)}
            return [one for one in told if one.word.value in tied]
    return []


def _without_doubtful_codes(bound: Sequence[Bound]) -> list[Bound]:
    """Drop a code in brackets after a plain word: "placental stromal cells (ASC)"."""
    plain = {
        (one.scan, one.cell.last_token): one.word.value for one in bound if one.word.key != "codes"
    }
    return [
        one
        for one in bound
        if one.word.key != "codes"
        or plain.get((one.scan, one.cell.token - 2), one.word.value) == one.word.value
    ]
