"""Finds what abbreviations stand for: "mesenchymal stem cells (MSC)", but "mindful self-compassion (MSC)".

The long form before a bracket is found by the method of Schwartz and Hearst (2003): going backwards, each
letter of the short form must occur in it, and the first letter must begin a word.
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
"""Key of abbreviations that count if the record also names the same kind of cells in full."""
INITIALS: Final = "initials"
"""Key of abbreviations that count only if the record defines them as cells."""
SHORT: Final = frozenset({ABBREVIATIONS, INITIALS})
GENERAL: Final = "unspecified_stem"
"""The kind of general words such as "stem cells", which may spell out any abbreviation for them."""
WORDS_MORE: Final = 5
"""How many more words a long form may have than its short form has letters."""
BESIDE: Final = 3
"""The most words between an abbreviation and a tissue or donor word that settles its meaning."""
LONGEST: Final = 160
"""How many characters before a bracket are searched."""
BORDER: Final = re.compile(r"[.;:?!()\[\]\n]")
"""A long form ends at one of these."""
NUMBER: Final = re.compile(r"\d{4,}[A-Za-z]?\Z")
"""A number that makes the letters before it a code: "NSC 119875"."""


class Spelling:
    """Finds what the abbreviations of one record stand for."""

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
        """Return the words that spell an abbreviation out, or itself if nearby words settle it, or None."""
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
        """Return other words for the same kind of cells, from the same passage if possible."""
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
        """Return the cells that an abbreviation is defined as; False: something else; None: undefined."""
        is_defined = False
        for scan, start, end in definitions(self._record, short):
            is_defined = True
            for mark in self._cells_within(scan, start, end):
                if mark.value in {value, GENERAL}:
                    return mark
        return False if is_defined else None

    def _cells_within(self, scan: Scan, start: int, end: int) -> list[Mark]:
        """Return the cell terms of a passage that lie, at least partly, between two offsets."""
        if scan not in self._places:
            self._places[scan] = [
                (*mark.sentence.span(mark.first, mark.last), mark) for mark in scan.of("cell")
            ]
        places = self._places[scan]
        low = bisect_right(places, start, key=itemgetter(1))
        high = bisect_left(places, end, low, key=itemgetter(0))
        return [mark for _, _, mark in places[low:high]]


def _is_compound(mark: Mark) -> bool:
    """Return whether it ends a code of tissue and cells: "UC-MSC"."""
    sources = (one.trigger for one in effects_on(mark).get("tissue", ()))
    return any(source.first < mark.first <= source.last for source in sources)


def definitions(record: Record, short: str) -> Iterator[tuple[Scan, int, int]]:
    """Yield where a record spells an abbreviation out: the passage, and the words' start and end."""
    letters = short.removesuffix("s") if short[:-1].isupper() else short
    bracket = re.compile(rf"[(\[]\s?(?:\w+[- ])?{re.escape(letters)}(?:['’]?s)?\s?[)\],;:/]")
    for scan in record.scans:
        if letters in scan.passage.verbatim:
            for start, end in _long_forms(letters, bracket, plain(scan.passage.verbatim)):
                yield scan, start, end


def _is_numbered(mark: Mark) -> bool:
    """Return whether a number makes it a code."""
    words = mark.sentence.words[mark.last + 1 : mark.last + 2]
    return bool(words) and NUMBER.match(words[0]) is not None


def _is_beside_source(mark: Mark) -> bool:
    """Return whether a tissue or donor word near it describes it: "adipose-derived MSC"."""
    effects = effects_on(mark)
    near = (one.trigger for name in ("tissue", "donor") for one in effects.get(name, ()))
    return any(
        (other.last < mark.first and words_between(other, mark) <= BESIDE)
        or (other.first > mark.last and words_between(mark, other) <= BESIDE)
        for other in near
    )


def _long_forms(letters: str, bracket: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each long form of an abbreviation."""
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
