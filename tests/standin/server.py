"""ClinicalTrials.gov's API v2 on the loopback interface, with scripted faults.

::

    with StandIn(records) as registry:
        registry.faults = [503, Fault.HANG]
        ... STEMCHECK_REGISTRY_URL=registry.base_url ...
        assert registry.asked[0].parameters["query.cond"] == "stroke"
"""

import contextlib
import gzip
import itertools
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.standin.answers import Answer, Asked, Registry
from tests.standin.faults import ABRUPTLY, FOREVER, Fault, Step, head
from tests.standin.records import Study, read_fixtures, read_records

BASE = "/api/v2"
DATA_TIMESTAMP = "2026-11-20T14:00:05"
_SMALL = 500
"""Bodies below this many bytes are not worth packing."""

Scripted = Fault | int | str | None
"""A fault by itself, by its name or by its status; None lets a request through."""


@dataclass(slots=True)
class Trouble:
    """A fault with its occasion."""

    fault: Fault
    page: int | None
    """Only list answers of this page, counted from 1; None: any request."""
    path: str | None
    """Only requests at or below this path (``/studies``, ``/version``); None: any."""
    times: int | None
    """How often yet; None: always."""

    def fits(self, asked: Asked) -> bool:
        """Whether a request meets it now."""
        is_there = self.path is None or f"{asked.path}/".startswith(f"{self.path}/")
        return self.times != 0 and is_there and self.page in (None, asked.page)


