"""What came of a study, as its sponsor posted it: who finished, what was measured, what harm was seen.

Every number and word is the registry's own, in the record's order; nothing is reckoned or judged here.
``None`` means that the record does not give the number, and never nought. What was measured stays text,
because the registry keeps it as text: ``"NA"``, ``"<0.1"`` and ``"12.50"`` are what was posted.
"""

from stemcheck.trial.trial import Facts


class Group(Facts):
    """One of the groups that a part of the results is told by. Each part has groups of its own."""

    id: str | None
    """The registry's name for it within its part, as in ``OG000``."""
    title: str | None
    description: str | None = None


class NamedCount(Facts):
    """So many people at one step of the study, or who left for one reason."""

    name: str | None
    """The step or the reason, in the record's words."""
    count: int | None


class Progress(Facts):
    """How one group went through one period."""

    id: str | None
    """The group of ``participants.groups``."""
    title: str | None
    began: int | None
    """People who started the period (``STARTED``)."""
    finished: int | None
    """People who completed the period (``COMPLETED``)."""
    did_not_finish: int | None
    """People who started the period and did not complete it (``NOT COMPLETED``)."""
    steps: tuple[NamedCount, ...] = ()
    """What else the record counts in this period, as in "Received study drug"."""
    left: tuple[NamedCount, ...] = ()
    """Why people did not complete the period, and how many."""


class Period(Facts):
    """One stage of the study. Most studies have one, called "Overall Study"."""

    title: str | None
    groups: tuple[Progress, ...]


class Participants(Facts):
    """How people went through the study: who began, who finished, and why others did not."""

    recruitment: str | None
    """Where and when people were found, in the record's words."""
    before_assignment: str | None
    """What happened between enrolment and assignment to a group, in the record's words."""
    groups: tuple[Group, ...]
    periods: tuple[Period, ...]


class Analysed(Facts):
    """How many people, samples or eyes of a group an outcome was measured on."""

    id: str | None
    """The group of the outcome."""
    units: str | None
    """What was counted: mostly ``Participants``."""
    count: int | None


class Measurement(Facts):
    """One number of an outcome, for one group."""

    id: str | None
    """The group of the outcome."""
    group: str | None
    """The title of that group."""
    row: str | None
    """What the number is of, where an outcome has several: a visit, a question, a dose."""
    category: str | None
    """The answer that was counted, where there are several, as in "Yes" and "No"."""
    value: str | None
    """None: the record names the group here and gives no number."""
    spread: str | None = None
    """How far the numbers lie apart, of the outcome's kind of spread."""
    lower: str | None = None
    """Where the range or interval begins."""
    upper: str | None = None
    """Where the range or interval ends."""
    analysed: int | None = None
    """How many the number is of, in this row; where the row does not say, in the whole outcome."""
    comment: str | None = None


class Comparison(Facts):
    """One statistical test that the sponsor posted, as posted."""

    groups: tuple[str, ...]
    """Ids of the groups compared."""
    method: str | None
    p_value: str | None
    estimate: str | None
    """What was estimated, as in "Mean Difference (Final Values)"."""
    value: str | None
    interval_percent: str | None
    """The confidence level of the interval, as in ``95``."""
    lower: str | None
    upper: str | None
    kind: str | None
    """Whether a difference was sought or excluded, as in ``SUPERIORITY`` or ``NON_INFERIORITY``."""
    comment: str | None
    """What the sponsor says of the comparison."""


class MeasuredOutcome(Facts):
    """One outcome with its numbers."""

    type: str | None
    """``PRIMARY``, ``SECONDARY``, ``OTHER_PRE_SPECIFIED`` or ``POST_HOC``."""
    title: str | None
    description: str | None
    time_frame: str | None
    population: str | None
    """Who was analysed, in the record's words."""
    status: str | None
    """``POSTED``, or ``NOT_POSTED`` for an outcome whose numbers are still to come."""
    expected: str | None
    """When numbers that are not posted yet are to come."""
    measure: str | None
    """What kind of number it is, as in ``MEAN`` or ``COUNT_OF_PARTICIPANTS``."""
    spread_kind: str | None
    """What ``spread``, ``lower`` and ``upper`` are, as in ``Standard Deviation``."""
    unit: str | None
    groups: tuple[Group, ...]
    analysed: tuple[Analysed, ...]
    measurements: tuple[Measurement, ...]
    comparisons: tuple[Comparison, ...]


class EventGroup(Group):
    """How many people of one group died or had an adverse event, and out of how many."""

    deaths: int | None
    """People who died of any cause. The record of an older study does not give this."""
    deaths_at_risk: int | None
    serious_affected: int | None
    """People with at least one serious adverse event."""
    serious_at_risk: int | None
    other_affected: int | None
    """People with at least one other adverse event above the record's threshold."""
    other_at_risk: int | None


class EventCount(Facts):
    """How often one adverse event was seen in one group."""

    id: str | None
    """The group of ``adverse_events.groups``."""
    group: str | None
    """The title of that group."""
    affected: int | None
    """How many people had it."""
    at_risk: int | None
    """Out of how many."""
    events: int | None
    """How often it happened; one person can have it more than once."""


class AdverseEvent(Facts):
    """One kind of adverse event, group by group."""

    term: str | None
    organ_system: str | None
    assessment: str | None
    """``SYSTEMATIC_ASSESSMENT``: people were asked or examined for it. Otherwise it was reported."""
    notes: str | None
    groups: tuple[EventCount, ...]


class AdverseEvents(Facts):
    """The harms that were seen. Whether the treatment caused them is not said."""

    time_frame: str | None
    """For how long harms were collected."""
    description: str | None
    threshold_percent: str | None
    """Other events are listed when more than this share of a group had them. Serious ones always are."""
    deaths_comment: str | None
    groups: tuple[EventGroup, ...]
    serious: tuple[AdverseEvent, ...]
    other: tuple[AdverseEvent, ...]


class Results(Facts):
    """The results that the sponsor posted on the record."""

    participants: Participants | None
    outcomes: tuple[MeasuredOutcome, ...]
    adverse_events: AdverseEvents | None
    limitations: str | None
    """Limitations and caveats, in the sponsor's words."""
    unread: tuple[str, ...] = ()
    """Parts that were there and could not be read, by path; at most twenty are named."""
