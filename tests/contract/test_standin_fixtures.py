"""The hand-written fixtures: listed, invented, and covering what they are there to cover."""

import json
import tomllib
from pathlib import Path

import httpx
import pytest

from tests.standin import StandIn, read_broken, read_fixtures
from tests.standin.fields import enums

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
MANIFEST = tomllib.loads((FIXTURES / "MANIFEST.toml").read_text(encoding="utf-8"))["fixture"]


def test_the_manifest_lists_every_file_and_no_other() -> None:
    found = {name_of(path) for path in FIXTURES.rglob("*") if path.is_file()} - {"MANIFEST.toml"}
    # fixtures/reading has a list of its own.
    found = {name for name in found if not name.startswith("reading/")}
    listed = {entry["file"]: {*map(name_of, FIXTURES.glob(entry["file"]))} for entry in MANIFEST}
    assert [line for line, files in listed.items() if not files] == []
    assert sorted(found) == sorted(name for files in listed.values() for name in files)


def name_of(path: Path) -> str:
    return path.relative_to(FIXTURES).as_posix()


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
def test_a_fixture_says_how_it_was_made_and_what_it_shows(entry: dict[str, str]) -> None:
    assert "not a real" in entry["how"]
    assert entry["shows"]


RECORDS = [entry["file"] for entry in MANIFEST if entry["file"].endswith(".json")]


@pytest.mark.parametrize("file", RECORDS)
def test_a_record_has_an_invented_number(file: str) -> None:
    text = (FIXTURES / file).read_text(encoding="utf-8")
    module = (json.loads(text) or {}) if text.startswith("{") else {}
    section = module.get("protocolSection") or {}
    named = section.get("identificationModule") if isinstance(section, dict) else None
    nct_id = named.get("nctId") if isinstance(named, dict) else None
    assert not isinstance(nct_id, str) or nct_id.startswith("NCT9000")


def test_all_statuses_are_there_and_unknown_says_what_was_last_known() -> None:
    modules = [study["protocolSection"]["statusModule"] for study in read_fixtures()]
    assert {module["overallStatus"] for module in modules} >= set(enums()["Status"])
    last = {module["lastKnownStatus"] for module in modules if "lastKnownStatus" in module}
    assert last == {"RECRUITING", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING"}


def test_numbers_of_fixtures_are_their_own() -> None:
    ids = [s["protocolSection"]["identificationModule"]["nctId"] for s in read_fixtures()]
    assert len(set(ids)) == len(ids)


def test_broken_records_are_twenty_one() -> None:
    assert len(read_broken()) == 21


@pytest.mark.parametrize(
    "parameters",
    [
        {"query.cond": "stroke", "query.intr": "mesenchymal", "sort": "LastUpdatePostDate"},
        {"filter.overallStatus": "RECRUITING", "sort": "EnrollmentCount|@relevance"},
        {"filter.geo": "distance(42.36,-71.06,50mi)"},
        {"filter.advanced": "SEARCH[Location](AREA[LocationCity]Boston) OR AREA[Phase]MISSING"},
        {"aggFilters": "sex:f,status:rec,funderType:other,ages:adult"},
        {"fields": "NCTId|BriefTitle|OverallStatus|Location|Phase"},
        {"format": "csv"},
    ],
    ids="+".join,
)
def test_broken_records_are_served_and_searched_like_others(parameters: dict[str, str]) -> None:
    with (
        StandIn([*read_fixtures(), *read_broken().values()]) as registry,
        httpx.Client(trust_env=False) as client,
    ):
        answer = client.get(
            registry.base_url + "/studies", params=parameters | {"pageSize": "1000"}
        )
    assert answer.status_code == 200, answer.text
    if "fields" in parameters:
        assert len(answer.json()["studies"]) == len(read_fixtures()) + len(read_broken())
