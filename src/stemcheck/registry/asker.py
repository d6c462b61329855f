"""From an address to an answer that has been checked: ladder, pace, retries, size and time limits together.

Runs in the worker's thread. Nothing is asked twice by `_ask_once`, except that a 403 leads to the next rung
of the ladder (see `stemcheck.registry.ladder`).
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from stemcheck.errors import AnswerUnreadableError, RegistryRefusedError, StemcheckError
from stemcheck.registry.body import Response, read_body, read_sentence
from stemcheck.registry.events import Event, Retrying, RungRefused
from stemcheck.registry.failures import (
    WayError,
    error_for_400,
    error_for_status,
    error_on_the_way,
    one_line,
    time_error,
    told,
)
from stemcheck.registry.ladder import Ladder, Rung
from stemcheck.registry.proxy import is_proxied
from stemcheck.registry.retry import Clock, Deadline, Pace, TransientError, keep_trying
from stemcheck.registry.settings import Settings
from stemcheck.registry.translate import study_for
from stemcheck.registry.transport import Manner, Transport, follow, open_transport
from stemcheck.registry.wire import read_study
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.study import Missing, Study, Unreadable
from stemcheck.words import words

OK, NOT_MODIFIED, BAD_REQUEST, FORBIDDEN, NOT_FOUND = 200, 304, 400, 403, 404
_SHORTEST_SECONDS = 0.05
_STANDARD_PHRASE = re.compile(
    r"(?:(?:error|http)\W*)?(?:400)?\W*(?:(?:bad|invalid) request\b.*)?", re.IGNORECASE | re.DOTALL
)
"""What web servers and proxies say by themselves with a 400."""


class Answer(NamedTuple):
    """What the registry answered: JSON, that nothing has changed, or the sentence of a 400 or 404."""

    asked_url: str
    url: str
    """The address that answered, after redirects."""
    status: int
    retrieved_at: str
    """UTC."""
    rung: Rung
    content: bytes = b""
    sentence: str = ""
    content_type: str = ""
    etag: str | None = None

    @property
    def is_page(self) -> bool:
        """True for a web page in the place of a sentence: something in between speaks, not the API."""
        return "html" in self.content_type.lower() or self.sentence.startswith("<")

    @property
    def says_why(self) -> bool:
        """False for JSON, nothing at all and what servers say by themselves: the API says what is wrong."""
        is_standard = _STANDARD_PHRASE.fullmatch(self.sentence) is not None
        return not is_standard and not self.sentence.startswith(("{", "["))

    @property
    def is_json(self) -> bool:
        """True for a 200 that says it is JSON. An edge's own page or a login page does not."""
        media_type = self.content_type.split(";")[0].strip().lower()
        is_named = media_type == "application/json" or media_type.endswith("+json")
        return self.status == OK and is_named


