"""Divides the eligibility criteria of a record into those that let people in and those that keep them out.

The registry has one text field for both. Most sponsors write two lists with headings, and word the headings
in about a hundred ways. Nothing is judged or left out: every line becomes a criterion, verbatim, or a heading
of criteria. A line that belongs to neither list goes to ``other``. Never raises.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from typing import Final, NamedTuple

from stemcheck.reading.headings import (
    COLONS,
    LONGEST_NAME,
    MOST_BEFORE,
    Heading,
    Kind,
    Line,
    heading_of,
    is_remark,
)
from stemcheck.trial.protocol import Criteria, Criterion

LONGEST_TEXT: Final = 400_000
"""How many characters are divided. The longest text seen in the registry has about 20,000."""
MOST_MARKERS: Final = 2
"""The most markers before one entry, as in "* 1. Adults"."""
MOST_LEADS: Final = 4
"""The most consecutive lines to accept as headings; with more, they are criteria."""
LEAST_IN_A_ROW: Final = 3
"""How many consecutive numbers, "1. ... 2. ... 3. ...", show that one line holds a list."""

_MARKER = re.compile(
    r"(?:\\?[*•·▪●○◦‣§°]|\\?[-–—]+(?=[\s\\]|[^\W\d_]{2}))"
    r"|[(\uff08]?(?P<number>\d{1,2})(?:\\?[.)\uff0e\uff09]+(?!\d)|(?=、))、?"
    r"|[(\uff08](?P<bracketed>[a-zA-Z]|[ivxIVX]{1,5})[)\uff09]\.?"
    r"|(?P<small>[a-z]|[ivx]{1,5})(?:\\?\)|\\?\.(?=\s))"
    r"|(?P<capital>[A-Z]|[IVX]{1,5})(?:\\?\)|\\?\.(?=\s+[A-Z][^.\s]))"
)
"""A bullet, or a number or letter with its full stop or brackets."""
_NEXT = re.compile(r"(?<=[\s.;,。\uff1b:\uff1a])[(\uff08]?(\d{1,2})\\?[.)\uff09](?=\s|[^\W\d_])")
"""A number that may begin the next entry of a list on one line."""
_CUT = re.compile(
    r"(?<=[\s.;:)*])(?=(?:(?:Key|Main|Major|General)\s+)?(?:Non-?\s?)?"
    r"(?:Inclusion|Exclusion|INCLUSION|EXCLUSION)\s+(?:[Cc]rit|CRIT)\w+\s*[:\uff1a])"
    r"|(?<=[.;]\s)(?=(?:[\w'-]{1,20}\s){0,3}(?:[Ii]nclusion|[Ee]xclusion)\s[Cc]rit\w{3,6}\s*\.?$)"
)
"""The start of a list heading in the middle or at the end of a line."""


class Piece(NamedTuple):
    """A line of the text, or part of a line that holds several entries."""

    start: int
    """Where its words begin, after the bullet and number."""
    end: int
    indent: int
    label: str | None
    """Its number or letter."""
    style: str
    """The form of its marker; empty if it has none."""
    is_after_blank: bool


@dataclass(slots=True)
class Entry:
    """A criterion to which more lines may be added."""

    kind: Kind
    piece: Piece
    end: int
    level: int
    headings: tuple[str, ...]
    is_before_names: bool
    """It comes before the first heading that names a list."""


@dataclass(slots=True)
class Division:
    """Divides a text line by line, from top to bottom."""

    text: str
    named: frozenset[Kind | None]
    """The lists that some heading names. A sentence can open a list only if no heading names it."""
    kind: Kind = "other"
    names: set[Kind] = field(default_factory=set)
    """The lists that a heading has named so far."""
    entries: list[Entry] = field(default_factory=list)
    section: list[Piece] = field(default_factory=list)
    """The heading that named the current list, if it says more than the list's name."""
    leads: list[Piece] = field(default_factory=list)
    """Later headings that name no list."""
    is_filled: bool = False
    """There is an entry below the heading that named the list."""
    is_led: bool = False
    """There is an entry below the later headings."""
    levels: list[tuple[int, str]] = field(default_factory=list)
    """Indent and style of the entries to which the next may belong, outermost first."""

    def take(self, piece: Piece, heading: Heading | None) -> None:
        """Take the next line as a heading, a criterion, or more of the last criterion."""
        words = self.text[piece.start : piece.end]
        if self._goes_on(piece) and not (heading and heading.kind and piece.is_after_blank):
            self.entries[-1].end = piece.end
            return
        if heading is None:
            self._add(piece, "other" if is_remark(words) else self.kind)
            return
        self._head(piece, heading)
        rest = piece.start + heading.length
        if self.text[rest : piece.end].strip(" .*_"):
            for part in _pieces(self.text, rest, piece.end):
                self._add(part, self.kind)

    def close(self) -> None:
        """Finish the division at the end of the text."""
        self._keep_leads()
        self._keep_section()
        if "exclusion" in self.names and "inclusion" not in self.names:
            # Only the exclusion list has a heading, so the entries above it are the inclusion list.
            for entry in self.entries:
                if entry.is_before_names:
                    entry.kind = "inclusion"

    def _goes_on(self, piece: Piece) -> bool:
        """Return whether a line without a marker continues the criterion above it."""
        if piece.style or not self.levels:
            return False
        if piece.indent > 0:
            return True
        is_ended = self.text[self.entries[-1].end - 1] in ".;:"
        is_begun = self.text[piece.start].islower()
        return not piece.is_after_blank and is_begun and not is_ended

    def _head(self, piece: Piece, heading: Heading) -> None:
        """Apply a heading to the lines that follow."""
        kind = heading.kind
        is_more = heading.is_sentence and (kind == self.kind or kind in self.named)
        is_neutral = kind == "other" and (
            heading.says_more or not self.names or "exclusion" in self.named
        )
        is_below_lead = kind == self.kind and bool(self.leads) and not self.is_led
        if is_more or is_neutral or is_below_lead:
            kind = None  # it says more about the current list
        head = piece._replace(end=piece.start + heading.length)
        if kind is None:
            if self.is_led or len(self.leads) == MOST_LEADS:
                self._keep_leads()
            self.leads.append(head)
        else:
            self._keep_leads()
            if self.is_filled or kind != self.kind or len(self.section) == MOST_LEADS:
                self._keep_section()
            self.kind = kind
            self.names.add(kind)
            self.section += [head] if heading.says_more else []
        self.is_led = False
        self.levels.clear()

    def _add(self, piece: Piece, kind: Kind) -> None:
        if not piece.style and self.is_led and self.levels and self.levels[0][1]:
            self.leads.clear()  # a paragraph after a list is no longer under the list's heading
        above = (*self.section, *self.leads) if kind == self.kind else ()
        headings = tuple(map(self._words, above))
        level = self._level_of(piece)
        if kind == self.kind:  # a remark is under no heading and does not fill a list
            self.is_led = self.is_filled = True
        self.entries.append(Entry(kind, piece, piece.end, level, headings, not self.names))

    def _level_of(self, piece: Piece) -> int:
        """Return the nesting level of a line, from its indent or, at the same indent, its marker."""
        here = (piece.indent, piece.style)
        while self.levels and self.levels[-1][0] > piece.indent:
            self.levels.pop()
        if here in self.levels:
            del self.levels[self.levels.index(here) + 1 :]
            return len(self.levels) - 1
        opens = bool(self.levels) and self._words(self.entries[-1].piece).endswith(COLONS)
        if not (opens and piece.style):
            while self.levels and self.levels[-1][0] == piece.indent:
                self.levels.pop()
        self.levels.append(here)
        return len(self.levels) - 1

    def _keep_leads(self) -> None:
        """Drop the later headings. Those with nothing below become criteria: no words are lost."""
        if self.leads and not self.is_led:
            above = tuple(map(self._words, self.section))
            self.entries += [
                Entry(self.kind, head, head.end, 0, above, not self.names) for head in self.leads
            ]
            self.is_filled = True
        self.leads.clear()

    def _keep_section(self) -> None:
        """Drop the heading that named the list. If the list is empty, the heading becomes an entry."""
        if not self.is_filled:
            self.entries += [
                Entry("other", head, head.end, 0, (), is_before_names=False)
                for head in self.section
            ]
        self.section.clear()
        self.is_filled = False

    def _words(self, piece: Piece) -> str:
        return self.text[piece.start : piece.end].strip()


