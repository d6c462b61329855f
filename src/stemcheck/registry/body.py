"""Reads the body of an answer piece by piece, never more of it than allowed.

The pieces are unpacked here, for both ways to connect, because httpx unpacks each one whole (64 KiB of gzip
can hold 64 MiB) and only the first part of a body in several, and the standard library unpacks nothing.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from typing import NamedTuple

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry.failures import told

_MOST_SENTENCE_BYTES = 64 * 1024
_GZIP_START = 0x1F


class Response(NamedTuple):
    """An answer whose body is still on its way."""

    status: int
    url: str
    headers: Mapping[str, str]
    """By their names in lower case."""
    pieces: Iterator[bytes]
    """The body as it comes, packed as it is. Raises WayError."""
    close: Callable[[], None]


def read_body(response: Response, *, most_bytes: int, check_time: Callable[[], None]) -> bytes:
    """Return the whole body, unpacked.

    Raises WayError, AnswerUnreadableError (too large, or damaged), and what ``check_time`` raises: it is
    called between pieces.
    """
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > most_bytes:
        raise _too_large(most_bytes)
    unpacker = Unpacker(response.headers.get("content-encoding", ""), most_bytes=most_bytes)
    for piece in response.pieces:
        check_time()
        unpacker.feed(piece)
    return unpacker.finish()


def read_sentence(response: Response, *, check_time: Callable[[], None]) -> str:
    """Return the start of an error's body as text, whatever state it is in. Raises like `read_body`."""
    encoding = response.headers.get("content-encoding", "")
    try:
        unpacker = Unpacker(encoding, most_bytes=_MOST_SENTENCE_BYTES)
    except AnswerUnreadableError:
        return ""
    with suppress(AnswerUnreadableError):
        for piece in response.pieces:
            check_time()
            unpacker.feed(piece)
    return unpacker.so_far.decode("utf-8", "replace").strip()


class Unpacker:
    """Undoes one ``Content-Encoding`` under a ceiling of unpacked bytes."""

    def __init__(self, encoding: str, *, most_bytes: int) -> None:
        self._encoding = encoding.strip().lower().removeprefix("x-")
        self._most_bytes = most_bytes
        self._taken = 0
        self._unpacked = BytesIO()
        self._member: zlib._Decompress | None = None
        """What unpacks the part in hand: gzip may consist of several."""
        if self._encoding not in {"", "identity", "gzip", "deflate"}:
            raise told(AnswerUnreadableError, "body.packing", packing=repr(encoding[:40]))

    @property
    def so_far(self) -> bytes:
        """What has been unpacked until now."""
        return self._unpacked.getvalue()

    def feed(self, piece: bytes) -> None:
        """Take the next piece. Raises AnswerUnreadableError: too large, or damaged."""
        self._taken += len(piece)
        if self._encoding in {"", "identity"}:
            self._unpacked.write(piece[: self._room])
        else:
            try:
                self._unpack(piece)
            except zlib.error as error:
                raise told(AnswerUnreadableError, "body.damaged") from error
        # What follows the end of a packed stream unpacks to nothing and is still taken: count both.
        if max(self._unpacked.tell(), self._taken) > self._most_bytes:
            raise _too_large(self._most_bytes)

    def finish(self) -> bytes:
        """Return the whole body. Raises AnswerUnreadableError when the packed stream was cut."""
        is_packed = self._encoding in {"gzip", "deflate"}
        if is_packed and not (self._member and self._member.eof):
            raise told(AnswerUnreadableError, "body.cut")
        return self._unpacked.getvalue()

    @property
    def _room(self) -> int:
        return self._most_bytes - self._unpacked.tell() + 1

    def _unpack(self, piece: bytes) -> None:
        while piece and self._room > 0:
            if self._member is None:
                self._member = zlib.decompressobj(_window_bits(self._encoding, piece[0]))
            elif self._member.eof:
                if self._encoding != "gzip" or piece[0] != _GZIP_START:
                    return
                self._member = zlib.decompressobj(_window_bits(self._encoding, piece[0]))
            self._unpacked.write(self._member.decompress(piece, self._room))
            piece = self._member.unused_data if self._member.eof else b""


def _window_bits(encoding: str, first_byte: int) -> int:
    if encoding == "gzip":
        return zlib.MAX_WBITS | 16
    # "deflate" means zlib, but some servers send the bare stream; the first byte tells.
    return zlib.MAX_WBITS if first_byte & 0x0F == zlib.DEFLATED else -zlib.MAX_WBITS


def _too_large(most_bytes: int) -> AnswerUnreadableError:
    facts: dict[str, object] = {"most_bytes": most_bytes}
    return told(AnswerUnreadableError, "body.too_large", facts=facts, most=most_bytes // 2**20)
