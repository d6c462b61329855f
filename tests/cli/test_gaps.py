"""An answer of which not everything came says so wherever it is read."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from stemcheck.errors import ExitCode
from stemcheck.saved import STORE_FILE
from tests.cli.conftest import Run
from tests.standin import Fault, StandIn

EVERYTHING = ("trials", "--cells", "any", "--live")


@pytest.fixture
def gap(registry: StandIn, small_pages: None, run: Run) -> str:
    """Let the registry lose all pages but the first; return the sentence that says so."""
    registry.trouble(Fault.TOKEN_LOST, path="/studies")
    counts = json.loads(run(*EVERYTHING, "--json").out)["counts"]
    lost = counts["registry_total"] - counts["fetched"]
    assert lost > 0
    return f"{lost} of the {counts['registry_total']} studies announced did not come."


@pytest.mark.parametrize("shape", ["table", "markdown"])
def test_the_reader_is_told_under_the_counts(shape: str, gap: str, run: Run) -> None:
    ran = run(*EVERYTHING, "--format", shape)
    assert ran.code == ExitCode.DONE
    out = " ".join(ran.out.replace("\\", "").split())
    assert f"{gap} This list is not complete." in out


def test_the_reader_of_a_report_is_told(gap: str, run: Run) -> None:
    ran = run("report", "--cells", "any", "--live", "-o", "-")
    assert ran.code == ExitCode.DONE
    assert gap in ran.out


@pytest.mark.parametrize("shape", ["table", "markdown", "json", "jsonl", "csv"])
def test_it_is_said_even_when_quiet(shape: str, gap: str, run: Run) -> None:
    ran = run(*EVERYTHING, "--quiet", "--format", shape)
    lines = ran.err.splitlines()
    assert len(lines) == 1
    if shape not in {"table", "markdown"}:
        assert json.loads(lines[0])["notice"]["id"] == "incomplete"


@pytest.mark.parametrize("shape", ["table", "json", "jsonl", "csv"])
def test_strict_fails_and_shows_nothing(shape: str, gap: str, run: Run) -> None:
    ran = run(*EVERYTHING, "--strict", "--format", shape)
    assert (ran.code, ran.out) == (ExitCode.UNREADABLE, "")


def test_strict_fails_a_report_and_a_saved_answer(gap: str, run: Run) -> None:
    report = run("report", "--cells", "any", "--live", "--strict", "-o", "-")
    assert report.code == ExitCode.UNREADABLE
    saved = run("trials", "--cells", "any", "--offline", "--strict", "--json")
    assert (saved.code, saved.out) == (ExitCode.UNREADABLE, "")


def test_a_list_that_was_not_asked_for_to_its_end_has_no_gap(
    registry: StandIn, small_pages: None, run: Run
) -> None:
    ran = run(*EVERYTHING, "--jsonl", "--limit", "2", "--strict", "--quiet")
    assert (ran.code, ran.err, len(ran.out.splitlines())) == (ExitCode.DONE, "", 2)


def test_nothing_left_of_half_an_answer_is_not_called_none_listed(gap: str, run: Run) -> None:
    for shape in ("table", "markdown"):
        none = run(*EVERYTHING, "--route", "eye", "--format", shape).out
        assert "part of the registry" in " ".join(none.split())
        assert "lists no such study" not in none
        assert "none that is known to fit" not in none


@pytest.mark.parametrize("command", ["trials -c stroke", "show NCT04506073", "verify NCT04506073"])
def test_nobody_is_asked_when_the_answer_could_not_be_written(
    command: str, registry: StandIn, run: Run, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("mine")
    ran = run(*command.split(), "-o", str(kept))
    assert ran.code == ExitCode.USAGE
    assert "--force" in ran.err
    assert not registry.asked
    assert kept.read_text() == "mine"


@pytest.mark.parametrize("option", ["-c", "--raw"])
def test_a_search_that_is_too_long_is_wrong_usage(option: str, registry: StandIn, run: Run) -> None:
    for letters in (1001, 100_000):
        ran = run("trials", option, "x" * letters)
        assert ran.code == ExitCode.USAGE
        assert f"{letters:,} letters" in ran.err
    assert run("trials", option, "x" * 1000, "--live").code == ExitCode.DONE


@pytest.mark.parametrize("offline", [True, False])
def test_a_damaged_answer_leaves_the_place_to_the_sample(
    offline: bool, registry: StandIn, run: Run, tmp_path: Path
) -> None:
    run("trials", "-c", "stroke")
    (kept,) = tmp_path.rglob(STORE_FILE)
    with closing(sqlite3.connect(kept)) as store, store:
        store.execute("UPDATE answers SET body = substr(body, 1, length(body) - 20)")
    registry.always = Fault.DOWN_503
    ran = run("trials", "-c", "stroke", *(["--offline"] if offline else []))
    assert "built-in sample" in ran.out
    assert ran.code == (ExitCode.DONE if offline else ExitCode.SAVED_DATA)


def test_a_format_that_a_command_lacks_is_not_offered(run: Run) -> None:
    for command in ("show", "verify", "questions", "cautions", "approved", "glossary", "doctor"):
        assert "csv" not in run(command, "--help").out


def test_the_sample_never_answers_a_search_of_which_it_cannot_do_a_part(
    registry: StandIn, run: Run
) -> None:
    for shape in ("table", "json", "jsonl", "csv", "markdown"):
        words = ("-c", "stroke", "--raw", "AREA[Phase]PHASE2", "--offline", "--format", shape)
        offline = run("trials", *words)
        assert (offline.code, offline.out) == (ExitCode.STORE, "")
        assert "--raw" in offline.err
    registry.always = Fault.DOWN_503
    ran = run("trials", "-c", "stroke", "--raw", "AREA[Phase]PHASE2", "--json")
    assert (ran.code, ran.out) == (ExitCode.REFUSED, "")
