"""How the registry is waited for: how long, how far apart, how often, and in which thread.

Policy (the registry documents none; it answers 429 to bursts, and ``robots.txt`` has ``Crawl-delay: 1``):
one request at a time, at least a second between two starts; what can heal is asked again as long as the time
lasts that was given, with pauses of 1, 2, 4, 8 ... s (each a quarter more or less, 30 s at most) or what
``Retry-After`` says.

A blocked name lookup or a silent server cannot be interrupted; a thread that waits for another one can. So
every exchange happens in a daemon thread, and the caller waits in short steps: Ctrl-C ends the waiting at
once, a deadline holds whatever the network does, and the next page travels while this one is read. A pool of
`concurrent.futures` would be waited for at the end of the process, however stuck; so only its futures are
used.
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
"""The last pause ends this long before the time is over: one more try has to have a chance."""
SMALL_SHARE = 0.35
"""A side question (``/version``, twice in a long crawl) may follow another request after this part of the
pause: three requests a second are the most that the registry ever sees, one a second what it sees mostly."""
THREAD_NAME = "stemcheck-registry"
_STEP_SECONDS = 0.1
"""On Windows a wait cannot be interrupted, only be short; elsewhere Ctrl-C ends it right away."""
_GRACE_SECONDS = 0.5
"""The thread notices a passed deadline itself, and can say more about it: it gets this much longer."""


class StoppedError(Exception):
    """Whoever asked has gone, and waits no longer."""


class TransientError(Exception):
    """A failure that can heal by itself, with the error to raise when it does not."""

    def __init__(self, error: StemcheckError, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.retry_after_seconds = retry_after_seconds


class Clock:
    """A clock whose waits can be called off: ``stop`` ends all of them at once."""

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


class Asking(NamedTuple):
    """The registry is about to be asked."""


class PageArrived(NamedTuple):
    """A page was read: number ``number`` of ``pages`` (None: the registry did not say how many)."""

    number: int
    pages: int | None
    studies: int
    """Distinct studies so far."""
    total: int | None


class Retrying(NamedTuple):
    """A request failed in a way that can heal, and is asked again after a while."""

    attempt: int
    """The number of the attempt that comes next."""
    seconds: float
    reason: str


class RungRefused(NamedTuple):
    """The registry's edge answered 403 to one kind of connection; the next one is tried."""

    rung: int
    next_rung: int


class RecordsRead(NamedTuple):
    """So many records of files were read by now."""

    records: int


Event = Asking | PageArrived | Retrying | RungRefused | RecordsRead
"""What is told to whoever waits. It knows nothing of bars, screens or languages."""


class StuckError(Exception):
    """The deadline of a job has passed, and the thread waits for something that looks at no clock."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Job(Generic[T]):
    """A piece of work for the worker, and its result."""

    def __init__(self, run: Callable[[Deadline], T], seconds: float) -> None:
        self._run = run
        self._seconds = seconds
        self._deadline: Deadline | None = None
        """None until it is its turn."""
        self.future: Future[T] = Future()

    def perform(self, clock: Clock) -> None:
        """Do it, in the worker's thread."""
        try:
            self._deadline = Deadline(clock, seconds=self._seconds)
            self.future.set_result(self._run(self._deadline))
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            self.future.set_exception(error)

    @property
    def is_late(self) -> bool:
        """True when it should be over."""
        return self._deadline is not None and self._deadline.remaining() < 0

    @property
    def seconds(self) -> float:
        """How long it was given."""
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
        """Have something done, within so many seconds from when it is its turn."""
        job = Job(run, seconds)
        self._jobs.put(job)  # type: ignore[arg-type]  # the queue does not look at results
        if self._thread.ident is None:
            self._thread.start()
        return job

    def tell(self, event: Event) -> None:
        """Pass an event from the thread to whoever waits."""
        self._messages.put(event)

    def wait_for(self, job: Job[T], on_event: Callable[[Event], None]) -> T:
        """Return the result of a job, or raise what it raised.

        Raises StuckError when its deadline has passed and the thread is stuck; then it is left to itself.
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
        """Let the thread end after the job in hand; wait for that a little at most."""
        self._is_ended = True
        self._jobs.put(None)
        # Ctrl-C may have come before the thread was started: then it is not alive yet.
        if patience_seconds and self._thread.is_alive():
            self._thread.join(patience_seconds)

    def _pass_on(self, on_event: Callable[[Event], None], *, seconds: float) -> None:
        """Pass events on, waiting so long for the first one. The end of a job ends the waiting too."""
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
