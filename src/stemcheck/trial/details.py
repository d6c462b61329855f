"""What only the long form of a trial shows: places, papers, documents, the FDA's notices, criteria.

Contacts and investigators are personal data and are not here at all.
"""

from typing import Literal

from pydantic import Field

from stemcheck.trial.account import Account
from stemcheck.trial.answer import AppliedCaution, Notice, OfTrials, Source, UnreadableRecord
from stemcheck.trial.protocol import (
    Arm,
    DesignInFull,
    EligibilityInFull,
    InterventionInFull,
    Outcomes,
    Publication,
)
from stemcheck.trial.results import Results
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


class Paper(Facts):
    """A paper linked to the record, in short. ``publications`` of the trial tells more of each."""

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
    detailed_description: str | None = None
    eligibility_criteria: str | None = None
    locations: tuple[Site, ...] = ()
    publications: tuple[Paper, ...] = ()
    documents: tuple[PostedDocument, ...] = ()
    fda_notices: tuple[FdaNotice, ...] = ()
    fdaaa801_violation: bool | None = None
    results_first_submitted: str | None = None
    results_submitted_not_posted: bool = False
    """Results were sent to the registry and are not public yet (``unpostedAnnotation``)."""
    expanded_access_nct_id: str | None = None
    has_expanded_access: bool | None = None
    ipd_sharing: str | None = None


class LongForm(Facts):
    """What a record says beyond the list of trials; `stemcheck show` puts it into the trial."""

    interventions: tuple[InterventionInFull, ...] = ()
    arms: tuple[Arm, ...] = ()
    outcomes: Outcomes = Outcomes()
    results: Results | None = None
    publications: tuple[Publication, ...] = ()
    population: str | None = None
    """Observational studies: whom the people are taken from."""
    sampling: str | None = None
    intervention_model_description: str | None = None
    masking_description: str | None = None
    who_is_masked: tuple[str, ...] = ()
    target_duration: str | None = None


class DetailedTrial(Trial):
    """A trial in full, as `stemcheck show` gives it."""

    interventions: tuple[InterventionInFull, ...] = ()
    eligibility: EligibilityInFull
    design: DesignInFull
    arms: tuple[Arm, ...] | None = None
    """None: these data (the built-in sample) do not hold them; empty: the record names none."""
    outcomes: Outcomes | None = None
    """What the study set out to measure. None: these data do not hold it."""
    results: Results | None = None
    """The results posted on the record. None: there are none; where ``has_results``: not in these data."""
    publications: tuple[Publication, ...] | None = None
    """None: these data do not hold them; empty: the record names none."""
    details: Details


class StepOfReading(Facts):
    """One rule's decision about some words of a record."""

    nct_id: str
    claim: str
    """``product``, ``tissue``, ``donor`` or ``route``."""
    value: str
    """One value of the claim's enum."""
    decision: Literal["took", "refused"]
    why: str
    """The reason, in words."""
    rule: str
    """File and key of the vocabulary, as in ``cells.toml cell.mesenchymal.names``."""
    field: str
    """Where the words stand, in the registry's own path words."""
    quote: str
    """Verbatim words of the record."""


class ShowAnswer(OfTrials):
    """One or more trials in full. It iterates over them."""

    schema_: Literal["stemcheck.show/1"] = Field("stemcheck.show/1", alias="schema")
    source: Source
    trials: tuple[DetailedTrial, ...]
    cautions: tuple[AppliedCaution, ...]
    missing: tuple[str, ...] = ()
    """Numbers that the registry does not have."""
    unreadable: tuple[UnreadableRecord, ...] = ()
    notices: tuple[Notice, ...] = ()
    explain: Account | None = None
    """How the answer came about, where that was asked for."""
    why: tuple[StepOfReading, ...] | None = None
    """Which rule took or refused which words, with ``--why``; empty where the words are not at hand."""
