"""Faults on the socket: bytes that stop, never come, or never end.

Each gets the request's handler, writes what it wants and closes the connection. Waiting is done on
the stand-in's ``closing`` event, so that a test never has to sit it out.
"""

import contextlib
import socket
import struct
from collections.abc import Callable
from io import BufferedIOBase
from typing import Protocol

from tests.standin.answers import Answer
from tests.standin.faults import Fault

DRIP_SECONDS = 0.2
SLOW_PIECES = 8
_CHUNK = b" " * 65_536


class Wire(Protocol):
    """What a wire fault needs of a request's handler."""

    wfile: BufferedIOBase
    connection: socket.socket
    close_connection: bool

    def write_head(self, answer: Answer, length: int | None) -> None: ...
    def wait(self, seconds: float | None) -> bool: ...
    def late_seconds(self) -> float: ...


def write_faulty(wire: Wire, answer: Answer, fault: Fault) -> bool:
    """Write the answer as the fault says. False: this is no fault of the wire."""
    write = WIRE_FAULTS.get(fault)
    if write is None:
        return False
    answer.headers["connection"] = "close"  # said, so that no client asks again on a closing socket
    with contextlib.suppress(OSError):  # the client has gone: nothing to see any more
        write(wire, answer)
        wire.wfile.flush()
    wire.close_connection = True
    return True


def _truncated(wire: Wire, answer: Answer) -> None:
    wire.write_head(answer, len(answer.body) + 1000)
    wire.wfile.write(answer.body[: max(1, len(answer.body) // 2)])


def _dropped_before(wire: Wire, _answer: Answer) -> None:
    _shut(wire)


def _dropped_in_headers(wire: Wire, _answer: Answer) -> None:
    wire.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: applic")


def _dropped_after(wire: Wire, answer: Answer) -> None:
    wire.write_head(answer, len(answer.body))


def _reset(wire: Wire, _answer: Answer) -> None:
    # Closing with a linger of zero seconds makes the kernel send RST instead of FIN.
    wire.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.connection.close()


def _not_http(wire: Wire, _answer: Answer) -> None:
    wire.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n\x00\x01\x02")


def _bad_chunks(wire: Wire, answer: Answer) -> None:
    answer.headers["transfer-encoding"] = "chunked"
    wire.write_head(answer, None)
    wire.wfile.write(b"zz\r\n" + answer.body[:100] + b"\r\n")


def _hang(wire: Wire, _answer: Answer) -> None:
    wire.wait(None)


def _hang_after(wire: Wire, answer: Answer) -> None:
    wire.write_head(answer, len(answer.body))
    wire.wfile.write(answer.body[:10])
    wire.wfile.flush()
    wire.wait(None)


def _drip(wire: Wire, answer: Answer) -> None:
    wire.write_head(answer, len(answer.body) + 10**6)
    while not wire.wait(DRIP_SECONDS):
        wire.wfile.write(b" ")
        wire.wfile.flush()


def _slow(wire: Wire, answer: Answer) -> None:
    wire.write_head(answer, len(answer.body))
    step = max(1, -(-len(answer.body) // SLOW_PIECES))
    for start in range(0, len(answer.body), step):
        wire.wfile.write(answer.body[start : start + step])
        wire.wfile.flush()
        wire.wait(wire.late_seconds() / SLOW_PIECES)


def _late(wire: Wire, answer: Answer) -> None:
    wire.wait(wire.late_seconds())
    wire.write_head(answer, len(answer.body))
    wire.wfile.write(answer.body)


def _endless(wire: Wire, answer: Answer) -> None:
    wire.write_head(answer, None)
    wire.wfile.write(b'{"studies":[')
    while not wire.wait(0):
        wire.wfile.write(_CHUNK)


def _endless_headers(wire: Wire, _answer: Answer) -> None:
    wire.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not wire.wait(0):
        wire.wfile.write(b"X-More: " + b"x" * 1000 + b"\r\n")


def _huge_length(wire: Wire, answer: Answer) -> None:
    wire.write_head(answer, 10**15)
    wire.wfile.write(answer.body)
    wire.wfile.flush()
    wire.wait(None)


def _shut(wire: Wire) -> None:
    with contextlib.suppress(OSError):
        wire.connection.shutdown(socket.SHUT_RDWR)


WIRE_FAULTS: dict[Fault, Callable[[Wire, Answer], None]] = {
    Fault.TRUNCATED_BODY: _truncated,
    Fault.DROPPED_BEFORE_HEADERS: _dropped_before,
    Fault.DROPPED_IN_HEADERS: _dropped_in_headers,
    Fault.DROPPED_AFTER_HEADERS: _dropped_after,
    Fault.RESET: _reset,
    Fault.NOT_HTTP: _not_http,
    Fault.BAD_CHUNKS: _bad_chunks,
    Fault.HANG: _hang,
    Fault.HANG_AFTER_HEADERS: _hang_after,
    Fault.DRIP_FOREVER: _drip,
    Fault.SLOW_BODY: _slow,
    Fault.LATE: _late,
    Fault.ENDLESS_BODY: _endless,
    Fault.ENDLESS_HEADERS: _endless_headers,
    Fault.HUGE_CONTENT_LENGTH: _huge_length,
}