def divide_criteria(text: str | None) -> Criteria:
    """Divide the text of the eligibility criteria into its lists."""
    text = text or ""
    pieces = list(_pieces(text, 0, min(len(text), LONGEST_TEXT)))
    headings = [
        heading_of(_line(text, piece, following))
        for piece, following in zip_longest(pieces, pieces[1:])
    ]
    named = frozenset(head.kind for head in headings if head and not head.is_sentence)
    division = Division(text, named)
    for piece, heading in zip(pieces, headings, strict=True):
        division.take(piece, heading)
    division.close()
    if text[LONGEST_TEXT:].strip():
        rest = Piece(LONGEST_TEXT, len(text), 0, None, "", is_after_blank=True)
        division.entries.append(Entry("other", rest, rest.end, 0, (), is_before_names=False))
    lists: dict[Kind, list[Criterion]] = {"inclusion": [], "exclusion": [], "other": []}
    for entry in division.entries:
        lists[entry.kind].append(
            Criterion(
                quote=text[entry.piece.start : entry.end].strip(),
                label=entry.piece.label,
                level=entry.level,
                headings=entry.headings,
            )
        )
    return Criteria(
        **{kind: tuple(criteria) for kind, criteria in lists.items()},
        is_split={"inclusion", "exclusion"} <= division.names | {k for k in lists if lists[k]},
    )


