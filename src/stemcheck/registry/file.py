"""Study records from a file or a pipe, for whoever has them already and asks no registry.

Four forms are known by what they look like, gzip or plain: one study, a list page, an array of
studies, and JSON lines. JSON lines are read one by one in constant memory, however many; the other
forms are read whole, up to a ceiling.
"""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry.shapes import WireStudy
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import read_document
from stemcheck.trial.study import Study, Unreadable

MIB = 1024 * 1024
MOST_BYTES_WHOLE = 256 * MIB
"""For a document that has to be read whole, after decompression."""
MOST_BYTES_A_LINE = 64 * MIB
"""For one of the JSON lines. The longest real record is a few MiB."""

_GZIP = b"\x1f\x8b"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FOREIGN_STARTS = {
    b"<": "a web page or XML",
    b"PK\x03\x04": "a zip archive: unpack it first",
    b"\xff\xfe": "UTF-16 text: save it as UTF-8 first",
    b"\xfe\xff": "UTF-16 text: save it as UTF-8 first",
    b"NCT Number": "a CSV download: take the JSON download instead",
    b'{"schema":': "an answer of stemcheck itself, not the registry's records",
    b'{"FullStudiesResponse"': "the registry's old format, given up in 2024",
}
_KNOWN_FORMS = (
    "Give it the registry's JSON (API version 2): one study, a list page, or one study a line."
)


def read_studies(stream: BinaryIO, *, with_details: bool = False) -> Iterator[Study | Unreadable]:
    """Yield the studies of a file or pipe; what cannot be read is yielded in its place.

    Raises `AnswerUnreadableError` when the whole is none of the known forms, is too large, or is
    damaged further on: what stood before the damage has been yielded then.
    """
    with _unpacked(stream) as plain:
        for record in _records_in(plain):
            if isinstance(record, Unreadable):
                yield record
            else:
                yield study_for(record, with_details=with_details)


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes were read already. Closing it leaves the stream itself open."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        # Of a pipe, take what is there: JSON lines are shown as they come.
        self._read_some = getattr(rest, "read1", rest.read)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._head[: len(buffer)] or self._read_some(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)


@contextmanager
def _unpacked(stream: BinaryIO) -> Iterator[io.BufferedIOBase]:
    """Give the stream without its compression, if it has any."""
    head = stream.read(len(_GZIP))
    plain: io.BufferedIOBase = io.BufferedReader(_Rejoined(head, stream))
    if head == _GZIP:
        plain = gzip.GzipFile(fileobj=plain)
    try:
        yield plain
    except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
        raise AnswerUnreadableError(
            "The compressed file is damaged or breaks off.", hint="Fetch or copy it again."
        ) from problem


def _records_in(plain: io.BufferedIOBase) -> Iterator[WireStudy | Unreadable]:
    first, number = b"", 0
    while not first.strip():
        number += 1
        first = plain.readline(MOST_BYTES_WHOLE + 1).removeprefix(_BYTE_ORDER_MARK)
        if not first:
            raise AnswerUnreadableError("The file is empty.", hint=_KNOWN_FORMS)
    _refuse_foreign(first)
    try:
        records = read_document(first, "The file")
    except AnswerUnreadableError:
        yield from _records_of_whole(first, number, plain)
    else:
        yield from records
        yield from _records_by_line(plain, number + 1)


def _refuse_foreign(first: bytes) -> None:
    start = first.lstrip()
    for mark, name in _FOREIGN_STARTS.items():
        if start.startswith(mark):
            raise AnswerUnreadableError(f"The file is {name}.", hint=_KNOWN_FORMS)


def _records_of_whole(
    first: bytes, number: int, plain: io.BufferedIOBase
) -> Iterator[WireStudy | Unreadable]:
    """Yield the records of a document whose first line is none on its own.

    That is JSON over several lines; or JSON lines, when the first of them is broken.
    """
    whole = first + plain.read(max(0, MOST_BYTES_WHOLE + 1 - len(first)))
    if len(whole) > MOST_BYTES_WHOLE:
        raise AnswerUnreadableError(
            f"The file is larger than {MOST_BYTES_WHOLE // MIB} MiB.",
            hint="Write one study a line (JSON lines): these are read one by one, however many.",
        )
    try:
        yield from read_document(whole, "The file")
    except AnswerUnreadableError as problem:
        problem.hint = _KNOWN_FORMS
        if first.rstrip().endswith((b"{", b"[", b",", b":")):  # it goes on in the next line
            raise
        records = list(_records_by_line(io.BytesIO(whole), number))
        if all(isinstance(record, Unreadable) for record in records):
            raise
        yield from records


def _records_by_line(plain: io.BufferedIOBase, number: int) -> Iterator[WireStudy | Unreadable]:
    """Yield the records of JSON lines, of which the next has this number."""
    while line := plain.readline(MOST_BYTES_A_LINE):
        if len(line) == MOST_BYTES_A_LINE and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = plain.readline(MIB)
            reason = f"Line {number} is longer than {MOST_BYTES_A_LINE // MIB} MiB."
            yield Unreadable(nct_id=None, reason=reason, facts={"line": number})
        elif line.strip():
            yield from _records_of_line(line, number)
        number += 1


def _records_of_line(line: bytes, number: int) -> list[WireStudy | Unreadable]:
    try:
        return read_document(line, f"Line {number}")
    except AnswerUnreadableError as problem:
        return [Unreadable(nct_id=None, reason=problem.message, facts={"line": number})]
