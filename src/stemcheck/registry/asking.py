"""From an address to a reply that has been checked: connection, retries and past answers together.

Runs in the lane's thread. What it gives back is JSON by the registry's word, no larger than allowed, and
fresh: just sent, or just confirmed.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from stemcheck.errors import AnswerUnreadableError, StemcheckError
from stemcheck.registry.cache import AnswerCache, PastAnswer
from stemcheck.registry.connection import Answer, Connection
from stemcheck.registry.events import Event, Retrying
from stemcheck.registry.httpx_exchange import HttpxExchange
from stemcheck.registry.ladder import Ladder
from stemcheck.registry.ladder_memory import LadderMemory
from stemcheck.registry.pacing import Clock, Deadline, TransientError, keep_trying
from stemcheck.registry.settings import RegistrySettings

OK, NOT_MODIFIED, BAD_REQUEST, NOT_FOUND = 200, 304, 400, 404
PAGE_HINT = "A network login page can do this: open any web page, then try again."


class Reply(NamedTuple):
    """A checked answer: a body that says it is JSON, or the sentence of a 400 or 404."""

    asked_url: str
    url: str
    """The address that answered, after redirects."""
    retrieved_at: str
    """UTC."""
    status: int = OK
    content: bytes = b""
    sentence: str = ""
    answer: Answer | None = None
    """As it came, to be kept; None when the body was kept already."""
    past: PastAnswer | None = None
    """The past answer that the registry has just confirmed."""


class Asker:
    """Asks one registry, politely and persistently. Used from one thread."""

    def __init__(
        self,
        settings: RegistrySettings,
        *,
        clock: Clock,
        cache: AnswerCache | None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._cache = cache if settings.cache == "use" else None
        exchange = HttpxExchange()
        folder = settings.memory_dir
        memory = LadderMemory(folder, libraries=exchange.libraries) if folder else None
        self.tell: Callable[[Event], None] = lambda _event: None
        self._connection = Connection(
            settings,
            Ladder(settings.origin, choice=settings.connection, memory=memory),
            exchange,
            clock=clock,
            tell=self._pass_on,
        )

    def ask(self, url: str, deadline: Deadline, *, is_keepable: bool = True) -> Reply:
        """Return the reply. Raises the errors of `stemcheck.errors`."""
        past = self._cache.find(url) if self._cache and is_keepable else None
        answer = self._keep_trying(url, deadline, past.etag if past else None)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        if answer.status == NOT_MODIFIED and past is not None and self._cache is not None:
            content = self._cache.find_body(past, most_bytes=self._settings.page_bytes)
            if content is not None:
                return Reply(url, answer.url, now, content=content, answer=answer, past=past)
            # Confirmed, but damaged or deleted meanwhile: ask for all of it.
            answer = self._keep_trying(url, deadline, None)
        if answer.status in {BAD_REQUEST, NOT_FOUND}:
            return Reply(
                url,
                answer.url,
                now,
                status=answer.status,
                sentence=answer.sentence,
                answer=answer,
            )
        check_is_json(answer)
        return Reply(url, answer.url, now, content=answer.content, answer=answer)

    def ask_aside(self, url: str, deadline: Deadline) -> Reply | None:
        """Ask once, for a side question; None when it is not answered."""
        try:
            answer = self._connection.fetch_aside(url, deadline)
        except (TransientError, StemcheckError):
            return None
        if answer is None or not answer.is_json:
            return None
        return Reply(url, answer.url, "", content=answer.content)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _keep_trying(self, url: str, deadline: Deadline, etag: str | None) -> Answer:
        return keep_trying(
            lambda: self._connection.fetch(url, deadline, etag=etag),
            clock=self._clock,
            deadline=deadline,
            on_retry=lambda attempt, seconds, why: self.tell(Retrying(attempt, seconds, why)),
        )

    def _pass_on(self, event: Event) -> None:
        self.tell(event)


def check_is_json(answer: Answer) -> None:
    """Raise AnswerUnreadableError for an answer that does not say it is JSON."""
    if answer.is_json:
        return
    if answer.status == NOT_MODIFIED:
        raise AnswerUnreadableError(
            "The registry says that nothing has changed, without having been asked that.",
            hint="Try again in a while.",
            facts={"status": answer.status},
        )
    content_type = answer.headers.get("content-type", "")
    raise AnswerUnreadableError(
        "A web page or something else came back instead of the registry's answer.",
        hint=PAGE_HINT,
        facts={"status": answer.status, "content_type": content_type[:100]},
    )
