"""One question to the registry, one answer: ladder, pace, size and time limits, what a status means.

Nothing is asked twice here, except that a 403 leads to the next rung of the ladder (see
`stemcheck.registry.ladder`). The bytes are exchanged by `stemcheck.registry.httpx_exchange`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from stemcheck.registry.body import read_body, read_sentence, size_error
from stemcheck.registry.events import RungRefused
from stemcheck.registry.failures import raise_for_status, time_error
from stemcheck.registry.httpx_exchange import HttpxExchange, Question, Response
from stemcheck.registry.ladder import Ladder, Rung
from stemcheck.registry.pacing import Clock, Deadline, Pace, TransientError
from stemcheck.registry.settings import RegistrySettings

_OK, _NOT_MODIFIED, _BAD_REQUEST, _FORBIDDEN, _NOT_FOUND = 200, 304, 400, 403, 404


class Answer(NamedTuple):
    """What the registry answered: 200, 304, 400 or 404. Everything else is raised."""

    status: int
    url: str
    """The address that answered, after redirects."""
    content: bytes = b""
    """The decoded body; of a 400 or 404 only the start of it."""
    packed: bytes = b""
    """The body as it came, for the cache."""
    encoding: str = ""
    headers: Mapping[str, str] = MappingProxyType({})

    @property
    def is_json(self) -> bool:
        """True for a 200 that says it is JSON. An edge's own page or a login page does not."""
        media_type = self.headers.get("content-type", "").split(";")[0].strip().lower()
        return self.status == _OK and (
            media_type == "application/json" or media_type.endswith("+json")
        )

    @property
    def sentence(self) -> str:
        """The body as text: the API explains a 400 or 404 in a sentence."""
        return self.content.decode("utf-8", "replace").strip()


class Connection:
    """Asks the registry over the current rung. Belongs to one thread."""

    def __init__(
        self,
        settings: RegistrySettings,
        ladder: Ladder,
        exchange: HttpxExchange,
        *,
        clock: Clock,
        tell: Callable[[RungRefused], None],
    ) -> None:
        self._settings = settings
        self._ladder = ladder
        self._pace = Pace(clock, settings.pause_seconds)
        self._exchange = exchange
        self._tell = tell

    def fetch(
        self,
        url: str,
        deadline: Deadline,
        *,
        etag: str | None = None,
    ) -> Answer:
        """Ask once. Raises TransientError (worth asking again) or an error of `stemcheck.errors`.

        ``etag``: the answer may be 304 if it is still this one.
        """
        rung = self._ladder.current
        while True:
            self._pace.take_turn(deadline)
            if deadline.remaining() <= 0:
                raise time_error(deadline.seconds)
            answer = self._ask(rung, url, deadline, etag)
            if answer is not None:
                if answer.status == _NOT_MODIFIED or answer.is_json:
                    self._ladder.settle(rung)
                return answer
            refused, rung = rung, self._ladder.refuse(rung)
            self._tell(RungRefused(refused.number, rung.number))

    def fetch_aside(self, url: str, deadline: Deadline) -> Answer | None:
        """Ask a side question once; None when it is refused. Raises like `fetch`.

        The ladder is for what matters: a 403 here leaves it alone.
        """
        self._pace.take_turn(deadline, is_small=True)
        return self._ask(self._ladder.current, url, deadline, None)

    def close(self) -> None:
        """Close what is open."""
        self._exchange.close()

    def _ask(self, rung: Rung, url: str, deadline: Deadline, etag: str | None) -> Answer | None:
        """Send one request over one rung. None: the edge refused it (403), or the rung cannot be used."""
        question = Question(
            url,
            rung.number,
            etag,
            seconds_left=deadline.remaining(),
            seconds_allowed=deadline.seconds,
            connect_seconds=self._settings.connect_seconds,
            is_only_rung=self._settings.connection != "auto",
        )

        response = self._exchange.ask(
            question, on_sent=self._pace.note_sent, on_answer=deadline.note_answer
        )
        if response is None:
            return None

        def check_time() -> None:
            if deadline.remaining() <= 0:
                raise TransientError(time_error(deadline.seconds))

        try:
            return self._read(response, check_time)
        finally:
            response.close()

    def _read(self, response: Response, check_time: Callable[[], None]) -> Answer | None:
        status, headers = response.status, response.headers
        encoding = headers.get("content-encoding", "")
        if status == _FORBIDDEN:
            return None
        if status != _OK:
            # Also where there should be nothing to read: only then can the connection be used again.
            sentence = read_sentence(response.pieces, encoding=encoding, check_time=check_time)
            if status not in {_NOT_MODIFIED, _BAD_REQUEST, _NOT_FOUND}:
                raise_for_status(status, sentence=sentence, retry_after=headers.get("retry-after"))
            return Answer(status, response.url, sentence.encode(), headers=headers)
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > self._settings.page_bytes:
            raise size_error(self._settings.page_bytes)
        content, packed = read_body(
            response.pieces,
            encoding=encoding,
            most_bytes=self._settings.page_bytes,
            check_time=check_time,
        )
        return Answer(status, response.url, content, packed, encoding, headers)
