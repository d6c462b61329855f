"""Sends a request to one address and checks the answer: connection, pace, retries, size and time limits.

Runs in the worker's thread. `_ask_once` repeats a request only after a 403, over the next rung of the ladder
(see `stemcheck.registry.connection`).

Bodies are unpacked here, piece by piece and never beyond the allowed size, for both transports. httpx would
unpack each piece whole (64 KiB of gzip can hold 64 MiB) and stop after the first gzip member; the standard
library does not unpack at all.
"""

import re
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from stemcheck.errors import AnswerUnreadableError, StemcheckError
from stemcheck.registry.connection import Ladder, Rung, is_proxied
from stemcheck.registry.failures import (
    WayError,
    error_for_status,
    error_on_the_way,
    time_error,
    told,
)
from stemcheck.registry.settings import Settings
from stemcheck.registry.transport import Manner, Response, Transport, open_transport
from stemcheck.registry.waiting import (
    Clock,
    Deadline,
    Event,
    Pace,
    Retrying,
    RungRefused,
    TransientError,
    keep_trying,
)

OK, NOT_MODIFIED, BAD_REQUEST, FORBIDDEN, NOT_FOUND = 200, 304, 400, 403, 404
_SHORTEST_SECONDS = 0.05
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 3
_MOST_ADDRESS_LETTERS = 8_000
_MOST_SENTENCE_BYTES = 64 * 1024
_GZIP_START = 0x1F
_STANDARD_PHRASE = re.compile(
    r"(?:(?:error|http)\W*)?(?:400)?\W*(?:(?:bad|invalid) request\b.*)?", re.IGNORECASE | re.DOTALL
)
"""What web servers and proxies say on their own with a 400."""


class Answer(NamedTuple):
    """The registry's answer: JSON, "not modified" (304), or the message that came with a 400 or 404."""

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
        """True if a web page came instead of a message: a server in between answered, not the API."""
        return "html" in self.content_type.lower() or self.sentence.startswith("<")

    @property
    def says_why(self) -> bool:
        """True if the message gives a reason: not JSON, not empty, not a web server's standard phrase."""
        is_standard = _STANDARD_PHRASE.fullmatch(self.sentence) is not None
        return not is_standard and not self.sentence.startswith(("{", "["))

    @property
    def is_json(self) -> bool:
        """True for a 200 with a JSON content type. A page from the edge or a login page has another type."""
        media_type = self.content_type.split(";")[0].strip().lower()
        is_named = media_type == "application/json" or media_type.endswith("+json")
        return self.status == OK and is_named


class Asker:
    """Asks one registry, politely and persistently. Use it from one thread only."""

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

        With ``etag``, the answer may be a 304: unchanged. ``most_unreachable``: see `keep_trying`.
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
        """Ask a side question once. Return None if there is no JSON answer.

        A 403 does not move to the next rung: that is for the main questions.
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
        """Send one request over one rung. Return None if the edge refused it (403) or the rung is unusable.

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
                return None  # counts as refused: another rung may support this kind of proxy
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
            # Read the body even if it should be empty: otherwise the connection cannot be reused.
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


def follow(
    transport: Transport, url: str, manner: Manner, *, check_time: Callable[[], None]
) -> Response:
    """Send a request and follow redirects on the same host.

    Raises WayError, AnswerUnreadableError for a redirect to another host or an endless one, and whatever
    ``check_time`` raises.
    """
    for _hop in range(_MOST_REDIRECTS + 1):
        response = transport.send(url, manner)
        target = response.headers.get("location")
        if response.status not in _REDIRECTS or target is None:
            return response
        try:
            url = _on_same_host(url, target, response.status)
            # An unread body would cost the connection.
            read_sentence(response, check_time=check_time)
        finally:
            response.close()
    raise told(AnswerUnreadableError, "redirect.circle")


def _on_same_host(url: str, target: str, status: int) -> str:
    """Return the target of a redirect. Raises AnswerUnreadableError if it leaves the host."""
    with suppress(ValueError):
        wanted = urljoin(url, target)
        here, there = urlsplit(url), urlsplit(wanted)
        is_same = (here.scheme, here.hostname, here.port) == (
            there.scheme,
            there.hostname,
            there.port,
        )
        if is_same and wanted.isprintable() and len(wanted) <= _MOST_ADDRESS_LETTERS:
            return wanted
    raise told(AnswerUnreadableError, "redirect.elsewhere", facts={"status": status})


