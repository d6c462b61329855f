"""Splits a stream of JSON into study records without parsing them.

It serves the registry's answers and files of any size: a study, a list page, an array of studies, and any
number of these one after the other (JSON lines). It looks only at brackets, strings and line ends. So memory
is bounded by the largest allowed record, and a broken record does not affect the others.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

MEBIBYTE = 1024 * 1024
MOST_RECORD_BYTES = 16 * MEBIBYTE
"""The largest real records have a few MiB."""
MOST_DEPTH = 100
"""Real records are about 15 levels deep."""
MOST_PARTS = 300_000
"""The most brackets and commas in a record: an empty list takes about a hundred bytes of memory for each two.
Real records have 400 on average; the largest, with long results, have a hundred times as many."""
MOST_MARKS = 3_000_000
"""The most brackets and line ends to step through while looking for the end of a record: some seconds."""
MOST_OTHER_BYTES = MEBIBYTE
"""The most text between two records, or in a page's own fields."""

_RUN = re.compile(rb'(?:[^"{}\[\]\n]++|"(?:[^"\\\n]++|\\[^\n])*+")*+')
"""Text without brackets or line ends, except for brackets inside its strings."""
_STRING_OR_TEXT = rb'[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+"'
_USUAL_DEPTH = 12


def _value_pattern() -> re.Pattern[bytes]:
    """Return a pattern for a whole value of usual depth. It is three times as fast as going mark by mark."""
    pattern = rb"[{\[](?:" + _STRING_OR_TEXT + rb")*+[}\]]"
    for _ in range(_USUAL_DEPTH - 1):
        pattern = rb"[{\[](?:" + _STRING_OR_TEXT + rb"|" + pattern + rb")*+[}\]]"
    return re.compile(pattern, re.DOTALL)


_VALUE = _value_pattern()
_BLANKS = re.compile(rb"\s*")
_UP_TO_COMMA = re.compile(rb'(?:[^",]++|"(?:[^"\\]++|\\.)*+"?)*+', re.DOTALL)
"""Text without commas, except for those inside its strings."""
_START = re.compile(rb'(\{[ \t]*")?[ \t\r]*')
"""The start of a line: a record, or blanks."""
_BLANK = b" \t\r\n"
_WAITS = b",:{["
"""After one of these, a value continues on the next line."""
_GOES_ON = b",:}]\n"
"""A line that starts with one of these continues the value of the line before; an empty line says nothing."""
_STUDIES = re.compile(rb'"studies"\s*:\s*\[\Z')
_LONGEST_KEY_BYTES = 200
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OPEN_OBJECT, _OPEN_LIST, _CLOSE_OBJECT, _CLOSE_LIST, _LINE_END, _QUOTE = b'{[}]\n"'

Fault = Literal["cut", "syntax", "too_long", "too_deep", "too_many", "twice"]


class Piece(NamedTuple):
    """One record, or the text found in its place."""

    text: bytes
    line: int
    """The line on which it begins, from 1."""
    is_document: bool = False
    """It stands alone, not in a list of studies."""
    fault: Fault | None = None
    """Why the text is incomplete, or should not be parsed."""


class Frame(NamedTuple):
    """The end of a list of studies, with the page's other fields."""

    text: bytes


class SplitError(Exception):
    """The text is damaged, and it is impossible to tell where the next record begins."""

    def __init__(self, fault: Fault, line: int) -> None:
        super().__init__(fault)
        self.fault: Fault = fault
        self.line = line


def split(chunks: Iterable[bytes]) -> Iterator[Piece | Frame]:
    """Yield the records in order, and a `Frame` after each list of them.

    Raises SplitError for damage inside a list. Damage elsewhere yields a piece with a fault, and splitting
    starts again on the next line.
    """
    return _Splitter(chunks).pieces()


def count_parts(text: bytes, start: int = 0, end: int | None = None) -> int:
    """Return the number of opening brackets and commas in a text, including those in strings."""
    return sum(text.count(mark, start, end) for mark in (b"{", b"[", b","))


