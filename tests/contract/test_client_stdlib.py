"""Rung 2 does by hand what httpx does by itself: proxies, kept connections, packed and cut bodies.

The tests run over rung 1 too where both have to behave the same.
"""

import base64
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import pytest

from stemcheck.errors import RegistryUnreachableError
from stemcheck.registry.client import Registry
from stemcheck.registry.settings import Settings
from stemcheck.registry.waiting import Event
from tests.contract.made_up import QUERY, made_up_studies, numbers_in, quick_settings
from tests.standin import Fault, StandIn
from tests.standin.answers import Answer, Asked
from tests.standin.tls_edge import TlsStandIn

BOTH = pytest.mark.parametrize("connection", ["1", "2"])


class Proxy:
    """An HTTP proxy that can CONNECT, and keeps what it was asked."""

    def __init__(self, *, refuses_with: str | None = None) -> None:
        self.heads: list[str] = []
        self._refuses_with = refuses_with
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = client.recv(4096)
                if not piece:
                    return
                head += piece
            self.heads.append(head.decode())
            if self._refuses_with:
                client.sendall(
                    f"HTTP/1.1 {self._refuses_with}\r\nContent-Length: 0\r\n\r\n".encode()
                )
                return
            host, _, port = head.split()[1].decode().rpartition(":")
            with socket.create_connection((host, int(port))) as server:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                pass_on(client, server)


def pass_on(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until a side closes."""
    with suppress(OSError):
        while True:
            ready, _, _ = select.select([one, other], [], [], 5)
            for source in ready:
                if not (piece := source.recv(65536)):
                    return
                (other if source is one else one).sendall(piece)


@pytest.fixture
def edge(monkeypatch: pytest.MonkeyPatch) -> Iterator[TlsStandIn]:
    with TlsStandIn(made_up_studies(25)) as registry:
        monkeypatch.setenv("SSL_CERT_FILE", str(registry.ca_file))
        yield registry


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with closing(Proxy()) as running:
        yield running


def ask(standin: StandIn, **changes: Any) -> list[str]:
    with Registry(quick_settings(standin, **changes)) as registry:
        return numbers_in(list(registry.search(QUERY)))


@BOTH
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_of_the_environment_is_used(
    edge: TlsStandIn, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, connection: str, name: str
) -> None:
    monkeypatch.setenv(name, f"http://{proxy.address}")
    assert len(ask(edge, connection=connection)) == 25
    assert len(proxy.heads) == (1 if connection == "1" else 5)  # kept for all pages, or not at all
    assert proxy.heads[0].startswith("CONNECT localhost:")


@BOTH
def test_the_proxys_name_and_password_are_given(
    edge: TlsStandIn, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, connection: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:s%40crt@{proxy.address}")
    ask(edge, connection=connection)
    pair = base64.b64encode(b"me:s@crt").decode()
    assert f"proxy-authorization: basic {pair}".lower() in proxy.heads[0].lower()
    assert "authorization" not in edge.asked[0].headers


@BOTH
@pytest.mark.parametrize("value", ["localhost", "*", "example.org,localhost"])
def test_no_proxy_is_honoured(
    edge: TlsStandIn, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, connection: str, value: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    monkeypatch.setenv("NO_PROXY", value)
    assert len(ask(edge, connection=connection)) == 25
    assert proxy.heads == []


@pytest.mark.parametrize("connection", ["1", "2", "auto"])
@pytest.mark.parametrize("refusal", ["403 Forbidden", "407 Proxy Authentication Required"])
def test_a_proxys_refusal_is_not_taken_for_the_registrys(
    edge: TlsStandIn, monkeypatch: pytest.MonkeyPatch, connection: str, refusal: str
) -> None:
    with closing(Proxy(refuses_with=refusal)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:secret@{proxy.address}")
        with pytest.raises(RegistryUnreachableError, match="proxy") as caught:
            ask(edge, connection=connection)
        assert len(proxy.heads) == 1  # no ladder: it is not the registry's edge that refused
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("connection", ["1", "2", "auto"])
@pytest.mark.parametrize(
    "value", ["socks5://127.0.0.1:9", "gopher://127.0.0.1:9", "http://127.0.0.1:x", "http://[::1"]
)
def test_a_proxy_that_cannot_be_used_is_an_error_in_words(
    edge: TlsStandIn, monkeypatch: pytest.MonkeyPatch, connection: str, value: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    with pytest.raises(RegistryUnreachableError, match=r"(?i)proxy|connection"):
        ask(edge, connection=connection, timeout_seconds=0.5)
    assert edge.asked == []


@pytest.mark.parametrize("connection", ["1", "2", "3"])
def test_answers_are_asked_for_packed(connection: str) -> None:
    with StandIn(made_up_studies(25)) as standin:
        assert len(ask(standin, connection=connection)) == 25
        assert standin.asked[0].headers["accept-encoding"] == "gzip, deflate"
        assert standin.asked[0].headers["accept"] == "application/json"


@BOTH
def test_nothing_is_said_of_whoever_asks(connection: str) -> None:
    with StandIn(made_up_studies(1)) as standin:
        ask(standin, connection=connection)
        names = set(standin.asked[0].headers)
    assert names <= {"host", "accept-encoding", "user-agent", "accept", "connection"}


@BOTH
@pytest.mark.parametrize("compress", [True, False])
def test_packed_and_plain_answers_are_the_same(connection: str, compress: bool) -> None:
    with StandIn(made_up_studies(25), compress=compress) as standin:
        assert len(ask(standin, connection=connection)) == 25


def answer_once_a_connection(listener: socket.socket, body: bytes, head: bytes) -> None:
    """Answer one request on each connection and hang up, whatever was promised."""
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            with client:
                client.recv(65536)
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + head)
                client.sendall(b"\r\n" + body)


VERSION = b'{"apiVersion":"2.0.5","dataTimestamp":"2026-11-20T14:00:05"}'
FRAMES = {
    "length": (b"Content-Length: %d\r\n" % len(VERSION), VERSION),
    "chunks": (
        b"Transfer-Encoding: chunked\r\n",
        b"%x\r\n%b\r\n0\r\n\r\n" % (len(VERSION), VERSION),
    ),
    "end of stream": (b"Connection: close\r\n", VERSION),
}


@BOTH
@pytest.mark.parametrize("frame", FRAMES)
def test_a_connection_closed_meanwhile_is_replaced_without_a_retry(
    connection: Any, frame: str
) -> None:
    head, body = FRAMES[frame]
    told: list[Event] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(
            target=answer_once_a_connection, args=(listener, body, head), daemon=True
        ).start()
        settings = Settings(
            registry_url=f"http://127.0.0.1:{listener.getsockname()[1]}/api/v2",
            connection=connection,
            pause_seconds=0.05,
            timeout_seconds=3,
        )
        with Registry(settings, on_event=told.append) as registry:
            for _ in range(3):
                assert registry.data_timestamp() == "2026-11-20T14:00:05"
    assert told == []


def test_cookies_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with StandIn(made_up_studies(25)) as standin:
        answer = standin.registry.answer

        def with_cookie(asked: Asked, fault: Fault | None = None) -> Answer:
            given = answer(asked, fault)
            given.headers["set-cookie"] = "who=you; Path=/"
            return given

        monkeypatch.setattr(standin.registry, "answer", with_cookie)
        for connection in ("1", "2"):
            ask(standin, connection=connection)
        assert len(standin.asked) > 2
        assert not any("cookie" in asked.headers for asked in standin.asked)
