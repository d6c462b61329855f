"""Remembers for a week which rung the registry's edge let through.

One small JSON file; valid only for the same httpx and OpenSSL, since the TLS greeting depends on both.
Everything that can go wrong with it is harmless: then the ladder is climbed again.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stemcheck.registry.private_files import make_private_folder, replace_file

DAYS_REMEMBERED = 7
_MOST_RUNG = 3
_FILE = "connection.json"


class LadderMemory:
    """The winners by host, in ``connection.json`` of a private folder."""

    def __init__(self, folder: Path, *, libraries: Callable[[], str]) -> None:
        """``libraries``: names those that the TLS greeting depends on, when it is asked for."""
        self._path = folder / _FILE
        self._libraries = libraries

    def find_winner(self, origin: str) -> int | None:
        """Return the number of the rung that won less than a week ago, with the same libraries."""
        entry = self._entries().get(origin)
        if not isinstance(entry, dict) or entry.get("libraries") != self._libraries():
            return None
        rung = entry.get("rung")
        try:
            age = datetime.now(UTC) - datetime.fromisoformat(str(entry.get("remembered_at")))
        except (ValueError, TypeError):
            return None
        is_fresh = timedelta(0) <= age <= timedelta(days=DAYS_REMEMBERED)
        return rung if is_fresh and isinstance(rung, int) and 1 <= rung <= _MOST_RUNG else None

    def save_winner(self, origin: str, rung: int) -> None:
        """Remember a winner, if that is possible."""
        entries = self._entries()
        entries[origin] = {
            "rung": rung,
            "libraries": self._libraries(),
            "remembered_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        try:
            make_private_folder(self._path.parent)
            replace_file(self._path, json.dumps({"hosts": entries}, indent=1).encode())
        except OSError:
            return

    def _entries(self) -> dict[str, object]:
        try:
            document = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        hosts = document.get("hosts") if isinstance(document, dict) else None
        return hosts if isinstance(hosts, dict) else {}
