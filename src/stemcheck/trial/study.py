"""A study as it comes from a source: what is known of it before it has been read.

``Study`` carries the facts and the words side by side, so that each room takes what it needs:
`stemcheck.reading` the text, `stemcheck.guidance` both, `stemcheck.output` the trial.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from stemcheck.trial.text import RecordText
from stemcheck.trial.trial import Trial

if TYPE_CHECKING:
    from stemcheck.trial.details import Details, LongForm
    from stemcheck.trial.protocol import Publication


class Study(NamedTuple):
    """A study with its facts, its words and its details."""

    trial: Trial
    """Facts only: no reading, no signals, no cautions yet."""
    text: RecordText
    details: "Details | None" = None
    """Only where they were asked for: a search does not need them."""
    long_form: "LongForm | None" = None
    """Arms, outcomes, results and papers; only where they were asked for."""
    papers: "tuple[Publication, ...] | None" = None
    """The papers that the record names; None: they were not asked for."""
    condition_terms: tuple[str, ...] = ()
    """The registry's MeSH terms for the conditions, for searching saved data; never shown."""
    data_date: str | None = None
    """The day of the registry's data from which this record comes (``versionHolder``)."""


class Unreadable(NamedTuple):
    """A record that could not be read: a value that travels the same pipe as a study."""

    nct_id: str | None
    reason: str
    facts: Mapping[str, Any] = MappingProxyType({})


class Missing(NamedTuple):
    """A trial asked for by number that the registry does not have: an answer, not a failure."""

    nct_id: str


class StudyPage(NamedTuple):
    """One page of a source's answer."""

    items: Iterator[Study | Unreadable]
    """Each is translated when it is its turn, and can then be let go: to be used once."""
    url: str
    """The request as sent."""
    total: int | None
    """How many studies match, as the source announced with its first page; None when it did not."""
    is_last: bool
