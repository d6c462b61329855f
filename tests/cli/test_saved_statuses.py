"""Saved data say what was so on their day, in every command and shape, and never what is so now."""

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import pytest

from stemcheck.errors import ExitCode
from tests.cli.conftest import Run
from tests.standin import Fault, StandIn
from tests.unit.html_made_up import PageReader

STROKE, NOT_YET, OVER = "NCT90000001", "NCT90000002", "NCT90000017"
OF_TODAY = re.compile(
    r"says that it is (?:not )?open|cannot join|nothing to join"
    r"|No one has confirmed this status|no news of this study",
    re.IGNORECASE,
)
SAMPLE_DAY = "13 Oct 2022"


@pytest.fixture
def kept(registry: StandIn, run: Run) -> StandIn:
    """A registry that answered once and then went away."""
    for number in (STROKE, NOT_YET, OVER):
        assert run("show", number, "--live").code == ExitCode.DONE
    assert run("trials", "-c", "stroke", "--live").code == ExitCode.DONE
    registry.always = Fault.EDGE_403_ALL
    return registry


def test_the_sample_says_on_every_trial_of_when_its_status_is(run: Run) -> None:
    answer = json.loads(run("trials", "-c", "stroke", "--offline", "--json").out)
    assert "saved_statuses" in {notice["id"] for notice in answer["notices"]}
    assert any(trial["status"]["open_to_new_participants"] for trial in answer["trials"])
    for trial in answer["trials"]:
        assert trial["status"]["as_of"] == "2022-10-13"
        assert SAMPLE_DAY in trial["status"]["meaning"]
        assert "saved-status" in trial["cautions"]
        assert not {"not-open-yet", "not-open-to-join", "status-unconfirmed"} & set(
            trial["cautions"]
        )


def test_the_age_of_a_status_is_counted_to_the_day_of_the_sample(run: Run) -> None:
    rows = csv.DictReader(io.StringIO(run("trials", "--offline", "--csv").out))
    old = {row["status_verified_on"] for row in rows if "status-not-verified" in row["signals"]
           and row["status"] != "UNKNOWN"}  # fmt: skip
    assert not {day for day in old if day > "2020-10"}


@pytest.mark.parametrize("shape", ["table", "markdown"])
def test_a_list_from_the_sample_speaks_of_then(run: Run, shape: str) -> None:
    ran = run("trials", "-c", "stroke", "--offline", "--all", "--format", shape)
    assert "Status then" in ran.out
    assert not OF_TODAY.search(" ".join(ran.out.split()))
    assert f"Statuses are those of {SAMPLE_DAY}." in ran.err


@pytest.mark.parametrize("what", [("-c", "stroke"), ("NCT03673748", "NCT04506073")])
def test_a_page_of_saved_data_speaks_of_then(
    run: Run, tmp_path: Path, what: tuple[str, ...]
) -> None:
    page = tmp_path / "page.html"
    assert run("report", *what, "--offline", "-o", str(page)).code == ExitCode.DONE
    text = PageReader(page.read_text(encoding="utf-8")).text
    assert not OF_TODAY.search(text)
    heading = "Open to new participants on" if "-c" in what else "Status on"
    assert f"{heading} {SAMPLE_DAY}" in text


@pytest.mark.parametrize(
    ("command", "number"),
    [
        *((command, number) for command in ("show", "questions") for number in (STROKE, OVER)),
        *((command, NOT_YET) for command in ("show", "questions", "verify")),
        ("verify", STROKE),  # what is over is over today, too
    ],
)
def test_what_was_kept_speaks_of_then(kept: StandIn, run: Run, command: str, number: str) -> None:
    ran = run(command, number)
    assert ran.code == ExitCode.SAVED_DATA
    assert "THIS IS NOT AN ANSWER FROM THE REGISTRY" in ran.out
    assert not OF_TODAY.search(" ".join(ran.out.split()))


def test_what_was_kept_names_its_day_in_json(kept: StandIn, run: Run) -> None:
    for arguments in (("show", OVER), ("trials", "-c", "stroke")):
        answer = json.loads(run(*arguments, "--json").out)
        day = answer["source"]["data_timestamp"].partition("T")[0]
        assert {trial["status"]["as_of"] for trial in answer["trials"]} == {day}
        assert {"not_live", "saved_statuses"} <= {notice["id"] for notice in answer["notices"]}


