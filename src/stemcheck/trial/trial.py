"""A trial as stemcheck shows it: the registry's facts, our reading of it, and what to keep in mind.

Field words are ClinicalTrials.gov's own where it has them. A missing value is ``None`` or an empty list and
means that the record does not say; it never means "no". Enum values that the registry may add later are
kept as they are, so these fields are strings. Dates keep the precision of the record: ``2021-05`` stays
``2021-05``.
"""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from stemcheck.trial.reading import Reading


class Facts(BaseModel):
    """The shared manner of all models here: values, unchanging, no unknown keys.

    A model's validator is built when it is first used: one command needs a few of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Status(Facts):
    """Where the study stands, as its sponsor last said."""

    value: str | None
    label: str
    meaning: str = ""
    """What the status means for somebody who wants to join, in plain words."""
    last_known: str | None = None
    """The status before the registry set ``UNKNOWN``."""
    verified_on: str | None = None
    """When the sponsor last confirmed the record (``statusVerifiedDate``)."""
    why_stopped: str | None = None
    as_of: str | None = None
    """Saved data only: the day on which this was the status (``2022-10-13``). None: it is today's."""
    open_to_new_participants: bool | None
    """Whether the overall status lets new people ask to take part: today, or on the day ``as_of``. None: it
    does not settle that (unknown, withheld, missing, or a word that is new)."""


class Intervention(Facts):
    """What is given or done in the study."""

    type: str | None
    name: str


class Sponsor(Facts):
    """The organisation that answers for the study, with the registry's class for it."""

    name: str
    class_: str | None

    model_config = ConfigDict(
        alias_generator=lambda name: name.rstrip("_"),
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )


class Enrollment(Facts):
    """How many people take part; ``type`` says whether counted (ACTUAL) or planned (ESTIMATED)."""

    count: int | None
    type: str | None


class Dates(Facts):
    """The record's dates, as precise as it gives them."""

    start: str | None = None
    primary_completion: str | None = None
    completion: str | None = None
    first_submitted: str | None = None
    last_update_posted: str | None = None
    results_posted: str | None = None


class Sites(Facts):
    """How many places take part. ``recruiting`` is None when the record gives no site its own status."""

    total: int
    recruiting: int | None


class Eligibility(Facts):
    """Who may take part, as far as the registry keeps it in fields."""

    sex: str | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    """None is not "no limit" said by the record: the registry leaves it out when there is none."""
    healthy_volunteers: bool | None = None


class Oversight(Facts):
    """The sponsor's own ticks. None: the record does not say."""

    fda_regulated_drug: bool | None = None
    fda_regulated_device: bool | None = None
    data_monitoring_committee: bool | None = None


class Design(Facts):
    """How the study is built."""

    allocation: str | None = None
    intervention_model: str | None = None
    masking: str | None = None
    primary_purpose: str | None = None
    observational_model: str | None = None
    time_perspective: str | None = None
    arms: int | None = None
    control_arms: int | None = None
    """Arms registered as placebo, sham, active comparator or no intervention."""


class Nearest(Facts):
    """The site that is nearest to the place asked for: one open there, if any lies near enough."""

    facility: str | None
    city: str | None
    country: str | None
    status: str | None
    """Of the site itself; of the study, where the record gives the site none."""
    distance_km: float
    placed_by: Literal["position", "city"]
    """``city``: the record gives no position, so the site was placed by its city and country."""


class Signal(Facts):
    """A neutral fact of the record that a careful reader looks at, with the field that says so."""

    id: str
    text: str
    field: str
    value: str
    quote: str | None
    """The record's own words, where the field is text."""


STUDY_URL: Final = "https://clinicaltrials.gov/study/"
"""Where the registry shows a study to people: this and its number."""


class Trial(Facts):
    """One study of the registry."""

    nct_id: str
    aliases: tuple[str, ...] = ()
    """Older numbers of the same study."""
    url: str
    brief_title: str | None
    official_title: str | None
    acronym: str | None
    status: Status
    study_type: str | None
    phases: tuple[str, ...] = ()
    """Empty: the record gives none. ``NA``: the record says that phases do not apply."""
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    sponsor: Sponsor | None
    collaborators: tuple[Sponsor, ...] = ()
    enrollment: Enrollment | None
    dates: Dates
    countries: tuple[str, ...] = ()
    sites: Sites
    nearest: Nearest | None = None
    """Only where a place was asked for (``--near``)."""
    eligibility: Eligibility
    oversight: Oversight
    design: Design
    has_results: bool | None
    reading: Reading | None = None
    signals: tuple[Signal, ...] = ()
    cautions: tuple[str, ...] = ()
    """Ids of the cautions that apply; their text stands in the answer's ``cautions``."""
