"""A saved search tells exactly what changed between two states of the registry, and loses nothing."""

import copy
import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import icalendar
import pytest

from stemcheck import reading
from stemcheck.errors import ExitCode
from stemcheck.registry.connection import Ladder
from stemcheck.trial.reading import Reading
from stemcheck.trial.text import RecordText
from tests.cli.conftest import Ran, Run
from tests.standin import Fault, StandIn, read_fixtures

Study = dict[str, Any]
Edit = Callable[[Study], None]
FOLLOWED = "NCT90000036"
"""Recruiting, 60 people planned, one site, by vein."""


@pytest.fixture
def saved(run: Run, registry: StandIn) -> StandIn:
    """The registry, with a search that finds all of its studies saved as ``all``."""
    assert run("save", "all", "--cells", "any", "-q").code == ExitCode.DONE
    return registry


def edited(**edits: Edit) -> list[Study]:
    """Return the fixtures with some studies changed."""
    studies = copy.deepcopy(list(read_fixtures()))
    for study in studies:
        if edit := edits.get(number_of(study)):
            edit(study)
    return studies


def number_of(study: Study) -> str:
    return str(study["protocolSection"]["identificationModule"]["nctId"])


def setting(*path: Any, to: Any) -> Edit:
    """Return an edit of one field of the protocol section; None takes it away."""

    def edit(study: Study) -> None:
        place: Any = study["protocolSection"]
        for step in path[:-1]:
            place = place[step] if isinstance(step, int) else place.setdefault(step, {})
        place[path[-1]] = to
        # Every change of a record moves these: they are no change of their own.
        status = study["protocolSection"]["statusModule"]
        status["lastUpdatePostDateStruct"] = {"date": "2026-11-30", "type": "ACTUAL"}
        status["statusVerifiedDate"] = "2026-11"

    return edit


def stopped(study: Study) -> None:
    setting("statusModule", "overallStatus", to="TERMINATED")(study)
    setting("statusModule", "whyStopped", to="No money")(study)


def with_results(study: Study) -> None:
    study["hasResults"] = True
    setting("statusModule", "resultsFirstPostDateStruct", to={"date": "2026-11-28"})(study)


def with_a_site(study: Study) -> None:
    sites = study["protocolSection"]["contactsLocationsModule"]["locations"]
    sites.append({"status": "RECRUITING", "city": "Madrid", "country": "Spain"})


def given_otherwise(study: Study) -> None:
    text = json.dumps(study["protocolSection"])
    for word in ("Intravenous", "intravenous", "IV infusion", "infused", "infusion"):
        text = text.replace(word, "intrathecal injection")
    study["protocolSection"] = json.loads(text)


def rows(ran: Ran) -> list[tuple[Any, ...]]:
    return [
        (one["nct_id"], one["kind"], one["field"], one["before"], one["after"])
        for one in json.loads(ran.out)["changes"]
    ]


PAPER = {"pmid": "123", "type": "RESULT", "citation": "Invented E. 2026."}
ONE_CHANGE: dict[str, tuple[Edit, tuple[Any, ...]]] = {
    "status": (stopped, ("status.value", "RECRUITING", "TERMINATED")),
    "sites": (with_a_site, ("sites.recruiting", 1, 2)),
    "enrollment": (
        setting("designModule", "enrollmentInfo", "count", to=80),
        ("enrollment.count", 60, 80),
    ),
    "results": (with_results, ("has_results", False, True)),
    "publications": (
        setting("referencesModule", "references", to=[PAPER]),
        ("publications", [], ["123"]),
    ),
    "eligibility": (
        setting("eligibilityModule", "maximumAge", to="90 Years"),
        ("eligibility.maximum_age", "80 Years", "90 Years"),
    ),
    "reading": (
        given_otherwise,
        ("reading.routes", ["intravenous"], ["intrathecal", "intravenous"]),
    ),
}


