"""One thread that waits for the registry, so that whoever asked never has to.

A blocked name lookup or a silent server cannot be interrupted; a thread that waits for another one can. So
every exchange happens in a daemon thread, and the caller waits in short steps: Ctrl-C ends the waiting at
once, a deadline holds whatever the network does, and the next page travels while this one is read. At the
end of the process nobody waits for the thread.
"""

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from stemcheck.registry.events import Event
from stemcheck.registry.failures import time_error
from stemcheck.registry.pacing import Deadline

T = TypeVar("T")

_STEP_SECONDS = 0.1
"""On Windows a wait cannot be interrupted, only be short; elsewhere Ctrl-C ends it right away."""
_GRACE_SECONDS = 0.5
"""The thread notices a passed deadline itself, with a better message: it gets this much longer."""


class Task(Generic[T]):
    """Something to be done in the lane, and then its result."""

    def __init__(self, run: Callable[[Deadline], T], deadline_for: Callable[[], Deadline]) -> None:
        self._run = run
        self._deadline_for = deadline_for
        self._result: list[T] = []
        self._error: BaseException | None = None
        self.deadline: Deadline | None = None
        """None until it is its turn."""
        self.lane: Lane | None = None
        """Where it was queued."""
        self.is_done = False

    @property
    def is_stuck(self) -> bool:
        """True when it should long be over: something in it waits and looks at no clock."""
        deadline = self.deadline
        is_late = deadline is not None and deadline.remaining() < -_GRACE_SECONDS
        return is_late and not self.is_done

    def perform(self) -> None:
        """Do it, in the lane's thread, and keep what comes of it."""
        try:
            self.deadline = self._deadline_for()
            self._result.append(self._run(self.deadline))
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            self._error = error
        self.is_done = True

    def result(self) -> T:
        """Hand over what came of it, once, or raise it."""
        if self._error is not None:
            raise self._error
        return self._result.pop()


class Lane:
    """Does tasks one after the other in a daemon thread."""

    def __init__(self, *, on_end: Callable[[], None]) -> None:
        self._tasks: queue.SimpleQueue[Task[object] | None] = queue.SimpleQueue()
        self._messages: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._on_end = on_end
        self._thread: threading.Thread | None = None
        self._is_ended = False
        self.is_abandoned = False

    def submit(self, task: Task[T]) -> Task[T]:
        """Queue a task."""
        task.lane = self
        self._tasks.put(task)  # type: ignore[arg-type]  # the queue does not look at results
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._work, name="stemcheck-registry", daemon=True
            )
            self._thread.start()
        return task

    def tell(self, event: Event) -> None:
        """Pass an event from the thread to whoever waits."""
        self._messages.put(event)

    def end(self, *, patience_seconds: float = 0.0) -> None:
        """Let the thread end after the task in hand; wait for that a little at most."""
        self._is_ended = True
        self._tasks.put(None)
        # Ctrl-C may have come before the thread was started: then it is not alive yet.
        if self._thread is not None and self._thread.is_alive() and patience_seconds:
            self._thread.join(patience_seconds)

    def abandon(self) -> None:
        """Leave the thread to itself: it is stuck. What was queued behind will not be done."""
        self.is_abandoned = True
        self.end()

    def pass_on(self, on_event: Callable[[Event], None], *, seconds: float) -> None:
        """Pass events on, waiting so long for the first one. The end of a task ends the waiting too."""
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
            while (task := self._tasks.get()) is not None and not self._is_ended:
                task.perform()
                self._messages.put(None)
        finally:
            self._on_end()


def wait_for(task: Task[T], on_event: Callable[[Event], None]) -> T:
    """Return a queued task's result.

    Raises what the task raised, or RegistryUnreachableError when its deadline has passed and the thread is
    stuck; then the lane is abandoned.
    """
    lane = task.lane
    if lane is None:
        raise ValueError("the task was never queued")
    while not task.is_done:
        lane.pass_on(on_event, seconds=_STEP_SECONDS)
        deadline = task.deadline
        if task.is_stuck and deadline is not None:
            lane.abandon()
            raise time_error(deadline.seconds)
        if lane.is_abandoned and not task.is_done:
            raise time_error(deadline.seconds if deadline else 0)
    lane.pass_on(on_event, seconds=0)
    return task.result()
