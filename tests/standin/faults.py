"""The faults the stand-in can show: one row each, with its name, its family and what it does.

A fault changes the page before it becomes an answer (`page`), the answer (`reply`, `change`, `reshape`)
or the bytes on the socket (`wire`). Its family says what a client sees of it; a fault matrix walks `Fault`.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from functools import cache
from http import HTTPStatus
from itertools import repeat
from typing import Any, NamedTuple, Self

from tests.standin.answers import HTML, JSON, PLAIN, Answer, Asked, Page, token_for
from tests.standin.records import json_bytes


class Family(StrEnum):
    """What a client sees of a fault."""

    EDGE = "edge"  # 403 from the layer in front of the API
    BUSY = "busy"  # 429
    DOWN = "down"  # 5xx
    ODD_STATUS = "odd status"  # a status no API answer should have
    BODY = "body"  # a 200 whose body is not an answer
    SHAPE = "shape"  # JSON that is not a page of studies
    ITEMS = "items"  # a page with broken studies among whole ones
    WIRE = "wire"  # the connection breaks, or nothing comes
    SLOW = "slow"  # the right answer, late
    PAGING = "paging"  # pages that do not add up
    HARMLESS = "harmless"  # odd, but nothing is lost
    REDIRECT = "redirect"
    BOMB = "bomb"  # too much of something


EDGE, BUSY, DOWN, ODD_STATUS, BODY, SHAPE, ITEMS, WIRE, SLOW, *_REST = Family
PAGING, HARMLESS, REDIRECT, BOMB = _REST
Step = bytes | float
"""What is sent, or for how many seconds of the slow faults nothing is."""
FOREVER, ABRUPTLY = float("inf"), float("-inf")
"""Nothing until the stand-in closes; and the end of the connection without a goodbye."""


class Effect(NamedTuple):
    """What a fault does to a page, to an answer, on the socket."""

    page: Callable[[Page], None] = lambda _page: None
    answer: Callable[[Answer, Asked], Answer] = lambda answer, _asked: answer
    wire: Callable[[Answer], Iterable[Step]] | None = None


def head(answer: Answer, length: int | None) -> bytes:
    """Status line and headers; a ``length`` of None sends no Content-Length."""
    headers = {"content-type": answer.content_type, "access-control-allow-origin": "*"}
    headers |= answer.headers | ({} if length is None else {"content-length": str(length)})
    first = f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"
    lines = [first, *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode()


def _set(thing: Any, changes: dict[str, Callable[[Any], object]]) -> None:
    """Set parts of a page or an answer, each from the whole as it was."""
    for name, value in {name: new(thing) for name, new in changes.items()}.items():
        setattr(thing, name, value)


def page(**changes: Callable[[Page], object]) -> Effect:
    return Effect(page=lambda page: _set(page, changes))


def change(**changes: Callable[[Answer], object]) -> Effect:
    def changed(answer: Answer, _asked: Asked) -> Answer:
        _set(answer, changes)
        return answer

    return Effect(answer=changed)


def reply(status: int, body: str | bytes, content_type: str = PLAIN, **headers: str) -> Effect:
    """Answer something else altogether."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = body.encode() if isinstance(body, str) else body
    return Effect(answer=lambda _answer, _asked: Answer(status, content, content_type, {**named}))


def reshape(function: Callable[[dict[str, Any]], object]) -> Effect:
    """Put other JSON in the page's place."""

    def reshaped(answer: Answer) -> bytes:
        is_json = answer.content_type == JSON and answer.body
        return json.dumps(function(json.loads(answer.body) if is_json else {})).encode()

    return change(body=reshaped)


def edge(*let_in: str, body: bytes = b"<!doctype html><title>403</title>403 Forbidden") -> Effect:
    """Refuse every User-Agent without one of these words, as the layer in front of the API does."""

    def refuse(answer: Answer, asked: Asked) -> Answer:
        agent = asked.user_agent.lower()
        headers = {"server": "istio-envoy", "via": "1.1 google"}
        return answer if any(word in agent for word in let_in) else Answer(403, body, HTML, headers)

    return Effect(answer=refuse)


def redirect(place: Callable[[Asked], str | None]) -> Effect:
    def send(_answer: Answer, asked: Asked) -> Answer:
        location = place(asked)
        return Answer(301, b"", PLAIN, {"location": location} if location else {})

    return Effect(answer=send)


def wire(script: Callable[[Answer], Iterable[Step]]) -> Effect:
    return Effect(wire=script)


def _busy_until(_answer: Answer, _asked: Asked) -> Answer:
    # Whole seconds: two ahead is at least one second from now.
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    return Answer(429, _BUSY.encode(), PLAIN, {"retry-after": then})


def _other_host(asked: Asked) -> str:
    host, _, port = asked.headers["host"].partition(":")
    other = "127.0.0.1" if host == "localhost" else "localhost"
    return f"http://{other}:{port}/elsewhere{asked.path}"


def _put_number(answer: Answer) -> bytes:
    rest = re.sub(rb'^\{("totalCount":\d+,)?', b"", answer.body)
    return b'{"totalCount":' + b"9" * 5000 + b"," + rest


