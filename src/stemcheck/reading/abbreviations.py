"""Finds what abbreviations stand for.

"Mesenchymal stem cells (MSC)" are cells, "mindful self-compassion (MSC)" is not.

The long form before a bracket is found as Schwartz and Hearst do (2003): going backwards, each letter of
the short form must stand in it, the first one at the beginning of a word.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from operator import itemgetter
from typing import Final, Literal

from stemcheck.reading.context import effects_on, words_between
from stemcheck.reading.passages import Passage, Tier, plain
from stemcheck.reading.record import Record
from stemcheck.reading.scan import Mark, Scan

ABBREVIATIONS: Final = "abbreviations"
"""Key of letters that count where the record names the same kind in full."""
INITIALS: Final = "initials"
"""Key of letters that only a definition makes cells."""
SHORT: Final = frozenset({ABBREVIATIONS, INITIALS})
GENERAL: Final = "unspecified_stem"
"""Kind of the words that any stem cells may be spelled out with."""
WORDS_MORE: Final = 5
"""Words that a long form may have beyond the letters of its short form."""
BESIDE: Final = 3
"""Words between an abbreviation and the tissue or donor word that leaves no doubt what it is."""
LONGEST: Final = 160
"""Characters looked at before a bracket."""
BORDER: Final = re.compile(r"[.;:?!()\[\]\n]")
"""No long form goes past one."""
NUMBER: Final = re.compile(r"\d{4,}[A-Za-z]?\Z")
"""What makes the letters before it a code: "NSC 119875"."""


class Spelling:
    """Looks up, for one record, what its abbreviations stand for."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._defined: dict[str, Mark | Literal[False] | None] = {}
        self._in_full: dict[Scan, dict[str, Mark]] = {}
        self._elsewhere: dict[tuple[str, Tier], Mark | None] = {}
        self._places: dict[Scan, list[tuple[int, int, Mark]]] = {}

    @cached_property
    def _scans(self) -> dict[Passage, Scan]:
        return {scan.passage: scan for scan in self._record.scans}

    def of(self, mark: Mark) -> Mark | None:
        """Find the words that spell an abbreviation out; itself, where the words beside it leave no doubt."""
        if _is_numbered(mark):
            return None
        if mark.term.key == ABBREVIATIONS:
            if _is_beside_source(mark):
                return mark
            spelled = self._named_in_full(mark, Tier.HEADLINE)
            if spelled is not None:
                return spelled
        short = mark.sentence.words[mark.first]
        if short not in self._defined:
            self._defined[short] = self._definition(short, mark.value)
        defined = self._defined[short]
        if defined or defined is False or mark.term.key == INITIALS:
            return defined or None  # False: it stands for something else
        return self._named_in_full(mark, Tier.DETAIL) or (mark if _is_compound(mark) else None)

    def _named_in_full(self, mark: Mark, tier: Tier) -> Mark | None:
        """Find other words for the same kind of cells, first in the same passage."""
        passage, kind = mark.sentence.passage, mark.value
        own = self._kinds_in(self._scans[passage]) if passage.tier <= tier else {}
        if kind in own:
            return own[kind]
        if (kind, tier) not in self._elsewhere:
            self._elsewhere[kind, tier] = self._first_of(kind, tier)
        return self._elsewhere[kind, tier]

    def _first_of(self, kind: str, tier: Tier) -> Mark | None:
        for scan in self._record.scans:
            if scan.passage.tier <= tier and kind in self._kinds_in(scan):
                return self._kinds_in(scan)[kind]
        return None

    def _kinds_in(self, scan: Scan) -> dict[str, Mark]:
        if scan not in self._in_full:
            kinds = self._in_full[scan] = {}
            for mark in scan.of("cell"):
                if mark.term.key not in SHORT:
                    kinds.setdefault(mark.value, mark)
        return self._in_full[scan]

    def _definition(self, short: str, value: str) -> Mark | Literal[False] | None:
        """Find the cells that the record says an abbreviation stands for; False for something else."""
        is_defined = False
        for scan, start, end in definitions(self._record, short):
            is_defined = True
            for mark in self._cells_within(scan, start, end):
                if mark.value in {value, GENERAL}:
                    return mark
        return False if is_defined else None

    def _cells_within(self, scan: Scan, start: int, end: int) -> list[Mark]:
        """List the cell terms of a passage that stand, at least in part, between two places of it."""
        if scan not in self._places:
            self._places[scan] = [
                (*mark.sentence.span(mark.first, mark.last), mark) for mark in scan.of("cell")
            ]
        places = self._places[scan]
        low = bisect_right(places, start, key=itemgetter(1))
        high = bisect_left(places, end, low, key=itemgetter(0))
        return [mark for _, _, mark in places[low:high]]


def _is_compound(mark: Mark) -> bool:
    """Whether it ends a code of tissue and cells: "UC-MSC"."""
    sources = (one.trigger for one in effects_on(mark).get("tissue", ()))
    return any(source.first < mark.first <= source.last for source in sources)


def definitions(record: Record, short: str) -> Iterator[tuple[Scan, int, int]]:
    """Find where a record spells an abbreviation out: the passage, the beginning and end of the words."""
    letters = short.removesuffix("s") if short[:-1].isupper() else short
    bracket = re.compile(rf"[(\[]\s?(?:\w+[- ])?{re.escape(letters)}(?:['’]?s)?\s?[)\],;:/]")
    for scan in record.scans:
        if letters in scan.passage.verbatim:
            for start, end in _long_forms(letters, bracket, plain(scan.passage.verbatim)):
                yield scan, start, end


def _is_numbered(mark: Mark) -> bool:
    """Whether a number makes it a code."""
    words = mark.sentence.words[mark.last + 1 : mark.last + 2]
    return bool(words) and NUMBER.match(words[0]) is not None


def _is_beside_source(mark: Mark) -> bool:
    """Whether a tissue or donor word beside it is said of it: "adipose-derived MSC"."""
    effects = effects_on(mark)
    near = (one.trigger for name in ("tissue", "donor") for one in effects.get(name, ()))
    return any(
        (other.last < mark.first and words_between(other, mark) <= BESIDE)
        or (other.first > mark.last and words_between(mark, other) <= BESIDE)
        for other in near
    )


def _long_forms(letters: str, bracket: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Find where the long forms of an abbreviation begin and end."""
    for match in bracket.finditer(text):
        before = text[max(0, match.start() - LONGEST) : match.start()]
        clause = before[max((m.end() for m in BORDER.finditer(before)), default=0) :]
        words = clause.split()[-len(letters) - WORDS_MORE :]
        clause = clause[clause.find(words[0]) :] if words else ""
        start = _start_of_long_form(letters.lower(), clause.lower())
        if start is not None and len(clause) - start > len(letters) + 3:
            yield match.start() - len(clause) + start, match.start()


def _start_of_long_form(letters: str, clause: str) -> int | None:
    place = len(clause)
    for number in range(len(letters) - 1, -1, -1):
        letter = letters[number]
        place -= 1
        while place >= 0 and (
            clause[place] != letter or (number == 0 and place and clause[place - 1].isalnum())
        ):
            place -= 1
        if place < 0:
            return None
    return place
