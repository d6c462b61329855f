"""Faults of an answer: its status, its headers, its body."""

import json
import re
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

from tests.standin.answers import HTML, JSON, PLAIN, Answer, Asked
from tests.standin.faults import Fault

_FORBIDDEN = (
    b'<!doctype html><meta charset="utf-8"><title>403</title>403 Forbidden'  # form not confirmed
)
_MAINTENANCE = (
    b"<!doctype html><title>Maintenance</title><h1>The site is being updated</h1>"
    b"<p>Please come back later.</p>"
)
DEPTH = 200_000
BOMB_BYTES = 512 * 1024 * 1024


def spoil_answer(answer: Answer, asked: Asked, fault: Fault, host: str) -> Answer:
    """The answer as the fault leaves it; other kinds of fault leave it alone.

    ``host`` is the stand-in's own ``http://host:port``, for redirects.
    """
    if fault in ANSWER_FAULTS:
        return ANSWER_FAULTS[fault](answer, asked, host)
    return answer


def forbidden(body: bytes = _FORBIDDEN) -> Answer:
    """What the edge answers."""
    return Answer(403, body, HTML, {"server": "istio-envoy", "via": "1.1 google"})


Spoil = Callable[[Answer, Asked, str], Answer]


def _forbidden_unless(*tokens: str) -> Spoil:
    def spoil(answer: Answer, asked: Asked, _host: str) -> Answer:
        agent = asked.user_agent.lower()
        return answer if any(token in agent for token in tokens) else forbidden()

    return spoil


