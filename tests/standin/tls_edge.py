"""The stand-in over TLS, with an edge that looks at the ClientHello before the handshake.

The bytes are peeked from the raw socket, so the handshake that follows sees them untouched.
"""

import hashlib
import socket
import ssl
import struct
import tempfile
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustme

from tests.standin.answers import Asked
from tests.standin.connection import LoopbackServer
from tests.standin.fields import Study
from tests.standin.server import StandIn

TLS_1_2, TLS_1_3 = 0x0303, 0x0304
SESSION_TICKET, POST_HANDSHAKE_AUTH = 35, 49
_SERVER_NAME, _GROUPS, _POINT_FORMATS, _ALPN, _VERSIONS = 0, 10, 11, 16, 43
_HANDSHAKE_RECORD, _CLIENT_HELLO = 22, 1
_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Hello:
    """A ClientHello. Numbers as on the wire, in the client's order."""

    version: int
    ciphers: tuple[int, ...]
    extensions: tuple[int, ...]
    groups: tuple[int, ...]
    point_formats: tuple[int, ...]
    alpn: tuple[str, ...]
    supported_versions: tuple[int, ...]
    server_name: str | None

    @property
    def has_post_handshake_auth(self) -> bool:
        """Extension 49, which http.client sends and httpx by itself does not."""
        return POST_HANDSHAKE_AUTH in self.extensions

    @property
    def newest_version(self) -> int:
        """The newest TLS version offered."""
        return max((v for v in self.supported_versions if not _is_grease(v)), default=self.version)

    @property
    def ja3(self) -> str:
        """MD5 of version, ciphers, extensions, groups and point formats, without GREASE."""
        lists = (self.ciphers, self.extensions, self.groups, self.point_formats)
        joined = ("-".join(str(n) for n in numbers if not _is_grease(n)) for numbers in lists)
        text = ",".join([str(self.version), *joined])
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


Rule = Callable[[Hello, str], bool]


class TlsStandIn(StandIn):
    """The stand-in behind TLS, with a certificate of its own authority.

    ``ca_file`` is what SSL_CERT_FILE has to be; ``hellos`` holds every ClientHello seen; ``rule``
    is asked with the hello and the User-Agent of each request, true refuses it with 403.
    """

    scheme = "https"
    host = "localhost"  # a name, not an address: only names are sent in the hello

    def __init__(
        self,
        records: Iterable[Study] | Path | None = None,
        *,
        rule: Rule | None = None,
        **more: Any,
    ) -> None:
        super().__init__(records, **more)
        self.rule = rule
        self.hellos: list[Hello] = []
        self._hello_of: dict[int, Hello] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="standin-ca-")
        self.ca_file = Path(self._folder.name) / "ca.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.ca_file))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.set_alpn_protocols(["http/1.1"])
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(self.context)

    def __exit__(self, *exception: object) -> None:
        super().__exit__(*exception)
        self._folder.cleanup()

    def greet(self, connection: int, hello: Hello) -> None:
        """Keep the hello of a connection."""
        self.hellos.append(hello)
        self._hello_of[connection] = hello

    def refuses(self, asked: Asked) -> bool:
        """Whether the edge lets this request through."""
        hello = self._hello_of.get(asked.connection)
        if self.rule is not None and hello is not None and self.rule(hello, asked.user_agent):
            return True
        return super().refuses(asked)

    def _bind(self) -> LoopbackServer:
        return _TlsServer(("127.0.0.1", self._port), self)


class _TlsServer(LoopbackServer):
    """Peeks, shakes hands, then serves as over plain TCP."""

    def __init__(self, address: tuple[str, int], standin: TlsStandIn) -> None:
        super().__init__(address, standin)
        self._tls = standin
        self._wrapped = threading.local()

    def number_of(self, connection: socket.socket) -> int:  # noqa: ARG002 - one thread each
        number: int = getattr(self._wrapped, "number", 0)
        return number

    def finish_request(self, request: Any, client_address: Any) -> None:
        number = super().number_of(request)
        request.settimeout(_PATIENCE_SECONDS)
        hello = read_hello(request)
        if hello is None:
            return
        self._tls.greet(number, hello)
        self._wrapped.number = number
        # Closed here and not by the caller, whose socket has handed its descriptor over.
        try:
            secured = self._tls.context.wrap_socket(request.dup(), server_side=True)
        except (ssl.SSLError, OSError):
            return
        with secured:
            secured.settimeout(None)
            super().finish_request(secured, client_address)


def read_hello(connection: socket.socket) -> Hello | None:
    """The ClientHello waiting on a socket, left where it is; None for anything else."""
    head = connection.recv(5, socket.MSG_PEEK | socket.MSG_WAITALL)
    if len(head) < 5 or head[0] != _HANDSHAKE_RECORD:
        return None
    length = int(struct.unpack(">H", head[3:5])[0])
    record = connection.recv(5 + length, socket.MSG_PEEK | socket.MSG_WAITALL)
    return parse_hello(record[5:]) if len(record) == 5 + length else None


def parse_hello(message: bytes) -> Hello | None:
    """A ClientHello handshake message taken apart (RFC 8446, 4.1.2)."""
    if not message or message[0] != _CLIENT_HELLO:
        return None
    version = _number(message[4:6])
    place = 38  # type 1, length 3, version 2, random 32
    place += 1 + message[place]  # session id
    size = _number(message[place : place + 2])
    ciphers = _numbers(message[place + 2 : place + 2 + size])
    place += 2 + size
    place += 1 + message[place]  # compression methods
    bodies = _extensions(message[place + 2 :])
    return Hello(
        version=version,
        ciphers=ciphers,
        extensions=tuple(bodies),
        groups=_numbers(bodies.get(_GROUPS, b"")[2:]),
        point_formats=tuple(bodies.get(_POINT_FORMATS, b"")[1:]),
        alpn=_protocols(bodies.get(_ALPN, b"")[2:]),
        supported_versions=_numbers(bodies.get(_VERSIONS, b"")[1:]),
        server_name=bodies[_SERVER_NAME][5:].decode("ascii") if _SERVER_NAME in bodies else None,
    )


def _extensions(block: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    place = 0
    while place + 4 <= len(block):
        kind, size = _number(block[place : place + 2]), _number(block[place + 2 : place + 4])
        found[kind] = block[place + 4 : place + 4 + size]
        place += 4 + size
    return found


def _protocols(block: bytes) -> tuple[str, ...]:
    names: list[str] = []
    place = 0
    while place < len(block):
        size = block[place]
        names.append(block[place + 1 : place + 1 + size].decode("ascii"))
        place += 1 + size
    return tuple(names)


def _number(two_bytes: bytes) -> int:
    return int.from_bytes(two_bytes, "big")


def _numbers(block: bytes) -> tuple[int, ...]:
    return tuple(_number(block[at : at + 2]) for at in range(0, len(block) - 1, 2))


def _is_grease(number: int) -> bool:
    return number & 0x0F0F == 0x0A0A and number >> 8 == number & 0xFF
