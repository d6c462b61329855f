"""The pieces of a record that are read for meaning, each with where it stands.

Order of trust: what an intervention says of itself, then its arm, then the titles, the summary, the
keywords and the detailed description. Eligibility criteria are never a passage: an "IV" there is a
roman numeral or another drug far more often than a route.
"""

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from stemcheck.trial.text import ArmText, InterventionText, RecordText

LONGEST_PASSAGE = 200_000
"""Characters read of one field; the longest seen in the registry is about 32,000."""


class Part(IntEnum):
    """Which field a passage is; a lower number is trusted more."""

    INTERVENTION_NAME = 0
    INTERVENTION_OTHER_NAMES = 1
    INTERVENTION_DESCRIPTION = 2
    ARM_LABEL = 3
    ARM_DESCRIPTION = 4
    BRIEF_TITLE = 5
    OFFICIAL_TITLE = 6
    BRIEF_SUMMARY = 7
    KEYWORDS = 8
    DETAILED_DESCRIPTION = 9
    CONDITIONS = 10


class Passage(NamedTuple):
    """One field's verbatim words."""

    field: str
    """Path in the registry's own words, as in ``interventions[0].description``."""
    text: str
    part: Part
    intervention: int | None = None
    """Index of the intervention it belongs to."""
    arm: int | None = None
    """Index of the arm it belongs to."""
    cuts: tuple[int, ...] = ()
    """Offsets a quote may not cross: where one other name ends and the next begins."""


def read_passages(record: RecordText) -> tuple[Passage, ...]:
    """Every non-empty piece of the record, most trusted first."""
    return tuple(piece for piece in _pieces(record) if piece.text and not piece.text.isspace())


def _pieces(record: RecordText) -> Iterator[Passage]:
    for number, intervention in enumerate(record.interventions):
        yield from _intervention_pieces(number, intervention)
    for number, arm in enumerate(record.arms):
        yield from _arm_pieces(number, arm)
    for field, text, part in (
        ("briefTitle", record.brief_title, Part.BRIEF_TITLE),
        ("officialTitle", record.official_title, Part.OFFICIAL_TITLE),
        ("briefSummary", record.brief_summary, Part.BRIEF_SUMMARY),
    ):
        yield Passage(field, text[:LONGEST_PASSAGE], part)
    for number, keyword in enumerate(record.keywords):
        yield Passage(f"keywords[{number}]", keyword[:LONGEST_PASSAGE], Part.KEYWORDS)
    yield Passage(
        "detailedDescription",
        record.detailed_description[:LONGEST_PASSAGE],
        Part.DETAILED_DESCRIPTION,
    )
    for number, condition in enumerate(record.conditions):
        yield Passage(f"conditions[{number}]", condition[:LONGEST_PASSAGE], Part.CONDITIONS)


def _intervention_pieces(number: int, intervention: InterventionText) -> Iterator[Passage]:
    path = f"interventions[{number}]"
    yield Passage(
        f"{path}.name", intervention.name[:LONGEST_PASSAGE], Part.INTERVENTION_NAME, number
    )
    if intervention.other_names:
        # Registries split a name at its comma, so the names are read as one text.
        joined, cuts = _joined(intervention.other_names)
        yield Passage(
            f"{path}.otherNames", joined, Part.INTERVENTION_OTHER_NAMES, number, cuts=cuts
        )
    yield Passage(
        f"{path}.description",
        intervention.description[:LONGEST_PASSAGE],
        Part.INTERVENTION_DESCRIPTION,
        number,
    )


def _arm_pieces(number: int, arm: ArmText) -> Iterator[Passage]:
    path = f"armGroups[{number}]"
    yield Passage(f"{path}.label", arm.label[:LONGEST_PASSAGE], Part.ARM_LABEL, arm=number)
    yield Passage(
        f"{path}.description",
        arm.description[:LONGEST_PASSAGE],
        Part.ARM_DESCRIPTION,
        arm=number,
    )


def _joined(names: tuple[str, ...]) -> tuple[str, tuple[int, ...]]:
    cuts: list[int] = []
    length = 0
    for name in names:
        length += len(name) + 1
        cuts.append(length - 1)
        if length > LONGEST_PASSAGE:
            break
    return " ".join(names)[:LONGEST_PASSAGE], tuple(cuts)
