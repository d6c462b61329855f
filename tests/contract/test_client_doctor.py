"""The doctor looks at each step of the way, finds the broken one, and gives nobody away."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from stemcheck.registry.doctor import Finding, clock_offset, examine
from stemcheck.registry.settings import Settings
from stemcheck.registry.transport import LIBRARIES
from stemcheck.saved.answers import AnswerStore
from tests.contract.made_up import made_up_studies, quick_settings
from tests.contract.test_client_interrupt import silent_listener
from tests.standin import Fault, StandIn
from tests.standin.tls_edge import POST_HANDSHAKE_AUTH, TlsStandIn


@pytest.fixture
def edge(monkeypatch: pytest.MonkeyPatch) -> Iterator[TlsStandIn]:
    with TlsStandIn(made_up_studies(1)) as registry:
        monkeypatch.setenv("SSL_CERT_FILE", str(registry.ca_file))
        yield registry


def findings(settings: Settings, **more: Any) -> dict[str, Finding]:
    return {finding.id: finding for finding in examine(settings, **more)}


def test_a_healthy_machine_passes_every_step(edge: TlsStandIn) -> None:
    found = findings(quick_settings(edge))
    steps = ["dns", "tcp", "tls", "connection_1", "connection_2", "connection_3", "registry"]
    assert {name: found[name].state for name in steps} == dict.fromkeys(steps, "ok")
    assert found["connection_1"].facts["data_timestamp"] == edge.data_timestamp
    assert found["tls"].facts["version"] == "TLSv1.3"
    assert [asked.path for asked in edge.asked] == ["/version"] * 3


def test_each_connection_is_looked_at_whatever_the_others_gave(edge: TlsStandIn) -> None:
    edge.rule = lambda hello, _agent: POST_HANDSHAKE_AUTH in hello.extensions
    found = findings(quick_settings(edge))
    states = [found[f"connection_{rung}"].state for rung in (1, 2, 3)]
    assert states == ["failed", "failed", "ok"]
    assert found["registry"].state == "ok"
    refusal = found["connection_1"].facts
    assert refusal["status"] == 403
    assert refusal["headers"]["server"] == "istio-envoy"  # type: ignore[index]


def test_connections_are_tried_a_pause_apart(edge: TlsStandIn) -> None:
    findings(quick_settings(edge, pause_seconds=0.2))
    first, second, third = [asked.at for asked in edge.asked]
    assert min(second - first, third - second) >= 0.05


def test_a_pinned_connection_is_the_only_one_looked_at(edge: TlsStandIn) -> None:
    found = findings(quick_settings(edge, connection="2"))
    assert [name for name in found if name.startswith("connection")] == ["connection_2"]


@pytest.mark.parametrize(
    "fault", [f for f in Fault if f not in {Fault.SLOW_BODY, Fault.LATE}], ids=str
)
def test_no_fault_stops_the_doctor(fault: Fault) -> None:
    with StandIn(made_up_studies(1)) as standin:
        standin.always = fault
        found = findings(quick_settings(standin, timeout_seconds=0.3, connection="1"))
        assert found["registry"].state in {"ok", "failed"}
        assert (found["connection_1"].state == "ok") == (found["registry"].state == "ok")


def test_a_host_that_lets_nobody_in_fails_in_time() -> None:
    with silent_listener() as base_url:
        found = findings(Settings(registry_url=base_url, timeout_seconds=0.3, pause_seconds=0.0))
    assert found["tcp"].state == "failed"
    assert found["registry"].state == "failed"
    assert "nothing about any trial" in found["registry"].text


def test_an_unknown_authority_is_named_as_the_cause(
    edge: TlsStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    found = findings(quick_settings(edge))
    assert found["tcp"].state == "ok"
    assert found["tls"].state == "failed"
    assert "certificate" in found["tls"].text
    assert found["certificates"].facts["source"] == "certifi"


def test_certificates_that_cannot_be_read_are_found(
    edge: TlsStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    assert findings(quick_settings(edge))["certificates"].state == "failed"


def test_the_remembered_connection_is_told(edge: TlsStandIn, tmp_path: Path) -> None:
    settings, store = quick_settings(edge), AnswerStore(tmp_path)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    store.save_winner(settings.origin, 2, LIBRARIES, now)
    assert findings(settings, memory=store)["memory"].facts == {"remembered": 2}


def test_a_bug_report_holds_no_address_path_name_or_password(
    edge: TlsStandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://jane:secret@proxy.hospital.example:3128")
    found = findings(quick_settings(edge, timeout_seconds=0.5), memory=AnswerStore(tmp_path))
    text = json.dumps([asdict(finding) for finding in found.values()])
    for private in ("jane", "secret", "hospital", str(tmp_path), str(edge.ca_file), edge.base_url):
        assert private not in text
    assert found["proxy"].facts["is_used"] is True
    assert found["network"].state == "skipped"


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Fri, 20 Nov 2026 12:00:00 GMT", 30),
        ("Fri, 20 Nov 2026 13:00:30 GMT", -3600),
        ("rubbish", None),
        ("", None),
        (None, None),
    ],
)
def test_the_clock_is_compared_with_the_registrys(date: Any, seconds: int | None) -> None:
    now = datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)
    assert clock_offset(date, now=now) == seconds