def _line(text: str, piece: Piece, following: Piece | None) -> Line:
    heads_list = bool(following and following.style and following.indent >= piece.indent)
    words = text[piece.start : piece.end]
    return Line(words, bool(piece.style), piece.indent > 0, heads_list)


def _pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    """Yield the pieces of the lines between two offsets, without empty lines."""
    is_after_blank = True
    for line in text[start:end].splitlines(keepends=True):
        if line.strip():
            for begin, stop in pairwise((0, *_cuts(line), len(line))):
                yield from _entries(text, start + begin, start + stop, is_after_blank or begin > 0)
        is_after_blank = not line.strip()
        start += len(line)


def _cuts(line: str) -> Iterator[int]:
    """Yield the offsets at which a list heading begins in the middle of a line."""
    last = 0
    for cut in _CUT.finditer(line):
        before = line[max(last, cut.start() - LONGEST_NAME) : cut.start()].strip(" *")
        if len(before.split()) > MOST_BEFORE or before.endswith((".", ";", *COLONS, ")")):
            last = cut.start()
            yield last


def _entries(text: str, start: int, end: int, is_after_blank: bool) -> Iterator[Piece]:
    """Yield the entries on one line: one, or several with consecutive numbers."""
    end = start + len(text[start:end].rstrip())
    words = _behind_blanks(text, start, end)
    indent, label, style, stop = words - start, None, "", ""
    for _ in range(MOST_MARKERS):
        marker = _MARKER.match(text, words, end)
        if not marker or marker.end() == end:
            break
        label = next(filter(None, marker.groups()), None)
        style += marker.lastgroup or "bullet"
        stop = marker.group()[-1]
        words = _behind_blanks(text, marker.end(), end)
    row = _row(text, words, end, stop) if label == "1" else []
    for number, (begin, until) in enumerate(pairwise((words, *row, end)), start=1):
        follows = number > 1 and _NEXT.match(text, begin, until)
        yield Piece(
            start=_behind_blanks(text, follows.end(), until) if follows else begin,
            end=begin + len(text[begin:until].rstrip()),
            indent=indent,
            label=str(number) if follows else label,
            style=style,
            is_after_blank=is_after_blank or number > 1,
        )


def _row(text: str, start: int, end: int, stop: str) -> list[int]:
    """Return where entries 2, 3 and so on of a one-line list begin; nothing if there are too few."""
    found: list[int] = []
    for marker in _NEXT.finditer(text, start, end):
        if int(marker[1]) == len(found) + 2 and marker.group()[-1] == stop:
            found.append(marker.start())
    return found if len(found) + 1 >= LEAST_IN_A_ROW else []


def _behind_blanks(text: str, start: int, end: int) -> int:
    return end - len(text[start:end].lstrip())
