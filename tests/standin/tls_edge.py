"""The stand-in over TLS, with an edge that looks at the ClientHello before the handshake.

The bytes are peeked from the raw socket, so the handshake that follows sees them untouched.
"""

import socket
import ssl
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import trustme

from tests.standin.answers import Asked
from tests.standin.records import Study
from tests.standin.server import StandIn

TLS_1_2, TLS_1_3 = 0x0303, 0x0304
SESSION_TICKET, POST_HANDSHAKE_AUTH = 35, 49
"""Extensions; http.client sends the second, and httpx by itself does not."""
_SERVER_NAME, _GROUPS, _ALPN, _VERSIONS = 0, 10, 16, 43
_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Hello:
    """A ClientHello. Numbers as on the wire, in the client's order."""

    version: int
    ciphers: tuple[int, ...]
    extensions: tuple[int, ...]
    groups: tuple[int, ...]
    alpn: tuple[str, ...]
    supported_versions: tuple[int, ...]
    server_name: str | None

    @property
    def newest_version(self) -> int:
        """The newest TLS version offered."""
        return max(self.supported_versions, default=self.version)


Rule = Callable[[Hello, str], bool]


class TlsStandIn(StandIn):
    """The stand-in behind TLS, with a certificate of its own authority.

    ``ca_file`` is what SSL_CERT_FILE has to be; ``hellos`` holds every ClientHello seen; ``rule``
    is asked with the hello and the User-Agent of each request, true refuses it with 403.
    """

    scheme = "https"
    host = "localhost"  # a name, not an address: only names are sent in the hello

    def __init__(self, records: Iterable[Study] | Path | None = None, **more: Any) -> None:
        super().__init__(records, **more)
        self.rule: Rule | None = None
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

    def admit(self, connection: socket.socket, number: int) -> socket.socket:
        """Look at the hello, then shake hands. Raises OSError when nothing comes of it."""
        connection.settimeout(_PATIENCE_SECONDS)
        hello = _read_hello(connection)
        self.hellos.append(hello)
        self._hello_of[number] = hello
        secured = self.context.wrap_socket(connection, server_side=True)
        secured.settimeout(None)
        return secured

    def refuses(self, asked: Asked) -> bool:
        """Whether the edge lets this request through."""
        return self.rule is not None and self.rule(
            self._hello_of[asked.connection], asked.user_agent
        )


def _read_hello(connection: socket.socket) -> Hello:
    """The ClientHello waiting on a socket, left where it is (RFC 8446, 4.1.2)."""
    start = connection.recv(5, socket.MSG_PEEK | socket.MSG_WAITALL)
    if start[:1] != b"\x16":  # a record of the handshake
        raise OSError("no TLS")
    length = 5 + int.from_bytes(start[3:5])
    message = BytesIO(connection.recv(length, socket.MSG_PEEK | socket.MSG_WAITALL)[9:])
    version = int.from_bytes(message.read(2))
    message.read(32)  # random
    _block(message, 1)  # session
    ciphers = _numbers(_block(message, 2))
    _block(message, 1)  # compression
    rest, bodies = BytesIO(_block(message, 2)), dict[int, bytes]()
    while kind := rest.read(2):
        bodies[int.from_bytes(kind)] = _block(rest, 2)
    names, protocols = BytesIO(bodies.get(_ALPN, b"")[2:]), []
    while name := _block(names, 1):
        protocols.append(name.decode("ascii"))
    return Hello(
        version=version,
        ciphers=ciphers,
        extensions=tuple(bodies),
        groups=_numbers(bodies.get(_GROUPS, b"")[2:]),
        alpn=tuple(protocols),
        supported_versions=_numbers(bodies.get(_VERSIONS, b"")[1:]),
        server_name=bodies[_SERVER_NAME][5:].decode("ascii") if _SERVER_NAME in bodies else None,
    )


def _block(message: BytesIO, size: int) -> bytes:
    """What comes next, its length before it."""
    return message.read(int.from_bytes(message.read(size)))


def _numbers(block: bytes) -> tuple[int, ...]:
    return tuple(int.from_bytes(block[at : at + 2]) for at in range(0, len(block) - 1, 2))
