"""The pieces of a record that are read for meaning, each with where it stands.

Order of trust: what an intervention says of itself, then its arm, then the titles, the summary, the
keywords and the detailed description. Eligibility criteria are never a passage: an "IV" there is a
roman numeral or another drug far more often than a route.
"""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from stemcheck.trial.text import RecordText

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


EVERY_PART: Final = frozenset(Part)
PROSE: Final = frozenset({Part.BRIEF_SUMMARY, Part.DETAILED_DESCRIPTION})
"""Long passages, which speak of other studies and other cells, too."""


@dataclass(slots=True, eq=False)
class Passage:
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
    pieces: list[Passage] = []

    def add(passage: Passage) -> None:
        text = passage.text
        if len(text) > LONGEST_PASSAGE:
            passage = replace(passage, text=text[:LONGEST_PASSAGE])
        if text and not text.isspace():
            pieces.append(passage)

    for number, entry in enumerate(record.interventions):
        path = f"interventions[{number}]"
        add(Passage(f"{path}.name", entry.name, Part.INTERVENTION_NAME, number))
        if entry.other_names:
            # Registries split a name at its comma, so the names are read as one text.
            names, cuts = _joined(entry.other_names)
            part = Part.INTERVENTION_OTHER_NAMES
            add(Passage(f"{path}.otherNames", names, part, number, cuts=cuts))
        part = Part.INTERVENTION_DESCRIPTION
        add(Passage(f"{path}.description", entry.description, part, number))
    for number, arm in enumerate(record.arms):
        path = f"armGroups[{number}]"
        add(Passage(f"{path}.label", arm.label, Part.ARM_LABEL, arm=number))
        add(Passage(f"{path}.description", arm.description, Part.ARM_DESCRIPTION, arm=number))
    add(Passage("briefTitle", record.brief_title, Part.BRIEF_TITLE))
    add(Passage("officialTitle", record.official_title, Part.OFFICIAL_TITLE))
    add(Passage("briefSummary", record.brief_summary, Part.BRIEF_SUMMARY))
    for number, keyword in enumerate(record.keywords):
        add(Passage(f"keywords[{number}]", keyword, Part.KEYWORDS))
    add(Passage("detailedDescription", record.detailed_description, Part.DETAILED_DESCRIPTION))
    for number, condition in enumerate(record.conditions):
        add(Passage(f"conditions[{number}]", condition, Part.CONDITIONS))
    return tuple(pieces)


def _joined(names: tuple[str, ...]) -> tuple[str, tuple[int, ...]]:
    cuts: list[int] = []
    length = 0
    for name in names:
        length += len(name) + 1
        cuts.append(length - 1)
        if length > LONGEST_PASSAGE:
            break
    return " ".join(names)[:LONGEST_PASSAGE], tuple(cuts)
