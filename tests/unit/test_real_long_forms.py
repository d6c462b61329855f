"""Every real record at hand: its long form says what the record says, number by number."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stemcheck.reading.criteria import divide_criteria
from stemcheck.registry.results import results_of
from stemcheck.trial.details import LongForm
from stemcheck.trial.results import AdverseEvent, Results
from tests.unit.records_made_up import long_form_of

Record = dict[str, Any]

SHARE_OF_TWO_LISTS = 0.97
"""Some 3 in 100 texts name one list only, or are of an older form that names neither."""


@pytest.fixture(scope="module")
def records(shared: Path) -> list[Record]:
    packed = (shared / "data" / "native_records.jsonl.gz").read_bytes()
    return [json.loads(line) for line in gzip.decompress(packed).splitlines()]


@pytest.fixture(scope="module")
def with_results(records: list[Record]) -> list[tuple[Record, Results]]:
    found = [
        (r["resultsSection"], results_of(r["resultsSection"]))
        for r in records
        if r.get("hasResults")
    ]
    assert len(found) >= 100
    return [(section, results) for section, results in found if results is not None]


@pytest.fixture(scope="module")
def long_forms(records: list[Record]) -> list[LongForm]:
    return [long_form_of(record) for record in records]


def protocols(records: list[Record], module: str) -> Iterator[Record]:
    for record in records:
        yield record["protocolSection"].get(module) or {}


def given(item: Record, *keys: str) -> tuple[Any, ...]:
    return tuple(item.get(key) for key in keys)


def test_arms_and_interventions_equal_the_record(
    records: list[Record], long_forms: list[LongForm]
) -> None:
    modules = protocols(records, "armsInterventionsModule")
    for module, long_form in zip(modules, long_forms, strict=True):
        assert [
            (a.label, a.type, a.description, list(a.interventions)) for a in long_form.arms
        ] == [
            (*given(arm, "label", "type", "description"), arm.get("interventionNames", []))
            for arm in module.get("armGroups", [])
        ]
        assert [(i.type, i.name, i.description) for i in long_form.interventions] == [
            given(item, "type", "name", "description") for item in module.get("interventions", [])
        ]


def test_planned_outcomes_equal_the_record(
    records: list[Record], long_forms: list[LongForm]
) -> None:
    for module, long_form in zip(protocols(records, "outcomesModule"), long_forms, strict=True):
        outcomes = long_form.outcomes
        for rank in ("primary", "secondary", "other"):
            assert [(o.measure, o.description, o.time_frame) for o in getattr(outcomes, rank)] == [
                given(item, "measure", "description", "timeFrame")
                for item in module.get(f"{rank}Outcomes", [])
            ]


def test_publications_and_retractions_equal_the_record(
    records: list[Record], long_forms: list[LongForm]
) -> None:
    retracted = 0
    for module, long_form in zip(protocols(records, "referencesModule"), long_forms, strict=True):
        publications = long_form.publications
        assert [(p.pmid, p.type, p.citation) for p in publications] == [
            given(item, "pmid", "type", "citation") for item in module.get("references", [])
        ]
        for publication, item in zip(publications, module.get("references", []), strict=True):
            notices = item.get("retractions", [])
            assert publication.retracted == bool(notices)
            assert list(publication.retraction_sources) == [notice["source"] for notice in notices]
            assert publication.doi is None or publication.doi in item["citation"]
            retracted += publication.retracted
    assert retracted


def test_nothing_of_real_results_is_unread(with_results: list[tuple[Record, Results]]) -> None:
    assert [results.unread for _, results in with_results if results.unread] == []


def test_deaths_and_harms_equal_the_record(with_results: list[tuple[Record, Results]]) -> None:
    without_deaths = 0
    for section, results in with_results:
        module, harms = section["adverseEventsModule"], results.adverse_events
        assert harms is not None
        assert [
            (g.id, g.title, g.deaths, g.deaths_at_risk, g.serious_affected, g.serious_at_risk,
             g.other_affected, g.other_at_risk)
            for g in harms.groups
        ] == [
            given(group, "id", "title", "deathsNumAffected", "deathsNumAtRisk", "seriousNumAffected",
                  "seriousNumAtRisk", "otherNumAffected", "otherNumAtRisk")
            for group in module.get("eventGroups", [])
        ]  # fmt: skip
        without_deaths += sum(group.deaths is None for group in harms.groups)
        check_events(harms.serious, module.get("seriousEvents", []))
        check_events(harms.other, module.get("otherEvents", []))
    assert without_deaths, "a number that is not given has to be seen to stay away"


def check_events(events: tuple[AdverseEvent, ...], items: list[Record]) -> None:
    assert [(event.term, event.organ_system) for event in events] == [
        given(item, "term", "organSystem") for item in items
    ]
    for event, item in zip(events, items, strict=True):
        assert [(g.id, g.affected, g.at_risk, g.events) for g in event.groups] == [
            given(count, "groupId", "numAffected", "numAtRisk", "numEvents")
            for count in item["stats"]
        ]


def test_participants_equal_the_record(with_results: list[tuple[Record, Results]]) -> None:
    for section, results in with_results:
        module = section["participantFlowModule"]
        assert results.participants is not None
        periods = results.participants.periods
        assert [period.title for period in periods] == [p["title"] for p in module["periods"]]
        for period, raw in zip(periods, module["periods"], strict=True):
            told = {("STARTED", group.id, group.began) for group in period.groups} | {
                ("COMPLETED", group.id, group.finished) for group in period.groups
            }
            wanted = {
                (step["type"], count["groupId"], int(count["numSubjects"]))
                for step in raw["milestones"]
                for count in step["achievements"]
                if step["type"] in {"STARTED", "COMPLETED"}
            }
            assert {entry for entry in told if entry[2] is not None} == wanted
            left = [(r["type"], c["groupId"], int(c["numSubjects"]))
                    for r in raw.get("dropWithdraws", []) for c in r["reasons"]]  # fmt: skip
            assert sorted(
                (reason.name, group.id, reason.count)
                for group in period.groups
                for reason in group.left
            ) == sorted(left)


def test_measured_outcomes_equal_the_record(with_results: list[tuple[Record, Results]]) -> None:
    for section, results in with_results:
        items = section["outcomeMeasuresModule"]["outcomeMeasures"]
        assert [
            (o.title, o.type, o.time_frame, o.unit, o.spread_kind) for o in results.outcomes
        ] == [
            given(item, "title", "type", "timeFrame", "unitOfMeasure", "dispersionType")
            for item in items
        ]
        for outcome, item in zip(results.outcomes, items, strict=True):
            assert [g.title for g in outcome.groups] == [
                g.get("title") for g in item.get("groups", [])
            ]
            assert [
                (m.row, m.category, m.id, m.value, m.spread, m.lower, m.upper)
                for m in outcome.measurements
                if m.value is not None
            ] == [
                (row.get("title"), category.get("title"),
                 *given(number, "groupId", "value", "spread", "lowerLimit", "upperLimit"))
                for row in item.get("classes", [])
                for category in row.get("categories", [])
                for number in category.get("measurements", [])
            ]  # fmt: skip
            assert [c.p_value for c in outcome.comparisons] == [
                analysis.get("pValue") for analysis in item.get("analyses", [])
            ]


def test_most_texts_on_who_may_take_part_are_divided_into_two_lists(records: list[Record]) -> None:
    texts = [
        t for m in protocols(records, "eligibilityModule") if (t := m.get("eligibilityCriteria"))
    ]
    divided = [divide_criteria(text) for text in texts]
    assert sum(criteria.is_split for criteria in divided) >= SHARE_OF_TWO_LISTS * len(texts)
    for text, criteria in zip(texts, divided, strict=True):
        for criterion in (*criteria.inclusion, *criteria.exclusion, *criteria.other):
            assert criterion.quote in text
