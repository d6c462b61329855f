"""How to wait for the registry: how long, how far apart, how often, and in which thread.

Policy (the registry documents none; it answers 429 to bursts, and its ``robots.txt`` has ``Crawl-delay: 1``):
one request at a time, with at least a second between two starts. A failure that may pass is retried until the
deadline, after pauses of 1, 2, 4, 8 ... s (each up to a quarter more or less, and 30 s at most), or after the
time in ``Retry-After``.

A blocked name lookup or a silent server cannot be interrupted, but a thread that waits for another one can.
So every request runs in a daemon thread, and the caller waits in short steps: Ctrl-C ends the waiting at
once, a deadline holds whatever the network does, and the next page loads while this one is read. Python waits
at exit for the threads of a `concurrent.futures` pool, even stuck ones; so only its futures are used here.
"""

import math
import queue
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from datetime import UTC, datetime
from typing import Generic, NamedTuple, TypeVar

from stemcheck.errors import RegistryUnreachableError, StemcheckError

T = TypeVar("T")

FIRST_BACKOFF_SECONDS = 1.0
MOST_BACKOFF_SECONDS = 30.0
JITTER = 0.25
LAST_TRY_SECONDS = 2.0
"""The last pause ends this long before the deadline, to leave time for one more attempt."""
SMALL_SHARE = 0.35
"""The part of the pause after which a side question (``/version``, twice in a long search) may follow another
request. So the registry usually gets one request a second, and never more than three."""
THREAD_NAME = "stemcheck-registry"
_STEP_SECONDS = 0.1
"""On Windows a wait cannot be interrupted, so each is short. Elsewhere Ctrl-C ends it at once."""
_GRACE_SECONDS = 0.5
"""Extra time after the deadline: the thread notices it too, and its error says more."""


class StoppedError(Exception):
    """The caller has gone and no longer waits."""


