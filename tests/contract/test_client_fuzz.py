"""Whatever bytes a server sends, what comes out is an answer or an error of ours. Real sockets."""

import gzip
import itertools
import socket
import threading
import zlib
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stemcheck.errors import AnswerUnreadableError, StemcheckError
from stemcheck.registry.asker import Unpacker, read_body, read_sentence
from stemcheck.registry.client import Registry
from stemcheck.registry.settings import Settings
from stemcheck.registry.transport import Response
from tests.contract.made_up import QUERY, HurriedClock


class RawServer:
    """Answers every request with the same bytes and hangs up."""

    def __init__(self) -> None:
        self.answer = b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/api/v2"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                with client, suppress(OSError):
                    client.recv(65536)
                    client.sendall(self.answer)
                    client.shutdown(socket.SHUT_WR)


@pytest.fixture(scope="module")
def server() -> Iterator[RawServer]:
    running = RawServer()
    yield running
    running.listener.close()


STATUSES = st.sampled_from([b"200 OK", b"200", b"301 Moved", b"304 Not Modified", b"400 Bad",
                            b"404 Not Found", b"429 Slow", b"503 Down", b"999 What", b"2OO OK"])  # fmt: skip
HEADERS = st.sampled_from(
    [
        b"Content-Type: application/json",
        b"Content-Type: text/html",
        b"Content-Type: application/json; charset=\xff",
        b"Content-Encoding: gzip",
        b"Content-Encoding: deflate",
        b"Content-Encoding: br",
        b"Content-Encoding: gzip, gzip",
        b"Transfer-Encoding: chunked",
        b"Content-Length: 5",
        b"Content-Length: -1",
        b"Content-Length: 99999999999999999999999999",
        b"Content-Length: \xb2",
        b"Retry-After: 1",
        b"Retry-After: \xff",
        b"ETag: \xe9\x00",
        b'ETag: W/"x"',
        b"Location: /api/v2/version",
        b"Location: http://[::1",
        b"Location: //example.org/",
        b"Location: \xff\xfe",
        b"Connection: close",
        b": no name",
        b"no colon",
        b"X-\x00: y",
    ]
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.sampled_from(
        [
            b"",
            b"{}",
            b'{"studies":[]}',
            b'{"studies":[],"totalCount":0}',
            b'{"studies":[],"nextPageToken":"x"}',
            b'{"studies":[{}],"totalCount":1}',
            b'{"studies":' + b"[" * 5000,
            gzip.compress(b'{"studies":[]}'),
            gzip.compress(b'{"studies":[]}')[:-3],
            zlib.compress(b'{"studies":[]}'),
            b'5\r\n{"stu\r\n0\r\n\r\n',
        ]
    ),
)


@pytest.mark.parametrize("connection", ["1", "2"])
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(status=STATUSES, headers=st.lists(HEADERS, max_size=4), body=BODIES)
def test_any_answer_ends_in_an_answer_or_in_an_error_of_ours(
    server: RawServer, connection: str, status: bytes, headers: list[bytes], body: bytes
) -> None:
    server.answer = b"HTTP/1.1 " + status + b"\r\n" + b"\r\n".join([*headers, b"", body])
    ask_anything(server, connection)


@pytest.mark.parametrize("connection", ["1", "2"])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(answer=st.binary(max_size=300))
def test_any_bytes_at_all_end_in_an_error_of_ours(
    server: RawServer, connection: str, answer: bytes
) -> None:
    server.answer = answer
    ask_anything(server, connection)


def ask_anything(server: RawServer, connection: str) -> None:
    chosen = Settings(
        registry_url=server.base_url,
        connection="1" if connection == "1" else "2",
        timeout_seconds=1,
        pause_seconds=0,
    )
    with Registry(chosen, clock=HurriedClock()) as registry:
        try:
            items = [item for page in registry.search(QUERY) for item in page.items]
        except StemcheckError:
            assert not registry.last_crawl.is_complete
        else:
            # What is taken for an answer is one: the only bodies above that hold a list of studies.
            assert (
                b'"studies":[' in server.answer
                or b"\x1f\x8b" in server.answer
                or b"\x78" in server.answer
            )
            assert len(items) <= 1


@given(
    content=st.binary(max_size=3000),
    encoding=st.sampled_from(
        ["gzip", "x-gzip", "deflate", "raw deflate", "", "identity", " GZIP "]
    ),
    cuts=st.lists(st.integers(0, 3000), max_size=5),
)
def test_any_body_in_any_pieces_comes_out_as_it_was(
    content: bytes, encoding: str, cuts: list[int]
) -> None:
    packed, name = pack(content, encoding)
    places = sorted({0, len(packed), *(cut for cut in cuts if cut < len(packed))})
    pieces = [packed[a:b] for a, b in itertools.pairwise([*places, len(packed)])]
    came = read_body(response(pieces, name), most_bytes=10_000, check_time=lambda: None)
    assert came == content


def response(pieces: list[bytes], encoding: str) -> Response:
    headers = {"content-encoding": encoding}
    return Response(200, "http://127.0.0.1/", headers, iter(pieces), lambda: None)


def pack(content: bytes, encoding: str) -> tuple[bytes, str]:
    if "gzip" in encoding.lower():
        return gzip.compress(content), encoding
    if encoding == "deflate":
        return zlib.compress(content), encoding
    if encoding == "raw deflate":
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        return packer.compress(content) + packer.flush(), "deflate"
    return content, encoding


@given(pieces=st.lists(st.binary(max_size=200), max_size=4), encoding=st.text(max_size=10))
def test_reading_any_pieces_gives_bytes_or_an_error_of_ours(
    pieces: list[bytes], encoding: str
) -> None:
    for name in (encoding, "gzip", "deflate"):
        with suppress(AnswerUnreadableError):
            read_body(response(pieces, name), most_bytes=100, check_time=lambda: None)
        assert isinstance(read_sentence(response(pieces, name), check_time=lambda: None), str)


def test_a_decoder_never_holds_more_than_one_byte_too_much() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    decoder = Unpacker("gzip", most_bytes=1000)
    with pytest.raises(AnswerUnreadableError, match="larger"):
        decoder.feed(bomb)
    assert len(decoder.so_far) == 1001


def test_what_follows_a_packed_stream_is_counted_too() -> None:
    decoder = Unpacker("gzip", most_bytes=1000)
    decoder.feed(gzip.compress(b"{}"))
    for _ in range(9):
        decoder.feed(b"x" * 100)
    with pytest.raises(AnswerUnreadableError, match="larger"):
        decoder.feed(b"x" * 100)
