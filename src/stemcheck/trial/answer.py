"""The documents that stemcheck prints as JSON, and the parts they share."""

from datetime import UTC, datetime
from typing import Literal

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
    """A caution of the source document, in plain words, and why it stands here."""

    id: str
    text: str
    section: str
    why: str


class UnreadableRecord(Facts):
    """A record that came and could not be read."""

    nct_id: str | None
    reason: str


class Notice(Facts):
    """Something the reader of the answer has to know."""

    id: str
    text: str


class TrialsAnswer(Facts):
    """The answer to a search."""

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
