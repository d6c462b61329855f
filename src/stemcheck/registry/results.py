"""Reads the results section of a record and translates it into our words.

The section holds many thousand numbers typed by hand. They are copied as they are; nothing is calculated. One
broken value is no reason to withhold the others, so nothing here raises: a value of the wrong type counts as
missing, and its path is noted in ``unread``, so that the answer can say what it could not read.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Self

from stemcheck.trial import results

MOST_NOTED: Final = 20
"""The most paths to note for one record: enough to find the fault."""
LONGEST_NUMBER: Final = 18
"""The most digits in a whole number: a longer one does not count people."""


class Part:
    """An object of the record's JSON, with its path and notes on values that could not be read.

    A missing object, or a value of another type, becomes an empty object.
    """

    def __init__(self, value: object, path: str, unread: list[str] | None = None) -> None:
        self.path = path
        self.unread: list[str] = [] if unread is None else unread
        """The noted paths, shared by all parts of one record."""
        self.is_given = isinstance(value, Mapping) and bool(value)
        if value is not None and not isinstance(value, Mapping):
            self.note(path)
        self._value: Mapping[str, object] = value if isinstance(value, Mapping) else {}

    def note(self, path: str) -> None:
        """Note that the value at this path could not be read."""
        if len(self.unread) < MOST_NOTED:
            self.unread.append(path)

    def part(self, key: str) -> Self:
        """Return the object under a key, empty if there is none."""
        return type(self)(self._value.get(key), self._path_of(key), self.unread)

    def parts(self, key: str) -> Iterator[Self]:
        """Iterate over the objects in the list under a key; items of another type are noted and skipped."""
        for number, item in enumerate(self._list(key)):
            if isinstance(item, Mapping):
                yield type(self)(item, f"{self._path_of(key)}[{number}]", self.unread)
            elif item is not None:
                self.note(f"{self._path_of(key)}[{number}]")

    def text(self, key: str) -> str | None:
        """Return the text under a key; None if it is missing or not text."""
        value = self._value.get(key)
        if value is None or isinstance(value, str):
            return None if value is None else _printable(value)
        self.note(self._path_of(key))
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts in the list under a key; items of another type are noted and skipped."""
        items = list(self._list(key))
        for number, item in enumerate(items):
            if not isinstance(item, str | None):
                self.note(f"{self._path_of(key)}[{number}]")
        return tuple(_printable(item) for item in items if isinstance(item, str))

    def count(self, key: str) -> int | None:
        """Return the whole number under a key, or None. The registry writes some as text, ``"12"``."""
        value = self._value.get(key)
        if value is None:
            return None
        if (
            isinstance(value, int)
            and not isinstance(value, bool)
            and abs(value) < 10**LONGEST_NUMBER
        ):
            return value
        if (
            isinstance(value, str)
            and value.isascii()
            and value.isdigit()
            and len(value) <= LONGEST_NUMBER
        ):
            return int(value)
        self.note(self._path_of(key))
        return None

    def _list(self, key: str) -> list[object]:
        value = self._value.get(key)
        if value is None or isinstance(value, list):
            return value or []
        self.note(self._path_of(key))
        return []

    def _path_of(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def _printable(text: str) -> str:
    """Return the text with lone surrogates, which cannot be printed, replaced by U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


SECTION: Final = "resultsSection"

_STARTED, _COMPLETED, _NOT_COMPLETED = "STARTED", "COMPLETED", "NOT COMPLETED"

Titles = dict[str | None, str | None]
"""The titles of groups, by group id."""


def results_of(section: object) -> results.Results | None:
    """Translate a ``resultsSection``; None if it is missing or empty. Never raises."""
    if section is None or section == {}:
        return None
    part = Part(section, SECTION)
    measured = part.part("outcomeMeasuresModule")
    about = part.part("moreInfoModule").part("limitationsAndCaveats")
    found = results.Results(
        participants=_participants(part.part("participantFlowModule")),
        outcomes=tuple(_outcome(item) for item in measured.parts("outcomeMeasures")),
        adverse_events=_adverse_events(part.part("adverseEventsModule")),
        limitations=about.text("description"),
    )
    return found.model_copy(update={"unread": tuple(part.unread)})


def _participants(module: Part) -> results.Participants | None:
    if not module.is_given:
        return None
    groups = _groups(module)
    return results.Participants(
        recruitment=module.text("recruitmentDetails"),
        before_assignment=module.text("preAssignmentDetails"),
        groups=groups,
        periods=tuple(_period(item, groups) for item in module.parts("periods")),
    )


def _groups(part: Part) -> tuple[results.Group, ...]:
    return tuple(
        results.Group(
            id=group.text("id"), title=group.text("title"), description=group.text("description")
        )
        for group in part.parts("groups")
    )


def _titles(groups: Iterable[results.Group]) -> Titles:
    return {group.id: group.title for group in groups}


def _period(period: Part, groups: tuple[results.Group, ...]) -> results.Period:
    """Turn a period's table, which lists groups under each step, into one row per group."""
    steps = [_step(item, "achievements") for item in period.parts("milestones")]
    reasons = [_step(item, "reasons") for item in period.parts("dropWithdraws")]
    named = dict(reversed(steps))  # if two steps share a name, the first counts
    usual = {_STARTED, _COMPLETED, _NOT_COMPLETED}
    return results.Period(
        title=period.text("title"),
        groups=tuple(
            results.Progress(
                id=group.id,
                title=group.title,
                began=named.get(_STARTED, {}).get(group.id),
                finished=named.get(_COMPLETED, {}).get(group.id),
                did_not_finish=named.get(_NOT_COMPLETED, {}).get(group.id),
                steps=_counts_for(group.id, [step for step in steps if step[0] not in usual]),
                left=_counts_for(group.id, reasons),
            )
            for group in groups
        ),
    )


Step = tuple[str | None, dict[str | None, int | None]]
"""A step or a reason, and the number of people in each group by group id."""


def _step(part: Part, key: str) -> Step:
    counts = {item.text("groupId"): item.count("numSubjects") for item in part.parts(key)}
    return part.text("type"), counts


def _counts_for(group: str | None, steps: list[Step]) -> tuple[results.NamedCount, ...]:
    return tuple(
        results.NamedCount(name=name, count=counts[group])
        for name, counts in steps
        if group in counts
    )


def _outcome(part: Part) -> results.MeasuredOutcome:
    groups = _groups(part)
    analysed = _analysed(part)
    return results.MeasuredOutcome(
        type=part.text("type"),
        title=part.text("title"),
        description=part.text("description"),
        time_frame=part.text("timeFrame"),
        population=part.text("populationDescription"),
        status=part.text("reportingStatus"),
        expected=part.text("anticipatedPostingDate"),
        measure=part.text("paramType"),
        spread_kind=part.text("dispersionType"),
        unit=part.text("unitOfMeasure"),
        groups=groups,
        analysed=analysed,
        measurements=tuple(_measurements(part, _titles(groups), analysed)),
        comparisons=tuple(_comparison(item) for item in part.parts("analyses")),
    )


def _analysed(part: Part) -> tuple[results.Analysed, ...]:
    return tuple(
        results.Analysed(id=count.text("groupId"), units=units, count=count.count("value"))
        for denominator in part.parts("denoms")
        for units in (denominator.text("units"),)
        for count in denominator.parts("counts")
    )


def _numbers(
    analysed: Iterable[results.Analysed], units: str | None
) -> dict[str | None, int | None]:
    """Return how many were analysed in each group, in the units of the outcome (None: any units)."""
    numbers: dict[str | None, int | None] = {}
    for item in analysed:
        if units is None or item.units == units:
            numbers.setdefault(item.id, item.count)
    return numbers


def _measurements(
    outcome: Part, titles: Titles, analysed: tuple[results.Analysed, ...]
) -> Iterable[results.Measurement]:
    units = outcome.text("denomUnitsSelected")
    overall = _numbers(analysed, units)
    for row in outcome.parts("classes"):
        title = row.text("title")
        of_row = _numbers(_analysed(row), units)
        told = set()
        for category in row.parts("categories"):
            name = category.text("title")
            for item in category.parts("measurements"):
                group = item.text("groupId")
                told.add(group)
                yield results.Measurement(
                    id=group,
                    group=titles.get(group),
                    row=title,
                    category=name,
                    value=item.text("value"),
                    spread=item.text("spread"),
                    lower=item.text("lowerLimit"),
                    upper=item.text("upperLimit"),
                    analysed=of_row.get(group, overall.get(group)),
                    comment=item.text("comment"),
                )
        # A row that says how many were analysed but gives no number: nobody, or too few to report.
        for group, count in of_row.items():
            if group not in told:
                yield results.Measurement(
                    id=group, group=titles.get(group), row=title, category=None, value=None, analysed=count
                )  # fmt: skip


def _comparison(part: Part) -> results.Comparison:
    comments = [
        part.text(key)
        for key in (
            "groupDescription", "nonInferiorityComment", "pValueComment", "statisticalComment",
            "estimateComment", "otherAnalysisDescription",
        )
    ]  # fmt: skip
    return results.Comparison(
        groups=part.texts("groupIds"),
        method=part.text("statisticalMethod"),
        p_value=part.text("pValue"),
        estimate=part.text("paramType"),
        value=part.text("paramValue"),
        interval_percent=part.text("ciPctValue"),
        lower=part.text("ciLowerLimit"),
        upper=part.text("ciUpperLimit"),
        kind=part.text("nonInferiorityType"),
        comment="\n".join(filter(None, comments)) or None,
    )


def _adverse_events(module: Part) -> results.AdverseEvents | None:
    if not module.is_given:
        return None
    groups = tuple(_event_group(item) for item in module.parts("eventGroups"))
    titles = _titles(groups)
    return results.AdverseEvents(
        time_frame=module.text("timeFrame"),
        description=module.text("description"),
        threshold_percent=module.text("frequencyThreshold"),
        deaths_comment=module.text("allCauseMortalityComment"),
        groups=groups,
        serious=tuple(_event(item, titles) for item in module.parts("seriousEvents")),
        other=tuple(_event(item, titles) for item in module.parts("otherEvents")),
    )


def _event_group(group: Part) -> results.EventGroup:
    return results.EventGroup(
        id=group.text("id"),
        title=group.text("title"),
        description=group.text("description"),
        deaths=group.count("deathsNumAffected"),
        deaths_at_risk=group.count("deathsNumAtRisk"),
        serious_affected=group.count("seriousNumAffected"),
        serious_at_risk=group.count("seriousNumAtRisk"),
        other_affected=group.count("otherNumAffected"),
        other_at_risk=group.count("otherNumAtRisk"),
    )


def _event(event: Part, titles: Titles) -> results.AdverseEvent:
    return results.AdverseEvent(
        term=event.text("term"),
        organ_system=event.text("organSystem"),
        assessment=event.text("assessmentType"),
        notes=event.text("notes"),
        groups=tuple(
            results.EventCount(
                id=group,
                group=titles.get(group),
                affected=item.count("numAffected"),
                at_risk=item.count("numAtRisk"),
                events=item.count("numEvents"),
            )
            for item in event.parts("stats")
            for group in (item.text("groupId"),)
        ),
    )
