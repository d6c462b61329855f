"""`stemcheck show`: one trial in full, what most people ask first, and each part by its name."""

import json
import re
from typing import Any

import pytest

from stemcheck.errors import ExitCode
from stemcheck.output.detail import SECTIONS
from tests.cli.conftest import Run
from tests.conftest import PROJECT
from tests.standin import StandIn

WITH_RESULTS = "NCT90000047"
OF_THE_SAMPLE = ("NCT05158101", "NCT02336230", "NCT02287974", "NCT04280003")
FIELD = re.compile(r"\w+Module|\[\d+\]\.|\b[a-z]+(?:[A-Z][a-z]+)+(?:\.\w+)? =")


@pytest.fixture
def record() -> dict[str, Any]:
    path = PROJECT / "fixtures" / "studies" / "stopped-frostbite-results.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("number", OF_THE_SAMPLE)
def test_a_trial_answers_first_what_a_patient_asks(
    number: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    out = run("show", number, "--offline").out
    asked = (
        "What it is about",
        "Can I join?",
        "Who runs it, and who pays",
        "What is given, and how",
    )
    places = [out.index(heading) for heading in asked]
    assert places == sorted(places)
    assert len(out.splitlines()) <= 110
    assert not FIELD.search(out)
    assert out.partition("Cautions for this study")[2].partition("\n\n")[0].count("• ") == 5


def test_all_cautions_are_told_once_by_their_reason(run: Run) -> None:
    short = run("show", "NCT05158101", "--offline").out
    (more,) = map(int, re.findall(r"(\d+) more cautions fit this study", short))
    told = run("show", "NCT05158101", "--offline", "--all-cautions").out
    cautions = told.partition("Cautions for this study")[2].partition("Questions to ask")[0]
    assert cautions.count("• ") == more + 5
    assert cautions.count("into a vein") <= cautions.count("\n")
    reasons = re.findall(r"^  (?!•| )(.+)$", cautions, re.MULTILINE)
    assert len(reasons) == len(set(reasons))


@pytest.mark.parametrize("name", SECTIONS)
def test_each_part_of_a_record_can_be_asked_for_by_name(
    name: str, registry: StandIn, run: Run
) -> None:
    ran = run("show", WITH_RESULTS, "--section", name)
    assert ran.code == ExitCode.DONE
    assert "Before you decide" not in ran.out
    assert len(ran.out.splitlines()) > 5


@pytest.mark.parametrize("typed", ["outcomes", "Papers", "criteria"])
def test_a_part_is_known_by_what_people_call_it(typed: str, registry: StandIn, run: Run) -> None:
    assert run("show", WITH_RESULTS, "--section", typed).code == ExitCode.DONE


def test_a_part_that_there_is_not_is_answered_with_those_that_there_are(run: Run) -> None:
    ran = run("show", WITH_RESULTS, "--section", "gossip")
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")
    assert all(name in ran.err for name in SECTIONS)


def test_parts_that_the_sample_lacks_are_said_to_be_elsewhere(run: Run) -> None:
    out = run("show", "NCT05158101", "--offline", "--section", "arms").out
    assert "Not in these data." in out


def test_all_that_the_record_says_stands_in_the_document(
    registry: StandIn, run: Run, record: dict[str, Any]
) -> None:
    (trial,) = json.loads(run("show", WITH_RESULTS, "--json").out)["trials"]
    protocol, harms = record["protocolSection"], record["resultsSection"]["adverseEventsModule"]
    arms = protocol["armsInterventionsModule"]["armGroups"]
    assert [arm["label"] for arm in trial["arms"]] == [arm["label"] for arm in arms]
    papers = protocol["referencesModule"]["references"]
    assert [paper["retracted"] for paper in trial["publications"]] == [
        "retractions" in paper for paper in papers
    ]
    names = {
        "deaths": "deathsNumAffected",
        "serious_affected": "seriousNumAffected",
        "serious_at_risk": "seriousNumAtRisk",
        "other_affected": "otherNumAffected",
    }
    groups = trial["results"]["adverse_events"]["groups"]
    assert [{ours: group[ours] for ours in names} for group in groups] == [
        {ours: group.get(theirs) for ours, theirs in names.items()}
        for group in harms["eventGroups"]
    ]
    assert trial["eligibility"]["is_split"] is True


def test_the_first_screen_counts_papers_and_names_retractions(registry: StandIn, run: Run) -> None:
    out = " ".join(run("show", WITH_RESULTS).out.split())
    assert "1 of them was RETRACTED." in out
    assert "deaths 1 of 16, serious harms 4 of 16" in out
    assert "deaths not given, serious harms 0 of 15" in out
    assert "• •" not in out