@pytest.mark.parametrize("kind", ONE_CHANGE)
def test_one_change_is_told_once_and_nothing_else(run: Run, saved: StandIn, kind: str) -> None:
    edit, (field, before, after) = ONE_CHANGE[kind]
    saved.replace_records(edited(**{FOLLOWED: edit}))
    told = run("changes", "all", "--json", "--exit-code")
    assert rows(told) == [(FOLLOWED, kind, field, before, after)]
    assert told.code == ExitCode.CHANGED
    row = json.loads(told.out)["changes"][0]
    assert row["since"] == json.loads(told.out)["searches"][0]["since"]
    again = run("changes", "all", "--json", "--exit-code")
    assert (rows(again), again.code) == ([], ExitCode.DONE)


def test_dates_pay_and_eligibility_are_told_as_words_too(run: Run, saved: StandIn) -> None:
    def edit(study: Study) -> None:
        setting("statusModule", "startDateStruct", "date", to="2027-03")(study)
        summary = "Participants must pay for the treatment themselves."
        setting("descriptionModule", "detailedDescription", to=summary)(study)
        setting("eligibilityModule", "eligibilityCriteria", to="Inclusion Criteria:\n* Any")(study)

    saved.replace_records(edited(**{FOLLOWED: edit}))
    screen = run("changes", "all", "--format", "markdown").out
    assert [line.partition("**: ")[0] for line in screen.splitlines() if line.startswith("- ")] == [
        "- **who pays",
        "- **dates",
        "- **who may join",
    ]
    assert "Participants must pay" in screen


def test_new_and_gone_studies_are_told_apart_by_who_lost_them(run: Run, registry: StandIn) -> None:
    run("save", "open", "--cells", "any", "--status", "recruiting", "-q")
    studies = edited(**{FOLLOWED: stopped})
    registry.replace_records(s for s in studies if number_of(s) != "NCT90000026")
    told = run("changes", "open", "--json")
    assert rows(told) == [
        ("NCT90000026", "gone", "registry", "RECRUITING", None),
        (FOLLOWED, "gone", "answer", "RECRUITING", "status"),
    ]
    assert "Its status is now: Terminated" in told.out
    assert run("changes", "open", "--since", "2999-01-01").code == ExitCode.USAGE
    registry.replace_records(read_fixtures())
    assert {(row[0], row[1], row[4]) for row in rows(run("changes", "open", "--json"))} == {
        ("NCT90000026", "new", "RECRUITING"),
        (FOLLOWED, "new", "RECRUITING"),
    }


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault.DOWN_503, ExitCode.REFUSED),
        (Fault.STUDY_LOST, ExitCode.UNREADABLE),
        (Fault.RESET, ExitCode.UNREACHABLE),
        (Fault.EDGE_403_ALL, ExitCode.REFUSED),
        (Fault.CUT_JSON, ExitCode.UNREADABLE),
    ],
)
def test_a_registry_that_fails_changes_nothing(
    run: Run, saved: StandIn, fault: Any, code: ExitCode
) -> None:
    before = kept()
    saved.replace_records(edited(**{FOLLOWED: stopped}))
    saved.always = fault
    failed = run("changes", "all", "--json")
    assert (failed.code, failed.out, kept()) == (code, "", before)
    saved.always = None
    Ladder.refused_in_process.clear()  # the next run is another process
    assert [row[1] for row in rows(run("changes", "all", "--json"))] == ["status"]


def test_an_answer_that_breaks_off_or_is_empty_is_no_news(
    run: Run, saved: StandIn, small_pages: None
) -> None:
    before = kept()
    saved.trouble("503", page=3)
    assert run("changes", "all").code == ExitCode.REFUSED
    saved.troubles.clear()
    for left in ([], list(read_fixtures())[:2]):
        saved.replace_records(left)
        failed = run("changes", "all", "--json")
        assert (failed.code, failed.out) == (ExitCode.UNREADABLE, "")
        assert "not taken for an answer" in failed.err
    assert kept() == before


