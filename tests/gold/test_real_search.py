"""The whole program on the real records, over a real socket. Skipped where they are not at hand."""

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from stemcheck.output.schema import schemas
from stemcheck.registry.parameters import parameters_for
from stemcheck.services.review import review
from stemcheck.services.sources import today
from stemcheck.trial.query import TrialQuery, reason_left_out
from tests.cli.conftest import HurriedClock, Run, run  # noqa: F401 (fixtures)
from tests.standin import StandIn


@pytest.fixture(scope="module")
def real_registry(shared: Path) -> Iterator[StandIn]:
    with StandIn(shared / "data" / "msc_records.jsonl") as standin:
        yield standin


@pytest.fixture(autouse=True)
def asked(real_registry: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEMCHECK_REGISTRY_URL", real_registry.base_url)
    monkeypatch.setattr("stemcheck.registry.client.Clock", HurriedClock)
    monkeypatch.setenv("STEMCHECK_TIMEOUT", "300")


def test_a_search_shows_what_the_registry_holds_and_the_scope_keeps(
    real_registry: StandIn,
    run: Run,  # noqa: F811
) -> None:
    import httpx

    from stemcheck.registry.translate import study_for
    from stemcheck.registry.wire import read_page

    query = TrialQuery(conditions=("stroke",))
    sent = httpx.get(
        f"{real_registry.base_url}/studies",
        params=list(parameters_for(query, page_size=1000, count_total=True)),
    )
    studies = [study_for(record) for record in read_page(sent.content).studies]  # type: ignore[arg-type]
    kept = {
        study.trial.nct_id
        for study in studies
        if reason_left_out(review(study, today=today()), query) is None
    }
    answer = json.loads(run("trials", "-c", "stroke", "--all", "--json", "--live").out)
    assert {trial["nct_id"] for trial in answer["trials"]} == kept
    assert answer["counts"]["fetched"] == len(studies) == answer["counts"]["registry_total"]
    jsonschema.validate(answer, schemas()["trials"])
    for trial in answer["trials"]:
        assert trial["status"]["meaning"]
        assert trial["reading"]["evidence"]
        assert trial["cautions"]
        assert trial["url"].endswith(trial["nct_id"])


def test_the_account_of_all_records_adds_up(run: Run) -> None:  # noqa: F811
    answer = json.loads(run("trials", "--json", "--live", "--quiet").out)
    counts = answer["counts"]
    # One study stands twice in these data. What came does not add up to what was announced, and the
    # answer says so rather than calling itself complete.
    assert not counts["complete"]
    assert {notice["id"] for notice in answer["notices"]} == {"duplicates", "incomplete"}
    assert counts["fetched"] == counts["registry_total"] - 1
    assert counts["unreadable"] == 0
    assert counts["shown"] + sum(counts["left_out"].values()) == counts["fetched"] > 1200


def test_every_real_record_is_read_without_loss(shared: Path, run: Run) -> None:  # noqa: F811
    records = str(shared / "data" / "msc_records.jsonl")
    lines = run("read", records, "--jsonl", "--quiet").out.splitlines()
    assert len(lines) == Path(records).read_text(encoding="utf-8").count("\n")
    natives = str(shared / "data" / "native_records.jsonl.gz")
    ran = run("read", natives, "--jsonl", "--strict")
    assert ran.code == 0
    assert len(ran.out.splitlines()) == 1255