class TransientError(Exception):
    """A failure that may pass by itself, with the error to raise if it does not."""

    def __init__(self, error: StemcheckError, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.retry_after_seconds = retry_after_seconds


class Clock:
    """A clock whose waits can be cancelled: ``stop`` ends them all at once."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def now(self) -> float:
        """Seconds on a monotonic clock."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Wait. Raises StoppedError if `stop` was called, before or during the wait."""
        if self._stop.wait(max(0.0, seconds)):
            raise StoppedError

    def stop(self) -> None:
        """Cancel every wait, now and later."""
        self._stop.set()


class Deadline:
    """When one request must be finished, retries included. Polite pauses push it back."""

    def __init__(self, clock: Clock, *, seconds: float) -> None:
        self._clock = clock
        self._at = clock.now() + seconds
        self.seconds = seconds
        """The length of time given at first."""

    def remaining(self) -> float:
        """Seconds left; negative after the deadline."""
        return self._at - self._clock.now()

    def push_back(self, seconds: float) -> None:
        """Move the deadline by the length of a polite pause."""
        self._at += seconds


class Pace:
    """Spaces out the starts of requests."""

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
        """Count the next pause from now: connecting may have taken long since the request got its turn."""
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
    """Run ``attempt``, and repeat it after each TransientError as long as the deadline allows.

    ``most_unreachable``: give up after so many attempts without any answer from the registry. Raises the
    error of the last attempt in which the registry answered, or else of the last attempt.
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
                # A refusal from the registry says more than a later attempt without an answer.
                raise refusal or failure.error from failure
            on_retry(number + 1, pause, failure.error.message)
        clock.wait(pause)


def pause_after(
    attempt: int, retry_after_seconds: float | None, remaining_seconds: float
) -> float | None:
    """Return the pause in seconds after an attempt (the first is 1); None if there is no time left."""
    if retry_after_seconds:  # zero, or a moment in the past, asks for no pause
        pause = max(retry_after_seconds, FIRST_BACKOFF_SECONDS)
        return pause if pause < remaining_seconds else None
    pause = backoff_seconds(attempt)
    # If too little time is left for the whole pause, shorten it.
    longest = remaining_seconds - min(LAST_TRY_SECONDS, remaining_seconds / 3)
    is_worth_it = pause <= longest or longest >= FIRST_BACKOFF_SECONDS
    return min(pause, longest) if is_worth_it else None


def backoff_seconds(attempt: int) -> float:
    """Return the pause in seconds after an attempt (the first is 1) if the registry asks for none."""
    seconds = FIRST_BACKOFF_SECONDS * 2 ** min(attempt - 1, 10)
    spread = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - not a secret
    return float(min(MOST_BACKOFF_SECONDS, seconds * spread))


def read_retry_after(value: str | None, *, now: datetime | None = None) -> float | None:
    """Return the seconds that a ``Retry-After`` header (a number or a date) asks for; None if unreadable."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        # Nobody means a number with a thousand digits, and float() does not accept it.
        return float(value[:9])
    # takes some 10 ms to load, and hardly any answer needs it
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


class Asking(NamedTuple):
    """The registry is about to be asked."""


class PageArrived(NamedTuple):
    """A page was read: ``number`` of ``pages`` (None: the registry did not say how many)."""

    number: int
    pages: int | None
    studies: int
    """Distinct studies so far."""
    total: int | None


class Retrying(NamedTuple):
    """A request failed in a way that may pass, and will be repeated after ``seconds``."""

    attempt: int
    """The number of the next attempt."""
    seconds: float
    reason: str


class RungRefused(NamedTuple):
    """The registry's edge answered 403 to one kind of connection; the next one will be tried."""

    rung: int
    next_rung: int


class RecordsRead(NamedTuple):
    """The number of records that have been read from files so far."""

    records: int


Event = Asking | PageArrived | Retrying | RungRefused | RecordsRead
"""Progress events for the caller. They do not depend on bars, screens or languages."""


class StuckError(Exception):
    """The deadline of a job has passed, and its thread is blocked."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Job(Generic[T]):
    """A job for the worker, and its result."""

    def __init__(self, run: Callable[[Deadline], T], seconds: float) -> None:
        self._run = run
        self._seconds = seconds
        self._deadline: Deadline | None = None
        """None until the job starts."""
        self.future: Future[T] = Future()

    def perform(self, clock: Clock) -> None:
        """Run the job, in the worker's thread."""
        try:
            self._deadline = Deadline(clock, seconds=self._seconds)
            self.future.set_result(self._run(self._deadline))
        except BaseException as error:  # noqa: BLE001 - raised again where the result is used
            self.future.set_exception(error)

    @property
    def is_late(self) -> bool:
        """True if the deadline has passed."""
        return self._deadline is not None and self._deadline.remaining() < 0

    @property
    def seconds(self) -> float:
        """How long the job may take."""
        return self._seconds


class Worker:
    """Runs jobs one after the other in a daemon thread."""

    def __init__(self, clock: Clock, *, on_end: Callable[[], None] = lambda: None) -> None:
        self._clock = clock
        self._jobs: queue.SimpleQueue[Job[object] | None] = queue.SimpleQueue()
        self._messages: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._on_end = on_end
        self._is_ended = False
        self._thread = threading.Thread(target=self._work, name=THREAD_NAME, daemon=True)
        self.is_abandoned = False

    def submit(self, run: Callable[[Deadline], T], *, seconds: float) -> Job[T]:
        """Queue a job. It may take ``seconds`` from its start."""
        job = Job(run, seconds)
        self._jobs.put(job)  # type: ignore[arg-type]  # the queue does not look at results
        if self._thread.ident is None:
            self._thread.start()
        return job

    def tell(self, event: Event) -> None:
        """Send an event from the thread to the caller."""
        self._messages.put(event)

    def wait_for(self, job: Job[T], on_event: Callable[[Event], None]) -> T:
        """Return the result of a job, or raise its error.

        Raises StuckError if the deadline has passed and the thread is stuck; the thread is then abandoned.
        """
        late_since: float | None = None
        while not job.future.done():
            self._pass_on(on_event, seconds=_STEP_SECONDS)
            if job.is_late and late_since is None:
                late_since = time.monotonic()
            is_stuck = late_since is not None and time.monotonic() - late_since > _GRACE_SECONDS
            if (is_stuck or self.is_abandoned) and not job.future.done():
                self.is_abandoned = True
                self.end()
                raise StuckError(job.seconds)
        self._pass_on(on_event, seconds=0)
        return job.future.result()

    def end(self, *, patience_seconds: float = 0.0) -> None:
        """Let the thread end after its current job, and wait for it at most ``patience_seconds``."""
        self._is_ended = True
        self._jobs.put(None)
        # Ctrl-C may have come before the thread started: it is not alive then.
        if patience_seconds and self._thread.is_alive():
            self._thread.join(patience_seconds)

    def _pass_on(self, on_event: Callable[[Event], None], *, seconds: float) -> None:
        """Pass events on, waiting up to ``seconds`` for the first. The end of a job also ends the wait."""
        with suppress(queue.Empty):
            while True:
                event = (
                    self._messages.get(timeout=seconds) if seconds else self._messages.get_nowait()
                )
                seconds = 0
                if event is not None:
                    on_event(event)

    def _work(self) -> None:
        try:
            while (job := self._jobs.get()) is not None and not self._is_ended:
                job.perform(self._clock)
                self._messages.put(None)
        finally:
            self._on_end()
