"""One thread that waits for the registry, so that whoever asked never has to.

A blocked name lookup or a silent server cannot be interrupted; a thread that waits for another one can. So
every exchange happens in a daemon thread, and the caller waits in short steps: Ctrl-C ends the waiting at
once, a deadline holds whatever the network does, and the next page travels while this one is read. A pool of
`concurrent.futures` would be waited for at the end of the process, however stuck; so only its futures are
used.
"""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Generic, TypeVar

from stemcheck.registry.events import Event
from stemcheck.registry.retry import Clock, Deadline

T = TypeVar("T")

NAME = "stemcheck-registry"
_STEP_SECONDS = 0.1
"""On Windows a wait cannot be interrupted, only be short; elsewhere Ctrl-C ends it right away."""
_GRACE_SECONDS = 0.5
"""The thread notices a passed deadline itself, and can say more about it: it gets this much longer."""


class StuckError(Exception):
    """The deadline of a job has passed, and the thread waits for something that looks at no clock."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Job(Generic[T]):
    """Something to be done by the worker, and what comes of it."""

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
    """Does jobs one after the other in a daemon thread."""

    def __init__(self, clock: Clock, *, on_end: Callable[[], None] = lambda: None) -> None:
        self._clock = clock
        self._jobs: queue.SimpleQueue[Job[object] | None] = queue.SimpleQueue()
        self._messages: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._on_end = on_end
        self._is_ended = False
        self._thread = threading.Thread(target=self._work, name=NAME, daemon=True)
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
