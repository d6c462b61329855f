"""Spreads work on many records over all processors, keeping their order, in constant memory.

The standard library's process pool does it. It starts only once there is much to do: a small file is done
before another process has begun.
"""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

FEW = 400
"""So many are done here, at once, before other processes are asked for."""
BATCH = 48
"""Records that travel together: some 700 KB, a tenth of a second of work."""
_BATCHES_AHEAD = 3
"""For each process: enough that none waits, and few enough that memory stays flat."""


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[list[Item]], list[Made]], items: Iterable[Item], *, processes: int | None = None
) -> Iterator[Made]:
    """Yield the results of ``work`` for all items, in order.

    ``work`` takes a list and returns one result for each item; it must be a function that another process can
    import. Raises MemoryError where the system ended a process, which it does for a lack of memory.
    """
    items = iter(items)
    processes = cores() if processes is None else processes
    for item in islice(items, FEW) if processes > 1 else items:
        yield from work([item])
    first = next(items, None)
    if first is not None:
        yield from _spread(work, chain([first], items), processes)


def _spread(
    work: Callable[[list[Item]], list[Made]], items: Iterator[Item], processes: int
) -> Iterator[Made]:
    # A process with threads must not be copied as it is.
    is_alone = threading.active_count() == 1 and hasattr(os, "fork")
    pool = ProcessPoolExecutor(
        processes, mp_context=get_context("fork" if is_alone else "spawn"), initializer=_begin
    )
    # A process that begins has to be deaf to Ctrl-C from the start, or half of it may stay behind.
    ahead: deque[Future[list[Made]]] = deque()
    try:
        for batch in _batches(items):
            with _deaf():
                ahead.append(pool.submit(work, batch))
            if len(ahead) > processes * _BATCHES_AHEAD:
                yield from ahead.popleft().result()
        while ahead:
            yield from ahead.popleft().result()
    except BrokenProcessPool as error:
        raise MemoryError from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    while batch := list(islice(items, BATCH)):
        yield batch


@contextmanager
def _deaf() -> Iterator[None]:
    """Keep Ctrl-C waiting for a moment; what begins meanwhile never hears it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """Leave Ctrl-C to the process that was started by hand: it ends the others, and they end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait until the process that started this one is gone, killed perhaps, and end.

    Nothing else would tell: a pool's workers wait for work at pipes that they hold open for each other.
    """
    if parent := parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
