"""What a person sees at a terminal: it fits, it answers first, and nothing of it is lost in silence."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from tests.cli.conftest import Run
from tests.cli.test_ways_out import SHELL, screen_of, shell
from tests.conftest import PROJECT
from tests.standin import StandIn

STROKE = ("trials", "-c", "stroke", "--offline")
GLANCE = re.compile(r"\d+ open on 13 Oct 2022 · \d+ by vein · \d+ in phase 3 · 1 asks people")


@pytest.fixture
def columns(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the width of the terminal."""
    return lambda width: monkeypatch.setenv("COLUMNS", str(width))


def told(out: str) -> str:
    return " ".join(out.split())


def test_a_whole_answer_can_be_looked_over(run: Run, columns: Any) -> None:
    columns(80)
    lines = run(*STROKE).out.splitlines()
    assert len(lines) <= 110
    assert max(map(cell_len, lines)) <= 80
    rows = [line for line in lines if line.startswith(("● NCT", "○ NCT"))]
    assert len(rows) == 31
    between = "\n".join(lines[lines.index(rows[0]) : lines.index(rows[-1])])
    assert between.count("\n") <= 30 * 2 + 3


def test_one_line_answers_above_and_below_the_rows(run: Run, columns: Any) -> None:
    columns(80)
    out = told(run(*STROKE).out)
    assert len(GLANCE.findall(out)) == 2
    trials = json.loads(run(*STROKE, "--json").out)["trials"]
    vein = sum(trial["reading"]["intravenous"] == "yes" for trial in trials)
    phase_3 = sum("PHASE3" in trial["phases"] for trial in trials)
    in_us = sum("United States" in trial["countries"] for trial in trials)
    open_ = sum(trial["status"]["open_to_new_participants"] is True for trial in trials)
    assert (
        f"{open_} open on 13 Oct 2022 · {vein} by vein · {phase_3} in phase 3 · "
        f"1 asks people to pay · sites in the U.S.: {in_us}"
    ) in out


def test_a_serious_fact_stands_in_words_and_a_neutral_one_has_a_quiet_sign(
    run: Run, columns: Any
) -> None:
    columns(140)
    for more in ((), ("--long",)):
        out = run(*STROKE, *more).out
        pays = out[out.index("NCT05158101") :]
        assert pays.index("! people pay") < pays.index("NCT", 20)
        assert "Spain°" in told(out)
        assert re.search(r"^ ! 1 study: The record says that participants pay\.", out, re.MULTILINE)
        assert re.search(
            r"^ ° \d+ studies: The record lists no site in the U\.S\.", out, re.MULTILINE
        )
        assert "! was recruiting in 2015-03" in told(out) or "! last: Recruiting" in told(out)
        assert "detailedDescription" not in out


def test_few_trials_and_those_who_want_it_get_long_rows(run: Run, columns: Any) -> None:
    columns(80)
    short = run(*STROKE).out.splitlines()
    assert len(run(*STROKE, "--long").out.splitlines()) > 1.5 * len(short)
    few = run(*STROKE, "--limit", "10").out
    assert "→ by vein" in few
    assert "people planned" in few


@pytest.mark.parametrize("width", [30, 50, 69, 80, 119, 140])
def test_ages_and_sex_stand_in_every_row(width: int, run: Run, columns: Any) -> None:
    columns(width)
    for more in ((), ("--long",)):
        out = told(run(*STROKE, *more).out)
        assert out.count("age ") >= 29
        assert "no age limit given" in out
        assert "age up to 10 days" in out


QUESTION = (
    "-c", "stroke", "-c", "lupus", "-c", "arthritis", "--route", "iv", "--near", "Madrid",
    "--within", "2000km", "--age", "67", "--sex", "female",
)  # fmt: skip
ASKED = {
    "the registry": ("trials", "--live"),
    "the sample": ("trials", "--offline"),
    "files": ("read", str(PROJECT / "fixtures" / "studies")),
}


