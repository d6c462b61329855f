"""The passages of a record that are read for meaning, each with its field and how far it is trusted.

The text of an intervention counts most, then its arm, then the titles, the summary, the keywords and the
detailed description. Eligibility criteria are never a passage: an "IV" there is a roman numeral or another
drug far more often than a route.
"""

import html
import re
from dataclasses import dataclass
from dataclasses import field as without_default
from enum import IntEnum
from typing import Final

from stemcheck.trial.text import RecordText

LONGEST_PASSAGE = 200_000
"""How many characters of a field are read. The longest seen in the registry has about 32,000."""
ESCAPED: Final = re.compile(
    r"\\([!-/:-@\[-`{-~])|&(?:amp;){0,2}(#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,8}\d?);", re.IGNORECASE
)
"""A sign escaped as in markdown, or an HTML entity: the registry uses both."""


class Part(IntEnum):
    """The field of a passage; a lower number is trusted more."""

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


class Tier(IntEnum):
    """How far a passage is trusted about the source of the cells and the route; lower is better."""

    HEADLINE = 0
    """Interventions, arms and titles: if they contradict each other, all values are shown."""
    SUMMARY = 1
    KEYWORDS = 2
    DETAIL = 3


TIERS: Final = dict.fromkeys(Part, Tier.HEADLINE) | {
    Part.BRIEF_SUMMARY: Tier.SUMMARY,
    Part.KEYWORDS: Tier.KEYWORDS,
    Part.CONDITIONS: Tier.KEYWORDS,
    Part.DETAILED_DESCRIPTION: Tier.DETAIL,
}
NAMES: Final = frozenset({Part.INTERVENTION_NAME, Part.INTERVENTION_OTHER_NAMES})
LABELS: Final = NAMES | {Part.ARM_LABEL}
"""Fields that name the product."""
TITLES: Final = frozenset({Part.BRIEF_TITLE, Part.OFFICIAL_TITLE})
PROSE: Final = frozenset({Part.BRIEF_SUMMARY, Part.DETAILED_DESCRIPTION})
"""Long passages, which also mention other studies and other cells."""


@dataclass(slots=True, eq=False)
class Passage:
    """The text of one field."""

    field: str
    """The registry's path, as in ``interventions[0].description``."""
    verbatim: str
    """The text of the record, for quotes."""
    part: Part
    intervention: int | None = None
    """The number of the intervention to which it belongs."""
    arm: int | None = None
    """The number of the arm to which it belongs."""
    cuts: tuple[int, ...] = ()
    """Offsets that a quote must not cross: the borders between other names."""
    tier: Tier = without_default(init=False)
    """How far it is trusted."""

    def __post_init__(self) -> None:
        self.tier = TIERS[self.part]


def read_passages(record: RecordText) -> list[Passage]:
    """Return every non-empty passage of the record, most trusted first."""
    pieces: list[Passage] = []
    for number, entry in enumerate(record.interventions):
        path = f"interventions[{number}]"
        # The registry splits names at commas, so the other names are read as one text.
        names, cuts = _joined(entry.other_names)
        pieces += [
            Passage(f"{path}.name", entry.name, Part.INTERVENTION_NAME, number),
            Passage(f"{path}.otherNames", names, Part.INTERVENTION_OTHER_NAMES, number, cuts=cuts),
            Passage(
                f"{path}.description", entry.description, Part.INTERVENTION_DESCRIPTION, number
            ),
        ]
    for number, arm in enumerate(record.arms):
        path = f"armGroups[{number}]"
        pieces += [
            Passage(f"{path}.label", arm.label, Part.ARM_LABEL, arm=number),
            Passage(f"{path}.description", arm.description, Part.ARM_DESCRIPTION, arm=number),
        ]
    pieces += [
        Passage("briefTitle", record.brief_title, Part.BRIEF_TITLE),
        Passage("officialTitle", record.official_title, Part.OFFICIAL_TITLE),
        Passage("briefSummary", record.brief_summary, Part.BRIEF_SUMMARY),
        *(
            Passage(f"keywords[{number}]", keyword, Part.KEYWORDS)
            for number, keyword in enumerate(record.keywords)
        ),
        Passage("detailedDescription", record.detailed_description, Part.DETAILED_DESCRIPTION),
        *(
            Passage(f"conditions[{number}]", condition, Part.CONDITIONS)
            for number, condition in enumerate(record.conditions)
        ),
    ]
    for piece in pieces:
        piece.verbatim = piece.verbatim[:LONGEST_PASSAGE]
    return [piece for piece in pieces if piece.verbatim and not piece.verbatim.isspace()]


def plain(text: str) -> str:
    r"""Undo entities and markdown escapes, as in "Wharton&#39;s" and "10\^6", and keep all offsets.

    The shorter text is padded with spaces, so that words stay at their offset in the record.
    """
    if "\\" not in text and "&" not in text:
        return text
    return ESCAPED.sub(_undone, text)


def _undone(escaped: re.Match[str]) -> str:
    written, sign, name = escaped[0], escaped[1], escaped[2]
    for form in (name, name.lower()) if name else ():
        undone = html.unescape(f"&{form};")
        sign = sign or (undone if len(undone) == 1 else "")
    return sign.ljust(len(written)) if sign else written


def _joined(names: tuple[str, ...]) -> tuple[str, tuple[int, ...]]:
    cuts: list[int] = []
    length = 0
    for name in names:
        length += len(name) + 1
        cuts.append(length - 1)
        if length > LONGEST_PASSAGE:
            break
    return " ".join(names), tuple(cuts)