class _Splitter:
    """Steps through the text from mark to mark: a bracket or the end of a line."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._text = b""
        self._place = 0
        """The position just after the last mark."""
        self._start = 0
        """The position from which the text is kept."""
        self._line = 1

    def pieces(self) -> Iterator[Piece | Frame]:
        while True:
            self._pass_blanks()
            self._start = self._place
            try:
                mark = self._next_mark()
            except SplitError as error:
                yield self._piece(error.line, is_document=True, fault=error.fault)
                self._skip_line()
                continue
            line = self._line - (mark == _LINE_END)
            between = self._kept(but_last=mark is not None)
            if junk := between.removeprefix(BYTE_ORDER_MARK).strip():
                yield Piece(junk, line, is_document=True)
            if mark is None:
                return
            if mark == _OPEN_LIST:
                yield from self._list()
            elif mark == _OPEN_OBJECT:
                yield from self._document()
            elif mark != _LINE_END:
                yield Piece(bytes([mark]), line, is_document=True)

    def _list(self) -> Iterator[Piece | Frame]:
        """Yield the items of a list that stands alone; a list cut before its first item is a faulty piece."""
        line, is_empty = self._line, True
        try:
            for piece in self._items():
                is_empty = False
                yield piece
        except SplitError as error:
            if not is_empty or error.fault != "cut":
                raise
            yield self._piece(line, is_document=True, fault=error.fault)
            if self._is_in_string():
                self._skip_line()
            return
        yield Frame(b"[]")

    def _document(self) -> Iterator[Piece | Frame]:
        """Yield the records of an object that stands alone: a study or a page of studies."""
        self._start, line, head, fault = self._place - 1, self._line, None, None
        try:
            while (mark := self._next_field_mark(line)) != _CLOSE_OBJECT:
                if mark == _OPEN_LIST and self._is_list_of_studies():
                    if head is not None:
                        raise SplitError("twice", self._line)  # noqa: TRY301 (one way out)
                    head = self._kept()
                    yield from self._items()
                    self._start = self._place - 1
                else:
                    fault = self._pass_value() or fault
                if head is not None and self._place - self._start > MOST_OTHER_BYTES:
                    raise SplitError("too_long", line)  # noqa: TRY301
        except SplitError as error:
            if head is not None:
                raise
            yield self._piece(line, is_document=True, fault=error.fault)
            if error.fault != "cut" or self._is_in_string():
                self._skip_line()
            return
        if head is None:
            yield self._piece(line, is_document=True, fault=fault)
        else:
            yield Frame(head + self._kept())

    def _next_field_mark(self, line: int) -> int:
        """Go past the next bracket of an object that began on this line. Raises SplitError if it is cut."""
        while (mark := self._next_mark()) == _LINE_END:
            if self._breaks_off():
                raise SplitError("cut", line)
        if mark is None:
            raise SplitError("cut", line)
        return mark

    def _items(self) -> Iterator[Piece]:
        """Yield the items of a list, from just after its opening bracket. Raises SplitError."""
        is_first = True
        while True:
            self._start = self._place
            while (mark := self._next_mark()) == _LINE_END:
                if is_first and self._breaks_off(in_list=True):
                    raise SplitError("cut", self._line)
            if self._place - self._start > MOST_OTHER_BYTES:
                raise SplitError("too_long", self._line)
            if mark is None:
                raise SplitError("cut", self._line)
            is_end = mark == _CLOSE_LIST
            for text in self._scalars(self._kept(but_last=True), is_first=is_first, is_end=is_end):
                yield Piece(text, self._line)
            if is_end:
                return
            if mark == _CLOSE_OBJECT:
                raise SplitError("syntax", self._line)
            is_first, self._start, line = False, self._place - 1, self._line
            fault = self._pass_value()
            yield self._piece(line, fault=fault)

    def _scalars(self, between: bytes, *, is_first: bool, is_end: bool) -> list[bytes]:
        """Return the values without brackets that stand between two items of a list. Raises SplitError."""
        parts = _split_at_commas(between)
        is_right = True
        if not is_first:
            is_right = not parts.pop(0)
        if not is_end:
            is_right = is_right and bool(parts) and not parts.pop()
        elif is_first and parts == [b""]:
            parts = []
        if not is_right or not all(parts):
            raise SplitError("syntax", self._line)
        return parts

    def _pass_value(self) -> Fault | None:
        """Go past the end of a value, from just after its opening bracket. Return its fault, if any."""
        if found := _VALUE.match(self._text, self._place - 1):
            return self._pass_at_once(found.end())
        fault: Fault | None = None
        line, depth, marks = self._line, 1, 0
        while depth:
            mark = self._next_mark()
            marks += 1
            if marks > MOST_MARKS:
                raise SplitError("too_many", line)
            if mark in {_OPEN_OBJECT, _OPEN_LIST}:
                depth += 1
                fault = "too_deep" if depth > MOST_DEPTH else fault
            elif mark in {_CLOSE_OBJECT, _CLOSE_LIST}:
                depth -= 1
            elif mark is None or self._breaks_off():
                raise SplitError(fault or "cut", line)
            if self._place - self._start > MOST_RECORD_BYTES:
                self._start, fault = self._place, "too_long"
        return fault or self._fault_of_parts()

    def _pass_blanks(self) -> None:
        end = _BLANKS.match(self._text, self._place).end()  # type: ignore[union-attr]  # as above
        self._line += self._text.count(b"\n", self._place, end)
        self._place = end

    def _pass_at_once(self, end: int) -> Fault | None:
        self._line += self._text.count(b"\n", self._place, end)
        self._place = end
        if end - self._start > MOST_RECORD_BYTES:
            return "too_long"
        return self._fault_of_parts()

    def _fault_of_parts(self) -> Fault | None:
        if self._place - self._start < MOST_PARTS:
            return None
        parts = count_parts(self._text, self._start, self._place)
        return "too_many" if parts > MOST_PARTS else None

    def _next_mark(self) -> int | None:
        """Go past the next mark and return it; None at the end. Raises SplitError inside a string."""
        while True:
            end = _RUN.match(self._text, self._place).end()  # type: ignore[union-attr]  # it matches an empty text, too
            if end < len(self._text):
                mark = self._text[end]
                if mark != _QUOTE:
                    self._place = end + 1
                    self._line += mark == _LINE_END
                    return mark
                if self._text.find(b"\n", end) >= 0:
                    raise SplitError("cut", self._line)
            if len(self._text) - self._place > MOST_RECORD_BYTES:
                raise SplitError("too_long", self._line)
            if not self._fetch():
                self._place = len(self._text)
                return None

    def _fetch(self) -> bool:
        """Append one more chunk and drop the text that is not kept. Return False if there is none."""
        chunk = next(self._chunks, b"")
        if not chunk:
            return False
        self._text = self._text[self._start :] + chunk
        self._place -= self._start
        self._start = 0
        return True

    def _skip_line(self) -> None:
        """Go to the beginning of the next line, whatever this line contains."""
        while (end := self._text.find(b"\n", self._place)) < 0:
            self._place = self._start = len(self._text)
            if not self._fetch():
                return
        self._place = end + 1
        self._line += 1

    def _is_in_string(self) -> bool:
        """Return whether an unfinished string begins here."""
        end = _RUN.match(self._text, self._place).end()  # type: ignore[union-attr]
        return self._text[end : end + 1] == b'"'

    def _breaks_off(self, *, in_list: bool = False) -> bool:
        """Return whether an unfinished value cannot continue on this line.

        That is so if a record begins here that is not a list item, or if a comma is missing before this line.
        """
        while (after := _START.match(self._text, self._place)) is None or after.end() == len(
            self._text
        ):
            if not self._fetch():
                return False
        if after[1] and not in_list:
            return True
        first = self._text[self._place if after[1] else after.end()]
        if first in _GOES_ON:
            return False
        end = self._place - 1  # the end of the line; blank lines before it have been passed already
        while end > self._start and self._text[end - 1] in _BLANK:
            end -= 1
        return end > self._start and self._text[end - 1] not in _WAITS

    def _is_list_of_studies(self) -> bool:
        start = max(self._start, self._place - _LONGEST_KEY_BYTES)
        return _STUDIES.search(self._text, start, self._place) is not None

    def _kept(self, *, but_last: bool = False) -> bytes:
        return self._text[self._start : self._place - but_last]

    def _piece(self, line: int, *, is_document: bool = False, fault: Fault | None = None) -> Piece:
        return Piece(self._kept(), line, is_document, fault)


def _split_at_commas(text: bytes) -> list[bytes]:
    """Split the inside of a list at its commas, but not at commas inside strings."""
    parts, place = [], 0
    while True:
        end = _UP_TO_COMMA.match(text, place).end()  # type: ignore[union-attr]  # it matches an empty text, too
        parts.append(text[place:end].strip())
        if end == len(text):
            return parts
        place = end + 1
