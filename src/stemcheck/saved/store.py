"""The one file with all saved data, ``stemcheck.sqlite3`` in the data folder, readable by its owner only.

It is opened for each use and closed again, so that any process may use it at any time. To save a new kind of
data, add a step to `MIGRATIONS`.
"""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from stemcheck.saved import STORE_FILE
from stemcheck.words import entry_of, words

PATIENCE_SECONDS = 1.0
"""How long to wait for another process that is writing."""
_MOST_JOURNAL_BYTES = 16 * 1024 * 1024

MIGRATIONS = (
    """
    CREATE TABLE answers (
        url TEXT PRIMARY KEY,
        etag TEXT,
        retrieved_at TEXT NOT NULL,
        data_date TEXT,
        next_page_token TEXT,
        body BLOB NOT NULL,
        bytes INTEGER NOT NULL,
        used INTEGER NOT NULL
    );
    CREATE INDEX answers_by_use ON answers (used, bytes);
    CREATE TABLE connections (
        origin TEXT PRIMARY KEY,
        rung INTEGER NOT NULL,
        libraries TEXT NOT NULL,
        remembered_at TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE searches (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        filters TEXT NOT NULL,
        saved_at TEXT NOT NULL
    );
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        search INTEGER NOT NULL,
        told_at TEXT NOT NULL,
        data_date TEXT,
        studies INTEGER NOT NULL
    );
    CREATE INDEX runs_by_search ON runs (search);
    CREATE TABLE versions (
        search INTEGER NOT NULL,
        nct_id TEXT NOT NULL,
        first_run INTEGER NOT NULL,
        end_run INTEGER,
        digest BLOB NOT NULL,
        state BLOB NOT NULL
    );
    CREATE UNIQUE INDEX versions_in_short ON versions (search, nct_id, first_run, end_run, digest);
    CREATE INDEX versions_by_study ON versions (nct_id);
    CREATE TABLE told (
        run INTEGER NOT NULL,
        place INTEGER NOT NULL,
        change TEXT NOT NULL,
        PRIMARY KEY (run, place)
    );
    """,
    """
    UPDATE answers SET retrieved_at = replace(retrieved_at, '+00:00', 'Z');
    """,
)
"""The structure of the file, one step per version (``user_version``). A step never changes; add a new one."""

FAILURES = (OSError, sqlite3.Error)
"""The errors of using the store."""


class UnusableError(OSError):
    """The file exists but cannot be used."""


class Store:
    """The file in one data folder."""

    def __init__(self, folder: Path, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._path = folder / STORE_FILE
        self._patience_seconds = patience_seconds

    @property
    def is_there(self) -> bool:
        """Whether anything has been saved."""
        with suppress(OSError):
            return self._path.exists()
        return False

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection for reading. Raises one of `FAILURES` if the file is missing or unreadable."""
        self._check_kind()
        try:
            with closing(self._connect("rw")) as connection:
                yield connection
        except sqlite3.OperationalError:
            if os.access(self._path, os.W_OK) and os.access(self._path.parent, os.W_OK):
                raise
            # On a read-only disk, SQLite must be told that nobody else writes either.
            with closing(self._connect("ro&immutable=1")) as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection for one transaction, saved completely or not at all. Raises one of `FAILURES`."""
        if not self.is_there:
            self._create()
        self._check_kind()
        with closing(self._connect("rw")) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def _connect(self, mode: str) -> sqlite3.Connection:
        address = f"{self._path.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(
            address, uri=True, timeout=self._patience_seconds, isolation_level=None
        )
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > len(MIGRATIONS):
                raise UnusableError(words("saved.store.newer"))  # noqa: TRY301
            if mode == "rw":
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute(f"PRAGMA journal_size_limit = {_MOST_JOURNAL_BYTES}")
                if version < len(MIGRATIONS):
                    _migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _check_kind(self) -> None:
        """Raise OSError if this is not a regular file: opening a pipe would wait for its other end."""
        if not stat.S_ISREG(self._path.stat().st_mode):
            raise UnusableError(words("saved.store.no_file"))

    def _create(self) -> None:
        _make_private_folder(self._path.parent)
        os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
        _remove_what_version_0_1_kept(self._path.parent)


def reason_for(error: BaseException) -> str:
    """Return in a few words why the store could not be used."""
    name = getattr(error, "sqlite_errorname", None) or ""
    known = entry_of("saved.store.sqlite")
    # Drop the details of codes such as SQLITE_IOERR_WRITE.
    family = "_".join(name.split("_")[:2])
    if family in known:
        return str(known[family])
    return str(getattr(error, "strerror", None) or str(error) or type(error).__name__)


def _migrate(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have migrated it meanwhile.
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        for number, step in enumerate(MIGRATIONS[version:], start=version + 1):
            for statement in filter(str.strip, step.split(";")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _make_private_folder(folder: Path) -> None:
    """Make a folder and its missing parents, for the owner only (0700). Raises OSError."""
    if not folder.is_dir():
        _make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _remove_what_version_0_1_kept(folder: Path) -> None:
    """Delete the answers that version 0.1 saved as separate files: nothing reads them any more."""
    with suppress(OSError):
        for path in (folder / "answers").glob("*.answer"):
            path.unlink()
        (folder / "answers").rmdir()
    with suppress(OSError):
        (folder / "connection.json").unlink()
