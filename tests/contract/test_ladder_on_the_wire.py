"""Each rung differs on the wire as it should, and is reached when the one before is refused."""

import sqlite3
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from stemcheck.errors import RegistryRefusedError, RegistryUnreachableError
from stemcheck.registry.client import Registry
from stemcheck.registry.connection import Ladder
from stemcheck.registry.waiting import Event, RungRefused
from stemcheck.saved import STORE_FILE
from stemcheck.saved.answers import AnswerStore
from tests.contract.made_up import QUERY, HurriedClock, made_up_studies, numbers_in, quick_settings
from tests.standin.tls_edge import (
    POST_HANDSHAKE_AUTH,
    SESSION_TICKET,
    TLS_1_2,
    TLS_1_3,
    Hello,
    TlsStandIn,
)

Open = Callable[..., TlsStandIn]


@pytest.fixture
def edge(monkeypatch: pytest.MonkeyPatch) -> Iterator[TlsStandIn]:
    """A registry over TLS, whose authority is trusted by SSL_CERT_FILE."""
    with TlsStandIn(made_up_studies(5)) as registry:
        monkeypatch.setenv("SSL_CERT_FILE", str(registry.ca_file))
        yield registry


def ask(
    edge: TlsStandIn,
    *,
    memory: Path | None = None,
    on_event: Callable[[Event], None] = lambda _event: None,
    **changes: Any,
) -> list[str]:
    """Search; ``memory``: the folder in which the winning connection is remembered."""
    store = AnswerStore(memory) if memory else None
    settings = quick_settings(edge, **changes)
    with Registry(settings, store=store, on_event=on_event, clock=HurriedClock()) as registry:
        return numbers_in(list(registry.search(QUERY)))


def refuse_all_but(*allowed: int) -> Callable[[Hello, str], bool]:
    return lambda hello, agent: rung_of(hello, agent) not in allowed


def rung_of(hello: Hello, agent: str) -> int:
    if hello.newest_version == TLS_1_2:
        return 3
    return 2 if "Python-urllib" in agent else 1


def test_rungs_one_and_two_greet_as_the_standard_library_does(edge: TlsStandIn) -> None:
    ask(edge, connection="1")
    ask(edge, connection="2")
    first, second = edge.hellos
    assert first == second
    assert first.newest_version == TLS_1_3
    assert POST_HANDSHAKE_AUTH in first.extensions
    assert SESSION_TICKET in first.extensions
    assert first.alpn == second.alpn == ("http/1.1",)
    assert first.server_name == "localhost"


def test_rung_one_differs_from_plain_httpx_by_extension_49_alone(edge: TlsStandIn) -> None:
    ask(edge, connection="1")
    context = ssl.create_default_context(cafile=edge.ca_file)
    with httpx.Client(verify=context) as plain:
        plain.get(f"{edge.base_url}/version")
    ours, theirs = edge.hellos
    assert set(ours.extensions) ^ set(theirs.extensions) == {49}
    assert ours.ciphers == theirs.ciphers


def test_rung_three_offers_no_more_than_tls_1_2(edge: TlsStandIn) -> None:
    ask(edge, connection="3")
    (hello,) = edge.hellos
    assert hello.newest_version == TLS_1_2
    assert POST_HANDSHAKE_AUTH not in hello.extensions
    assert hello.alpn == ("http/1.1",)


def test_user_agents_tell_the_truth(edge: TlsStandIn) -> None:
    for connection in ("1", "2", "3"):
        ask(edge, connection=connection)
    first, second, third = [asked.user_agent for asked in edge.asked]
    assert first == third
    assert first.startswith(f"python-httpx/{httpx.__version__} (stemcheck/")
    assert second.startswith("stemcheck/")
    assert "Python-urllib/3." in second
    for agent in (first, second):
        assert "+https://" in agent
        assert "Mozilla" not in agent


@pytest.mark.parametrize(
    ("allowed", "expected"), [((1, 2, 3), [1]), ((2, 3), [1, 2]), ((3,), [1, 2, 3])]
)
def test_each_rung_is_reached_when_those_before_are_refused(
    edge: TlsStandIn, allowed: tuple[int, ...], expected: list[int]
) -> None:
    edge.rule = refuse_all_but(*allowed)
    assert len(ask(edge)) == 5
    assert [
        rung_of(hello, asked.user_agent)
        for hello, asked in zip(edge.hellos, edge.asked, strict=True)
    ] == expected


def test_after_the_last_rung_comes_a_refusal_that_says_what_was_tried(edge: TlsStandIn) -> None:
    edge.rule = refuse_all_but()
    with pytest.raises(RegistryRefusedError) as caught:
        ask(edge)
    assert len(edge.asked) == 3
    assert caught.value.facts["status"] == 403
    assert len(caught.value.facts["tried"]) == 3  # type: ignore[arg-type]
    assert "HTTPS_PROXY" in (caught.value.hint or "")
    assert "AACT" in (caught.value.hint or "")


def test_the_ladder_is_climbed_once_in_a_process(edge: TlsStandIn) -> None:
    edge.rule = refuse_all_but()
    with pytest.raises(RegistryRefusedError):
        ask(edge)
    with pytest.raises(RegistryRefusedError):
        ask(edge)
    assert len(edge.asked) == 3


