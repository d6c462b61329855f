"""Whose the given cells are: donor words bound to them by clause and nearness."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from stemcheck.reading.attribution import Bound, steps_for
from stemcheck.reading.given import Given
from stemcheck.reading.harvest import words_harvested
from stemcheck.reading.marking import Mark
from stemcheck.reading.scanner import Scan, Scans
from stemcheck.reading.step import Step
from stemcheck.reading.tissue import most_trusted
from stemcheck.trial.terms import Donor, Tissue

EVERY_DONOR: Final = tuple(Donor)
TISSUE_REACH: Final = 2
OWN_TISSUES: Final = frozenset(
    {Tissue.BONE_MARROW, Tissue.ADIPOSE, Tissue.PERIPHERAL_BLOOD, Tissue.DENTAL, Tissue.OTHER}
)
"""Tissues that a participant can have harvested for the own treatment."""


def read_donor(
    scans: Scans, given: Given, told: Sequence[Bound], tissue: tuple[Tissue, ...]
) -> tuple[tuple[Donor, ...], tuple[Step, ...]]:
    """Read the donor of the mesenchymal cells; where there are none, of the main product."""
    bound = [one for one in told if one.word.value != "not_of_cells"]
    taken = most_trusted(bound) or _from_harvest(scans, given, tissue)
    if not taken:
        return (Donor.NOT_STATED,), ()
    values = {one.word.value for one in taken}
    return tuple(donor for donor in EVERY_DONOR if donor in values), steps_for(
        scans, taken, "donor"
    )


def _from_harvest(scans: Scans, given: Given, tissue: tuple[Tissue, ...]) -> list[Bound]:
    """Who the cells were taken from, where the record tells of the taking.

    A harvest from the participant for the own treatment is autologous without the word.
    """
    donated = [
        one
        for one in words_harvested(scans, given, "donor")
        if one.word.value != "not_of_cells"
        and (one.word.key in {"donors", "own"} or _is_of_tissue(scans[one.scan], one.word, tissue))
    ]
    if donated:
        return most_trusted(donated)
    own = set(tissue) & OWN_TISSUES
    taken = [
        one
        for one in words_harvested(scans, given, "tissue")
        if one.word.value in own and _is_of_participant(scans[one.scan], one)
    ]
    return [
        replace(one, word=one.word.meaning("donor", Donor.AUTOLOGOUS.value))
        for one in most_trusted(taken)[:1]
    ]


def _is_of_tissue(scan: Scan, word: Mark, tissue: tuple[Tissue, ...]) -> bool:
    """Whether the source of the cells follows: "autologous bone marrow is aspirated"."""
    return any(
        mark.value in tissue and 1 <= mark.token - word.last_token <= TISSUE_REACH
        for mark in scan.of_kind("tissue")
    )


def _is_of_participant(scan: Scan, bound: Bound) -> bool:
    return any(mark.sentence == bound.word.sentence for mark in scan.of_kind("person"))