class StandIn:
    """The registry, running in a thread while the context is open."""

    scheme = "http"
    host = "127.0.0.1"

    def __init__(
        self,
        records: Iterable[Study] | Path | None = None,
        *,
        port: int = 0,
        repeat: int = 1,
        delay_seconds: float = 0.0,
        always: Scripted = None,
        compress: bool = True,
        script: Callable[[int], Answer] | None = None,
    ) -> None:
        """``records``: studies, a file of them, or None for the hand-written fixtures.

        ``script``: what is answered to question number so-and-so (the first is 0), whatever it asks; only
        ``/version`` is answered as ever.
        """
        self.registry = Registry(_studies(records), repeat, DATA_TIMESTAMP)
        self.asked: list[Asked] = []
        self.answering_seconds = 0.0
        """What answering took until now, all requests together."""
        self.faults: list[Scripted] = []
        """Popped first, one for each request."""
        self.always = always
        """Shown on every request that finds ``faults`` empty and no trouble of its own."""
        self.troubles: list[Trouble] = []
        self.delay_seconds = delay_seconds
        self.late_seconds = 1.0
        """How long the slow faults take."""
        self.compress = compress
        self.script = script
        self.closing = threading.Event()
        self.is_talkative = False
        self._gate = threading.Lock()
        self._port = port
        self._server: _Server | None = None

    @property
    def base_url(self) -> str:
        """What STEMCHECK_REGISTRY_URL has to be."""
        return f"{self.scheme}://{self.host}:{self._port}{BASE}"

    @property
    def data_timestamp(self) -> str:
        """The data's date as ``/version`` and the ETag tell it; tests may set it."""
        return self.registry.data_timestamp

    @data_timestamp.setter
    def data_timestamp(self, stamp: str) -> None:
        self.registry.data_timestamp = stamp

    @property
    def pages_asked(self) -> list[Asked]:
        """The list requests only."""
        return [asked for asked in self.asked if asked.path == "/studies"]

    def trouble(
        self,
        fault: Scripted,
        *,
        page: int | None = None,
        path: str | None = None,
        times: int | None = None,
    ) -> None:
        """Show a fault on an occasion: a page of a list, a path, a number of times."""
        self.troubles.append(Trouble(_fault(fault), page, path, times))

    def replace_records(self, records: Iterable[Study] | Path) -> None:
        """Serve other studies from now on, as after a data refresh."""
        self.registry.serve(_studies(records))

    def __enter__(self) -> Self:
        self.closing.clear()
        self._server = _Server(("127.0.0.1", self._port), self)
        self._port = self._server.server_address[1]
        serve = self._server.serve_forever
        threading.Thread(target=serve, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.closing.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            for connection in [*self._server.open]:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def admit(self, connection: socket.socket, number: int) -> socket.socket:  # noqa: ARG002
        """Let a new connection in."""
        return connection

    def refuses(self, asked: Asked) -> bool:  # noqa: ARG002
        """Whether the edge in front of the API refuses this request, whatever is scripted."""
        return False

    def meet(self, asked: Asked) -> Fault | None:
        """Remember a request, and tell the fault that is due for it."""
        with self._gate:
            self.asked.append(asked)
            if self.faults:
                scripted = self.faults.pop(0)
                return None if scripted is None else _fault(scripted)
            for trouble in self.troubles:
                if trouble.fits(asked):
                    trouble.times = trouble.times and trouble.times - 1
                    return trouble.fault
            return None if self.always is None else _fault(self.always)

    def answer(self, asked: Asked, fault: Fault | None) -> Answer:
        """Answer by the script, if there is one, or as the registry does."""
        if self.script is None or asked.path == "/version":
            return self.registry.answer(asked, fault)
        return self.script(sum(one.path != "/version" for one in self.asked) - 1)

    def end(self, asked: Asked, fault: Fault | None) -> None:
        """Count the time that an answer took; on some, a new day's data come."""
        with self._gate:
            self.answering_seconds += time.monotonic() - asked.at
            if fault is Fault.DATA_REFRESHED and asked.path == "/studies":
                day = datetime.fromisoformat(self.data_timestamp) + timedelta(days=1)
                self.data_timestamp = day.isoformat()


class _Connection(BaseHTTPRequestHandler):
    """One connection, kept alive."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: "_Server"

    def setup(self) -> None:
        self.number = next(self.server.numbers)
        self.standin = self.server.standin
        self.request = self.standin.admit(self.request, self.number)
        self.server.open.append(self.request)
        super().setup()

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
            self.request.close()

    def do_GET(self) -> None:
        """Answer, or show the fault that is due."""
        asked = self._asked()
        fault = self.standin.meet(asked)
        self.standin.closing.wait(self.standin.delay_seconds)
        if self.standin.refuses(asked):
            fault = Fault.EDGE_403_ALL
        answer = self.standin.answer(asked, fault)
        if fault is not None:
            answer = fault.effect.answer(answer, asked)
        with contextlib.suppress(OSError):  # the client has gone: nothing to see any more
            if fault is not None and fault.effect.wire is not None:
                answer.headers["connection"] = "close"  # said, so that nobody asks again here
                self.close_connection = True
                self._follow(fault.effect.wire(answer))
            else:
                self._send(answer, packs="gzip" in asked.headers.get("accept-encoding", ""))
        self.standin.end(asked, fault)
        self.log_request(answer.status)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the inherited name
        """Say what was asked when run by hand."""
        if self.standin.is_talkative:
            super().log_message(format, *args)

    def _asked(self) -> Asked:
        address = urlsplit(self.path)
        return Asked(
            path=unquote(address.path).removeprefix(BASE),
            query=tuple(parse_qsl(address.query, keep_blank_values=True, errors="replace")),
            headers={name.lower(): value for name, value in self.headers.items()},
            at=time.monotonic(),
            connection=self.number,
        )

    def _send(self, answer: Answer, *, packs: bool) -> None:
        is_packed = "content-encoding" in answer.headers
        if packs and self.standin.compress and len(answer.body) >= _SMALL and not is_packed:
            answer.headers |= {"content-encoding": "gzip", "vary": "accept-encoding"}
            answer.body = gzip.compress(answer.body, compresslevel=1, mtime=0)
        has_body = answer.status not in (204, 304)
        self.wfile.write(head(answer, len(answer.body) if has_body else None))
        self.wfile.write(answer.body if has_body else b"")
        self.wfile.flush()

    def _follow(self, script: Iterable[Step]) -> None:
        """Send what a fault of the wire sends, and wait as it waits."""
        for step in script:
            if isinstance(step, bytes):
                self.wfile.write(step)
                self.wfile.flush()
            elif step == ABRUPTLY:  # a linger of no seconds: the kernel sends RST instead of FIN
                self.request.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
                self.request.close()
            else:
                seconds = None if step == FOREVER else step * self.standin.late_seconds
                if self.standin.closing.wait(seconds):
                    return


class _Server(ThreadingHTTPServer):
    """Threads that never outlive the test, connections that are closed with it."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], standin: StandIn) -> None:
        self.standin = standin
        self.numbers = itertools.count(1)
        self.open: list[socket.socket] = []
        super().__init__(address, _Connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up; they are what the faults are for."""


def _studies(records: Iterable[Study] | Path | None) -> Iterable[Study]:
    if records is None:
        return read_fixtures()
    return read_records(records) if isinstance(records, Path) else records


def _fault(scripted: Fault | int | str | None) -> Fault:
    name = "edge403-all" if scripted == 403 else str(scripted)
    return next(fault for fault in Fault if fault == name)