@pytest.mark.parametrize("whom", ASKED)
def test_what_a_person_asks_is_one_command(
    whom: str, registry: StandIn, run: Run, columns: Any, tmp_path: Path
) -> None:
    columns(100)
    command = (*ASKED[whom], *QUESTION)
    answer = json.loads(run(*command, "--json").out)
    table = told(run(*command).out)
    assert answer["trials"]
    for trial in answer["trials"]:
        assert "intravenous" in trial["reading"]["routes"]
        assert trial["nearest"]["distance_km"] <= 2000
        assert trial["eligibility"]["sex"] in {"FEMALE", "ALL", None}
        assert trial["nct_id"] in table
    assert table.count(" there)") == len(answer["trials"])
    assert "near Madrid, Spain, within 2,000 km" in table
    if whom == "files":
        return
    page = tmp_path / "page.html"
    run("report", *command[1:], "-o", str(page))
    text = page.read_text(encoding="utf-8")
    assert all(trial["nct_id"] in text for trial in answer["trials"])
    assert text.count(" there)") == len(answer["trials"])


@pytest.mark.parametrize("width", [50, 80, 140])
def test_a_limit_that_is_missing_is_marked_where_it_was_asked_for(
    width: int, run: Run, columns: Any
) -> None:
    columns(width)
    for more in ((), ("--long",), ("--format", "markdown")):
        out = told(run(*STROKE, "--age", "67", *more).out.replace("\\", ""))
        assert "no upper limit" in out
        assert "age 18-80, no" not in out
        assert "no upper limit" not in told(run(*STROKE, *more).out)


TITLE = "Safety of Allogeneic/Autologous/Xenogeneic-free-cultured-cells in stroke"


@pytest.mark.parametrize("width", [30, 50, 80, 140])
def test_the_end_of_a_long_word_is_not_lost_in_silence(
    width: int, run: Run, columns: Any, tmp_path: Path
) -> None:
    study = json.loads(
        (PROJECT / "fixtures/studies/recruiting-stroke-iv.json").read_text(encoding="utf-8")
    )
    study["protocolSection"]["identificationModule"]["briefTitle"] = TITLE
    study["protocolSection"]["contactsLocationsModule"]["locations"] = [
        {"country": "Pneumonoultramicroscopicsilicovolcanoconiosis-Land", "city": "X"}
    ]
    path = tmp_path / "study.json"
    path.write_text(json.dumps(study), encoding="utf-8")
    columns(width)
    letters = "".join(run("read", str(path)).out.split())
    # In columns the pieces of a word stand below each other, with other columns between them.
    if width < 70:
        assert "".join(TITLE.split()) in letters
        assert "Pneumonoultramicroscopicsilicovolcanoconiosis-Land" in letters
    assert "cultured-cells" in letters or "cells" in letters
    assert "…" not in letters


def test_the_box_says_where_to_ask_the_registry(run: Run, columns: Any) -> None:
    columns(200)
    box = run(*STROKE).out.partition("╯")[0]
    assert "Ask the registry yourself: https://clinicaltrials.gov/search?cond=stroke" in box
    shown = run("show", "NCT05158101", "--offline").out.partition("╯")[0]
    assert "https://clinicaltrials.gov/study/NCT05158101" in shown
    markdown = run(*STROKE, "--format", "markdown").out
    assert "> Ask the registry yourself: <https://clinicaltrials.gov/search?cond=stroke" in markdown


@pytest.mark.parametrize("variable", ["STEMCHECK_PAGER", "PAGER"])
def test_a_pager_shows_a_long_answer_on_a_terminal(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    monkeypatch.setenv(variable, f"tee {seen}")
    screen_of("trials -c stroke --offline", 80)
    assert "Before you decide" in seen.read_text(encoding="utf-8")


@pytest.mark.parametrize("pager", ["", "cat", "/no/such/pager"])
def test_without_a_pager_the_answer_goes_straight_to_the_terminal(
    pager: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEMCHECK_PAGER", pager)
    assert [line for line in screen_of("cautions", 80) if "experiment" in line]


def test_a_pager_that_is_left_early_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEMCHECK_PAGER", "head -n 3")
    lines = screen_of("glossary; echo rc=$?", 80)
    assert "rc=0" in lines


def test_what_is_piped_needs_no_pager(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    ran = shell(f"{SHELL} cautions | tail -1", STEMCHECK_PAGER=f"tee {seen}")
    assert ran.returncode == 0
    assert not seen.exists()
