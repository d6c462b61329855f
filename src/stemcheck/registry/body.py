"""Reads the body of an answer piece by piece, never more of it than allowed.

The pieces are decoded here and not by httpx, which unpacks each one whole: 64 KiB of gzip can hold 64 MiB.
"""

import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from io import BytesIO

from stemcheck.errors import AnswerUnreadableError

_GZIP = zlib.MAX_WBITS | 16
_ERROR_BODY_BYTES = 64 * 1024
ACCEPTED_ENCODINGS = "gzip, deflate"


def size_error(most_bytes: int) -> AnswerUnreadableError:
    """Return the error for an answer that is larger than allowed."""
    return AnswerUnreadableError(
        f"The registry's answer is larger than {most_bytes // 2**20} MiB, "
        "far more than it should be; it was not read.",
        hint="Try again in a while. If it stays so, run `stemcheck doctor`.",
        facts={"most_bytes": most_bytes},
    )


class BodyDecoder:
    """Undoes one ``Content-Encoding`` under a ceiling of decoded bytes."""

    def __init__(self, encoding: str, *, most_bytes: int) -> None:
        self._encoding = encoding.strip().lower()
        self._most_bytes = most_bytes
        self._taken = 0
        # Gives what it holds without copying it, and a page is 6 MB.
        self._decoded = BytesIO()
        self._length = 0
        self._unpacker: zlib._Decompress | None = None
        if self._encoding in {"gzip", "x-gzip"}:
            self._unpacker = zlib.decompressobj(_GZIP)
        elif self._encoding not in {"", "identity", "deflate"}:
            raise AnswerUnreadableError(
                f"The registry's answer is packed in a way that was not asked for ({encoding[:40]!r})."
            )

    def feed(self, piece: bytes) -> None:
        """Take the next piece. Raises AnswerUnreadableError: too large, or damaged."""
        self._taken += len(piece)
        if self._encoding == "deflate" and self._unpacker is None and piece:
            # "deflate" means zlib, but some servers send the bare stream; the first byte tells.
            is_zlib = piece[0] & 0x0F == zlib.DEFLATED
            self._unpacker = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        room = self._most_bytes - self._length + 1
        if self._unpacker is None:
            self._length += self._decoded.write(piece[:room])
        else:
            try:
                self._length += self._decoded.write(self._unpacker.decompress(piece, room))
            except zlib.error as error:
                raise AnswerUnreadableError(
                    "The registry's answer is damaged: it cannot be unpacked.",
                    hint="Try again in a while.",
                ) from error
        # What follows the end of a packed stream decodes to nothing and is still taken: count both.
        if max(self._length, self._taken) > self._most_bytes:
            raise size_error(self._most_bytes)

    @property
    def is_packed(self) -> bool:
        """True when what comes is not yet what it means."""
        return self._encoding not in {"", "identity"}

    @property
    def so_far(self) -> bytes:
        """What has been decoded until now."""
        return self._decoded.getvalue()

    def finish(self) -> bytes:
        """Return the whole body. Raises AnswerUnreadableError when the packed stream was cut."""
        if self._unpacker is not None and not self._unpacker.eof:
            raise AnswerUnreadableError(
                "The registry's answer was cut off: its packed data has no end.",
                hint="Try again in a while.",
            )
        return self._decoded.getvalue()


def read_body(
    pieces: Iterable[bytes],
    *,
    encoding: str,
    most_bytes: int,
    check_time: Callable[[], None],
) -> tuple[bytes, bytes]:
    """Return the decoded body, and the bytes as they came when they were packed (else nothing).

    ``check_time`` is called between pieces and may raise.
    """
    decoder = BodyDecoder(encoding, most_bytes=most_bytes)
    packed = BytesIO()
    for piece in pieces:
        check_time()
        decoder.feed(piece)
        if decoder.is_packed:
            packed.write(piece)
    return decoder.finish(), packed.getvalue()


def read_sentence(pieces: Iterable[bytes], *, encoding: str, check_time: Callable[[], None]) -> str:
    """Return the start of an error's body as text, whatever state it is in."""
    try:
        decoder = BodyDecoder(encoding, most_bytes=_ERROR_BODY_BYTES)
    except AnswerUnreadableError:
        return ""
    with suppress(AnswerUnreadableError):
        for piece in pieces:
            check_time()
            decoder.feed(piece)
    return decoder.so_far.decode("utf-8", "replace")