def test_a_study_that_comes_twice_is_no_reason_to_refuse(run: Run, saved: StandIn) -> None:
    studies = list(read_fixtures())
    double = next(study for study in studies if number_of(study) == "NCT90000026")
    saved.replace_records([*studies, double])
    assert rows(run("changes", "all", "--json")) == []


def test_a_registry_that_is_gone_is_unreachable(
    run: Run, saved: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept()
    monkeypatch.setenv("STEMCHECK_REGISTRY_URL", "http://127.0.0.1:9/api/v2")
    assert run("changes", "all").code == ExitCode.UNREACHABLE
    assert kept() == before


def test_only_new_words_or_new_rules_are_read_again(
    run: Run, saved: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, how_often = reading.read, Counter[str]()

    def counted(text: RecordText) -> Reading:
        how_often["read"] += 1
        return read(text)

    monkeypatch.setattr(reading, "read", counted)
    assert rows(run("changes", "all", "--json")) == []
    not_kept = how_often.pop("read")  # studies that the search leaves out
    saved.replace_records(edited(**{FOLLOWED: given_otherwise}))
    assert len(rows(run("changes", "all", "--json"))) == 1
    assert how_often.pop("read") == not_kept + 1
    monkeypatch.setattr(reading.reader, "RULES_VERSION", "2999-01-01")
    told = json.loads(run("changes", "all", "--json").out)
    assert how_often["read"] == not_kept + told["searches"][0]["studies_now"]


def test_time_and_newer_rules_are_no_changes_of_a_record(
    run: Run, saved: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import date

    monkeypatch.setattr("stemcheck.services.following.today", lambda: date(2030, 1, 1))
    told = json.loads(run("changes", "all", "--json").out)
    assert told["changes"] == []
    assert {one["why"] for one in told["apart"]} == {"calendar"}


def test_what_is_told_is_kept_only_when_it_could_be_written(
    run: Run, saved: StandIn, tmp_path: Path
) -> None:
    saved.replace_records(edited(**{FOLLOWED: stopped}))
    assert run("changes", "all", "-o", str(tmp_path / "no" / "x.json")).code == ExitCode.USAGE
    place = tmp_path / "x.json"
    assert run("changes", "all", "-o", str(place)).code == ExitCode.DONE
    assert [one["kind"] for one in json.loads(place.read_text())["changes"]] == ["status"]
    assert rows(run("changes", "all", "--json")) == []


def test_twenty_at_once_all_tell_and_keep_one_state(saved: StandIn) -> None:
    saved.replace_records(edited(**{FOLLOWED: stopped}))
    running = [started("changes", "all", "--json") for _ in range(20)]
    written = [one.communicate(timeout=550) for one in running]
    assert [err for _, err in written if "error" in err] == []
    told = [json.loads(out)["changes"] for out, _ in written]
    # Whoever comes late finds the state kept already; nobody tells anything else.
    assert {tuple(row["kind"] for row in changes) for changes in told} <= {("status",), ()}
    assert any(told)
    assert versions_of(FOLLOWED) == 2


def test_a_run_that_is_killed_is_told_again(run: Run, saved: StandIn) -> None:
    saved.replace_records(edited(**{FOLLOWED: stopped}))
    for seconds in (0.3, 0.6, 0.9, 1.2):
        with started("changes", "all", "--json") as one:
            time.sleep(seconds)
            one.send_signal(signal.SIGKILL)
            out, _ = one.communicate()
        if out:  # it was told: whether it was kept as well is the next run's business
            break
    else:
        assert [row[1] for row in rows(run("changes", "all", "--json"))] == ["status"]
    assert run("changes", "all").code == ExitCode.DONE
    assert sqlite3.connect(store()).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_state_of_an_earlier_day_can_be_compared_with(run: Run, saved: StandIn) -> None:
    with sqlite3.connect(store()) as file:
        file.execute("UPDATE runs SET told_at = '2026-11-01T08:00:00Z'")
    saved.replace_records(edited(**{FOLLOWED: stopped}))
    run("changes", "all")
    assert rows(run("changes", "all", "--json")) == []
    told = run("changes", "all", "--since", "2026-11-05", "--json")
    assert [row[1] for row in rows(told)] == ["status"]
    assert json.loads(told.out)["changes"][0]["since"] == "2026-11-01T08:00:00Z"
    assert run("changes", "all", "--since", "2026-10-01").code == ExitCode.USAGE

    history = json.loads(run("history", FOLLOWED, "--json").out)["trials"][0]
    assert [one["facts"]["status.value"] for one in history["versions"]] == [
        "RECRUITING",
        "TERMINATED",
    ]
    assert [one["kind"] for one in history["changes"]] == ["status"]
    assert run("history", "NCT01234567").code == ExitCode.STORE


def test_a_feed_holds_earlier_changes_and_a_calendar_the_dates_ahead(
    run: Run, saved: StandIn, tmp_path: Path
) -> None:
    feed, calendar = tmp_path / "changes.xml", tmp_path / "dates.ics"
    saved.replace_records(edited(**{FOLLOWED: stopped}))
    for _ in range(2):
        ran = run("changes", "all", "--feed", str(feed), "--calendar", str(calendar))
        assert ran.code == ExitCode.DONE
        atom = "{http://www.w3.org/2005/Atom}"
        entries = ET.parse(feed).getroot().findall(f"{atom}entry")
        assert [entry.find(f"{atom}category").get("term") for entry in entries] == ["status"]  # type: ignore[union-attr]
        assert entries[0].findtext(f"{atom}summary", "").startswith("Status: Recruiting")
    read = icalendar.Calendar.from_ical(calendar.read_bytes())
    assert {str(event["summary"]) for event in read.walk("VEVENT")}
    assert all(event.decoded("dtstart") for event in read.walk("VEVENT"))
    lines = calendar.read_bytes().split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert all(len(line) <= 75 for line in lines)
    assert b"BEGIN:VEVENT" in lines
    feed.write_text("<html>mine</html>")
    assert run("changes", "all", "--feed", str(feed)).code == ExitCode.USAGE
    assert feed.read_text() == "<html>mine</html>"


def test_searches_are_listed_replaced_and_removed(run: Run, saved: StandIn) -> None:
    assert run("save", "all", "-c", "stroke").code == ExitCode.USAGE
    assert run("save", "all", "-c", "stroke", "--force", "-q").code == ExitCode.DONE
    (one,) = json.loads(run("saved", "--json").out)["searches"]
    assert (one["name"], one["filters"]) == ("all", {"conditions": ["stroke"]})
    assert run("saved", "--remove", "other").code == ExitCode.USAGE
    assert json.loads(run("saved", "--remove", "all", "--json").out)["searches"] == []
    assert run("changes").code == ExitCode.USAGE
    assert run("save", "-x/../y", "-c", "stroke").code == ExitCode.USAGE


@pytest.mark.parametrize("shape", ["ours.jsonl", "ours.json", "records.jsonl", "records.json.gz"])
def test_two_files_are_compared(run: Run, registry: StandIn, tmp_path: Path, shape: str) -> None:
    lost = "NCT90000026"
    later = [study for study in edited(**{FOLLOWED: stopped}) if number_of(study) != lost]
    states = (list(read_fixtures()), later)
    old, new = tmp_path / f"old.{shape}", tmp_path / f"new.{shape}"
    for place, studies in zip((old, new), states, strict=True):
        registry.replace_records(studies)
        registry.data_timestamp += "1"
        if shape.startswith("ours"):
            run("trials", "--cells", "any", "-o", str(place), "-q")
        elif shape.endswith("gz"):
            place.write_bytes(gzip.compress(json.dumps(studies).encode()))
        else:
            place.write_text("".join(f"{json.dumps(study)}\n" for study in studies))
    told = run("changes", str(old), str(new), "--json", "--exit-code")
    assert told.code == ExitCode.CHANGED
    assert {(row[0], row[1]) for row in rows(told)} == {(FOLLOWED, "status"), (lost, "gone")}
    assert "nothing changed" in run("changes", str(old), str(old)).out.lower()
    new.write_bytes(b"")
    assert run("changes", str(old), str(new)).code == ExitCode.UNREADABLE


def test_files_are_compared_in_what_both_hold(run: Run, registry: StandIn, tmp_path: Path) -> None:
    whole, part = tmp_path / "whole.jsonl", tmp_path / "part.jsonl"
    run("trials", "--cells", "any", "-o", str(whole), "-q")
    run("trials", "--cells", "any", "--fields", "nct_id,status", "-o", str(part), "-q")
    told = json.loads(run("changes", str(whole), str(part), "--json").out)
    assert told["changes"] == []
    (notice,) = told["notices"]
    assert "who pays, what is given, sites" in notice["text"]
    counted = run("landscape", str(part), "--by", "status,pay")
    assert (counted.code, counted.out) == (ExitCode.STORE, "")
    assert "--by pay" in counted.err


def test_papers_of_records_in_files_are_compared(run: Run, tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    edit, (field, before, after) = ONE_CHANGE["publications"]
    old.write_text(json.dumps(read_fixtures()))
    new.write_text(json.dumps(edited(**{FOLLOWED: edit})))
    told = run("changes", str(old), str(new), "--json")
    assert rows(told) == [(FOLLOWED, "publications", field, before, after)]


def test_the_history_of_a_record_tells_when_it_went_and_came_back(run: Run, saved: StandIn) -> None:
    def history() -> list[tuple[str, str]]:
        record = json.loads(run("history", FOLLOWED, "--json").out)["trials"][0]
        return [(one["kind"], one["field"]) for one in record["changes"]]

    without = [study for study in read_fixtures() if number_of(study) != FOLLOWED]
    saved.replace_records(without)
    run("changes", "all")
    assert history() == [("gone", "registry")]
    assert "no longer has this number" in run("history", FOLLOWED).out
    saved.replace_records(read_fixtures())
    run("changes", "all")
    assert history() == [("gone", "registry"), ("new", None)]


def test_a_home_that_cannot_be_written_is_said(run: Run, saved: StandIn) -> None:
    saved.replace_records(edited(**{FOLLOWED: stopped}))
    with sqlite3.connect(store()) as file:
        file.execute(
            "CREATE TRIGGER full BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    told = run("changes", "all", "--json")
    assert told.code == ExitCode.STORE
    assert [row[1] for row in rows(told)] == ["status"]
    assert "told" in told.err
    assert run("save", "other", "-c", "stroke").code == ExitCode.STORE
    with sqlite3.connect(store()) as file:
        file.execute("DROP TRIGGER full")
    assert [row[1] for row in rows(run("changes", "all", "--json"))] == ["status"]


def store() -> Path:
    return Path(os.environ["STEMCHECK_DATA_DIR"]) / "stemcheck.sqlite3"


def kept() -> list[Any]:
    with sqlite3.connect(store()) as file:
        return [file.execute(f"SELECT * FROM {name}").fetchall() for name in ("runs", "versions")]


def versions_of(number: str) -> int:
    with sqlite3.connect(store()) as file:
        sql = "SELECT count(*) FROM versions WHERE nct_id = ?"
        return int(file.execute(sql, (number,)).fetchone()[0])


def started(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "stemcheck", *arguments]
    patient = {
        **os.environ,
        "STEMCHECK_TIMEOUT": "300",
    }  # twenty at once are slow on a busy machine
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=patient
    )
