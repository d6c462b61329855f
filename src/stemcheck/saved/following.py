"""Stores saved searches, and the states of their studies from run to run.

A search has one run when it is saved, and one each time its changes are reported. A study has a version for
each of its states, from the run that first saw it to the run that saw it changed or gone. A run is saved
completely, in one transaction, or not at all. Later runs never change what was stored about a run.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from stemcheck.errors import StoreError
from stemcheck.saved.store import FAILURES, Store, reason_for
from stemcheck.words import words

_PATIENCE_SECONDS = 30.0
"""Saving a run of a large search takes a second or two, and other processes may be waiting."""
_NUMBERS_AT_ONCE = 500


class SearchRow(NamedTuple):
    """A saved search with its latest run."""

    id: int
    name: str
    filters: dict[str, Any]
    saved_at: str
    run: int
    told_at: str
    data_date: str | None
    studies: int
    runs: int


class RunFacts(NamedTuple):
    """The facts of a whole run."""

    told_at: str
    data_date: str | None
    studies: int


class KeptVersion(NamedTuple):
    """One compressed state of a study in one search. ``until`` is None for the latest."""

    nct_id: str
    search: str
    since: str
    until: str | None
    state: bytes
    first_run: int
    end_run: int | None


class Spool:
    """States that wait to be saved, on disk because there may be too many for the memory.

    The file has no name, and disappears when it is closed or the program ends.
    """

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute(
            "CREATE TABLE states (nct_id TEXT PRIMARY KEY, digest BLOB, state BLOB) WITHOUT ROWID"
        )
        self._rows.execute("BEGIN")

    def put(self, nct_id: str, digest: bytes, state: bytes) -> None:
        """Add a state. Raises StoreError if the disk is full."""
        try:
            self._rows.execute("REPLACE INTO states VALUES (?, ?, ?)", (nct_id, digest, state))
        except FAILURES as error:
            raise _not_kept(error) from error

    def __iter__(self) -> Iterator[tuple[str, bytes, bytes]]:
        """Yield number, digest and compressed state, sorted by number."""
        yield from self._rows.execute("SELECT nct_id, digest, state FROM states ORDER BY nct_id")

    def close(self) -> None:
        """Delete all states."""
        self._rows.close()


class Outcome(NamedTuple):
    """The result of a run, to be saved."""

    spool: Spool
    """The states that differ from those before."""
    begun: set[str]
    """Numbers of the studies whose state becomes a new version. The other states in the spool replace the one
    before: no fact of the record has changed."""
    ended: list[str]
    """Numbers of the studies that are gone."""
    told: list[str]
    """The reported changes, as JSON."""


class SearchStore:
    """The saved searches in one data folder. Every failure is a StoreError."""

    def __init__(self, folder: Path | None) -> None:
        if folder is None:
            raise StoreError(
                words("follow.saved.not_kept", reason=words("saved.store.no_home")),
                hint=words("follow.saved.not_kept_hint"),
            )
        self._store = Store(folder, patience_seconds=_PATIENCE_SECONDS)

    def searches(self) -> list[SearchRow]:
        """Return all saved searches, sorted by name."""
        return [
            SearchRow(row[0], row[1], json.loads(row[2]), *row[3:])
            for row in self._rows(
                "SELECT s.id, s.name, s.filters, s.saved_at, r.id, r.told_at, r.data_date, r.studies,"
                " (SELECT count(*) FROM runs WHERE search = s.id) FROM searches s JOIN runs r"
                " ON r.id = (SELECT max(id) FROM runs WHERE search = s.id) ORDER BY s.name"
            )
        ]

    def save(
        self, name: str, filters: dict[str, Any], facts: RunFacts, spool: Spool, *, replace: bool
    ) -> bool:
        """Save a search with its first run. Return False if another one already has the name."""
        with self._change() as store:
            old = store.execute("SELECT id FROM searches WHERE name = ?", (name,)).fetchone()
            if old and not replace:
                return False
            if old:
                _remove(store, old[0])
            search = store.execute(
                "INSERT INTO searches (name, filters, saved_at) VALUES (?, ?, ?)",
                (name, json.dumps(filters), facts.told_at),
            ).lastrowid
            run = _begin_run(store, search, facts)
            store.executemany(
                "INSERT INTO versions VALUES (?, ?, ?, NULL, ?, ?)",
                ((search, number, run, digest, state) for number, digest, state in spool),
            )
        return True

    def keep(self, search: SearchRow, facts: RunFacts, outcome: Outcome) -> bool:
        """Save a run after its report. Return False if another run was saved since ``search`` was read."""
        with self._change() as store:
            latest = store.execute(
                "SELECT max(id) FROM runs WHERE search = ?", (search.id,)
            ).fetchone()[0]
            if latest != search.run:
                return False
            run = _begin_run(store, search.id, facts)
            store.executemany(
                "UPDATE versions SET end_run = ? WHERE search = ? AND nct_id = ? AND end_run IS NULL",
                ((run, search.id, number) for number in (*outcome.ended, *outcome.begun)),
            )
            store.executemany(
                "INSERT INTO versions VALUES (?, ?, ?, NULL, ?, ?)",
                (
                    (search.id, number, run, digest, state)
                    for number, digest, state in outcome.spool
                    if number in outcome.begun
                ),
            )
            store.executemany(
                "UPDATE versions SET digest = ?, state = ?"
                " WHERE search = ? AND nct_id = ? AND end_run IS NULL",
                (
                    (digest, state, search.id, number)
                    for number, digest, state in outcome.spool
                    if number not in outcome.begun
                ),
            )
            store.executemany(
                "INSERT INTO told VALUES (?, ?, ?)",
                ((run, place, change) for place, change in enumerate(outcome.told)),
            )
        return True

    def remove(self, name: str) -> bool:
        """Delete a search with all its data. Return False if there is none with this name."""
        with self._change() as store:
            found = store.execute("SELECT id FROM searches WHERE name = ?", (name,)).fetchone()
            if found:
                _remove(store, found[0])
        return found is not None

    def runs(self, search: SearchRow) -> list[tuple[int, str]]:
        """Return the runs up to that of ``search``, latest first, each with its time (UTC)."""
        return self._rows(
            "SELECT id, told_at FROM runs WHERE search = ? AND id <= ? ORDER BY id DESC",
            search.id,
            search.run,
        )

    def digests(self, search: SearchRow, run: int) -> dict[str, bytes]:
        """Return, by number, the digests of the states that the studies had at a run."""
        return dict(self._rows(f"SELECT nct_id, digest {_AS_OF}", search.id, run, run))

    def states(
        self, search: SearchRow, run: int, numbers: Sequence[str]
    ) -> Iterator[tuple[str, bytes]]:
        """Yield the number and compressed state of some studies at a run."""
        for start in range(0, len(numbers), _NUMBERS_AT_ONCE):
            some = numbers[start : start + _NUMBERS_AT_ONCE]
            marks = ", ".join("?" * len(some))
            yield from self._rows(
                f"SELECT nct_id, state {_AS_OF} AND nct_id IN ({marks})",
                search.id, run, run, *some,
            )  # fmt: skip

    def told(self, search: SearchRow, most: int) -> list[tuple[str, str]]:
        """Return the time and JSON of the latest reported changes, latest run first."""
        return self._rows(
            "SELECT r.told_at, t.change FROM told t JOIN runs r ON r.id = t.run"
            " WHERE r.search = ? ORDER BY t.run DESC, t.place LIMIT ?",
            search.id,
            most,
        )

    def versions(self, number: str) -> list[KeptVersion]:
        """Return all saved states of a study, oldest first."""
        return [
            KeptVersion(*row)
            for row in self._rows(
                "SELECT v.nct_id, s.name, b.told_at, e.told_at, v.state, v.first_run, v.end_run"
                " FROM versions v"
                " JOIN searches s ON s.id = v.search JOIN runs b ON b.id = v.first_run"
                " LEFT JOIN runs e ON e.id = v.end_run WHERE v.nct_id = ?"
                " ORDER BY b.told_at, v.first_run, s.name",
                number,
            )
        ]

    def told_of(self, number: str) -> list[tuple[int, str]]:
        """Return the changes that were told of a study: in which run, and as JSON."""
        return self._rows(
            "SELECT run, change FROM told WHERE json_extract(change, '$.nct_id') = ?", number
        )

    def _rows(self, statement: str, *values: object) -> list[Any]:
        if not self._store.is_there:
            return []
        try:
            with self._store.reading() as store:
                return store.execute(statement, values).fetchall()
        except FAILURES as error:
            raise StoreError(
                words("follow.saved.unreadable_store", reason=reason_for(error)),
                hint=words("follow.saved.unreadable_store_hint"),
            ) from error

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._store.writing() as store:
                yield store
        except FAILURES as error:
            raise _not_kept(error) from error


_AS_OF = "FROM versions WHERE search = ? AND first_run <= ? AND (end_run IS NULL OR end_run > ?)"


def _not_kept(error: BaseException) -> StoreError:
    reason = reason_for(error)
    return StoreError(
        words("follow.saved.not_kept", reason=reason),
        hint=words("follow.saved.not_kept_hint"),
        facts={"reason": reason},
    )


def _begin_run(store: sqlite3.Connection, search: int | None, facts: RunFacts) -> int | None:
    return store.execute(
        "INSERT INTO runs (search, told_at, data_date, studies) VALUES (?, ?, ?, ?)",
        (search, *facts),
    ).lastrowid


def _remove(store: sqlite3.Connection, search: int) -> None:
    store.execute("DELETE FROM told WHERE run IN (SELECT id FROM runs WHERE search = ?)", (search,))
    for table, column in (("versions", "search"), ("runs", "search"), ("searches", "id")):
        store.execute(f"DELETE FROM {table} WHERE {column} = ?", (search,))  # noqa: S608
