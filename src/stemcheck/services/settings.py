"""What the environment says about how to work: one place that reads ``STEMCHECK_*``."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from stemcheck.errors import UsageError

DEFAULT_REGISTRY_URL = "https://clinicaltrials.gov/api/v2"
DEFAULT_TIMEOUT_SECONDS = 30.0
LONGEST_TIMEOUT_SECONDS = 3600.0
Connection = Literal["auto", "1", "2", "3"]
CONNECTIONS: tuple[Connection, ...] = get_args(Connection)


class Settings(NamedTuple):
    """How to reach the registry, and where our own files live."""

    registry_url: str = DEFAULT_REGISTRY_URL
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    """Time for one request, its retries included."""
    connection: Connection = "auto"
    """One rung of the connection ladder, or ``auto``."""
    cache: Literal["use", "refresh", "off"] = "use"
    """``refresh`` asks anew, whatever is kept of earlier answers."""
    data_dir: Path | None = None
    """None: the place that the operating system gives to programs (see `data_dir_for`)."""


def settings_from(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings in force; raise UsageError for a value that cannot be used."""
    timeout = environ.get("STEMCHECK_TIMEOUT", "").strip()
    folder = environ.get("STEMCHECK_DATA_DIR", "").strip()
    return Settings(
        registry_url=environ.get("STEMCHECK_REGISTRY_URL", "").strip() or DEFAULT_REGISTRY_URL,
        timeout_seconds=seconds_from(timeout, "STEMCHECK_TIMEOUT")
        if timeout
        else DEFAULT_TIMEOUT_SECONDS,
        connection=connection_from(environ.get("STEMCHECK_CONNECTION", "")),
        data_dir=_folder_from(folder) if folder else None,
    )


def _folder_from(text: str) -> Path:
    """Read a folder; ``~`` is the home folder here too, as in a shell."""
    try:
        return Path(text).expanduser()
    except RuntimeError:  # there is no such person, or no home
        raise UsageError(
            f"STEMCHECK_DATA_DIR is {text!r}, and that home folder is not known.",
            hint="Give the whole path of the folder.",
        ) from None


def connection_from(text: str, name: str = "STEMCHECK_CONNECTION") -> Connection:
    """Read which rung of the connection ladder to use; raise UsageError when there is no such rung."""
    wanted = text.strip().lower() or "auto"
    for connection in CONNECTIONS:
        if wanted == connection:
            return connection
    raise UsageError(f"{name} is {text!r}.", hint=f"Use one of: {', '.join(CONNECTIONS)}.")


def seconds_from(text: str, name: str) -> float:
    """Read a number of seconds; raise UsageError when it is not one that can be waited for."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= LONGEST_TIMEOUT_SECONDS:
        raise UsageError(
            f"{name} is {text!r}, which is not a number of seconds.",
            hint=f"Give a number above 0 and up to {LONGEST_TIMEOUT_SECONDS:.0f}, like 30.",
        )
    return seconds


def data_dir_for(settings: Settings) -> Path:
    """Return the folder for our own files: the one asked for, else the system's usual one."""
    if settings.data_dir is not None:
        return settings.data_dir
    from platformdirs import user_data_path

    return user_data_path("stemcheck", appauthor=False)
