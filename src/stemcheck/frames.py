"""Plain values in a pipe between this program's own processes, each with its length before it."""

import marshal
from typing import Any, BinaryIO, Final

SIZE_BYTES: Final = 4


def frame_of(values: Any) -> bytes:
    """Return the bytes of a value: numbers, texts, bytes, and tuples, lists and dicts of these."""
    body = marshal.dumps(values)
    return len(body).to_bytes(SIZE_BYTES, "big") + body


def read_frame(pipe: BinaryIO) -> Any:
    """Read the next value. Raises EOFError where the pipe ends before, OSError where it broke."""
    size = int.from_bytes(_all_of(pipe, SIZE_BYTES), "big")
    return marshal.loads(_all_of(pipe, size))  # noqa: S302 (our own)


def _all_of(pipe: BinaryIO, size: int) -> bytes:
    """Read so many bytes, in as many pieces as they come."""
    body = b""
    while len(body) < size:
        piece = pipe.read(size - len(body))
        if not piece:
            raise EOFError
        body += piece
    return body
