"""`glossary`, `approved` and `questions`: what the words mean, what is approved, what to ask."""

import json
from pathlib import Path

import pytest

from stemcheck.errors import ExitCode
from stemcheck.trial.status import STATUSES
from tests.cli.conftest import Run, check_schema_of
from tests.standin import Fault, StandIn

COMMANDS = ("glossary", "approved", "questions")


@pytest.mark.parametrize("command", COMMANDS)
def test_each_has_a_document_a_table_and_markdown(command: str, run: Run) -> None:
    ran = run(command, "--json")
    assert ran.code == ExitCode.DONE
    check_schema_of(command, json.loads(ran.out))
    for shape in ("table", "markdown"):
        assert len(run(command, "--format", shape).out.splitlines()) > 10
    assert run(command, "--format", "csv").code == ExitCode.USAGE


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("width", [80, 140])
def test_each_keeps_to_the_screen(
    command: str, width: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert max(len(line) for line in run(command).out.splitlines()) <= width


def test_all_fourteen_statuses_are_explained_with_a_source(run: Run) -> None:
    entries = json.loads(run("glossary", "statuses", "--json").out)["entries"]
    assert {entry["value"] for entry in entries} == set(STATUSES)
    assert all(entry["source"] and entry["meaning"] for entry in entries)
    table = run("glossary", "status").out
    assert all(entry["label"] in table for entry in entries)


def test_one_topic_is_shown_alone(run: Run) -> None:
    out = run("glossary", "route").out
    assert "vein" in out
    assert "Recruiting" not in out


def test_a_topic_that_is_not_there_is_answered_with_those_that_are(run: Run) -> None:
    ran = run("glossary", "rout")
    assert ran.code == ExitCode.USAGE
    assert "route" in ran.err
    assert "cells" in ran.err


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("iv", {"intravenous"}),
        ("MSC", {"mesenchymal"}),
        ("hsc", {"hematopoietic"}),
        ("dmc", {"data_monitoring_committee"}),
        ("nct", {"nct_number"}),
        ("fda", {"fda", "fda_regulated_drug", "fda_regulated_device"}),
        ("active, not recruiting", {"ACTIVE_NOT_RECRUITING"}),
        ("phase 2", {"PHASE2"}),
        ("own cells", {"autologous"}),
        ("into the brain", {"intracerebral"}),
    ],
)
def test_a_word_is_found_by_value_label_plain_words_or_short_form(
    word: str, values: set[str], run: Run
) -> None:
    entries = json.loads(run("glossary", word, "--json").out)["entries"]
    assert {entry["value"] for entry in entries} == values
    assert entries[0]["label"] in run("glossary", word).out
    assert run("glossary", word, "--format", "markdown").out.count("**") == 2 * len(entries)


def test_approved_says_that_one_use_is_not_another(run: Run) -> None:
    out = " ".join(run("approved").out.split())
    assert "Approval for one use is not approval for another." in out
    assert "18 Dec 2024" in out
    assert "Last checked on 30 Nov 2026." in out
    assert "may lack approvals after 30 Jun 2026" in out
    assert "Sickle cell disease" in out
    rows = json.loads(run("approved", "--json").out)["approvals"]
    assert all(row["source"] and row["approved_on"] and row["plain_use"] for row in rows)


def test_questions_on_a_trial_go_further_than_those_for_all(registry: StandIn, run: Run) -> None:
    general = json.loads(run("questions", "--json").out)
    ran = run("questions", "NCT90000009", "--json")
    assert ran.code == ExitCode.DONE
    sheet = json.loads(ran.out)
    assert sheet["nct_id"] == "NCT90000009"
    assert sheet["source"]["kind"] == "live"
    ids = {question["id"] for question in sheet["questions"]}
    assert {question["id"] for question in general["questions"]} < ids
    assert "status-old" in ids


def test_patients_and_clinicians_have_sheets_of_their_own(run: Run) -> None:
    patient = run("questions", "-c", "stroke").out
    clinician = run("questions", "-c", "stroke", "--for", "clinician").out
    assert "stroke" in patient.splitlines()[0]
    assert patient.splitlines()[2:] != clinician.splitlines()[2:]


def test_a_number_that_is_nowhere_has_no_sheet(registry: StandIn, run: Run) -> None:
    ran = run("questions", "NCT99999999", "--json")
    assert ran.code == ExitCode.NOT_FOUND
    assert ran.out == ""


def test_a_registry_that_refuses_gives_no_sheet(registry: StandIn, run: Run) -> None:
    registry.always = Fault.EDGE_403_ALL
    ran = run("questions", "NCT90000001", "--live")
    assert ran.code == ExitCode.REFUSED
    assert ran.out == ""


def test_a_number_and_a_condition_at_once_is_wrong_usage(run: Run) -> None:
    assert run("questions", "NCT90000001", "-c", "stroke").code == ExitCode.USAGE


def test_a_sheet_goes_into_a_file_once(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "sheet.md"
    asked = ("questions", "--format", "markdown", "-o", str(path))
    assert run(*asked).code == ExitCode.DONE
    assert path.read_text(encoding="utf-8").startswith("# Questions")
    assert run(*asked).code == ExitCode.USAGE


def test_a_sheet_from_saved_data_says_so(registry: StandIn, run: Run) -> None:
    assert run("questions", "NCT90000009").code == ExitCode.DONE
    registry.always = Fault.EDGE_403_ALL
    for shape in ("table", "markdown"):
        ran = run("questions", "NCT90000009", "--format", shape)
        assert ran.code == ExitCode.SAVED_DATA
        assert "THIS IS NOT AN ANSWER FROM THE REGISTRY" in ran.out


def test_questions_without_any_address_need_no_registry(registry: StandIn, run: Run) -> None:
    assert run("questions", "-c", "stroke", "--format", "markdown").code == ExitCode.DONE
    assert registry.asked == []
