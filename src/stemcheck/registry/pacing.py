"""Time: how long a request may take, how far requests keep apart, and when one is asked again.

Policy (the registry documents none; it answers 429 to bursts, and ``robots.txt`` has ``Crawl-delay: 1``):
one request at a time, at least a second between two starts; what can heal is asked up to five times, with
exponential pauses of 1, 2, 4, 8 s (each a quarter more or less, 30 s at most) or what ``Retry-After`` says.
"""

import math
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from stemcheck.errors import StemcheckError

T = TypeVar("T")

MOST_TRIES = 5
MOST_TRIES_UNHEARD = 3
"""Tries before the first word of the registry when there is saved data to show instead."""
FIRST_BACKOFF_SECONDS = 1.0
MOST_BACKOFF_SECONDS = 30.0
JITTER = 0.25
SMALL_SHARE = 0.35
"""A side question (``/version``, twice in a long crawl) may follow another request after this part of the
pause: three requests a second are the most that the registry ever sees, one a second what it sees mostly."""


class StoppedError(Exception):
    """Nobody waits any more: whoever asked has gone."""


class TransientError(Exception):
    """A failure that can heal by itself, with the error to raise when it does not."""

    def __init__(self, error: StemcheckError, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.retry_after_seconds = retry_after_seconds


class Clock:
    """Time that can be waited for and called off: ``stop`` ends every wait at once."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def now(self) -> float:
        """Seconds on a clock that never goes back."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Wait. Raises StoppedError when called off, also before."""
        if self._stop.wait(max(0.0, seconds)):
            raise StoppedError

    def stop(self) -> None:
        """Call off every wait, now and later."""
        self._stop.set()


class Deadline:
    """When one request has to be over, retries included; polite pauses push it back."""

    def __init__(
        self,
        clock: Clock,
        *,
        seconds: float,
        first_answer_seconds: float | None = None,
        ceiling: tuple[float, float] | None = None,
    ) -> None:
        """``ceiling``: the moment at which everything has to be over, and how long that was in all."""
        self._clock = clock
        self._at = clock.now() + seconds
        self._seconds = seconds
        self._first_answer_at = (
            None if first_answer_seconds is None else clock.now() + first_answer_seconds
        )
        self._first_answer_seconds = first_answer_seconds
        self._ceiling = ceiling

    @property
    def is_unheard(self) -> bool:
        """True while only a first word of the registry lets the request go on."""
        return self._first_answer_at is not None

    def remaining(self) -> float:
        """Seconds left; negative when it is over."""
        return self._nearest()[0] - self._clock.now()

    @property
    def seconds(self) -> float:
        """How long the limit that is met first gave."""
        return self._nearest()[1]

    def note_answer(self) -> None:
        """Note that the registry has said something: from now on only the long limits count."""
        self._first_answer_at = None

    def push_back(self, seconds: float) -> None:
        """Do not count a polite pause. The ceiling stands."""
        self._at += seconds
        if self._first_answer_at is not None:
            self._first_answer_at += seconds

    def _nearest(self) -> tuple[float, float]:
        limits = [(self._at, self._seconds)]
        if self._first_answer_at is not None and self._first_answer_seconds is not None:
            limits.append((self._first_answer_at, self._first_answer_seconds))
        if self._ceiling is not None:
            limits.append(self._ceiling)
        return min(limits)


class Pace:
    """Keeps the starts of requests apart."""

    def __init__(self, clock: Clock, pause_seconds: float) -> None:
        self._clock = clock
        self._pause_seconds = pause_seconds
        self._last_start = -math.inf
        self._last_full_start = -math.inf

    def take_turn(self, deadline: Deadline, *, is_small: bool = False) -> None:
        """Wait until a request may start. ``is_small``: a side question, see `SMALL_SHARE`."""
        start = self._last_start + SMALL_SHARE * self._pause_seconds
        if not is_small:
            start = max(start, self._last_full_start + self._pause_seconds)
        pause = start - self._clock.now()
        if pause > 0:
            deadline.push_back(pause)
            self._clock.wait(pause)
        self._last_start = self._clock.now()
        if not is_small:
            self._last_full_start = self._last_start

    def note_sent(self) -> None:
        """Count the pause from now on: to connect can take long, once a request has its turn."""
        is_full = self._last_full_start == self._last_start
        self._last_start = self._clock.now()
        if is_full:
            self._last_full_start = self._last_start


def backoff_seconds(attempt: int, retry_after_seconds: float | None) -> float:
    """Return the pause after attempt number ``attempt`` (1 is the first)."""
    if retry_after_seconds is not None:
        return retry_after_seconds
    seconds = FIRST_BACKOFF_SECONDS * 2 ** (attempt - 1)
    spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - not a secret
    return float(min(MOST_BACKOFF_SECONDS, seconds * spread))


def read_retry_after(value: str | None, *, now: datetime | None = None) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for, given in seconds or as a date."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        # A number of a thousand digits is no pause that anybody means, nor one that float() takes.
        return float(value[:9])
    # some 10 ms to load, and hardly any answer asks for that
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def keep_trying(
    attempt: Callable[[], T],
    *,
    clock: Clock,
    deadline: Deadline,
    on_retry: Callable[[int, float, str], None],
) -> T:
    """Run ``attempt``; after a TransientError again, as often as the policy and the deadline allow.

    Raises what the last attempt's TransientError holds.
    """
    try:
        try:
            return attempt()
        except TransientError as failure:
            return _try_again(attempt, failure, clock=clock, deadline=deadline, on_retry=on_retry)
    except TransientError as failure:
        raise failure.error from failure


def _try_again(
    attempt: Callable[[], T],
    first_failure: TransientError,
    *,
    clock: Clock,
    deadline: Deadline,
    on_retry: Callable[[int, float, str], None],
) -> T:
    # Why tenacity: wait, stop and sleep are plain callables, so Retry-After, the deadline and a pause that
    # Ctrl-C ends fit in. stamina hides these three; httpx-retries bounds the sum of its pauses and not the
    # time taken, and always calls time.sleep. Imported at the first failure: a first answer does not pay.
    from tenacity import RetryCallState, Retrying, retry_if_exception_type

    failures = [first_failure]

    def replay_then_attempt() -> T:
        if failures:
            raise failures.pop()
        return attempt()

    def wait(state: RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        asked = failure.retry_after_seconds if isinstance(failure, TransientError) else None
        return backoff_seconds(state.attempt_number, asked)

    def is_over(state: RetryCallState) -> bool:
        tries = MOST_TRIES_UNHEARD if deadline.is_unheard else MOST_TRIES
        return state.attempt_number >= tries or state.upcoming_sleep >= deadline.remaining()

    def tell(state: RetryCallState) -> None:
        failure = state.outcome.exception() if state.outcome else None
        on_retry(state.attempt_number + 1, state.upcoming_sleep, str(failure))

    return Retrying(
        sleep=clock.wait,
        wait=wait,
        stop=is_over,
        retry=retry_if_exception_type(TransientError),
        before_sleep=tell,
        reraise=True,
    )(replay_then_attempt)
