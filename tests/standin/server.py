"""ClinicalTrials.gov's API v2 on the loopback interface.

::

    with StandIn(records) as registry:
        registry.faults = [503, Fault.HANG]
        ... STEMCHECK_REGISTRY_URL=registry.base_url ...
        assert registry.asked[0].parameters["query.cond"] == "stroke"
"""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Self

from tests.standin.answers import Asked
from tests.standin.connection import BASE, LoopbackServer
from tests.standin.endpoints import Registry
from tests.standin.faults import Fault, Trouble
from tests.standin.fields import Study
from tests.standin.records import Corpus, read_fixtures, read_records

DATA_TIMESTAMP = "2026-11-20T14:00:05"

Scripted = Fault | int | str | None
EdgeRule = Callable[[Asked], bool]


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
        data_timestamp: str = DATA_TIMESTAMP,
        delay_seconds: float = 0.0,
        always: Scripted = None,
        compress: bool = True,
    ) -> None:
        """``records``: studies, a file of them, or None for the hand-written fixtures."""
        self.registry = Registry(Corpus(_studies(records), repeat=repeat), data_timestamp)
        self.asked: list[Asked] = []
        self.answering_seconds = 0.0
        """What answering took until now, all requests together."""
        self.faults: list[Scripted] = []
        """Popped first, one for each request; None lets a request through."""
        self.always: Scripted = always
        """Shown on every request that finds ``faults`` empty and no trouble of its own."""
        self.troubles: list[Trouble] = []
        self.edge: EdgeRule | None = None
        """Requests for which this is true are refused by the edge with 403."""
        self.delay_seconds = delay_seconds
        self.late_seconds = 1.0
        """How long the slow faults take."""
        self.compress = compress
        self.closing = threading.Event()
        self._repeat = repeat
        self._lock = threading.Lock()
        self._port = port
        self._server: LoopbackServer | None = None

    @property
    def base_url(self) -> str:
        """What STEMCHECK_REGISTRY_URL has to be."""
        return self.origin + BASE

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.host}:{self._port}"

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
        self.troubles.append(Trouble(_require_fault(fault), page=page, path=path, times=times))

    def replace_records(self, records: Iterable[Study] | Path) -> None:
        """Serve other studies from now on, as after a data refresh."""
        self.registry.replace(Corpus(_studies(records), repeat=self._repeat))

    def __enter__(self) -> Self:
        self.closing.clear()
        self._server = self._bind()
        self._port = self._server.server_address[1]
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.closing.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server.hang_up()

    def talk(self) -> None:
        """Log every request to stderr from now on."""
        if self._server is not None:
            self._server.is_talkative = True

    def _bind(self) -> LoopbackServer:
        return LoopbackServer(("127.0.0.1", self._port), self)

    def next_fault(self, asked: Asked) -> Fault | None:
        """The fault due for this request."""
        with self._lock:
            if self.faults:
                return _fault_for(self.faults.pop(0))
            page = self.registry.page_number(asked) if self.troubles else None
            for trouble in self.troubles:
                if trouble.fits(asked.path, page):
                    trouble.times = None if trouble.times is None else trouble.times - 1
                    return trouble.fault
            return _fault_for(self.always)

    def remember(self, asked: Asked) -> None:
        """Keep a request for the test to look at."""
        with self._lock:
            self.asked.append(asked)

    def note_time(self, seconds: float) -> None:
        """Add up what answering took: the registry's own time, delays included."""
        with self._lock:
            self.answering_seconds += seconds

    def refuses(self, asked: Asked) -> bool:
        """Whether the edge in front of the API lets this request through."""
        return self.edge is not None and self.edge(asked)

    def refresh_data(self) -> None:
        """A new day's data: the timestamp moves on by a day each time."""
        with self._lock:
            day, _, rest = self.data_timestamp.rpartition("-")
            number, _, clock = rest.partition("T")
            self.data_timestamp = f"{day}-{int(number) % 28 + 1:02d}T{clock}"


def _studies(records: Iterable[Study] | Path | None) -> Iterable[Study]:
    if records is None:
        return read_fixtures()
    return read_records(records) if isinstance(records, Path) else records


def _fault_for(scripted: Scripted) -> Fault | None:
    return None if scripted is None else _require_fault(scripted)


def _require_fault(scripted: Scripted) -> Fault:
    """A fault by itself, by its name, or by its status: 403, 429, 500, 502, 503, 504 ..."""
    if isinstance(scripted, Fault):
        return scripted
    if scripted == 403:
        return Fault.EDGE_403_ALL
    return Fault(str(scripted))
