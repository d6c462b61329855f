"""When something is asked again, and how far requests keep apart. No test here really waits."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from stemcheck.errors import RegistryRefusedError, RegistryUnreachableError
from stemcheck.registry.waiting import (
    Clock,
    Deadline,
    Pace,
    StoppedError,
    TransientError,
    backoff_seconds,
    keep_trying,
    read_retry_after,
)

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


class FakeClock(Clock):
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.time = 100.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds


def failing(times: int, **facts: float) -> Callable[[], str]:
    """An attempt that fails so often, and then works."""
    count = itertools.count(1)

    def attempt() -> str:
        if (number := next(count)) <= times:
            raise TransientError(RegistryUnreachableError(f"failure {number}"), **facts)
        return f"attempt {number}"

    return attempt


def try_it(
    attempt: Callable[[], str], clock: FakeClock, seconds: float = 1000, most: int | None = None
) -> str:
    return keep_trying(
        attempt,
        clock=clock,
        deadline=Deadline(clock, seconds=seconds),
        on_retry=lambda _attempt, _seconds, _why: None,
        most_unreachable=most,
    )


def test_what_works_at_once_is_not_waited_for() -> None:
    clock = FakeClock()
    assert try_it(failing(0), clock) == "attempt 1"
    assert clock.waits == []


def test_pauses_double_and_vary_by_a_quarter_at_most() -> None:
    clock = FakeClock()
    assert try_it(failing(4), clock) == "attempt 5"
    for pause, expected in zip(clock.waits, (1, 2, 4, 8), strict=True):
        assert 0.75 * expected <= pause <= 1.25 * expected


@pytest.mark.parametrize("seconds", [10, 30, 120, 600])
def test_tries_last_as_long_as_the_time_that_was_given(seconds: float) -> None:
    clock = FakeClock()
    with pytest.raises(RegistryUnreachableError):
        try_it(failing(1000), clock, seconds)
    # The last try is made shortly before the end, and there is time for it.
    assert 0.6 * seconds < clock.time - 100 < seconds


def test_pauses_never_exceed_thirty_seconds() -> None:
    assert all(backoff_seconds(attempt) <= 30 for attempt in range(1, 2000))


def test_a_pause_the_registry_asks_for_is_kept_exactly() -> None:
    clock = FakeClock()
    try_it(failing(2, retry_after_seconds=7.0), clock)
    assert clock.waits == [7.0, 7.0]


@pytest.mark.parametrize("asked", [0.0, 0.001])
def test_a_pause_of_nothing_does_not_make_it_ask_without_end(asked: float) -> None:
    clock = FakeClock()
    with pytest.raises(RegistryUnreachableError):
        try_it(failing(1000, retry_after_seconds=asked), clock, 30)
    assert len(clock.waits) <= 30
    assert clock.time < 130


def test_a_pause_beyond_the_deadline_is_not_begun() -> None:
    clock = FakeClock()
    with pytest.raises(RegistryUnreachableError, match="failure 1"):
        try_it(failing(2, retry_after_seconds=31.0), clock, 30)
    assert clock.waits == []


@pytest.mark.parametrize("seconds", [0.1, 1, 2, 5])
def test_no_attempt_begins_after_the_deadline(seconds: float) -> None:
    clock = FakeClock()
    with pytest.raises(RegistryUnreachableError):
        try_it(failing(1000), clock, seconds)
    assert clock.time < 100 + seconds


def test_tries_without_a_word_of_the_registry_can_be_few() -> None:
    with pytest.raises(RegistryUnreachableError, match="failure 3"):
        try_it(failing(1000), FakeClock(), most=3)


def test_a_registry_that_answers_is_not_one_without_a_word() -> None:
    def attempt() -> str:
        raise TransientError(RegistryRefusedError("busy"))

    clock = FakeClock()
    with pytest.raises(RegistryRefusedError):
        try_it(attempt, clock, 60, most=3)
    assert len(clock.waits) > 3


def test_retries_are_told_before_the_pause() -> None:
    clock = FakeClock()
    told: list[tuple[int, float, str]] = []
    keep_trying(
        failing(1),
        clock=clock,
        deadline=Deadline(clock, seconds=30),
        on_retry=lambda attempt, seconds, why: told.append((attempt, seconds, why)),
    )
    assert told == [(2, clock.waits[0], "failure 1")]


def test_other_errors_are_not_asked_again() -> None:
    clock = FakeClock()

    def attempt() -> str:
        raise RegistryUnreachableError("for good")

    with pytest.raises(RegistryUnreachableError, match="for good"):
        try_it(attempt, clock)
    assert clock.waits == []


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 5 ", 5.0),
        ("0", 0.0),
        ("Fri, 20 Nov 2026 12:00:30 GMT", 30.0),
        ("Fri, 20 Nov 2026 12:00:30 -0000", 30.0),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0.0),
        ("Friday, 20-Nov-26 12:01:00 GMT", 60.0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("²", None),
        (None, None),
        ("Fri, 99 Nov 2026 12:00:30 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str | None, seconds: float | None) -> None:
    assert read_retry_after(value, now=NOW) == seconds


def test_an_endless_number_of_seconds_is_no_failure() -> None:
    assert read_retry_after("9" * 5000, now=NOW) == 999_999_999


def test_requests_start_a_pause_apart() -> None:
    clock = FakeClock()
    pace = Pace(clock, 1.0)
    deadline = Deadline(clock, seconds=30)
    for _ in range(3):
        pace.take_turn(deadline)
        clock.time += 0.25
    assert clock.waits == [0.75, 0.75]


def test_a_slow_answer_needs_no_further_pause() -> None:
    clock = FakeClock()
    pace = Pace(clock, 1.0)
    pace.take_turn(Deadline(clock, seconds=30))
    clock.time += 1.5
    pace.take_turn(Deadline(clock, seconds=30))
    assert clock.waits == []


def test_a_side_question_never_makes_more_than_three_requests_a_second() -> None:
    clock = FakeClock()
    pace = Pace(clock, 1.0)
    starts = []
    for is_small in (False, True, False, True, False):
        pace.take_turn(Deadline(clock, seconds=30), is_small=is_small)
        starts.append(clock.time)
    gaps = [b - a for a, b in itertools.pairwise(starts)]
    assert min(gaps) >= 0.34
    assert starts[2] - starts[0] >= 1
    assert starts[4] - starts[2] >= 1


@pytest.mark.parametrize(("is_small", "waits"), [(False, [1.0]), (True, [0.35])])
def test_the_pause_begins_when_the_question_has_left(is_small: bool, waits: list[float]) -> None:
    clock = FakeClock()
    pace = Pace(clock, 1.0)
    pace.take_turn(Deadline(clock, seconds=30))
    clock.time += 0.25  # certificates were read, a connection was made
    pace.note_sent()
    pace.take_turn(Deadline(clock, seconds=30), is_small=is_small)
    assert clock.waits == pytest.approx(waits)


def test_polite_pauses_do_not_use_up_the_time_of_a_request() -> None:
    clock = FakeClock()
    pace = Pace(clock, 1.0)
    pace.take_turn(Deadline(clock, seconds=2))
    deadline = Deadline(clock, seconds=2)
    pace.take_turn(deadline)
    assert clock.waits == [1.0]
    assert deadline.remaining() == 2


def test_a_stopped_clock_ends_every_wait() -> None:
    clock = Clock()
    clock.stop()
    with pytest.raises(StoppedError):
        clock.wait(60)
