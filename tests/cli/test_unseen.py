"""What a record holds for the eyes of a program alone reaches nobody, and what it escapes people can read."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from stemcheck.output.formats import Format
from tests.cli.conftest import Run
from tests.conftest import PROJECT
from tests.unit.test_plain import CARRIERS

HIDDEN = "".join(CARRIERS.values())
WRITTEN = r"Cells \> 10\^6 for Crohn&#39;s \&lt;18"
MEANT = "Cells > 10^6 for Crohn's <18"


def record(tmp_path: Path, title: str) -> Path:
    study: dict[str, Any] = json.loads(
        (PROJECT / "fixtures/studies/recruiting-stroke-iv.json").read_text(encoding="utf-8")
    )
    protocol = study["protocolSection"]
    protocol["identificationModule"]["briefTitle"] = title
    protocol["conditionsModule"]["conditions"] = [title]
    protocol["sponsorCollaboratorsModule"]["leadSponsor"]["name"] = title
    protocol["armsInterventionsModule"]["interventions"][0]["name"] = f"{title} MSC by vein"
    path = tmp_path / "study.json"
    path.write_text(json.dumps(study), encoding="utf-8")
    return path


@pytest.mark.parametrize("shape", Format)
def test_no_format_carries_what_nobody_sees(shape: Format, run: Run, tmp_path: Path) -> None:
    path = record(tmp_path, f"Stem{HIDDEN}cells")
    if shape is Format.XLSX:
        run("read", str(path), "-o", str(tmp_path / "studies.xlsx"))
        cells = load_workbook(tmp_path / "studies.xlsx").worksheets[0].values
        out = "\n".join(str(cell) for row in cells for cell in row)
    else:
        out = run("read", str(path), "--format", shape.value).out
    if shape is Format.JSON:
        out = json.dumps(json.loads(out), ensure_ascii=False)
    allowed = {"\U0001f600", "\ufe0f"}
    assert "Stem" in out
    assert not {*HIDDEN} - {*map(chr, range(128))} - allowed & {*out}


def test_errors_and_notices_for_programs_carry_it_no_more(run: Run) -> None:
    said = json.loads(run("trials", "--json", "--status", f"re{HIDDEN}x").err)
    assert not {*HIDDEN} - {*map(chr, range(128))} - {"\U0001f600"} & {
        *json.dumps(said, ensure_ascii=False)
    }


def test_people_read_what_was_meant_and_programs_what_is_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(record(tmp_path, WRITTEN))
    monkeypatch.setenv("COLUMNS", "400")
    assert MEANT in run("read", path).out
    assert MEANT in run("read", path, "--format", "markdown").out
    trial = json.loads(run("read", path, "--json").out)["trials"][0]
    assert trial["brief_title"] == WRITTEN
    assert trial["conditions"] == [WRITTEN]
    row = next(csv.DictReader(io.StringIO(run("read", path, "--csv").out)))
    assert row["brief_title"] == WRITTEN


def test_a_cell_is_no_formula_and_no_longer_than_excel_holds(run: Run, tmp_path: Path) -> None:
    for start in "=+-@＝＋－＠":  # noqa: RUF001
        path = str(record(tmp_path, f"{start}SUM(1)"))
        row = next(csv.DictReader(io.StringIO(run("read", path, "--csv").out)))
        assert row["brief_title"] == f"'{start}SUM(1)"
    path = str(record(tmp_path, "word " * 10_000))
    ran = run("read", path, "--csv", "-q")
    row = next(csv.DictReader(io.StringIO(ran.out)))
    assert len(row["brief_title"]) == 32_767
    assert row["brief_title"].endswith("… [cut]")
    assert "longer than a spreadsheet can hold" in ran.err


def test_values_that_hold_a_semicolon_can_be_told_apart(run: Run, tmp_path: Path) -> None:
    path = record(tmp_path, "x")
    study = json.loads(path.read_text(encoding="utf-8"))
    conditions = ["System; Lupus", 'the "red" one', '"quoted"', "Stroke"]
    study["protocolSection"]["conditionsModule"]["conditions"] = conditions
    path.write_text(json.dumps(study), encoding="utf-8")
    row = next(csv.DictReader(io.StringIO(run("read", str(path), "--csv").out)))
    split = next(csv.reader([row["conditions"]], delimiter=";", skipinitialspace=True))
    assert split == conditions
