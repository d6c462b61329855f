"""What changed since: the documents of `save`, `saved`, `changes` and `history`."""

from enum import StrEnum
from typing import Any, Literal, NamedTuple

from pydantic import Field

from stemcheck.trial.answer import Notice, Source
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.trial import Facts


class Kind(StrEnum):
    """What can change about a study, the gravest first."""

    GONE = "gone"
    STATUS = "status"
    PAY = "pay"
    READING = "reading"
    NEW = "new"
    SITES = "sites"
    RESULTS = "results"
    ENROLLMENT = "enrollment"
    DATES = "dates"
    ELIGIBILITY = "eligibility"
    PUBLICATIONS = "publications"


class Announced(NamedTuple):
    """A date that a record announces."""

    nct_id: str
    title: str | None
    name: str
    """``start``, ``primary_completion`` or ``completion``."""
    written: str
    """As precise as the record has it."""


class FieldChange(Facts):
    """One field that reads otherwise than before; null: the record does not say."""

    field: str
    """Its place in a trial, as in ``status.value``."""
    before: Any
    """What the field said. Null: the record did not say."""
    after: Any
    """What it says now. Null: the record does not say."""


class Change(Facts):
    """One kind of change of one study. A study that vanished has ``gone`` alone."""

    nct_id: str
    kind: Kind
    field: str | None
    """The first field of this kind that changed. ``gone``: ``answer`` or ``registry``, by which of them no
    longer holds the study; null for files, where nobody is asked. ``new``: null."""
    before: Any
    """What the field said. ``gone``: the last known status."""
    after: Any
    """What it says now. ``new``: the status. ``gone`` from the answer: why it is left out, as in
    ``counts.left_out`` of a search, or null where only the registry's own search can tell; from the registry:
    the number under which it is listed now, or null."""
    since: str | None
    """When what is compared with was told (UTC). Null for files that do not say."""
    search: str | None = None
    """The saved search it belongs to. Null for files."""
    title: str | None = None
    text: str
    """The change as a sentence."""
    also: tuple[FieldChange, ...] = ()
    """Further fields of the same kind that changed with it."""


class Apart(Facts):
    """What looks otherwise than before although the record did not change."""

    nct_id: str
    why: Literal["rules", "calendar"]
    """``rules``: newer rules read the same words otherwise. ``calendar``: time went by."""
    field: str
    before: Any
    """What the field said."""
    after: Any
    """What it says now."""
    search: str | None = None
    """The saved search it belongs to. Null for files."""
    title: str | None = None
    text: str


class Compared(Facts):
    """Two states of one search, or two files, that were held against each other."""

    name: str | None
    """Of the saved search. Null for files."""
    query: TrialQuery | None
    since: str | None
    """When the earlier state was told (UTC)."""
    source: Source
    """Where the later state comes from."""
    studies_before: int
    """How many studies the earlier state holds."""
    studies_now: int
    """How many the later one holds."""
    changed: int
    """How many studies have a change."""
    unreadable: tuple[str, ...] = ()
    """Numbers of records that could not be read today: of these the earlier state stays."""


class ChangesAnswer(Facts):
    """What changed since."""

    schema_: Literal["stemcheck.changes/1"] = Field("stemcheck.changes/1", alias="schema")
    searches: tuple[Compared, ...]
    """What was compared: saved searches, or the two files."""
    changes: tuple[Change, ...]
    """The gravest first."""
    apart: tuple[Apart, ...] = ()
    """What looks otherwise although no record changed."""
    notices: tuple[Notice, ...] = ()


class SavedSearch(Facts):
    """A search that is kept, to be asked again."""

    name: str
    filters: dict[str, Any]
    """As they were typed, by the name of the filter."""
    saved_at: str
    """When it was saved (UTC)."""
    told_at: str
    """When its changes were last told, and its state kept (UTC)."""
    data_timestamp: str | None
    """Of when the registry's data were. Null: it did not say."""
    studies: int
    """How many studies its kept state holds."""
    runs: int
    """How many times it was asked."""


class SavedAnswer(Facts):
    """The searches that are kept."""

    schema_: Literal["stemcheck.saved/1"] = Field("stemcheck.saved/1", alias="schema")
    searches: tuple[SavedSearch, ...]
    """By name."""
    removed: tuple[str, ...] = ()
    """Names of searches that this command removed."""


class Version(Facts):
    """A record as it stood from one run until another."""

    since: str
    """When it was first seen so (UTC)."""
    until: str | None
    """Null: it stands so by the latest run."""
    searches: tuple[str, ...]
    """The saved searches that saw it."""
    facts: dict[str, Any]
    """What is compared, by its place in a trial."""


class RecordHistory(Facts):
    """What is kept of one record."""

    nct_id: str
    title: str | None
    versions: tuple[Version, ...]
    """The oldest first."""
    changes: tuple[Change, ...]
    """From each version to the next; ``since`` is when the later one was seen first."""


class HistoryAnswer(Facts):
    """The versions of some records, as the store holds them. The registry's own history is not asked."""

    schema_: Literal["stemcheck.history/1"] = Field("stemcheck.history/1", alias="schema")
    trials: tuple[RecordHistory, ...]
    missing: tuple[str, ...] = ()
    """Numbers of which nothing is kept."""
