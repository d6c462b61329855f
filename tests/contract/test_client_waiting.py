"""How long the client waits, for whom, and when it stops waiting."""

import itertools
import time
from pathlib import Path
from typing import Any

import pytest

from stemcheck.errors import (
    AnswerUnreadableError,
    RegistryRefusedError,
    RegistryUnreachableError,
    StemcheckError,
    UsageError,
)
from stemcheck.registry.client import Registry
from stemcheck.registry.settings import ConnectionChoice, Settings
from stemcheck.registry.waiting import Event, Retrying
from tests.contract.made_up import (
    QUERY,
    HurriedClock,
    made_up_studies,
    numbers_in,
    quick_settings,
)
from tests.contract.test_client_interrupt import silent_listener
from tests.standin import Fault, StandIn

LATEST = 5.0
"""Seconds: with what they are given here every request is over long before, on a busy machine too."""


def seconds_until_error(settings: Settings, error: type[Exception], **how: Any) -> float:
    started = time.perf_counter()
    with Registry(settings, **how) as registry, pytest.raises(error):
        list(registry.search(QUERY))
    return time.perf_counter() - started


@pytest.mark.parametrize("connection", ["1", "2"])
@pytest.mark.parametrize("fault", [Fault.HANG, Fault.HANG_AFTER_HEADERS, Fault.DRIP_FOREVER])
def test_no_request_takes_longer_than_its_timeout(fault: Fault, connection: str) -> None:
    with StandIn(made_up_studies(3)) as standin:
        standin.always = fault
        settings = quick_settings(standin, connection=connection, timeout_seconds=0.5)
        assert seconds_until_error(settings, RegistryUnreachableError) < LATEST


def test_the_timeout_holds_for_all_retries_together() -> None:
    with StandIn(made_up_studies(3)) as standin:
        standin.always = Fault.DOWN_503
        settings, clock = quick_settings(standin, timeout_seconds=30), HurriedClock()
        seconds_until_error(settings, RegistryRefusedError, clock=clock)
        assert 3 <= len(standin.asked) <= 8
        assert clock.skipped < 30


@pytest.mark.parametrize("fault", [Fault.BUSY_429_SECONDS, Fault.BUSY_429_DATE])
def test_retry_after_is_waited_for(fault: Fault) -> None:
    with StandIn(made_up_studies(3)) as standin:
        standin.faults = [fault]
        told: list[Event] = []
        clock = HurriedClock()
        with Registry(quick_settings(standin), on_event=told.append, clock=clock) as registry:
            assert len(numbers_in(list(registry.search(QUERY)))) == 3
        assert 0.9 <= clock.skipped <= 2.5
        (retrying,) = [event for event in told if isinstance(event, Retrying)]
        assert retrying.attempt == 2
        assert "429" in retrying.reason


def test_a_retry_after_beyond_the_timeout_ends_the_waiting_at_once() -> None:
    with StandIn(made_up_studies(3)) as standin:
        standin.always = Fault.BUSY_429_LONG
        with (
            Registry(quick_settings(standin)) as registry,
            pytest.raises(RegistryRefusedError) as caught,
        ):
            list(registry.search(QUERY))
        assert len(standin.asked) == 1
    assert caught.value.facts["retry_after_seconds"] == 3600
    assert "3600 seconds" in (caught.value.hint or "")


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.HANG_AFTER_HEADERS, Fault.DRIP_FOREVER])
def test_a_slow_registry_is_given_up_early_when_saved_data_stand_ready(fault: Fault) -> None:
    with StandIn(made_up_studies(3)) as standin:
        standin.always = fault
        settings = quick_settings(standin, timeout_seconds=60)
        seconds = seconds_until_error(settings, RegistryUnreachableError, first_answer_seconds=0.6)
    assert seconds < LATEST


@pytest.mark.parametrize(
    ("fault", "least", "most"),
    [(Fault.RESET, 3, 3), (Fault.DROPPED_BEFORE_HEADERS, 3, 3), (Fault.DOWN_503, 4, 9)],
)
def test_without_a_word_of_the_registry_three_tries_are_all_when_saved_data_stand_ready(
    fault: Fault, least: int, most: int
) -> None:
    with StandIn(made_up_studies(3)) as standin:
        standin.always = fault
        clock = HurriedClock()
        with (
            Registry(quick_settings(standin), first_answer_seconds=14, clock=clock) as registry,
            pytest.raises(StemcheckError),
        ):
            list(registry.search(QUERY))
        assert least <= len(standin.asked) <= most


