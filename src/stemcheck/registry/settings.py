"""How the registry is asked, apart from what it is asked: address, patience, politeness, memory."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from stemcheck import __version__
from stemcheck.errors import UsageError
from stemcheck.registry.events import Event

DEFAULT_BASE_URL = "https://clinicaltrials.gov/api/v2"
PROJECT_URL = "https://github.com/stemcheck/stemcheck"
PRODUCT = f"stemcheck/{__version__}"

ConnectionChoice = Literal["auto", "1", "2", "3"]
CacheUse = Literal["use", "refresh", "off"]
MEBIBYTE = 1024 * 1024


def ignore_event(event: Event) -> None:
    """Take an event and do nothing with it: the listener of those who do not listen."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RegistrySettings:
    """Everything that `stemcheck.registry.client.Registry` needs to know before it asks.

    Raises UsageError for an address that is not https (plain http is for this very machine only),
    and for numbers that cannot be.
    """

    base_url: str = DEFAULT_BASE_URL
    timeout_seconds: float = 30.0
    """How long one request may take, its retries included. Polite pauses do not count."""
    ceiling_seconds: float | None = None
    """How long everything asked of one `Registry` may take together."""
    connect_seconds: float = 5.0
    first_answer_seconds: float | None = None
    """Give up after this many seconds when the registry has not said a single word yet: for callers who
    have saved data to show instead. About 8 keeps the promise of an answer within ten seconds."""
    connection: ConnectionChoice = "auto"
    """``auto`` climbs the ladder of `stemcheck.registry.ladder`; a number pins one rung."""
    memory_dir: Path | None = None
    """Where the winning connection and past answers are kept. None: nothing is kept."""
    cache: CacheUse = "use"
    """``refresh`` asks anew and replaces what is kept; ``off`` neither reads nor writes it."""
    cache_bytes: int = 200 * MEBIBYTE
    page_size: int = 1000
    page_bytes: int = 64 * MEBIBYTE
    """The most that one answer may weigh, uncompressed."""
    pause_seconds: float = 1.0
    """At least this long between the starts of two requests (``Crawl-delay: 1``)."""
    on_event: Callable[[Event], None] = ignore_event
    """Told about progress, always in the thread of whoever iterates."""

    def __post_init__(self) -> None:
        check_base_url(self.base_url)
        if self.connection not in get_args(ConnectionChoice):
            raise UsageError(
                f"There is no connection {self.connection!r}.",
                hint=f"Choose one of: {', '.join(get_args(ConnectionChoice))}.",
            )
        if not self.timeout_seconds > 0:
            raise UsageError("The timeout has to be more than 0 seconds.")

    @property
    def origin(self) -> str:
        """Host and port, as the ladder's memory names them."""
        parts = urlsplit(self.base_url)
        return f"{parts.hostname}:{parts.port}" if parts.port else f"{parts.hostname}"


def check_base_url(url: str) -> None:
    """Raise UsageError unless the address is https, or http on this machine, and nothing but an address."""
    hint = "STEMCHECK_REGISTRY_URL is normally not set; the registry is " + DEFAULT_BASE_URL
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise UsageError("The registry's address is not a web address.", hint=hint) from None
    if any(character.isspace() or not character.isprintable() for character in url) or not host:
        raise UsageError("The registry's address is not a web address.", hint=hint)
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise UsageError(
            "The registry's address may hold no user name, password, question mark or #.", hint=hint
        )
    if parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host)):
        return
    raise UsageError(
        "The registry is asked over https only (plain http is allowed on this machine itself).",
        hint=hint,
    )


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
