"""The documents that stemcheck prints as JSON, and the parts they share."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import Field

from stemcheck.trial.account import Account
from stemcheck.trial.evidence import Evidence
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.trial import Facts, Trial
from stemcheck.words import words

SourceKind = Literal["live", "saved", "sample", "file"]


class Request(Facts):
    """The exact question to the registry, and the same search as a page for a browser."""

    url: str | None
    web_url: str | None


class Source(Facts):
    """Where an answer comes from, and of when it is."""

    kind: SourceKind
    registry: str
    data_timestamp: str | None = None
    """When the registry last refreshed the data, as it says itself (UTC)."""
    retrieved_at: str | None = None
    """When the answer was fetched (UTC). None for a file: when that was made says nothing of its data."""
    why_not_live: str | None = None
    """Why saved data answered, when the registry was to be asked."""

    @property
    def saved_day(self) -> str | None:
        """The day of which saved data and files speak. None: this answer speaks of today."""
        if self.kind == "live":
            return None
        day = (self.data_timestamp or self.retrieved_at or "").partition("T")[0]
        if self.kind == "file" and day == f"{datetime.now(UTC):%Y-%m-%d}":
            return None
        return day or words("dates.unknown")

    def as_of_trial(self, trial: Trial) -> str | None:
        """Return the date of one trial of this answer: records of a file have a day each."""
        return trial.status.as_of if self.kind == "file" else self.as_of

    @property
    def as_of(self) -> str | None:
        """The best date that an answer has: that of the registry's data, else that of the asking."""
        return self.data_timestamp or self.retrieved_at


class Counts(Facts):
    """What became of every record: ``shown`` + ``left_out`` + ``unreadable`` = ``fetched``."""

    registry_total: int | None
    """How many studies the registry says match. None: it was not asked or did not say."""
    fetched: int
    shown: int
    left_out: dict[str, int] = Field(default_factory=dict)
    unreadable: int = 0
    complete: bool
    """Every page was read, and as many studies came as the registry had announced."""


class AppliedCaution(Facts):
    """A caution, in plain words, and why it stands here."""

    id: str
    text: str
    section: str
    """The heading of the source document that it belongs under."""
    why: str
    ours: bool
    """It is an addition of ours: the source document does not say it."""


class UnreadableRecord(Facts):
    """A record that came and could not be read."""

    nct_id: str | None
    reason: str


class Notice(Facts):
    """Something the reader of the answer has to know."""

    id: str
    text: str


class OfTrials(Facts):
    """An answer that holds trials: iterate over it, ask for its length, or take it as rows."""

    @property
    def _held(self) -> "tuple[Trial, ...]":
        held: tuple[Trial, ...] = self.__dict__["trials"]
        return held

    @property
    def _origin(self) -> Source:
        origin: Source = self.__dict__["source"]
        return origin

    def __iter__(self) -> Iterator[Trial]:  # type: ignore[override]
        """Iterate over the trials."""
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __bool__(self) -> bool:
        """Return true: an answer without trials is an answer, too. Ask for its length."""
        return True

    def __repr__(self) -> str:
        source = self._origin
        held = ", ".join([f"{len(self)} trials", source.kind, f"as of {source.as_of}"])
        return f"<{type(self).__name__}: {held}>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """Return a table for a notebook: number, status, title, what is given and how."""
        from html import escape

        rows = "".join(
            f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
            for cells in map(_cells_of, self._held)
        )
        caption = escape(f"{self!r}"[1:-1])
        return f"<table><caption>{caption}</caption>{rows}</table>"

    def rows(self) -> list[dict[str, Any]]:
        """Return one flat row a trial, with the columns of the CSV.

        Values keep their kind: None where the record does not say, lists of texts, numbers, true and false.
        """
        from stemcheck.trial.columns import COLUMNS

        source = self._origin
        return [
            {name: _plain(value(trial, source)) for name, value in COLUMNS.items()}
            for trial in self._held
        ]

    def to_frame(self) -> Any:
        """Return the rows as a `pandas.DataFrame`; raises ImportError where pandas is not installed."""
        import pandas as pd

        from stemcheck.trial.columns import COLUMNS

        return pd.DataFrame(self.rows(), columns=list(COLUMNS))


def _cells_of(trial: Trial) -> tuple[str, ...]:
    reading = trial.reading
    given = ", ".join(reading.products) if reading else ""
    how = ", ".join(reading.routes) if reading else ""
    return (trial.nct_id, trial.status.label, trial.brief_title or "", given, how)


def _plain(value: object) -> object:
    """Return a value without our own classes: enums as texts, tuples as lists."""
    if isinstance(value, (tuple, list)):
        return [str(each) for each in value]
    return str(value) if isinstance(value, str) else value


class TrialsAnswer(OfTrials):
    """The answer to a search. It iterates over its trials."""

    schema_: Literal["stemcheck.trials/1"] = Field("stemcheck.trials/1", alias="schema")
    query: TrialQuery
    request: Request
    source: Source
    counts: Counts
    trials: tuple[Trial, ...]
    cautions: tuple[AppliedCaution, ...]
    unreadable: tuple[UnreadableRecord, ...] = ()
    notices: tuple[Notice, ...] = ()
    explain: Account | None = None
    """How the answer came about, where that was asked for."""
    evidence: Evidence | None = None
    """What the registry shows so far, where that was asked for."""
