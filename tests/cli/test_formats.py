"""Every format that a command offers can be written, and says what the document says."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from stemcheck.cli.app import COMMANDS, app_for
from stemcheck.output.formats import Format, Writer
from tests.cli.conftest import Run
from tests.conftest import PROJECT

STUDIES = sorted((PROJECT / "fixtures" / "studies").glob("*.json"))
ASKED = {
    "trials": ("trials", "-c", "stroke", "--offline", "--limit", "2"),
    "read": ("read", str(STUDIES[0])),
    "show": ("show", "NCT05158101", "--offline"),
    "verify": ("verify", "NCT05158101", "--offline"),
    "questions": ("questions",),
    "cautions": ("cautions",),
    "approved": ("approved",),
    "glossary": ("glossary", "status"),
    "landscape": ("landscape", "-c", "stroke", "--offline"),
}
"""A line for each command that offers formats and needs no registry."""
OF_THEIR_OWN = {"report", "schema", "doctor", "mcp", "save", "saved", "changes", "history", "help"}
"""Commands that offer none, or of which only other tests have an answer to print."""

PATHS = {
    "status": "status.value",
    "last_known_status": "status.last_known",
    "status_verified_on": "status.verified_on",
    "open_to_new_participants": "status.open_to_new_participants",
    "why_stopped": "status.why_stopped",
    "interventions": "interventions.name",
    "products": "reading.products",
    "tissue": "reading.tissue",
    "donor": "reading.donor",
    "routes": "reading.routes",
    "intravenous": "reading.intravenous",
    "sponsor": "sponsor.name",
    "sponsor_class": "sponsor.class",
    "collaborators": "collaborators.name",
    "enrollment": "enrollment.count",
    "enrollment_type": "enrollment.type",
    "start": "dates.start",
    "primary_completion": "dates.primary_completion",
    "completion": "dates.completion",
    "first_submitted": "dates.first_submitted",
    "last_update_posted": "dates.last_update_posted",
    "results_posted": "dates.results_posted",
    "sites": "sites.total",
    "sites_recruiting": "sites.recruiting",
    "nearest_facility": "nearest.facility",
    "nearest_city": "nearest.city",
    "nearest_country": "nearest.country",
    "nearest_status": "nearest.status",
    "nearest_distance_km": "nearest.distance_km",
    "sex": "eligibility.sex",
    "minimum_age": "eligibility.minimum_age",
    "maximum_age": "eligibility.maximum_age",
    "healthy_volunteers": "eligibility.healthy_volunteers",
    "fda_regulated_drug": "oversight.fda_regulated_drug",
    "fda_regulated_device": "oversight.fda_regulated_device",
    "data_monitoring_committee": "oversight.data_monitoring_committee",
    "signals": "signals.id",
}
"""Where the value of a column stands in the JSON; the others have the name of the column."""
OF_ITS_OWN = {"evidence", "start_year"}


def options_of(command: str) -> dict[str, Any]:
    parsed = get_command(app_for([command])).commands[command]  # type: ignore[attr-defined]
    return {name: option for option in parsed.params for name in option.opts}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_format_that_a_command_offers_can_be_written(
    command: str, run: Run, tmp_path: Path
) -> None:
    offered = options_of(command).get("--format")
    if command not in ASKED:
        assert command in OF_THEIR_OWN
        return
    assert offered is not None
    for shape in offered.metavar.strip("<>").split("|"):
        if Format(shape) is Format.XLSX:
            book = tmp_path / f"{command}.xlsx"
            assert run(*ASKED[command], "-o", str(book)).code in {0, 8}
            assert book.read_bytes().startswith(b"PK")
            continue
        ran = run(*ASKED[command], "--format", shape)
        assert ran.code in {0, 8}, ran.err
        assert ran.out
        if Format(shape) is Format.JSON:
            assert json.loads(ran.out)["schema"].startswith("stemcheck.")


@pytest.mark.parametrize("shape", Format)
def test_every_format_has_its_own_writer(shape: Format) -> None:
    assert isinstance(shape.writer, Writer)
    assert type(shape.writer).__module__ == f"stemcheck.output.formats.{shape}"


@pytest.mark.parametrize("shape", Format)
def test_a_format_for_machines_has_errors_for_machines(shape: Format, run: Run) -> None:
    flags = [("--format", shape.value), (f"--format={shape}",)]
    if shape.is_for_machines:
        flags.append((f"--{shape}",))
    for flag in flags:
        ran = run("trials", "--limit", "none", *flag)
        assert ran.err.startswith('{"error"') is shape.is_for_machines
    assert run("trials", "--limit", "none", "--", "--json").err.startswith("stemcheck: ")


def told(value: Any, keys: list[str]) -> Any:
    """What stands under a path; of a list, that of each."""
    if not keys or value is None:
        return value
    if isinstance(value, list):
        return [told(each, keys) for each in value]
    return told(value[keys[0]], keys[1:])


def as_cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list():
            return "; ".join(map(str, value))
        case _:
            return str(value)


@pytest.mark.parametrize("study", STUDIES, ids=lambda path: path.stem)
def test_a_row_says_what_the_document_says(study: Path, run: Run) -> None:
    if study.stem.startswith("hostile"):
        pytest.skip("what is taken away there, other tests look at")
    trials = json.loads(run("read", str(study), "--json").out)["trials"]
    line = json.loads(run("read", str(study), "--jsonl").out.splitlines()[0]) if trials else {}
    rows = list(csv.DictReader(io.StringIO(run("read", str(study), "--csv").out)))
    assert len(rows) == len(trials)
    for row, trial in zip(rows, trials, strict=True):
        document = trial | {"source": line["source"], "as_of": line["as_of"]}
        for column in row.keys() - OF_ITS_OWN:
            wanted = as_cell(told(document, PATHS.get(column, column).split(".")))
            assert row[column].lstrip("'").split() == wanted.split(), column


def test_the_columns_stand_in_the_order_that_was_promised(run: Run) -> None:
    header = run("read", str(STUDIES[0]), "--csv").out.splitlines()[0].split(",")
    first = ["nct_id", "url", "brief_title", "official_title", "acronym", "status"]
    assert header[:6] == first
    assert header[-2:] == ["source", "as_of"]
    assert len(header) == len(set(header))
    ages = [header.index(name) for name in ("minimum_age", "maximum_age")]
    assert ages == sorted(ages)
