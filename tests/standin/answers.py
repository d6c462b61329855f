"""What the stand-in was asked, and what it answers, before either becomes bytes on a socket."""

import base64
import binascii
from dataclasses import dataclass, field

from tests.standin.records import json_bytes

JSON = "application/json"
PLAIN = "text/plain; charset=UTF-8"
HTML = "text/html; charset=UTF-8"


class RefusedError(Exception):
    """The registry refuses: a status and one plain sentence."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence, self.status = sentence, status


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    """Below the base address: ``/studies``, ``/version`` ..."""
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    """Header names in lower case."""
    at: float
    """Monotonic seconds, to measure the pauses between requests."""
    connection: int
    """Which TCP connection it came by, counted from 1."""

    @property
    def parameters(self) -> dict[str, str]:
        """The query as a mapping; the registry takes each name once."""
        return dict(self.query)

    @property
    def user_agent(self) -> str:
        return self.headers.get("user-agent", "")


@dataclass(slots=True)
class Answer:
    """Status, headers and body; lengths and dates are added when it is sent."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """One page of a list, still in parts, so that faults can spoil each."""

    number: int
    """Counted from 1."""
    token: str | None
    """The token it was asked with."""
    lines: list[bytes]
    next_token: object | None
    """None leaves the key out; faults put other things here."""
    total: object | None
    size: int
    offset: int
    last_line_before: bytes | None = None
    """The last study of the page before this one."""

    def body(self) -> bytes:
        """The page as the registry writes it: each study on its own line."""
        head = b"{" if self.total is None else b'{"totalCount":' + json_bytes(self.total) + b","
        studies = b'"studies":[' + b",".join(b"\n" + line for line in self.lines)
        tail = b"\n]" if self.lines else b"]"
        if self.next_token is not None:
            tail += b',"nextPageToken":' + json_bytes(self.next_token)
        return head + studies + tail + b"}"


def token_for(offset: int, mark: str = "") -> str:
    """An opaque token that says where to go on, and nothing of the query."""
    return base64.urlsafe_b64encode(f"page-from:{offset:08d}:{mark}".encode()).decode().rstrip("=")


def read_token(token: str) -> tuple[int, str]:
    """Offset and mark of a token. Raises RefusedError for what was never handed out."""
    try:
        plain = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        head, offset, mark = plain.decode("ascii").split(":")
        if head == "page-from":
            return int(offset), mark
    except (binascii.Error, UnicodeError, ValueError):
        pass
    raise RefusedError("Parameter `pageToken` has incorrect format")
