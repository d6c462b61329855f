"""How to ask the registry. The only module that reads the ``STEMCHECK_*`` variables."""

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
    """How to reach the registry, and where to save our own files.

    Raises UsageError for an address that is not https (plain http is allowed for this machine only), and for
    values that are impossible.
    """

    registry_url: str = DEFAULT_REGISTRY_URL
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    """How long one request may take, with its retries. The pauses between requests do not count."""
    is_timeout_given: bool = False
    """The user set the timeout: use it even if saved data could be shown sooner."""
    connection: ConnectionChoice = "auto"
    """``auto`` tries the rungs of `stemcheck.registry.connection` in turn; a number fixes one rung."""
    is_refresh: bool = False
    """Ignore the saved answers, ask again, and replace them."""
    data_dir: Path | None = None
    """None: the usual folder for program data on this system (see `data_dir_for`)."""
    connect_seconds: float = 5.0
    page_size: int = 1000
    page_bytes: int = 64 * MEBIBYTE
    """The largest allowed answer, in bytes after unpacking."""
    pause_seconds: float = 1.0
    """The shortest time between the starts of two requests (``Crawl-delay: 1``)."""

    def __post_init__(self) -> None:
        _check_address(self.registry_url)
        if self.connection not in CONNECTIONS:
            raise _no_connection(self.connection, "connection")
        if not self.timeout_seconds > 0:
            raise UsageError(words("registry.settings.no_time"))

    @property
    def origin(self) -> str:
        """Host and port, the key under which the winning rung is remembered."""
        parts = urlsplit(self.registry_url)
        return f"{parts.hostname}:{parts.port}" if parts.port else f"{parts.hostname}"


def settings_from(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings from the environment. Raises UsageError for a value that cannot be used."""
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
    """Parse the choice of a rung. Raises UsageError if there is no such rung. ``name``: for the message."""
    wanted = text.strip().lower() or "auto"
    for connection in CONNECTIONS:
        if wanted == connection:
            return connection
    raise _no_connection(text, name)


def seconds_from(text: str, name: str) -> float:
    """Parse a number of seconds. Raises UsageError if it is not a length of time to wait."""
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
    """Return the folder for our own files: the one in the settings, else the system's usual one.

    None if the user has no home folder (a container, cron); then nothing is saved.
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
    """Parse a folder; ``~`` means the home folder, as in a shell. Raises UsageError."""
    try:
        return Path(text).expanduser()
    except RuntimeError:  # there is no such user, or no home
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
    """Raise UsageError unless this is a plain https address, or a plain http address on this machine."""
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