class Asker:
    """Asks one registry, politely and persistently. Belongs to one thread."""

    def __init__(self, settings: Settings, ladder: Ladder, *, clock: Clock) -> None:
        self._settings = settings
        self._ladder = ladder
        self._clock = clock
        self._pace = Pace(clock, settings.pause_seconds)
        self._transport: Transport | None = None
        self._rung: Rung | None = None
        self.tell: Callable[[Event], None] = lambda _event: None

    def ask(
        self,
        url: str,
        deadline: Deadline,
        *,
        etag: str | None = None,
        most_unreachable: int | None = None,
    ) -> Answer:
        """Return the answer. Raises the errors of `stemcheck.errors`.

        ``etag``: it may be 304 if it is still this one. ``most_unreachable``: see `keep_trying`.
        """
        answer = keep_trying(
            partial(self._ask_once, url, deadline, etag),
            clock=self._clock,
            deadline=deadline,
            on_retry=lambda attempt, seconds, why: self.tell(Retrying(attempt, seconds, why)),
            most_unreachable=most_unreachable,
        )
        is_expected = answer.status in {BAD_REQUEST, NOT_FOUND} or answer.is_json
        if is_expected or (answer.status == NOT_MODIFIED and etag):
            return answer
        key = "unasked" if answer.status == NOT_MODIFIED else "page"
        facts: dict[str, object] = {"status": answer.status}
        if key == "page":
            facts["content_type"] = answer.content_type[:100]
        raise told(AnswerUnreadableError, f"reply.{key}", facts=facts)

    def ask_aside(self, url: str, deadline: Deadline) -> Answer | None:
        """Ask once, for a side question; None when it is not answered.

        The ladder is for what matters: a 403 here leaves it alone.
        """
        try:
            rung = self._ladder.current
            self._pace.take_turn(deadline, is_small=True)
            answer = self._send(rung, url, deadline, None)
        except (TransientError, StemcheckError):
            return None
        return answer if answer is not None and answer.is_json else None

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()
        self._transport = None

    def _ask_once(self, url: str, deadline: Deadline, etag: str | None) -> Answer:
        rung = self._ladder.current
        while True:
            self._pace.take_turn(deadline)
            if deadline.remaining() <= 0:
                raise TransientError(time_error(deadline.seconds, is_proxied=is_proxied(url)))
            answer = self._send(rung, url, deadline, etag)
            if answer is not None:
                return answer
            refused, rung = rung, self._ladder.refuse(rung)
            self.tell(RungRefused(refused.number, rung.number))

    def _send(self, rung: Rung, url: str, deadline: Deadline, etag: str | None) -> Answer | None:
        """Send one request over one rung. None: the edge refused it (403), or the rung cannot be used.

        Raises TransientError (worth asking again) or an error of `stemcheck.errors`.
        """

        def check_time() -> None:
            if deadline.remaining() <= 0:
                raise WayError("slow")

        seconds = max(_SHORTEST_SECONDS, deadline.remaining())
        connect_seconds = min(self._settings.connect_seconds, seconds)
        manner = Manner(connect_seconds, seconds, etag, self._pace.note_sent)
        try:
            transport = self._transport_for(rung, url)
            response = follow(transport, url, manner, check_time=check_time)
            try:
                return self._read(response, url, rung, check_time)
            finally:
                response.close()
        except WayError as failure:
            if failure.way == "proxy_kind" and self._settings.connection == "auto":
                return None  # as good as refused: another rung can use this kind of proxy
            raise error_on_the_way(
                failure, seconds=deadline.seconds, is_proxied=is_proxied(url)
            ) from failure

    def _read(
        self, response: Response, url: str, rung: Rung, check_time: Callable[[], None]
    ) -> Answer | None:
        status, headers = response.status, response.headers
        if status == FORBIDDEN:
            return None
        content, sentence = b"", ""
        if status == OK:
            most = self._settings.page_bytes
            content = read_body(response, most_bytes=most, check_time=check_time)
        else:
            # Also where there should be nothing to read: only then can the connection be used again.
            sentence = read_sentence(response, check_time=check_time)
            if status not in {NOT_MODIFIED, BAD_REQUEST, NOT_FOUND}:
                retry_after = headers.get("retry-after")
                raise error_for_status(status, sentence=sentence, retry_after=retry_after)
        return Answer(
            asked_url=url,
            url=response.url,
            status=status,
            retrieved_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            rung=rung,
            content=content,
            sentence=sentence,
            content_type=headers.get("content-type", ""),
            etag=headers.get("etag"),
        )

    def _transport_for(self, rung: Rung, url: str) -> Transport:
        if self._transport is None or rung != self._rung:
            self.close()
            self._transport = open_transport(rung, url)
            self._rung = rung
        return self._transport


def check_is_answered(
    answer: Answer, query: TrialQuery | None = None, *, is_first: bool = True
) -> None:
    """Raise for anything but 200: a rejected search, or an address that is not the API.

    ``is_first``: no page of the search has come yet. When one has, the words of the search are not at fault.
    """
    facts: dict[str, object] = {"status": answer.status}
    if answer.is_page and (answer.status == BAD_REQUEST or not is_first):
        raise told(AnswerUnreadableError, "reply.page", facts=facts)
    if answer.status != OK and not is_first:
        facts["registry_says"] = one_line(answer.sentence)
        raise told(RegistryRefusedError, "reply.half_way", facts=facts)
    if answer.status == BAD_REQUEST and not answer.says_why:
        raise told(AnswerUnreadableError, "reply.page", facts=facts)
    if answer.status == BAD_REQUEST:
        raise error_for_400(answer.sentence, query)
    if answer.status != OK:
        raise told(AnswerUnreadableError, "reply.no_api", facts=facts)


def read_one(
    answer: Answer, content: bytes, number: str, *, is_long: bool = False
) -> Study | Unreadable | Missing:
    """Read the answer to a question for one number. Raises like `check_is_answered`."""
    if answer.status == NOT_FOUND and _says_missing(answer.sentence, number):
        return Missing(number)
    check_is_answered(answer)
    record = read_study(content, is_long=is_long)
    if isinstance(record, Unreadable):
        return record
    if number != record.nct_id and number not in record.aliases:
        return Unreadable(number, words("registry.reply.another_study", number=record.nct_id))
    return study_for(record, with_details=True, is_long=is_long)


def read_version(answer: Answer) -> str | None:
    """Read from ``/version`` of when the data are (UTC). Raises AnswerUnreadableError."""
    check_is_answered(answer)
    try:
        document = json.loads(answer.content)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise told(AnswerUnreadableError, "reply.no_version")
    timestamp = document.get("dataTimestamp")
    return timestamp if isinstance(timestamp, str) else None


def _says_missing(sentence: str, number: str) -> bool:
    """Whether a 404 is the API's own word on a number, and not some web page's on an address."""
    said = sentence.casefold()
    return not said.startswith("<") and number.casefold() in said and "not found" in said
