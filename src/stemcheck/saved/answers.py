"""Kept answers of the registry: to ask "still the same?" next time, and for when it cannot be asked.

An answer is only as good as the registry's word: it counts as live when the registry has just confirmed it
by its ``ETag``; otherwise it is saved data, with the date on which it came. Keeping is a convenience:
whatever is wrong with the file or the disk costs that alone, and is told in ``problem``.
"""

import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from stemcheck.saved.store import FAILURES, Store, reason_for
from stemcheck.words import words

MOST_BYTES = 200 * 1024 * 1024
"""Of all bodies together, packed. What was not used for the longest time goes first."""
MOST_BODY_BYTES = 64 * 1024 * 1024
"""Of one body, unpacked: the most that the registry's client takes."""


class KeptAnswer(NamedTuple):
    """What is known of one answer without its body."""

    url: str
    etag: str | None
    retrieved_at: str
    """When it came, or was last confirmed (UTC)."""
    data_date: str | None
    """The day of the registry's data, as far as it was known."""
    next_page_token: str | None
    """Leads to the next page of the same search."""


Facts = tuple[str, str | None, str, str | None, str | None]


class AnswerStore:
    """The kept answers in one data folder, and the way of connecting that worked."""

    def __init__(self, folder: Path | None, *, most_bytes: int = MOST_BYTES) -> None:
        """``folder`` None: there is none, and nothing is kept."""
        self._store = Store(folder or Path())
        self._most_bytes = most_bytes
        self.problem: str | None = None if folder else words("saved.store.no_home")
        """Why something could not be kept or found again, in a few words; None: all is well."""

    def find(self, url: str) -> KeptAnswer | None:
        """Return what is known of the last answer to an address."""
        row = self._row(
            "SELECT url, etag, retrieved_at, data_date, next_page_token FROM answers WHERE url = ?",
            url,
        )
        return KeptAnswer(*row) if row else None

    def find_body(self, url: str) -> bytes | None:
        """Return the body of the last answer; None when there is none, or it is damaged."""
        row = self._row("SELECT body FROM answers WHERE url = ?", url)
        if row is None:
            return None
        unpacker = zlib.decompressobj()
        try:
            body = unpacker.decompress(row[0], MOST_BODY_BYTES)
        except (zlib.error, TypeError):
            return None
        return body if unpacker.eof else None

    def save(self, facts: Facts, body: bytes) -> None:
        """Keep an answer in place of the one before; ``facts``: those of a `KeptAnswer`."""
        packed = zlib.compress(body, 1)
        if len(packed) > self._most_bytes:
            return

        def change(store: sqlite3.Connection) -> None:
            store.execute(
                "REPLACE INTO answers (url, etag, retrieved_at, data_date, next_page_token, body,"
                " bytes, used) VALUES (?, ?, ?, ?, ?, ?, ?,"
                " (SELECT coalesce(max(used), 0) + 1 FROM answers))",
                (*facts, packed, len(packed)),
            )
            self._trim(store)

        self._write(change)

    def confirm(self, url: str, *, etag: str | None, retrieved_at: str) -> None:
        """Note that the registry has just said that an answer still holds."""
        self._write(
            lambda store: store.execute(
                "UPDATE answers SET retrieved_at = ?, etag = coalesce(?, etag),"
                " used = (SELECT max(used) + 1 FROM answers) WHERE url = ?",
                (retrieved_at, etag, url),
            )
        )

    def find_winner(self, origin: str) -> tuple[int, str, str] | None:
        """Return the connection that a registry let through last: rung, libraries, and when that was."""
        row: tuple[int, str, str] | None = self._row(
            "SELECT rung, libraries, remembered_at FROM connections WHERE origin = ?", origin
        )
        return row

    def save_winner(self, origin: str, rung: int, libraries: str, remembered_at: str) -> None:
        """Remember the connection that was let through."""
        self._write(
            lambda store: store.execute(
                "REPLACE INTO connections (origin, rung, libraries, remembered_at)"
                " VALUES (?, ?, ?, ?)",
                (origin, rung, libraries, remembered_at),
            )
        )

    def days(self) -> tuple[int, str | None, str | None]:
        """Return how many answers are kept, and the days of the oldest and of the newest."""
        row = self._row(
            "SELECT count(*), substr(min(retrieved_at), 1, 10), substr(max(retrieved_at), 1, 10)"
            " FROM answers"
        )
        return row or (0, None, None)

    def _row(self, statement: str, *values: object) -> Any:
        if self.problem is not None or not self._store.is_there:
            return None
        try:
            with self._store.reading() as store:
                return store.execute(statement, values).fetchone()
        except FAILURES as error:
            self.problem = reason_for(error)
            return None

    def _write(self, change: Callable[[sqlite3.Connection], object]) -> None:
        # After one failure nothing more is tried: a locked file would cost its time again and again.
        if self.problem is not None:
            return
        try:
            with self._store.writing() as store:
                change(store)
        except FAILURES as error:
            self.problem = reason_for(error)

    def _trim(self, store: sqlite3.Connection) -> None:
        """Delete the answers that were not used for the longest time when there is too much."""
        held = store.execute("SELECT sum(bytes) FROM answers").fetchone()[0]
        if held <= self._most_bytes:
            return
        for url, size in store.execute("SELECT url, bytes FROM answers ORDER BY used").fetchall():
            store.execute("DELETE FROM answers WHERE url = ?", (url,))
            held -= size
            if held <= self._most_bytes:
                return


class ConnectionMemory(AnswerStore):
    """Only the way of connecting: for those who keep what they need of an answer themselves."""

    def find(self, url: str) -> None:
        """Find nothing."""

    def find_body(self, url: str) -> None:
        """Find nothing."""

    def save(self, facts: Facts, body: bytes) -> None:
        """Keep nothing."""

    def confirm(self, url: str, *, etag: str | None, retrieved_at: str) -> None:
        """Keep nothing."""
