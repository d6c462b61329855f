"""Spreads work on many records over all processors, in order and in constant memory.

It uses the process pool of the standard library, which starts only if there is much to do: a small file is
done before another process could start.
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
"""How many items are done here before other processes start."""
BATCH = 48
"""Records that are sent together: some 700 KB, a tenth of a second of work."""
_BATCHES_AHEAD = 3
"""Batches queued for each process: enough to keep it busy, and few enough to limit memory."""


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[list[Item]], list[Made]], items: Iterable[Item], *, processes: int | None = None
) -> Iterator[Made]:
    """Yield the results of the work on all items, in order.

    ``work`` takes a list and returns one result for each item; it must be a function that another process can
    import. Raises MemoryError if the system killed a process, which it does when memory runs out.
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
    # A process with threads must not be forked.
    is_alone = threading.active_count() == 1 and hasattr(os, "fork")
    pool = ProcessPoolExecutor(
        processes, mp_context=get_context("fork" if is_alone else "spawn"), initializer=_begin
    )
    # A new process must ignore Ctrl-C from its start, or it might survive the parent.
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
    """Block Ctrl-C for a moment; processes started meanwhile never receive it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """Ignore Ctrl-C: the main process handles it and ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait until the process that started this one is gone, killed perhaps, and end.

    Nothing else would tell: a pool's workers wait for work at pipes that they hold open for each other.
    """
    if parent := parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