@pytest.mark.parametrize("connection", ["1", "2"])
def test_a_host_that_lets_nobody_in_is_given_up_early_too(connection: ConnectionChoice) -> None:
    with silent_listener() as base_url:
        settings = Settings(registry_url=base_url, connection=connection, pause_seconds=0)
        seconds = seconds_until_error(settings, RegistryUnreachableError, first_answer_seconds=0.6)
    assert seconds < LATEST


def test_later_requests_get_the_whole_timeout() -> None:
    with StandIn(made_up_studies(15)) as standin:
        standin.trouble(Fault.LATE, page=2)
        standin.late_seconds = 2.5
        settings = quick_settings(standin, timeout_seconds=10)
        with Registry(settings, first_answer_seconds=2) as registry:
            assert len(numbers_in(list(registry.search(QUERY)))) == 15


def test_a_stuck_name_lookup_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    with StandIn(made_up_studies(3)) as standin:
        import socket

        lookup, stuck = socket.getaddrinfo, itertools.chain([True], itertools.repeat(False))

        def sometimes_stuck(*arguments: Any, **more: Any) -> Any:
            if next(stuck):
                standin.closing.wait(5)
            return lookup(*arguments, **more)

        monkeypatch.setattr(socket, "getaddrinfo", sometimes_stuck)
        with Registry(quick_settings(standin, timeout_seconds=1.5)) as registry:
            started = time.perf_counter()
            with pytest.raises(RegistryUnreachableError):
                list(registry.search(QUERY))
            assert time.perf_counter() - started < LATEST
            # The client is still of use: it asks anew, past what is stuck.
            assert len(numbers_in(list(registry.search(QUERY)))) == 3


def test_nobody_at_the_address_is_said_so() -> None:
    settings = Settings(registry_url="http://127.0.0.1:9/api/v2", timeout_seconds=0.5)
    with (
        Registry(settings) as registry,
        pytest.raises(RegistryUnreachableError, match="could not be reached"),
    ):
        registry.data_timestamp()


@pytest.mark.parametrize(
    "fault", [Fault.ENDLESS_BODY, Fault.GZIP_BOMB, Fault.HUGE_CONTENT_LENGTH], ids=str
)
@pytest.mark.parametrize("connection", ["1", "2"])
def test_too_large_an_answer_costs_little_memory(fault: Fault, connection: str) -> None:
    import tracemalloc

    with StandIn(made_up_studies(3)) as standin:
        standin.always = fault
        settings = quick_settings(standin, connection=connection, page_bytes=4 * 2**20)
        with Registry(settings) as registry:
            tracemalloc.start()
            try:
                with pytest.raises(AnswerUnreadableError, match="larger than 4 MiB"):
                    list(registry.search(QUERY))
                _, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
    # The bomb's bomb is made in this process too: 0.5 MiB. Twice the ceiling is for a growing buffer.
    assert peak < 16 * 2**20


@pytest.mark.parametrize(
    "address",
    [
        "http://clinicaltrials.gov/api/v2",
        "http://127.0.0.1.example.org/api/v2",
        "http://localhost.example.org/",
        "http://[::ffff:8.8.8.8]/api/v2",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@clinicaltrials.gov/api/v2",
        "https://clinicaltrials.gov/api/v2?x=1",
        "https://clinicaltrials.gov/api/v2#x",
        "https://clinical trials.gov/",
        "https://clinicaltrials.gov:99999/",
        "https://clinicaltrials.gov/\r\nX: y",
        "//127.0.0.1/",
        "clinicaltrials.gov",
        "https://[::1",
        "",
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(UsageError) as caught:
        Settings(registry_url=address)
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/api/v2",
        "http://127.0.0.1:8000/api/v2",
        "http://localhost/",
        "http://[::1]:1/",
    ],
)
def test_https_and_this_very_machine_are_fine(address: str) -> None:
    assert Settings(registry_url=address).registry_url == address


@pytest.mark.parametrize(
    "changes", [{"connection": "4"}, {"timeout_seconds": 0}, {"timeout_seconds": float("nan")}]
)
def test_settings_that_cannot_be_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        Settings(**changes)


def test_nothing_is_written_without_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with StandIn(made_up_studies(3)) as standin, Registry(quick_settings(standin)) as registry:
        list(registry.search(QUERY))
    assert list(tmp_path.rglob("*")) == []