def _in_pieces(answer: Answer) -> Iterator[Step]:
    yield head(answer, len(answer.body))
    size = len(answer.body) // 8 + 1
    for start in range(0, len(answer.body), size):
        yield answer.body[start : start + size]
        yield 1 / 8


def _endlessly(first: bytes, then: bytes, every: float = 0.0) -> Iterator[Step]:
    yield first
    for piece in repeat(then):
        yield piece
        yield every


@cache
def _bomb() -> bytes:
    """Half a gibibyte of spaces inside a JSON object, packed to about half a megabyte."""
    spaces = gzip.compress(b" " * 2**20) * 512
    return gzip.compress(b'{"studies":[') + spaces + gzip.compress(b"]}")


_BUSY = "Too Many Requests"
_UPDATING = "<!doctype html><title>Maintenance</title>Please come back later."
_BROKEN: tuple[object, ...] = (
    *(None, "a study", 17, [], {}, {"protocolSection": None}, {"protocolSection": []}),
    {"protocolSection": {"identificationModule": {}}},
    {"protocolSection": {"identificationModule": {"nctId": 17, "briefTitle": "number as id"}}},
    {"protocolSection": {"identificationModule": {"nctId": "NCT", "briefTitle": "cut id"}}},
)
_broken_items = page(
    lines=lambda p: [*p.lines, *map(json_bytes, _BROKEN)],
    total=lambda p: p.total and p.total + len(_BROKEN),
)
_empty_page = page(  # and then the page itself
    lines=lambda p: p.lines if p.is_past_empty else [],
    next_token=lambda p: p.next_token if p.is_past_empty else token_for(p.start, "after-empty"),
)
_doubled = page(lines=lambda p: (p.line_before or p.lines[-1:]) + p.lines)
_bad_gzip = change(
    headers=lambda a: a.headers | {"content-encoding": "gzip"},
    body=lambda a: b"\x1f\x8b\x08\x00this is no gzip stream" + a.body,
)
_gzip_bomb = Effect(answer=lambda _a, _b: Answer(200, _bomb(), JSON, {"content-encoding": "gzip"}))
_deep_json = reply(200, b'{"studies":' + b"[" * 200_000 + b"]" * 200_000 + b"}", JSON)
_cut_chunks = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n"
_endless_head = b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"x" * 1000 + b"\r\n"