def _status(status: int, sentence: str, content_type: str = PLAIN, **headers: str) -> Spoil:
    def spoil(_answer: Answer, _asked: Asked, _host: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Answer(status, sentence.encode(), content_type, named)

    return spoil


def _body(body: bytes, content_type: str = JSON) -> Spoil:
    return lambda _answer, _asked, _host: Answer(200, body, content_type)


def _retry_date(_answer: Answer, _asked: Asked, _host: str) -> Answer:
    # Whole seconds: two ahead is at least one second from now.
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    return Answer(429, b"Too Many Requests", PLAIN, {"retry-after": then})


def _cut(answer: Answer, _asked: Asked, _host: str) -> Answer:
    answer.body = answer.body[: max(1, len(answer.body) * 2 // 3)]
    return answer


def _spoil_utf8(answer: Answer, _asked: Asked, _host: str) -> Answer:
    head, quote, tail = answer.body.rpartition(b'"')
    answer.body = head + b"\xff\xfe\xe9" + quote + tail
    return answer


def _huge_number(answer: Answer, _asked: Asked, _host: str) -> Answer:
    rest = re.sub(rb'^\{("totalCount":\d+,)?', b"", answer.body)
    answer.body = b'{"totalCount":' + b"9" * 5000 + b"," + rest
    return answer


def _add_bom(answer: Answer, _asked: Asked, _host: str) -> Answer:
    answer.body = b"\xef\xbb\xbf" + answer.body
    return answer


def _replace_studies(answer: Answer, change: Callable[[dict[str, object]], object]) -> Answer:
    page = json.loads(answer.body) if answer.content_type == JSON and answer.body else {}
    answer.body = json.dumps(change(page)).encode()
    return answer


def _shape(change: Callable[[dict[str, object]], object]) -> Spoil:
    return lambda answer, _asked, _host: _replace_studies(answer, change)


def _name_html(answer: Answer, _asked: Asked, _host: str) -> Answer:
    answer.content_type = HTML
    return answer


def _bad_gzip(answer: Answer, _asked: Asked, _host: str) -> Answer:
    answer.headers["content-encoding"] = "gzip"
    answer.body = b"\x1f\x8b\x08\x00this is no gzip stream" + answer.body
    return answer


def _bomb(_answer: Answer, _asked: Asked, _host: str) -> Answer:
    return Answer(200, _bomb_bytes(), JSON, {"content-encoding": "gzip"})


@cache
def _bomb_bytes() -> bytes:
    """Half a gibibyte of spaces inside a JSON object, as one gzip member of about half a megabyte.

    A deflate block closed by a full flush stands on its own, so one packed mebibyte is repeated.
    """
    mebibyte = b" " * 1024 * 1024
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    head = packer.compress(b'{"studies":[') + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(mebibyte) + packer.flush(zlib.Z_FULL_FLUSH)
    tail = packer.compress(b"]}") + packer.flush()
    repeats = BOMB_BYTES // len(mebibyte)
    check, length = zlib.crc32(b'{"studies":['), repeats * len(mebibyte) + 14
    for _ in range(repeats):
        check = zlib.crc32(mebibyte, check)
    check = zlib.crc32(b"]}", check)
    frame = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    return frame + head + block * repeats + tail + struct.pack("<II", check, length & 0xFFFFFFFF)


def _redirect(place: Callable[[Asked, str], str | None]) -> Spoil:
    def spoil(_answer: Answer, asked: Asked, host: str) -> Answer:
        location = place(asked, host)
        return Answer(301, b"", PLAIN, {"location": location} if location else {})

    return spoil


def _other_host(asked: Asked, host: str) -> str:
    other = ("127.0.0.1", "localhost") if "127.0.0.1" in host else ("localhost", "127.0.0.1")
    return host.replace(*other) + "/elsewhere" + asked.path


def _same_place(asked: Asked, _host: str) -> str:
    return "/api/v2" + asked.path + "?again=1"


ANSWER_FAULTS: dict[Fault, Spoil] = {
    Fault.EDGE_403_ALL: lambda _answer, _asked, _host: forbidden(),
    Fault.EDGE_403_EMPTY: lambda _answer, _asked, _host: forbidden(b""),
    Fault.EDGE_403_UNLESS_TOKEN: _forbidden_unless("python-httpx", "python-urllib"),
    Fault.EDGE_403_UNLESS_URLLIB: _forbidden_unless("python-urllib"),
    Fault.BUSY_429: _status(429, "Too Many Requests"),
    Fault.BUSY_429_SECONDS: _status(429, "Too Many Requests", retry_after="1"),
    Fault.BUSY_429_DATE: _retry_date,
    Fault.BUSY_429_LONG: _status(429, "Too Many Requests", retry_after="3600"),
    Fault.BUSY_429_RUBBISH: _status(429, "Too Many Requests", retry_after="soon"),
    Fault.DOWN_500: _status(500, "Internal Server Error"),
    Fault.DOWN_502: _status(502, "Bad Gateway"),
    Fault.DOWN_503: _status(503, "no healthy upstream"),
    Fault.DOWN_503_HTML: _status(503, _MAINTENANCE.decode(), HTML),
    Fault.DOWN_503_RETRY_AFTER: _status(503, "no healthy upstream", retry_after="1"),
    Fault.DOWN_504: _status(504, "upstream request timeout"),
    Fault.STATUS_204: _status(204, ""),
    Fault.STATUS_304_UNASKED: _status(304, ""),
    Fault.STATUS_401: _status(401, "Unauthorized"),
    Fault.STATUS_404_HTML: _status(404, "<!doctype html><title>Page not found</title>", HTML),
    Fault.STATUS_418: _status(418, "I'm a teapot"),
    Fault.HTML_200: _body(_MAINTENANCE, HTML),
    Fault.TEXT_200: _body(b"Service is being updated", PLAIN),
    Fault.EMPTY_200: _body(b""),
    Fault.WRONG_CONTENT_TYPE: _name_html,
    Fault.CUT_JSON: _cut,
    Fault.NOT_UTF8: _spoil_utf8,
    Fault.BAD_GZIP: _bad_gzip,
    Fault.HUGE_NUMBER: _huge_number,
    Fault.UTF8_BOM: _add_bom,
    Fault.WITHOUT_STUDIES: _shape(lambda page: {"totalCount": page.get("totalCount", 0)}),
    Fault.STUDIES_NULL: _shape(lambda page: page | {"studies": None}),
    Fault.STUDIES_NOT_A_LIST: _shape(lambda page: page | {"studies": {"NCT90000001": {}}}),
    Fault.TOP_LEVEL_LIST: _shape(lambda page: [page]),
    Fault.TOP_LEVEL_NULL: _shape(lambda _page: None),
    Fault.ERROR_OBJECT: _shape(lambda _page: {"error": "internal", "results": []}),
    Fault.DEEP_JSON: _body(b'{"studies":' + b"[" * DEPTH + b"]" * DEPTH + b"}"),
    Fault.GZIP_BOMB: _bomb,
    Fault.REDIRECT_LOOP: _redirect(_same_place),
    Fault.REDIRECT_OTHER_HOST: _redirect(_other_host),
    Fault.REDIRECT_NOWHERE: _redirect(lambda _asked, _host: None),
}
