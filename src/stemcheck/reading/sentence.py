"""What stands in one sentence besides its route words, and how far apart words stand.

Nearness is counted in words; a comma, a semicolon or a "then" between two words moves them apart.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal, NamedTuple

from stemcheck.reading.lexicon import load_lexicon
from stemcheck.reading.marking import Mark
from stemcheck.reading.scanner import BY_TOKEN, Scan

Owner = Literal["cells", "agent", "partner", "sample", "placebo"]
AGENT_OWNERS: Final[dict[str, Owner]] = {
    "drug": "agent",
    "partner": "partner",
    "sample": "sample",
    "placebo": "placebo",
}
NOTED_BEFORE: Final = frozenset({"agent", "background"})
"""Kinds of marks that count in a sentence with a route word, and in the few before it."""
NOTED: Final = NOTED_BEFORE | {"giving", "way", "route", "letters", "site", "negation", "study"}
"""Kinds that such a sentence is judged by."""
SENTENCES_BACK: Final = 3
"""Sentences looked back over for what was named last."""
CLAUSE_APART = 8
"""Words that a bracket or a "then" between two words counts for; see `PAUSES` for the signs."""
WINDOW: Final = 5
"""Marks looked at on either side of a route word: keeps the work linear."""
FAR: Final = 999
WITHOUT_A_WAY: Final = frozenset({"treat", "assess"})
"""Rules of the giving words that say nothing of how."""

AIM_HOLDS: Final = (("study",), ("cell", "code"), ("giving", "way"))
"""Kinds of mark of which a sentence that is an aim holds one each."""


class Verdict(NamedTuple):
    """Whether the words count, and why."""

    holds: bool
    why: str
    is_loose: bool = False
    """The words name a place "in" or "at" which something is given, not a way into it."""


@dataclass(slots=True, eq=False)
class Sentence:
    """What stands in one sentence besides route words."""

    owners: list[Mark] = field(default_factory=list)
    """Names of the given cells, of other drugs, of samples and placebos."""
    giving: list[Mark] = field(default_factory=list)
    routes: list[Mark] = field(default_factory=list)
    negations: list[Mark] = field(default_factory=list)
    has_cells: bool = False
    is_animal: bool = False
    is_earlier: bool = False
    is_own_study: bool = False

    @property
    def is_aim(self) -> bool:
        """Whether it says what this study gives."""
        return self.has_cells and self.is_own_study and not self.is_earlier and bool(self.giving)


def sentences_of(
    scan: Scan, routed: AbstractSet[int], mentions: Sequence[Mark], partners: Sequence[Mark] = ()
) -> dict[int, Sentence]:
    """Group the marks of a passage by their sentence.

    ``routed``: the sentences that hold a route word; marks far from them are left out. ``mentions``
    name the given cells, ``partners`` a cell-free product given beside them.
    """
    looked_at = {number - back for number in routed for back in range(SENTENCES_BACK + 1)}
    found: defaultdict[int, Sentence] = defaultdict(Sentence)
    for mark in mentions:
        if mark.sentence in looked_at:
            sentence = found[mark.sentence]
            sentence.owners.append(mark)
            sentence.has_cells = True
    for mark in partners:
        found[mark.sentence].owners.append(mark.meaning("agent", "partner"))
    for mark in scan.of_kinds(NOTED):
        if mark.sentence in (looked_at if mark.kind in NOTED_BEFORE else routed):
            _note(found[mark.sentence], mark)
    for sentence in found.values():
        sentence.owners.sort(key=BY_TOKEN)
    return found


def _note(sentence: Sentence, mark: Mark) -> None:
    kind = mark.kind
    if kind in {"route", "letters", "site"}:
        if mark.value != "none":
            sentence.routes.append(mark)
    elif kind in {"giving", "way"}:
        if mark.key not in WITHOUT_A_WAY:
            sentence.giving.append(mark)
    elif kind == "agent":
        sentence.owners.append(mark)
    elif kind == "negation":
        sentence.negations.append(mark)
    elif kind == "background":
        sentence.is_animal |= mark.value == "animal"
        sentence.is_earlier |= mark.value != "animal"
    elif kind == "study":
        sentence.is_own_study = True


def aims_in(scan: Scan, marks: Sequence[Mark]) -> list[Mark]:
    """Pick the marks whose sentence may be an aim; whether its cells are the given ones is not asked."""
    told = {mark.sentence for mark in marks}
    for kinds in AIM_HOLDS:
        told &= {
            mark.sentence
            for kind in kinds
            for mark in scan.of_kind(kind)
            if mark.key not in WITHOUT_A_WAY
        }
    return [mark for mark in marks if mark.sentence in told]


def owner_of(mark: Mark) -> Owner:
    """Say what sort of thing a mark among the owners names."""
    return AGENT_OWNERS[mark.value] if mark.kind == "agent" else "cells"


def distance(scan: Scan, one: Mark, other: Mark) -> int:
    """Count the words between two marks of a scan, with what commas and clause borders add."""
    first, second = (one, other) if one.token <= other.token else (other, one)
    words = scan.words_between(first, second)
    if one.clause % 1000 != other.clause % 1000:
        words += CLAUSE_APART
    return words


def nearest(scan: Scan, mark: Mark, others: Sequence[Mark]) -> int:
    """Measure the distance to the nearest of the others; `FAR` when there is none."""
    near = others_around(mark, others)
    return min((distance(scan, mark, other) for other in near), default=FAR)


def others_around(mark: Mark, others: Sequence[Mark]) -> Sequence[Mark]:
    """Pick the few marks that stand before and after this one; ``others`` are in order."""
    if len(others) <= WINDOW:
        return others
    place = bisect_left(others, mark.token, key=BY_TOKEN)
    return others[max(0, place - WINDOW) : place + WINDOW]


@cache
def word_set(name: str) -> frozenset[str]:
    """Look up the words of one ``[places]`` list of the vocabularies."""
    return frozenset(load_lexicon().places[name])
