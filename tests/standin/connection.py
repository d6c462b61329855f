"""HTTP/1.1 on a loopback socket: requests read, answers written, connections kept alive."""

import contextlib
import gzip
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.standin.answer_faults import forbidden, spoil_answer
from tests.standin.answers import PLAIN, Answer, Asked
from tests.standin.endpoints import Registry
from tests.standin.faults import Fault
from tests.standin.wire_faults import write_faulty

BASE = "/api/v2"
_SMALL = 500
"""Bodies below this many bytes are not worth packing."""


class Desk(Protocol):
    """What a connection needs of the stand-in it belongs to."""

    registry: Registry
    delay_seconds: float
    late_seconds: float
    compress: bool
    closing: threading.Event

    @property
    def origin(self) -> str: ...
    def remember(self, asked: Asked) -> None: ...
    def note_time(self, seconds: float) -> None: ...
    def next_fault(self, asked: Asked) -> Fault | None: ...
    def refuses(self, asked: Asked) -> bool: ...
    def refresh_data(self) -> None: ...


class Connection(BaseHTTPRequestHandler):
    """One connection; HTTP/1.1, kept alive."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: "LoopbackServer"

    @property
    def standin(self) -> Desk:
        return self.server.standin

    def do_GET(self) -> None:
        """Answer, or show the fault that is due, and note how long that took."""
        begin = time.monotonic()
        try:
            self._answer()
        finally:
            self.standin.note_time(time.monotonic() - begin)

    def _answer(self) -> None:
        standin, asked = self.standin, self._asked()
        standin.remember(asked)
        if standin.delay_seconds:
            standin.closing.wait(standin.delay_seconds)
        fault = standin.next_fault(asked)
        if standin.refuses(asked):
            self._send(forbidden(), asked)
            return
        answer = standin.registry.answer(asked, fault)
        if fault is not None:
            answer = spoil_answer(answer, asked, fault, standin.origin)
            if fault is Fault.DATA_REFRESHED and asked.path == "/studies":
                standin.refresh_data()
            if write_faulty(self, answer, fault):
                return
        self._send(answer, asked)

    def do_OPTIONS(self) -> None:
        """A preflight is refused by the edge."""
        asked = self._asked()
        self.standin.remember(asked)
        self._send(forbidden(), asked)

    def do_POST(self) -> None:
        """The API is read-only."""
        asked = self._asked()
        self.standin.remember(asked)
        # Its body has not been read, so the connection ends here. Saying so keeps a client from asking
        # again on a socket that is about to close.
        headers = {"allow": "GET", "connection": "close"}
        self._send(Answer(405, b"Method Not Allowed", PLAIN, headers), asked)

    do_PUT = do_DELETE = do_PATCH = do_POST  # noqa: N815 - the inherited scheme of names

    def write_head(self, answer: Answer, length: int | None) -> None:
        """Status line and headers; a ``length`` of None sends no Content-Length."""
        self.send_response_only(answer.status)
        headers = {"content-type": answer.content_type, "access-control-allow-origin": "*"}
        headers |= answer.headers
        if length is not None:
            headers["content-length"] = str(length)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def wait(self, seconds: float | None) -> bool:
        """Wait, at most until the stand-in closes; true when it does."""
        return self.standin.closing.wait(seconds)

    def late_seconds(self) -> float:
        """How long the slow faults take."""
        return self.standin.late_seconds

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the inherited name
        """Say what was asked when run by hand."""
        if self.server.is_talkative:
            super().log_message(format, *args)

    def _asked(self) -> Asked:
        split = urlsplit(self.path)
        query = parse_qsl(split.query, keep_blank_values=True, errors="replace")
        path = unquote(split.path)
        return Asked(
            method=self.command,
            path=path.removeprefix(BASE) if path.startswith(BASE + "/") else path,
            query=tuple(query),
            headers={name.lower(): value for name, value in self.headers.items()},
            at=time.monotonic(),
            connection=self.server.number_of(self.connection),
        )

    def _send(self, answer: Answer, asked: Asked) -> None:
        packs = "gzip" in asked.headers.get("accept-encoding", "") and self.standin.compress
        if packs and len(answer.body) >= _SMALL and "content-encoding" not in answer.headers:
            answer.headers["content-encoding"] = "gzip"
            answer.headers["vary"] = "accept-encoding"
            answer.body = gzip.compress(answer.body, compresslevel=1, mtime=0)
        with contextlib.suppress(ConnectionError):
            has_body = answer.status not in (204, 304)
            self.write_head(answer, len(answer.body) if has_body else None)
            if has_body:
                self.wfile.write(answer.body)
            self.wfile.flush()
        self.log_request(answer.status)


class LoopbackServer(ThreadingHTTPServer):
    """Threads that never outlive the test, connections that are closed with it."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], standin: Desk) -> None:
        self.standin = standin
        self.is_talkative = False
        self._open: dict[int, socket.socket] = {}
        self._numbers: dict[int, int] = {}
        self._count = 0
        self._gate = threading.Lock()
        super().__init__(address, Connection)

    def number_of(self, connection: socket.socket) -> int:
        """Which connection this is, counted from 1."""
        with self._gate:
            return self._numbers.get(connection.fileno(), 0)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._gate:
            self._count += 1
            self._open[request.fileno()] = request
            self._numbers[request.fileno()] = self._count
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._gate:
            for number in [n for n, held in self._open.items() if held is request]:
                del self._open[number]
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up; they are what the faults are for."""

    def hang_up(self) -> None:
        """Close what clients still hold open."""
        with self._gate:
            held = list(self._open.values())
        for connection in held:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
