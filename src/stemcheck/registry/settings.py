"""How the registry is asked, apart from what it is asked: the one place that reads ``STEMCHECK_*``."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from stemcheck.errors import UsageError
from stemcheck.words import words

DEFAULT_REGISTRY_URL = "https://clinicaltrials.gov/api/v2"
DEFAULT_TIMEOUT_SECONDS = 30.0
LONGEST_TIMEOUT_SECONDS = 3600.0
MEBIBYTE = 1024 * 1024

ConnectionChoice = Literal["auto", "1", "2", "3"]
CONNECTIONS: tuple[ConnectionChoice, ...] = get_args(ConnectionChoice)


@dataclass(frozen=True, slots=True)
class Settings:
    """How to reach the registry, and where our own files live.

    Raises UsageError for an address that is not https (plain http is for this very machine only), and for
    values that cannot be.
    """

    registry_url: str = DEFAULT_REGISTRY_URL
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    """How long one request may take, its retries included. Polite pauses do not count."""
    is_timeout_given: bool = False
    """Somebody asked for this very time: it is obeyed, also where saved data stand ready."""
    connection: ConnectionChoice = "auto"
    """``auto`` climbs the ladder of `stemcheck.registry.connection`; a number pins one rung."""
    is_refresh: bool = False
    """Ask anew, whatever is kept of earlier answers, and replace it."""
    data_dir: Path | None = None
    """None: the place that the operating system gives to programs (see `data_dir_for`)."""
    connect_seconds: float = 5.0
    page_size: int = 1000
    page_bytes: int = 64 * MEBIBYTE
    """The most that one answer may weigh, uncompressed."""
    pause_seconds: float = 1.0
    """At least this long between the starts of two requests (``Crawl-delay: 1``)."""

    def __post_init__(self) -> None:
        _check_address(self.registry_url)
        if self.connection not in CONNECTIONS:
            raise _no_connection(self.connection, "connection")
        if not self.timeout_seconds > 0:
            raise UsageError(words("registry.settings.no_time"))

    @property
    def origin(self) -> str:
        """Host and port, as the ladder's memory names them."""
        parts = urlsplit(self.registry_url)
        return f"{parts.hostname}:{parts.port}" if parts.port else f"{parts.hostname}"


def settings_from(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings in force; raise UsageError for a value that cannot be used."""
    timeout = environ.get("STEMCHECK_TIMEOUT", "").strip()
    folder = environ.get("STEMCHECK_DATA_DIR", "").strip()
    return Settings(
        registry_url=environ.get("STEMCHECK_REGISTRY_URL", "").strip() or DEFAULT_REGISTRY_URL,
        timeout_seconds=seconds_from(timeout, "STEMCHECK_TIMEOUT")
        if timeout
        else DEFAULT_TIMEOUT_SECONDS,
        is_timeout_given=bool(timeout),
        connection=connection_from(environ.get("STEMCHECK_CONNECTION", "")),
        data_dir=_folder_from(folder) if folder else None,
    )


def connection_from(text: str, name: str = "STEMCHECK_CONNECTION") -> ConnectionChoice:
    """Read which rung of the connection ladder to use; raise UsageError when there is no such rung."""
    wanted = text.strip().lower() or "auto"
    for connection in CONNECTIONS:
        if wanted == connection:
            return connection
    raise _no_connection(text, name)


def seconds_from(text: str, name: str) -> float:
    """Read a number of seconds; raise UsageError when it is not one that can be waited for."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= LONGEST_TIMEOUT_SECONDS:
        raise UsageError(
            words("registry.settings.no_seconds", name=name, text=repr(text)),
            hint=words("registry.settings.seconds", most=f"{LONGEST_TIMEOUT_SECONDS:.0f}"),
        )
    return seconds


def data_dir_for(settings: Settings) -> Path | None:
    """Return the folder for our own files: the one asked for, else the system's usual one.

    None: the person who runs this has no home (a container, cron), and nothing is kept.
    """
    if settings.data_dir is not None:
        return settings.data_dir
    from platformdirs import user_data_path

    try:
        folder = user_data_path("stemcheck", appauthor=False)
    except RuntimeError:
        return None
    return folder if folder.is_absolute() else None


def _folder_from(text: str) -> Path:
    """Read a folder; ``~`` is the home folder here too, as in a shell."""
    try:
        return Path(text).expanduser()
    except RuntimeError:  # there is no such person, or no home
        raise UsageError(
            words("registry.settings.no_folder", text=repr(text)),
            hint=words("registry.settings.whole_path"),
        ) from None


def _no_connection(text: str, name: str) -> UsageError:
    choices = ", ".join(CONNECTIONS)
    return UsageError(
        words("registry.settings.no_connection", name=name, text=repr(text)),
        hint=words("registry.settings.connections", choices=choices),
    )


def _check_address(url: str) -> None:
    """Raise UsageError unless the address is https, or http on this machine, and nothing but an address."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise _wrong_address("no_address") from None
    if any(character.isspace() or not character.isprintable() for character in url) or not host:
        raise _wrong_address("no_address")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise _wrong_address("more_than_an_address")
    if not (parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))):
        raise _wrong_address("only_https")


def _wrong_address(key: str) -> UsageError:
    hint = words("registry.settings.usual_address", address=DEFAULT_REGISTRY_URL)
    return UsageError(words(f"registry.settings.{key}"), hint=hint)


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
