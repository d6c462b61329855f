"""What only the long form of a trial shows: places, papers, documents, the FDA's notices, criteria.

Contacts and investigators are personal data and are not here at all.
"""

from typing import Literal

from pydantic import Field

from stemcheck.trial.answer import AppliedCaution, Notice, Source, UnreadableRecord
from stemcheck.trial.trial import Facts, Trial


class Site(Facts):
    """One place where the study runs, with its own status where the record gives one."""

    facility: str | None
    city: str | None
    state: str | None
    country: str | None
    status: str | None
    latitude: float | None = None
    longitude: float | None = None


class Publication(Facts):
    """A paper linked to the record. ``RESULT``: the sponsor says that it reports results."""

    pmid: str | None
    type: str | None
    citation: str | None


class PostedDocument(Facts):
    """A protocol, analysis plan or consent form that the sponsor posted."""

    label: str
    date: str | None
    url: str | None


class FdaNotice(Facts):
    """One event of the FDA's notices of noncompliance (FDAAA 801), in the registry's own words."""

    type: str | None
    description: str | None
    issued_on: str | None
    posted_on: str | None


class Details(Facts):
    """Everything of a record that the list of trials leaves out."""

    brief_summary: str | None = None
    eligibility_criteria: str | None = None
    locations: tuple[Site, ...] = ()
    publications: tuple[Publication, ...] = ()
    documents: tuple[PostedDocument, ...] = ()
    fda_notices: tuple[FdaNotice, ...] = ()
    fdaaa801_violation: bool | None = None
    results_first_submitted: str | None = None
    results_submitted_not_posted: bool = False
    """Results were sent to the registry and are not public yet (``unpostedAnnotation``)."""
    expanded_access_nct_id: str | None = None
    has_expanded_access: bool | None = None
    ipd_sharing: str | None = None


class DetailedTrial(Trial):
    """A trial in full, as `stemcheck show` gives it."""

    details: Details


class ShowAnswer(Facts):
    """One or more trials in full."""

    schema_: Literal["stemcheck.show/1"] = Field("stemcheck.show/1", alias="schema")
    source: Source
    trials: tuple[DetailedTrial, ...]
    cautions: tuple[AppliedCaution, ...]
    missing: tuple[str, ...] = ()
    """Numbers that the registry does not have."""
    unreadable: tuple[UnreadableRecord, ...] = ()
    notices: tuple[Notice, ...] = ()