def read_body(response: Response, *, most_bytes: int, check_time: Callable[[], None]) -> bytes:
    """Return the whole body, unpacked.

    Raises WayError, AnswerUnreadableError (too large or damaged), and whatever ``check_time`` raises: it is
    called after each piece.
    """
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > most_bytes:
        raise _too_large(most_bytes)
    unpacker = Unpacker(response.headers.get("content-encoding", ""), most_bytes=most_bytes)
    for piece in response.pieces:
        check_time()
        unpacker.feed(piece)
    return unpacker.finish()


def read_sentence(response: Response, *, check_time: Callable[[], None]) -> str:
    """Return the start of an error's body as text, even if it is damaged or too long.

    Raises WayError and whatever ``check_time`` raises.
    """
    encoding = response.headers.get("content-encoding", "")
    try:
        unpacker = Unpacker(encoding, most_bytes=_MOST_SENTENCE_BYTES)
    except AnswerUnreadableError:
        return ""
    with suppress(AnswerUnreadableError):
        for piece in response.pieces:
            check_time()
            unpacker.feed(piece)
    return unpacker.so_far.decode("utf-8", "replace").strip()


class Unpacker:
    """Unpacks a body with one ``Content-Encoding``, up to a limit on the unpacked size."""

    def __init__(self, encoding: str, *, most_bytes: int) -> None:
        self._encoding = encoding.strip().lower().removeprefix("x-")
        self._most_bytes = most_bytes
        self._taken = 0
        self._unpacked = BytesIO()
        self._member: zlib._Decompress | None = None
        """Unpacks the current gzip member: a gzip body may have several."""
        if self._encoding not in {"", "identity", "gzip", "deflate"}:
            raise told(AnswerUnreadableError, "body.packing", packing=repr(encoding[:40]))

    @property
    def so_far(self) -> bytes:
        """The bytes unpacked so far."""
        return self._unpacked.getvalue()

    def feed(self, piece: bytes) -> None:
        """Unpack the next piece. Raises AnswerUnreadableError if the body is too large or damaged."""
        self._taken += len(piece)
        if self._encoding in {"", "identity"}:
            self._unpacked.write(piece[: self._room])
        else:
            try:
                self._unpack(piece)
            except zlib.error as error:
                raise told(AnswerUnreadableError, "body.damaged") from error
        # Bytes after the end of a packed stream unpack to nothing but still arrive: limit both counts.
        if max(self._unpacked.tell(), self._taken) > self._most_bytes:
            raise _too_large(self._most_bytes)

    def finish(self) -> bytes:
        """Return the whole body. Raises AnswerUnreadableError if the packed stream was cut short."""
        is_packed = self._encoding in {"gzip", "deflate"}
        if is_packed and not (self._member and self._member.eof):
            raise told(AnswerUnreadableError, "body.cut")
        return self._unpacked.getvalue()

    @property
    def _room(self) -> int:
        return self._most_bytes - self._unpacked.tell() + 1

    def _unpack(self, piece: bytes) -> None:
        while piece and self._room > 0:
            if self._member is None:
                self._member = zlib.decompressobj(_window_bits(self._encoding, piece[0]))
            elif self._member.eof:
                if self._encoding != "gzip" or piece[0] != _GZIP_START:
                    return
                self._member = zlib.decompressobj(_window_bits(self._encoding, piece[0]))
            self._unpacked.write(self._member.decompress(piece, self._room))
            piece = self._member.unused_data if self._member.eof else b""


def _window_bits(encoding: str, first_byte: int) -> int:
    if encoding == "gzip":
        return zlib.MAX_WBITS | 16
    # "deflate" should mean zlib, but some servers send a raw stream; the first byte tells which.
    return zlib.MAX_WBITS if first_byte & 0x0F == zlib.DEFLATED else -zlib.MAX_WBITS


def _too_large(most_bytes: int) -> AnswerUnreadableError:
    facts: dict[str, object] = {"most_bytes": most_bytes}
    return told(AnswerUnreadableError, "body.too_large", facts=facts, most=most_bytes // 2**20)
