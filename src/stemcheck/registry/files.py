"""Reads study records from a file or a pipe, without asking the registry.

A file may hold one study, a list page, an array of studies, or any number of these one after the other (JSON
lines), plain or gzipped. `stemcheck.registry.splitter` splits it record by record, in constant memory
however many records there are.
"""

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, BinaryIO, NamedTuple

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry.record import Record
from stemcheck.registry.splitter import BYTE_ORDER_MARK, Frame, Piece, SplitError, split
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import number_in, read_piece
from stemcheck.trial.study import Unreadable
from stemcheck.words import words

CHUNK_BYTES = 1024 * 1024
MOST_WITHOUT_NUMBER = 100_000
"""A file with more objects than this that have no number is not a file of studies."""
_GZIP = b"\x1f\x8b"
_HEAD_BYTES = 64
_FOREIGN_STARTS = {
    b"<": "web_page",
    b"PK\x03\x04": "zip",
    b"\xff\xfe": "utf16",
    b"\xfe\xff": "utf16",
    b"NCT Number": "csv",
    b'{"schema":': "our_own",
    b'{"FullStudiesResponse"': "old_format",
}


class Read(NamedTuple):
    """The result of reading one piece of a file."""

    item: Any
    """A `Study` or what ``read_all`` made of it, or an `Unreadable`; None for a `Frame`."""
    problem: tuple[str, int] | None = None
    """Why a piece that stands alone is not a study, with its line number."""
    is_nameless: bool = False
    """The record has no number."""


ReadAll = Callable[[Iterator[Piece | Frame]], Iterator[Read]]
"""Reads pieces in order, in this process or in others."""


def read_studies(
    stream: BinaryIO, *, with_details: bool = False, read_all: ReadAll | None = None
) -> Iterator[Any]:
    """Yield the studies of a file or pipe, and an `Unreadable` for each record that cannot be read.

    ``read_all`` may turn each study into something else, also in other processes.

    Raises `AnswerUnreadableError` if the file has none of the known forms. If it is damaged further on, the
    studies before the damage come first.
    """
    with _unpacked(stream) as plain:
        yield from _items_in(
            plain, read_all or partial(map, partial(read_one, with_details=with_details))
        )


def read_one(
    piece: Piece | Frame, *, with_details: bool = False, with_papers: bool = False
) -> Read:
    """Read one piece of a file as a study."""
    if isinstance(piece, Frame):
        return Read(None)
    record = read_piece(piece)
    problem = _problem_of(piece, record)
    is_nameless = record.nct_id is None
    if isinstance(record, Unreadable):
        return Read(record, problem, is_nameless)
    study = study_for(record, with_details=with_details, with_papers=with_papers)
    return Read(study, problem, is_nameless)


def likely_number(piece: Piece | Frame) -> str | None:
    """Return the probable number of a record without parsing it."""
    return None if isinstance(piece, Frame) else number_in(piece.text)


class _Rejoined(io.RawIOBase):
    """A stream with its first bytes put back. Closing it leaves the original stream open."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        # From a pipe, take what has arrived: JSON lines are shown as they come.
        self._read_some = getattr(rest, "read1", rest.read)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._head[: len(buffer)] or self._read_some(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)


@contextmanager
def _unpacked(stream: BinaryIO) -> Iterator[Iterator[bytes]]:
    """Give the stream in chunks, unpacked if it is gzipped. Raises AnswerUnreadableError if damaged."""
    head = stream.read(len(_GZIP))
    plain: io.BufferedIOBase = io.BufferedReader(_Rejoined(head, stream))
    if head == _GZIP:
        plain = gzip.GzipFile(fileobj=plain)
    try:
        yield iter(lambda: plain.read1(CHUNK_BYTES), b"")
    except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
        raise _refusal("damaged", "fetch_again") from problem


def _items_in(chunks: Iterator[bytes], read_all: ReadAll) -> Iterator[Any]:
    held: list[tuple[str, int]] = []
    """Problems found before the first study. If no study comes, this is not a file of studies."""
    is_known, without_number = False, 0
    try:
        for item, problem, is_nameless in read_all(split(_checked(chunks))):
            without_number += is_nameless
            if without_number > MOST_WITHOUT_NUMBER:
                raise _refusal("no_studies", most=f"{MOST_WITHOUT_NUMBER:,}")
            if problem and not is_known:
                held.append(problem)
                continue
            yield from (_unreadable(*one) for one in held)
            held, is_known = [], True
            if problem:
                yield _unreadable(*problem)
            elif item is not None:
                yield item
    except SplitError as error:
        raise _refusal(error.fault) from None
    if not is_known:
        raise _refusal(held[0][0] if held else "empty")


def _checked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the chunks; raise AnswerUnreadableError if the first bytes show some other kind of file."""
    head = b""
    for chunk in chunks:
        head += chunk
        start = head.removeprefix(BYTE_ORDER_MARK).lstrip()
        if len(start) >= _HEAD_BYTES:
            break
    start = head.removeprefix(BYTE_ORDER_MARK).lstrip()
    for mark, name in _FOREIGN_STARTS.items():
        if start.startswith(mark):
            raise _refusal(name)
    yield head
    yield from chunks


def _problem_of(piece: Piece, record: Record | Unreadable) -> tuple[str, int] | None:
    """Return why a piece that stands alone is not a study, with its line; None if it is a study."""
    if not piece.is_document or not isinstance(record, Unreadable):
        return None
    if piece.fault is not None:
        return piece.fault, piece.line
    try:
        value = json.loads(piece.text)
    except (ValueError, RecursionError):
        return "syntax", piece.line
    is_study = isinstance(value, dict) and "protocolSection" in value
    return None if is_study else ("no_study", piece.line)


def _unreadable(problem: str, line: int) -> Unreadable:
    subject = words("registry.file.line", line=line)
    reason = words(f"registry.file.{problem}", subject=subject)
    return Unreadable(nct_id=None, reason=reason, facts={"line": line})


def _refusal(problem: str, advice: str = "known_forms", **named: object) -> AnswerUnreadableError:
    subject = words("registry.file.itself")
    message = words(f"registry.file.{problem}", subject=subject, **named)
    return AnswerUnreadableError(message, hint=words(f"registry.file.{advice}"))
