"""The results of a record: every number where it belongs, as written, and nothing where none was given."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from stemcheck.registry.results import results_of
from stemcheck.trial.results import EventGroup, Measurement, NamedCount, Results
from tests.conftest import PROJECT

FIXTURE = PROJECT / "fixtures" / "studies" / "stopped-frostbite-results.json"


def section_of(path: Path) -> dict[str, Any]:
    section: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["resultsSection"]
    return section


@pytest.fixture
def section() -> dict[str, Any]:
    return section_of(FIXTURE)


@pytest.fixture
def results(section: dict[str, Any]) -> Results:
    found = results_of(section)
    assert found is not None
    assert found.unread == ()
    return found


def test_who_began_and_who_finished_stands_period_by_period_and_group_by_group(
    results: Results,
) -> None:
    assert results.participants is not None
    first, second = results.participants.periods
    assert [(g.title, g.began, g.finished, g.did_not_finish) for g in first.groups] == [
        ("Cells by vein", 16, 14, 2),
        ("Placebo", 15, 15, 0),
    ]
    assert first.groups[0].steps == (NamedCount(name="Got the infusion", count=15),)
    assert first.groups[0].left == (
        NamedCount(name="Death", count=1),
        NamedCount(name="Withdrawal by Subject", count=1),
    )
    assert second.title == "Follow-up"
    assert [(g.began, g.finished, g.did_not_finish) for g in second.groups] == [
        (14, 13, None),
        (15, None, None),  # the record does not say how many, so it is not nought
    ]
    assert results.participants.recruitment == "Two burn centres"
    assert results.participants.before_assignment == "Two people left before they were assigned"


def test_an_outcome_has_its_numbers_as_they_were_posted(results: Results) -> None:
    outcome = results.outcomes[0]
    assert (outcome.type, outcome.title, outcome.status) == (
        "PRIMARY",
        "Fingers and toes taken off",
        "POSTED",
    )
    assert (outcome.measure, outcome.spread_kind, outcome.unit, outcome.time_frame) == (
        "MEAN",
        "Standard Deviation",
        "fingers and toes",
        "6 months",
    )
    assert [(m.group, m.value, m.spread, m.analysed) for m in outcome.measurements] == [
        ("Cells by vein", "1.2", "0.90", 15),
        ("Placebo", "2.6", "1.70", 15),
    ]
    (comparison,) = outcome.comparisons
    assert (comparison.groups, comparison.p_value, comparison.value) == (
        ("OG000", "OG001"),
        "0.03",
        "-1.4",
    )
    assert (comparison.lower, comparison.upper, comparison.interval_percent) == (
        "-2.6",
        "-0.2",
        "95",
    )


def test_rows_and_categories_keep_their_names_and_their_own_count_of_people(
    results: Results,
) -> None:
    told = [
        (m.row, m.category, m.id, m.value, m.analysed, m.comment)
        for m in results.outcomes[1].measurements
    ]
    assert told == [
        ("1 month", "None", "OG000", "5", 14, None),
        ("1 month", "None", "OG001", "0", 15, None),
        ("1 month", "Some", "OG000", "9", 14, None),
        ("1 month", "Some", "OG001", "15", 15, None),
        ("6 months", "None", "OG000", "8", 13, None),
        ("6 months", "None", "OG001", "NA", 12, "The forms were lost"),
        ("12 months", None, "OG000", None, 0, None),  # nobody was analysed, and the record says so
        ("12 months", None, "OG001", None, 0, None),
    ]


def test_an_outcome_to_come_says_when(results: Results) -> None:
    outcome = results.outcomes[2]
    assert (outcome.status, outcome.expected, outcome.measurements) == ("NOT_POSTED", "2027-03", ())


def test_harms_have_numbers_at_risk_and_no_number_is_made_up(results: Results) -> None:
    harms = results.adverse_events
    assert harms is not None
    assert (harms.time_frame, harms.threshold_percent) == ("6 months", "5")
    assert harms.groups == (
        EventGroup(
            id="EG000",
            title="Cells by vein",
            description="One infusion of 2 million cells per kg",
            deaths=1,
            deaths_at_risk=16,
            serious_affected=4,
            serious_at_risk=16,
            other_affected=9,
            other_at_risk=16,
        ),
        EventGroup(
            id="EG001",
            title="Placebo",
            deaths=None,
            deaths_at_risk=None,
            serious_affected=0,
            serious_at_risk=15,
            other_affected=7,
            other_at_risk=15,
        ),
    )
    infection, embolism = harms.serious
    assert [(e.group, e.affected, e.at_risk, e.events) for e in infection.groups] == [
        ("Cells by vein", 3, 16, 4),
        ("Placebo", 0, 15, 0),
    ]
    assert [(e.affected, e.events) for e in embolism.groups] == [(1, None), (0, None)]
    assert embolism.notes == "Two days after the infusion"
    assert [event.term for event in harms.other] == ["Fever"]
    assert results.limitations == "The trial ended early, and is too small to show rare harms."


@pytest.mark.parametrize("section", [None, {}])
def test_without_a_section_there_are_no_results(section: object) -> None:
    assert results_of(section) is None


@pytest.mark.parametrize("section", [[], "results", 7, True, ["x"]])
def test_a_section_of_the_wrong_kind_is_unread_and_not_absent(section: object) -> None:
    results = results_of(section)
    assert results is not None
    assert results.unread == ("resultsSection",)
    assert (results.participants, results.outcomes, results.adverse_events) == (None, (), None)


BROKEN: dict[str, list[str | int]] = {
    "resultsSection.participantFlowModule": ["participantFlowModule"],
    "resultsSection.participantFlowModule.periods[0].milestones[1]": [
        "participantFlowModule", "periods", 0, "milestones", 1,
    ],
    "resultsSection.outcomeMeasuresModule.outcomeMeasures[0].classes[0].categories": [
        "outcomeMeasuresModule", "outcomeMeasures", 0, "classes", 0, "categories",
    ],
    "resultsSection.adverseEventsModule.eventGroups[0].deathsNumAffected": [
        "adverseEventsModule", "eventGroups", 0, "deathsNumAffected",
    ],
    "resultsSection.moreInfoModule.limitationsAndCaveats.description": [
        "moreInfoModule", "limitationsAndCaveats", "description",
    ],
}  # fmt: skip


@pytest.mark.parametrize("path", BROKEN)
def test_a_broken_part_costs_itself_and_is_named(section: dict[str, Any], path: str) -> None:
    whole = results_of(section)
    broken = copy.deepcopy(section)
    *way, last = BROKEN[path]
    place: Any = broken
    for step in way:
        place = place[step]
    place[last] = -0.5
    results = results_of(broken)
    assert whole is not None
    assert results is not None
    assert results.unread == (path,)
    changed = [
        name for name in Results.model_fields if getattr(results, name) != getattr(whole, name)
    ]
    assert len(changed) == 2, "the broken part and the note on it"


@pytest.mark.parametrize("number", ["12", 12], ids=repr)
def test_a_count_is_a_whole_number_however_it_is_written(number: object) -> None:
    harms = {"adverseEventsModule": {"eventGroups": [{"deathsNumAffected": number}]}}
    results = results_of(harms)
    assert results is not None
    assert results.adverse_events is not None
    assert results.adverse_events.groups[0].deaths == 12


@pytest.mark.parametrize(
    "number", ["", "NA", "1.5", "-1", "\u0663", "9" * 40, 1.5, True, [1], {}], ids=repr
)
def test_what_is_no_count_is_null_and_named(number: object) -> None:
    results = results_of({"adverseEventsModule": {"eventGroups": [{"deathsNumAffected": number}]}})
    assert results is not None
    assert results.adverse_events is not None
    assert results.adverse_events.groups[0].deaths is None
    assert results.unread == (
        "resultsSection.adverseEventsModule.eventGroups[0].deathsNumAffected",
    )


def test_of_units_the_ones_the_outcome_is_told_in_are_counted() -> None:
    outcome = {
        "denomUnitsSelected": "eyes",
        "groups": [{"id": "OG000", "title": "Cells"}],
        "denoms": [
            {"units": "Participants", "counts": [{"groupId": "OG000", "value": "10"}]},
            {"units": "eyes", "counts": [{"groupId": "OG000", "value": "20"}]},
        ],
        "classes": [{"categories": [{"measurements": [{"groupId": "OG000", "value": "3"}]}]}],
    }
    results = results_of({"outcomeMeasuresModule": {"outcomeMeasures": [outcome]}})
    assert results is not None
    assert results.outcomes[0].measurements == (
        Measurement(id="OG000", group="Cells", row=None, category=None, value="3", analysed=20),
    )


def test_only_so_many_faults_are_named() -> None:
    results = results_of({"outcomeMeasuresModule": {"outcomeMeasures": list(range(100))}})
    assert results is not None
    assert len(results.unread) == 20