def test_a_second_client_of_the_process_starts_on_the_winner(edge: TlsStandIn) -> None:
    edge.rule = refuse_all_but(2)
    ask(edge)
    ask(edge)
    assert [rung_of(h, a.user_agent) for h, a in zip(edge.hellos, edge.asked, strict=True)] == [
        1, 2, 2,
    ]  # fmt: skip


def test_rungs_are_tried_a_pause_apart(edge: TlsStandIn) -> None:
    edge.rule = refuse_all_but(3)
    clock = HurriedClock()
    with Registry(quick_settings(edge, pause_seconds=50.0), clock=clock) as registry:
        list(registry.search(QUERY))
    assert len(edge.asked) == 3
    assert clock.skipped > 90


def test_a_refused_rung_is_told_to_whoever_waits(edge: TlsStandIn) -> None:
    edge.rule = refuse_all_but(3)
    events: list[Event] = []
    ask(edge, on_event=events.append)
    told = [event for event in events if isinstance(event, RungRefused)]
    assert told == [RungRefused(1, 2), RungRefused(2, 3)]


def test_a_pinned_rung_is_the_only_one_tried(edge: TlsStandIn) -> None:
    edge.rule = refuse_all_but(1)
    with pytest.raises(RegistryRefusedError):
        ask(edge, connection="3")
    assert [rung_of(h, a.user_agent) for h, a in zip(edge.hellos, edge.asked, strict=True)] == [3]


@pytest.mark.parametrize("status", [401, 418, 429, 503])
def test_only_403_leads_to_the_next_rung(edge: TlsStandIn, status: int) -> None:
    edge.always = str(status)
    with pytest.raises(RegistryRefusedError):
        ask(edge)
    assert {rung_of(hello, edge.asked[0].user_agent) for hello in edge.hellos} == {1}


def test_the_winner_is_remembered_and_comes_first_next_time(
    edge: TlsStandIn, tmp_path: Path
) -> None:
    edge.rule = refuse_all_but(2)
    ask(edge, memory=tmp_path)
    Ladder.refused_in_process.clear()
    edge.asked.clear()
    ask(edge, memory=tmp_path)
    assert len(edge.asked) == 1
    assert "Python-urllib" in edge.asked[0].user_agent


def test_a_remembered_rung_that_is_refused_now_leads_to_the_others(
    edge: TlsStandIn, tmp_path: Path
) -> None:
    edge.rule = refuse_all_but(2)
    ask(edge, memory=tmp_path)
    Ladder.refused_in_process.clear()
    edge.asked.clear()
    edge.hellos.clear()
    edge.rule = refuse_all_but(3)
    ask(edge, memory=tmp_path)
    assert [rung_of(h, a.user_agent) for h, a in zip(edge.hellos, edge.asked, strict=True)] == [
        2, 1, 3,
    ]  # fmt: skip


def change_memory(folder: Path, **changes: object) -> None:
    ((column, value),) = changes.items()
    with closing(sqlite3.connect(folder / STORE_FILE)) as store, store:
        store.execute(f"UPDATE connections SET {column} = ?", (value,))


@pytest.mark.parametrize(
    "changes",
    [
        {"remembered_at": (datetime.now(UTC) - timedelta(days=8)).isoformat()},
        {"remembered_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()},
        {"remembered_at": "yesterday"},
        {"libraries": "httpx 0.27.2, OpenSSL 1.1.1"},
        {"rung": 7},
        {"rung": "two"},
    ],
)
def test_an_old_or_odd_memory_is_not_used(
    edge: TlsStandIn, tmp_path: Path, changes: dict[str, object]
) -> None:
    edge.rule = refuse_all_but(2)
    ask(edge, memory=tmp_path)
    change_memory(tmp_path, **changes)
    Ladder.refused_in_process.clear()
    edge.asked.clear()
    ask(edge, memory=tmp_path)
    assert len(edge.asked) == 2


@pytest.mark.parametrize("connection", ["1", "2", "3"])
def test_an_unknown_authority_is_refused_on_every_rung(
    edge: TlsStandIn, monkeypatch: pytest.MonkeyPatch, connection: str
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(RegistryUnreachableError, match="certificate") as caught:
        ask(edge, connection=connection)
    assert edge.asked == []
    assert len(edge.hellos) == 1  # asking again would meet the same certificate
    assert "SSL_CERT_FILE" in (caught.value.hint or "")


@pytest.mark.parametrize("connection", ["1", "2", "3"])
def test_ssl_cert_dir_is_honoured_on_every_rung(
    edge: TlsStandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, connection: str
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    with pytest.raises(RegistryUnreachableError, match="certificate"):
        ask(edge, connection=connection)
    # OpenSSL finds authorities in a folder by the hash of their name.
    (tmp_path / subject_hash(edge.ca_file)).write_bytes(edge.ca_file.read_bytes())
    assert len(ask(edge, connection=connection)) == 5


def subject_hash(certificate: Path) -> str:
    import subprocess

    command = ["openssl", "x509", "-noout", "-subject_hash", "-in", str(certificate)]
    return f"{subprocess.check_output(command, text=True).strip()}.0"


@pytest.mark.parametrize("connection", ["1", "2", "3"])
def test_certificates_that_cannot_be_read_are_said(
    edge: TlsStandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, connection: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nothing.pem"))
    with pytest.raises(RegistryUnreachableError, match="SSL_CERT_FILE"):
        ask(edge, connection=connection)
