"""Saved answers of the registry, for the question "still the same?", and for when it cannot be asked.

An answer counts as live only if the registry has just confirmed it by its ``ETag``; otherwise it is saved
data, with the date on which it came. Saving is a convenience: if anything is wrong with the file or the disk,
only the saved data are lost, and ``problem`` says why.
"""

import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from stemcheck.saved.store import FAILURES, Store, reason_for
from stemcheck.words import words

MOST_BYTES = 200 * 1024 * 1024
"""The most bytes of all bodies together, compressed. The least recently used are deleted first."""
MOST_BODY_BYTES = 64 * 1024 * 1024
"""The most bytes of one body, uncompressed: the limit of the registry's client."""


class KeptAnswer(NamedTuple):
    """The facts of one answer, without its body."""

    url: str
    etag: str | None
    retrieved_at: str
    """When it came or was last confirmed (UTC)."""
    data_date: str | None
    """The date of the registry's data, if known."""
    next_page_token: str | None
    """The token for the next page of the same search."""


Facts = tuple[str, str | None, str, str | None, str | None]


class AnswerStore:
    """The saved answers in one data folder, and the connection that worked. Its methods never raise."""

    def __init__(self, folder: Path | None, *, most_bytes: int = MOST_BYTES) -> None:
        """Without a ``folder``, nothing is saved."""
        self._store = Store(folder or Path())
        self._most_bytes = most_bytes
        self.problem: str | None = None if folder else words("saved.store.no_home")
        """Why something could not be saved or found, in a few words; None if all is well."""

    def find(self, url: str) -> KeptAnswer | None:
        """Return the facts of the last answer from an address, or None."""
        row = self._row(
            "SELECT url, etag, retrieved_at, data_date, next_page_token FROM answers WHERE url = ?",
            url,
        )
        return KeptAnswer(*row) if row else None

    def find_body(self, url: str) -> bytes | None:
        """Return the body of the last answer; None if there is none, or it is damaged."""
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
        """Save an answer in place of the one before. ``facts``: those of a `KeptAnswer`."""
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
        """Note that the registry has just confirmed a saved answer."""
        self._write(
            lambda store: store.execute(
                "UPDATE answers SET retrieved_at = ?, etag = coalesce(?, etag),"
                " used = (SELECT max(used) + 1 FROM answers) WHERE url = ?",
                (retrieved_at, etag, url),
            )
        )

    def find_winner(self, origin: str) -> tuple[int, str, str] | None:
        """Return the last connection that worked for a registry: rung, libraries, and when."""
        row: tuple[int, str, str] | None = self._row(
            "SELECT rung, libraries, remembered_at FROM connections WHERE origin = ?", origin
        )
        return row

    def save_winner(self, origin: str, rung: int, libraries: str, remembered_at: str) -> None:
        """Remember the connection that worked."""
        self._write(
            lambda store: store.execute(
                "REPLACE INTO connections (origin, rung, libraries, remembered_at)"
                " VALUES (?, ?, ?, ?)",
                (origin, rung, libraries, remembered_at),
            )
        )

    def days(self) -> tuple[int, str | None, str | None]:
        """Return how many answers are saved, and the dates of the oldest and the newest."""
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
        # After one failure, do not try again: a locked file would cause the same wait every time.
        if self.problem is not None:
            return
        try:
            with self._store.writing() as store:
                change(store)
        except FAILURES as error:
            self.problem = reason_for(error)

    def _trim(self, store: sqlite3.Connection) -> None:
        """Delete the least recently used answers if there are too many bytes."""
        held = store.execute("SELECT sum(bytes) FROM answers").fetchone()[0]
        if held <= self._most_bytes:
            return
        for url, size in store.execute("SELECT url, bytes FROM answers ORDER BY used").fetchall():
            store.execute("DELETE FROM answers WHERE url = ?", (url,))
            held -= size
            if held <= self._most_bytes:
                return


class ConnectionMemory(AnswerStore):
    """Saves only the connection that worked, for callers who save answers in their own way."""

    def find(self, url: str) -> None:
        """Return None: no answers are saved."""

    def find_body(self, url: str) -> None:
        """Return None: no answers are saved."""

    def save(self, facts: Facts, body: bytes) -> None:
        """Do nothing: no answers are saved."""

    def confirm(self, url: str, *, etag: str | None, retrieved_at: str) -> None:
        """Do nothing: no answers are saved."""
