"""What is said between whoever decides what to ask and whoever exchanges the bytes.

Two do the latter: `stemcheck.registry.httpx_exchange` in this process, and `stemcheck.registry.courier` by
way of another one. What a status means, how large a body may be and which way to connect is judged by
`stemcheck.registry.connection`, whoever exchanged.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Final, NamedTuple, Protocol

FORBIDDEN: Final = 403
"""The registry's edge refused: the page that comes with it is read by nobody."""


class Question(NamedTuple):
    """One request, by one rung of the ladder."""

    url: str
    rung: int
    etag: str | None
    """The answer may be 304 if it is still this one."""
    seconds_left: float
    """Until the answer has to be complete."""
    seconds_allowed: float
    """How long that was at first, for the sentence that says that it was not enough."""
    connect_seconds: float
    is_only_rung: bool
    """No other rung is to be tried where this one cannot be used."""


class Progress(Enum):
    """How far a question is."""

    ASKED = "asked"
    """It is being put; connecting may come first."""
    SENT = "sent"
    """It has left. Where the registry first leads elsewhere, each question there leaves, too."""
    ANSWERED = "answered"
    """The registry has said something, be it only where to ask instead."""


class Response(NamedTuple):
    """An answer whose body is still on its way."""

    status: int
    url: str
    """The address that answered, after redirects."""
    headers: Mapping[str, str]
    """Those that are ever looked at, by their names in lower case."""
    pieces: Iterator[bytes]
    """The body as it was sent; raises what `Exchange.ask` raises."""
    close: Callable[[], None]
    """Let go of it; also of a body that was not read to its end."""


HEADERS = ("content-encoding", "content-length", "content-type", "etag", "retry-after")


class Exchange(Protocol):
    """Exchanges bytes with the registry; asks nothing twice. Belongs to one thread."""

    @property
    def is_elsewhere(self) -> bool:
        """Another process does the work: this one may do something else from the start."""

    def ask(self, question: Question, hear: Callable[[Progress], None]) -> Response | None:
        """Send a question and return what answers; None when this rung cannot be used and another may.

        ``hear`` is told how far that is. Raises TransientError (worth asking again) or an error of
        `stemcheck.errors`.
        """

    def libraries(self) -> str:
        """Name what the TLS greeting depends on."""

    def close(self) -> None:
        """Close what is open."""


def own_exchange() -> Exchange:
    """Return one for this process; httpx is loaded only for that."""
    from stemcheck.registry.httpx_exchange import HttpxExchange

    return HttpxExchange()
