"""The figures of a landscape are those that anybody counts in the same answer."""

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import duckdb
import pytest

from stemcheck.errors import ExitCode
from stemcheck.trial.landscape import By
from tests.cli.conftest import Run
from tests.standin import StandIn

Trial = dict[str, Any]


def values(by: str, trial: Trial) -> list[str | None]:
    """What a trial of an answer has, read off its JSON as a script of somebody else would."""
    reading = trial["reading"]
    paths: dict[str, Any] = {
        "status": trial["status"]["value"],
        "phase": trial["phases"],
        "route": reading["routes"],
        "cells": reading["products"],
        "tissue": reading["tissue"],
        "donor": reading["donor"],
        "country": trial["countries"],
        "sponsor_class": (trial["sponsor"] or {}).get("class"),
        "start_year": (trial["dates"]["start"] or "")[:4],
        "results": {True: "yes", False: "no", None: None}[trial["has_results"]],
        "pay": "yes" if any(s["id"] == "participants-pay" for s in trial["signals"]) else None,
    }
    found = paths[by]
    return list(dict.fromkeys(found if isinstance(found, list) else [found or None])) or [None]


@pytest.fixture
def trials(run: Run, registry: StandIn) -> list[Trial]:
    answer = json.loads(run("trials", "--cells", "any", "--json").out)
    return list(answer["trials"])


@pytest.mark.parametrize("by", list(By))
def test_each_figure_is_that_of_the_trials(run: Run, trials: list[Trial], by: By) -> None:
    answer = json.loads(run("landscape", "--cells", "any", "--by", by, "--json").out)
    (table,) = answer["tables"]
    counted = Counter(value for trial in trials for value in values(by, trial))
    assert {one["value"]: one["count"] for one in table["figures"]} == counted
    assert answer["studies"] == len(trials) == answer["counts"]["shown"]
    assert table["is_overlapping"] == any(len(values(by, trial)) > 1 for trial in trials)
    assert table["from_reading"] == (by in {"route", "cells", "tissue", "donor", "pay"})


def test_a_cross_table_is_the_same_from_a_search_the_store_and_files(
    run: Run, trials: list[Trial], tmp_path: Path
) -> None:
    lines = tmp_path / "all.jsonl"
    run("trials", "--cells", "any", "-o", str(lines), "-q")
    run("save", "all", "--cells", "any", "-q")
    counted = Counter(
        (a, b) for trial in trials for a in values("phase", trial) for b in values("country", trial)
    )
    for source in (("--cells", "any"), ("--saved", "all"), (str(lines),)):
        ran = run("landscape", *source, "--by", "phase,country", "--json")
        cross = json.loads(ran.out)["cross"]["figures"]
        assert {tuple(one["values"]): one["count"] for one in cross} == counted
    told = csv.DictReader(
        io.StringIO(run("landscape", str(lines), "--by", "phase,country", "--csv").out)
    )
    assert {
        (row["phase"] or None, row["country"] or None): int(row["count"]) for row in told
    } == counted


@pytest.mark.parametrize(
    ("country", "phase"),
    [("Spain", "phase 2"), ("España", "2"), ("spain", "PHASE2"), ("Spain", "ii")],
)
def test_a_figure_opens_into_its_studies(
    run: Run, trials: list[Trial], country: str, phase: str
) -> None:
    ran = run(
        "landscape",
        "--cells",
        "any",
        "--list",
        f"country={country}",
        "--list",
        f"phase={phase}",
        "--json",
    )
    listed = {one["nct_id"] for one in json.loads(ran.out)["listed"]["studies"]}
    assert listed == {
        trial["nct_id"]
        for trial in trials
        if "Spain" in trial["countries"] and "PHASE2" in trial["phases"]
    }
    assert listed


@pytest.mark.parametrize(
    "arguments",
    [
        ("--by", "colour"),
        ("--list", "Spain"),
        ("--cells", "any", "--list", "country=Atlantis"),
        ("--saved", "nothing"),
        ("--saved", "x", "-c", "stroke"),
    ],
)
def test_what_cannot_be_counted_is_said(
    run: Run, registry: StandIn, arguments: tuple[str, ...]
) -> None:
    ran = run("landscape", *arguments)
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")
    assert "Hint:" in ran.err


@pytest.mark.parametrize("name", ["x.html", "x.svg", "x.csv", "x.md"])
def test_a_page_and_a_picture_hold_every_figure(
    run: Run, registry: StandIn, tmp_path: Path, name: str
) -> None:
    place = tmp_path / name
    ran = run("landscape", "--cells", "any", "--by", "country,route", "-o", str(place))
    assert ran.code == ExitCode.DONE
    text = place.read_text(encoding="utf-8-sig")
    assert "Spain" in text
    assert "<script" not in text
    if name == "x.svg":
        root = ET.fromstring(text)
        assert root.get("role") == "img"
        assert "Spain 5" in (root.findtext("{http://www.w3.org/2000/svg}desc") or "")
    assert run("landscape", "--cells", "any", "-o", str(place)).code == ExitCode.USAGE


def test_a_registry_that_is_gone_gives_no_figures_to_a_program(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEMCHECK_REGISTRY_URL", "http://127.0.0.1:9/api/v2")
    monkeypatch.setenv("STEMCHECK_TIMEOUT", "1")
    ran = run("landscape", "-c", "stroke", "--json")
    assert (ran.code, ran.out) == (ExitCode.UNREACHABLE, "")
    assert run("landscape", "-c", "stroke").code == ExitCode.SAVED_DATA


def test_the_recipes_of_the_documentation_work_in_duckdb(
    run: Run, registry: StandIn, tmp_path: Path
) -> None:
    lines, parquet = tmp_path / "all.jsonl", tmp_path / "all.parquet"
    run("trials", "--cells", "any", "-o", str(lines), "-q")
    duckdb.sql(f"COPY (SELECT * FROM read_json('{lines}')) TO '{parquet}' (FORMAT parquet)")
    rows = duckdb.execute(
        f"SELECT unnest(phases) AS phase, count(*) FROM '{parquet}' GROUP BY 1"
    ).fetchall()
    (table,) = json.loads(run("landscape", str(lines), "--by", "phase", "--json").out)["tables"]
    assert {one["value"]: one["count"] for one in table["figures"] if one["value"]} == dict(rows)