def test_saved_data_settle_that_a_study_is_over(kept: StandIn, run: Run) -> None:
    ran = run("verify", OVER, "--open", "--offline", "--json")
    assert ran.code == ExitCode.DIFFERS
    checked = json.loads(ran.out)["numbers"][0]
    assert [check["result"] for check in checked["checks"]] == ["differs"]


@pytest.mark.parametrize("number", [STROKE, NOT_YET])
def test_saved_data_settle_no_claim_that_a_study_is_open(
    kept: StandIn, run: Run, number: str
) -> None:
    ran = run("verify", number, "--open", "--offline", "--json")
    assert ran.code == ExitCode.DONE
    checked = json.loads(ran.out)["numbers"][0]
    assert [check["result"] for check in checked["checks"]] == ["not_stated"]
    assert "that may have changed" in checked["summary"]


def test_an_answer_of_the_registry_speaks_of_today(registry: StandIn, run: Run) -> None:
    answer = json.loads(run("trials", "-c", "stroke", "--json").out)
    assert {trial["status"]["as_of"] for trial in answer["trials"]} == {None}
    assert "saved_statuses" not in {notice["id"] for notice in answer["notices"]}
    shown = " ".join(run("show", NOT_YET).out.split())
    assert "nothing to join so far" in shown
    assert "This status was saved" not in shown


def test_a_status_that_nobody_confirmed_for_long_is_no_match(
    registry: StandIn, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stemcheck.services.show.today", lambda: date(2030, 1, 1))
    ran = run("verify", STROKE, "--open", "--json")
    checked = json.loads(ran.out)["numbers"][0]
    assert ran.code == ExitCode.DONE
    assert checked["checks"][0]["result"] == "not_stated"
    assert checked["checks"][0]["record"] == "Recruiting; last confirmed 2026-08"
    assert (
        "In Aug 2026, its record said that it was open to new participants; that may have changed"
        in (checked["summary"])
    )
    assert "now" not in checked["summary"].split()


def test_the_last_lines_of_verify_are_true(registry: StandIn, run: Run) -> None:
    for numbers in ((STROKE,), (STROKE, NOT_YET, OVER)):
        lines = [line.strip() for line in run("verify", *numbers).out.splitlines()]
        command = next(line for line in lines if line.startswith("More on it: stemcheck "))
        shown = run(*command.partition("stemcheck ")[2].split()).out
        own = next(line for line in lines if "on what the record says" in line)
        reasons = json.loads(run("show", *numbers, "--json").out)
        promised = int(own.split()[0])
        assert all(number in shown for number in numbers)
        assert promised <= len({id_ for trial in reasons["trials"] for id_ in trial["cautions"]})
        assert any(line.endswith("hold for every study: stemcheck cautions") for line in lines)
        if len(numbers) == 1:
            listed = shown.partition("Cautions for this study")[2].partition("For every study:")[0]
            assert listed.count("•") >= promised


def test_a_number_that_a_page_hides_is_marked(registry: StandIn, run: Run, tmp_path: Path) -> None:
    page = tmp_path / "clinic.html"
    page.write_text(
        f'<html><body><p>Our trial {STROKE} helps.</p><div style="display: none">{OVER}</div>'
        f'<img src="a.png" alt="{NOT_YET}"><p hidden>{STROKE}</p></body></html>',
        encoding="utf-8",
    )
    ran = run("verify", "--text", str(page), "--json")
    unseen = {number["nct_id"]: number["unseen"] for number in json.loads(ran.out)["numbers"]}
    assert unseen == {STROKE: False, OVER: True, NOT_YET: True}
    printed = " ".join(run("verify", "--text", str(page)).out.split())
    assert printed.count("is in a part of the page that a reader may not see") == 2
    typed = json.loads(run("verify", OVER, "--text", str(page), "--json").out)["numbers"]
    assert {number["nct_id"] for number in typed if number["unseen"]} == {NOT_YET}
