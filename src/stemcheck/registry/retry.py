"""Time: how long a request may take, how far requests keep apart, and when one is asked again.

Policy (the registry documents none; it answers 429 to bursts, and ``robots.txt`` has ``Crawl-delay: 1``):
one request at a time, at least a second between two starts; what can heal is asked again as long as the time
lasts that was given, with pauses of 1, 2, 4, 8 ... s (each a quarter more or less, 30 s at most) or what
``Retry-After`` says.
"""

import math
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from stemcheck.errors import RegistryUnreachableError, StemcheckError

T = TypeVar("T")

FIRST_BACKOFF_SECONDS = 1.0
MOST_BACKOFF_SECONDS = 30.0
JITTER = 0.25
LAST_TRY_SECONDS = 2.0
"""The last pause ends this long before the time is over: one more try has to have a chance."""
SMALL_SHARE = 0.35
"""A side question (``/version``, twice in a long crawl) may follow another request after this part of the
pause: three requests a second are the most that the registry ever sees, one a second what it sees mostly."""


class StoppedError(Exception):
    """Whoever asked has gone, and waits no longer."""


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

    def __init__(self, clock: Clock, *, seconds: float) -> None:
        self._clock = clock
        self._at = clock.now() + seconds
        self.seconds = seconds
        """How long it gave at first."""

    def remaining(self) -> float:
        """Seconds left; negative when it is over."""
        return self._at - self._clock.now()

    def push_back(self, seconds: float) -> None:
        """Do not count a polite pause."""
        self._at += seconds


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


def keep_trying(
    attempt: Callable[[], T],
    *,
    clock: Clock,
    deadline: Deadline,
    on_retry: Callable[[int, float, str], None],
    most_unreachable: int | None = None,
) -> T:
    """Run ``attempt``; after a TransientError again, as long as the deadline allows.

    ``most_unreachable``: give up after so many attempts in which the registry said nothing at all.
    Raises what the last attempt's TransientError holds, or the last one in which the registry spoke.
    """
    number = unreachable = 0
    refusal: StemcheckError | None = None
    while True:
        number += 1
        try:
            return attempt()
        except TransientError as failure:
            if isinstance(failure.error, RegistryUnreachableError):
                unreachable += 1
            else:
                refusal = failure.error
            pause = pause_after(number, failure.retry_after_seconds, deadline.remaining())
            if pause is None or unreachable == most_unreachable:
                # What the registry said says more than that it said nothing the last time.
                raise refusal or failure.error from failure
            on_retry(number + 1, pause, failure.error.message)
        clock.wait(pause)


def pause_after(
    attempt: int, retry_after_seconds: float | None, remaining_seconds: float
) -> float | None:
    """Return how long to wait after attempt number ``attempt`` (1 is the first); None: there is no time."""
    if retry_after_seconds:  # none at all, or a moment that has passed, is asking for no pause
        pause = max(retry_after_seconds, FIRST_BACKOFF_SECONDS)
        return pause if pause < remaining_seconds else None
    pause = backoff_seconds(attempt)
    # Where too little time is left for the whole pause, it is as long as it can be.
    longest = remaining_seconds - min(LAST_TRY_SECONDS, remaining_seconds / 3)
    is_worth_it = pause <= longest or longest >= FIRST_BACKOFF_SECONDS
    return min(pause, longest) if is_worth_it else None


def backoff_seconds(attempt: int) -> float:
    """Return the pause after attempt number ``attempt`` when the registry asks for none."""
    seconds = FIRST_BACKOFF_SECONDS * 2 ** min(attempt - 1, 10)
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
