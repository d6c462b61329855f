"""The studies of a page, read by the readers where there are any."""

from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from operator import attrgetter

from stemcheck.services.readers import Reader, begun
from stemcheck.trial.study import Study, Unreadable
from stemcheck.trial.terms import Found

READ_AHEAD = 32
"""Studies held at a time, so that no reader ever waits for the next one."""
LEAST_BUSY = attrgetter("is_lost", "under_way")

Read = tuple[Study, Found] | Unreadable
"""A study and what was found in it, or why it cannot be read."""
Sent = tuple[Study, Reader] | Unreadable
"""A study and the reader that has it."""


def read_ahead(
    studies: Iterator[Study | Unreadable],
    *,
    is_last: bool = False,
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[Read]:
    """Read each study, in their order.

    ``is_last``: the readers are not needed for others. ``meanwhile``: what else there is to do, when they
    have their first studies.
    """
    if not begun:
        yield from map(_read, studies)
        return
    held = deque(map(_sent, islice(studies, READ_AHEAD)))
    meanwhile()
    for study in studies:
        held.append(_sent(study))
        yield _taken(held.popleft())
    for reader in begun if is_last else ():
        reader.finish()
    while held:
        yield _taken(held.popleft())


def _sent(study: Study | Unreadable) -> Sent:
    if isinstance(study, Unreadable):
        return study
    reader = min(begun, key=LEAST_BUSY)
    reader.send(study.text)
    return study, reader


def _taken(one: Sent) -> Read:
    if isinstance(one, Unreadable):
        return one
    study, reader = one
    found = reader.take()
    return (study, found) if found else _read(study)


def _read(study: Study | Unreadable) -> Read:
    from stemcheck.reading.reader import find

    return study if isinstance(study, Unreadable) else (study, find(study.text))
