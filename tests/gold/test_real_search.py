"""The whole program over a real socket: on made-up records, and on real ones where these are at hand."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from stemcheck.registry.question import Addresses, question_for
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import read_page
from stemcheck.services.review import review
from stemcheck.services.sources import today
from stemcheck.trial.query import TrialQuery, reason_left_out
from tests.cli.conftest import HurriedClock, Run, check_schema_of, run  # noqa: F401 (fixtures)
from tests.conftest import PROJECT, SHARED
from tests.standin import StandIn, read_fixtures, read_records

SHAPES = PROJECT / "fixtures" / "shapes" / "records.jsonl"
REAL = SHARED / "data" / "msc_records.jsonl"
DATA = ["made up", *(["real"] if REAL.exists() else [])]


def studies_of(kind: str) -> list[dict[str, Any]]:
    """Studies of which one comes twice."""
    if kind == "real":
        records = list(read_records(REAL))[:430]
        return [*records, records[0]]
    return [*read_fixtures(), *read_records(SHAPES), read_fixtures()[0]]


@pytest.fixture(scope="module", params=DATA)
def standin(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    with StandIn(studies_of(request.param)) as standin:
        yield standin


@pytest.fixture
def asked(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEMCHECK_REGISTRY_URL", standin.base_url)
    monkeypatch.setattr("stemcheck.registry.client.Clock", HurriedClock)


@pytest.mark.usefixtures("asked")
def test_a_search_shows_what_the_registry_holds_and_the_scope_keeps(
    standin: StandIn,
    run: Run,  # noqa: F811
) -> None:
    query = TrialQuery(conditions=("stroke",))
    addresses = Addresses(standin.base_url, page_size=1000)
    sent = httpx.get(addresses.page(question_for(query), token=None))
    studies = [study_for(record) for record in read_page(sent.content).studies]  # type: ignore[arg-type]
    kept = {
        study.trial.nct_id
        for study in studies
        if reason_left_out(review(study, today=today()), query) is None
    }
    answer = json.loads(run("trials", "-c", "stroke", "--all", "--json", "--live").out)
    assert {trial["nct_id"] for trial in answer["trials"]} == kept
    assert answer["counts"]["fetched"] == len(studies) == answer["counts"]["registry_total"]
    check_schema_of("trials", answer)
    for trial in answer["trials"]:
        assert trial["status"]["meaning"]
        assert trial["reading"]["evidence"]
        assert trial["cautions"]
        assert trial["url"].endswith(trial["nct_id"])


@pytest.mark.usefixtures("asked")
def test_the_account_of_all_records_adds_up(standin: StandIn, run: Run) -> None:  # noqa: F811
    answer = json.loads(run("trials", "--json", "--fields", "nct_id", "--live", "--quiet").out)
    counts = answer["counts"]
    # One study stands twice in these data. What came does not add up to what was announced, and the
    # answer says so rather than calling itself complete.
    assert not counts["complete"]
    assert {"duplicates", "incomplete"} <= {notice["id"] for notice in answer["notices"]}
    assert counts["fetched"] == counts["registry_total"] - 1
    assert counts["unreadable"] == 0
    assert counts["shown"] + sum(counts["left_out"].values()) == counts["fetched"] > 40


def test_a_file_of_records_is_read_without_loss(run: Run, tmp_path: Path) -> None:  # noqa: F811
    some = tmp_path / "some.jsonl"
    lines = REAL.read_bytes().splitlines(keepends=True) if REAL.exists() else []
    some.write_bytes(b"".join(lines[::3] + lines[:1]))
    for path in (SHAPES, *([some] if lines else [])):
        ran = run("read", str(path), "--jsonl", "--strict", "--quiet")
        assert ran.code == 0
        own = [json.loads(line)["nct_id"] for line in ran.out.splitlines()]
        numbers = (
            record["protocolSection"]["identificationModule"]["nctId"]
            for record in read_records(path)
        )
        assert own == list(dict.fromkeys(numbers))  # one that comes twice is shown once