class Fault(StrEnum):
    """Every fault, by the name used on the command line."""

    family: Family
    effect: Effect

    def __new__(cls, name: str, family: Family, effect: Effect) -> Self:
        fault = str.__new__(cls, name)
        fault._value_, fault.family, fault.effect = name, family, effect
        return fault

    # fmt: off
    EDGE_403_ALL = "edge403-all", EDGE, edge()
    EDGE_403_EMPTY = "edge403-empty", EDGE, edge(body=b"")
    EDGE_403_UNLESS_TOKEN = "edge403-unless-token", EDGE, edge("python-httpx", "python-urllib")
    EDGE_403_UNLESS_URLLIB = "edge403-unless-urllib", EDGE, edge("python-urllib")
    BUSY_429 = "429", BUSY, reply(429, _BUSY)
    BUSY_429_SECONDS = "429-seconds", BUSY, reply(429, _BUSY, retry_after="1")
    BUSY_429_DATE = "429-date", BUSY, Effect(answer=_busy_until)
    BUSY_429_LONG = "429-long", BUSY, reply(429, _BUSY, retry_after="3600")
    BUSY_429_RUBBISH = "429-rubbish", BUSY, reply(429, _BUSY, retry_after="soon")
    DOWN_500 = "500", DOWN, reply(500, "Internal Server Error")
    DOWN_502 = "502", DOWN, reply(502, "Bad Gateway")
    DOWN_503 = "503", DOWN, reply(503, "no healthy upstream")
    DOWN_503_HTML = "503-html", DOWN, reply(503, _UPDATING, HTML)
    DOWN_503_RETRY_AFTER = "503-retry-after", DOWN, reply(503, "no healthy upstream", retry_after="1")
    DOWN_504 = "504", DOWN, reply(504, "upstream request timeout")
    STATUS_204 = "204", ODD_STATUS, reply(204, "")
    STATUS_304_UNASKED = "304-unasked", ODD_STATUS, reply(304, "")
    STATUS_401 = "401", ODD_STATUS, reply(401, "Unauthorized")
    STATUS_404_HTML = "404-html", ODD_STATUS, reply(404, "<!doctype html>Page not found", HTML)
    STATUS_418 = "418", ODD_STATUS, reply(418, "I'm a teapot")
    HTML_200 = "200-html", BODY, reply(200, _UPDATING, HTML)
    TEXT_200 = "200-text", BODY, reply(200, "Service is being updated")
    EMPTY_200 = "200-empty", BODY, reply(200, "", JSON)
    WRONG_CONTENT_TYPE = "wrong-content-type", BODY, change(content_type=lambda _: HTML)
    CUT_JSON = "cut-json", BODY, change(body=lambda a: a.body[: max(1, len(a.body) * 2 // 3)])
    NOT_UTF8 = "not-utf8", BODY, change(body=lambda a: b'\xff\xe9"'.join(a.body.rsplit(b'"', 1)))
    BAD_GZIP = "bad-gzip", BODY, _bad_gzip
    HUGE_NUMBER = "huge-number", BODY, change(body=_put_number)
    WITHOUT_STUDIES = "without-studies", SHAPE, reshape(lambda whole: {"totalCount": len(whole)})
    STUDIES_NULL = "studies-null", SHAPE, reshape(lambda whole: whole | {"studies": None})
    STUDIES_NOT_A_LIST = "studies-not-a-list", SHAPE, reshape(lambda whole: whole | {"studies": {}})
    TOP_LEVEL_LIST = "top-level-list", SHAPE, reshape(lambda whole: [whole])
    TOP_LEVEL_NULL = "top-level-null", SHAPE, reshape(lambda _: None)
    ERROR_OBJECT = "error-object", SHAPE, reshape(lambda _: {"error": "internal", "results": []})
    BROKEN_ITEMS = "broken-items", ITEMS, _broken_items
    TRUNCATED_BODY = "truncated-body", WIRE, wire(lambda a: [head(a, len(a.body) + 1000), a.body[:-1]])
    DROPPED_BEFORE_HEADERS = "dropped-before-headers", WIRE, wire(lambda _: [])
    DROPPED_IN_HEADERS = "dropped-in-headers", WIRE, wire(lambda _: [b"HTTP/1.1 200 OK\r\nContent-Ty"])
    DROPPED_AFTER_HEADERS = "dropped-after-headers", WIRE, wire(lambda a: [head(a, len(a.body))])
    RESET = "reset", WIRE, wire(lambda _: [ABRUPTLY])
    NOT_HTTP = "not-http", WIRE, wire(lambda _: [b"SSH-2.0-OpenSSH_9.2\r\n\r\n\x00\x01\x02"])
    BAD_CHUNKS = "bad-chunks", WIRE, wire(lambda _: [_cut_chunks])
    HANG = "hang", WIRE, wire(lambda _: [FOREVER])
    HANG_AFTER_HEADERS = "hang-after-headers", WIRE, wire(lambda a: [head(a, 99), b"{", FOREVER])
    DRIP_FOREVER = "drip-forever", WIRE, wire(lambda a: _endlessly(head(a, 10**6), b" ", every=0.2))
    SLOW_BODY = "slow-body", SLOW, wire(_in_pieces)
    LATE = "late", SLOW, wire(lambda a: [1.0, head(a, len(a.body)), a.body])
    EMPTY_PAGE = "empty-page", HARMLESS, _empty_page
    UTF8_BOM = "utf8-bom", HARMLESS, change(body=lambda a: b"\xef\xbb\xbf" + a.body)
    REPEATED_TOKEN = "repeated-token", PAGING, page(next_token=lambda p: p.token or p.next_token)
    # From page 1 to 2, to 3, and back to 2.
    TOKEN_LOOP = "token-loop", PAGING, page(next_token=lambda p: token_for(p.size << (p.start == p.size)))
    TOKEN_LOST = "token-lost", PAGING, page(next_token=lambda _: None)
    TOKEN_EMPTY = "token-empty", PAGING, page(next_token=lambda _: "")
    TOKEN_NOT_TEXT = "token-not-text", PAGING, page(next_token=lambda p: p.start + p.size)
    TOTAL_TOO_LARGE = "total-too-large", PAGING, page(total=lambda p: p.total and p.total + 7)
    TOTAL_TOO_SMALL = "total-too-small", PAGING, page(total=lambda p: p.total and p.total - 1)
    TOTAL_MISSING = "total-missing", PAGING, page(total=lambda _: None)
    TOTAL_NOT_A_NUMBER = "total-not-a-number", PAGING, page(total=lambda p: p.total and "many")
    STUDY_LOST = "study-lost", PAGING, page(lines=lambda p: p.lines[:-1])
    DUPLICATED_STUDIES = "duplicated-studies", PAGING, _doubled
    DATA_REFRESHED = "data-refreshed", PAGING, Effect()  # the server moves the day on after a page
    REDIRECT_LOOP = "redirect-loop", REDIRECT, redirect(lambda asked: f"/api/v2{asked.path}?again=1")
    REDIRECT_OTHER_HOST = "redirect-other-host", REDIRECT, redirect(_other_host)
    REDIRECT_NOWHERE = "redirect-nowhere", REDIRECT, redirect(lambda _: None)
    ENDLESS_BODY = "endless-body", BOMB, wire(lambda a: _endlessly(head(a, None), b" " * 65_536))
    ENDLESS_HEADERS = "endless-headers", BOMB, wire(lambda _: _endlessly(*_endless_head))
    HUGE_CONTENT_LENGTH = "huge-content-length", BOMB, wire(lambda a: [head(a, 10**15), b"{", FOREVER])
    DEEP_JSON = "deep-json", BOMB, _deep_json
    GZIP_BOMB = "gzip-bomb", BOMB, _gzip_bomb
    # fmt: on
