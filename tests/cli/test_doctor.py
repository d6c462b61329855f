"""`stemcheck doctor`: what it finds, what it tells, and what it keeps to itself."""

import json
from pathlib import Path

import pytest

from stemcheck.errors import ExitCode
from tests.cli.conftest import Run, check_schema_of
from tests.standin import Fault, StandIn


def findings(out: str) -> dict[str, dict[str, object]]:
    document = json.loads(out)
    check_schema_of("doctor", document)
    return {finding["id"]: finding for finding in document["findings"]}


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.cli.conftest import HurriedClock

    monkeypatch.setattr("stemcheck.registry.doctor.Clock", HurriedClock)


def test_a_registry_that_answers_is_well(registry: StandIn, run: Run) -> None:
    ran = run("doctor", "--json")
    assert ran.code == ExitCode.DONE
    found = findings(ran.out)
    assert found["registry"]["state"] == "ok"
    assert {f"connection_{rung}" for rung in (1, 2, 3)} <= set(found)
    assert "Nothing to do" in run("doctor").out


def test_one_connection_can_be_looked_at_alone(registry: StandIn, run: Run) -> None:
    found = findings(run("doctor", "--connection", "2", "--json").out)
    assert "connection_2" in found
    assert not {"connection_1", "connection_3"} & set(found)


def test_a_refusal_is_told_with_what_to_do(registry: StandIn, run: Run) -> None:
    registry.always = Fault.EDGE_403_ALL
    ran = run("doctor")
    assert ran.code == ExitCode.REFUSED
    assert "What you can do" in ran.out
    assert "HTTPS_PROXY" in ran.out
    assert "This says nothing about any trial." in " ".join(ran.out.split())


def test_an_unreachable_registry_is_told_apart(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEMCHECK_REGISTRY_URL", "http://127.0.0.1:9/api/v2")
    assert run("doctor", "--json").code == ExitCode.UNREACHABLE


def test_past_answers_are_counted_and_their_place_is_not_told(
    registry: StandIn, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a-name-of-somebody"
    monkeypatch.setenv("STEMCHECK_DATA_DIR", str(folder))
    assert findings(run("doctor", "--json").out)["saved_answers"]["facts"]["answers"] == 0  # type: ignore[index]
    run("trials", "-c", "stroke", "--live", "--json")
    ran = run("doctor", "--json")
    assert findings(ran.out)["saved_answers"]["facts"]["answers"] == 1  # type: ignore[index]
    assert "somebody" not in ran.out
