"""The studies of a page, read by the readers where there are any."""

from collections import deque
from collections.abc import Iterator
from operator import attrgetter

from stemcheck.services.readers import Reader, begun
from stemcheck.trial.study import Study, Unreadable
from stemcheck.trial.terms import Found

READ_AHEAD = 32
"""Studies held at a time, so that no reader ever waits for the next one."""
LEAST_BUSY = attrgetter("is_lost", "under_way")

Read = tuple[Study, Found] | Unreadable
"""A study and what was found in it, or why it cannot be read."""


def read_each(studies: Iterator[Study | Unreadable], *, is_last: bool = False) -> Iterator[Read]:
    """Read each study, in their order; ``is_last``: the readers are not needed for others."""
    if not begun:
        yield from map(_read, studies)
        return
    held: deque[tuple[Study | Unreadable, Reader]] = deque()
    for study in studies:
        reader = min(begun, key=LEAST_BUSY)
        if isinstance(study, Study):
            reader.send(study.text)
        held.append((study, reader))
        if len(held) == READ_AHEAD:
            yield _taken(*held.popleft())
    for reader in begun if is_last else ():
        reader.finish()
    while held:
        yield _taken(*held.popleft())


def _taken(study: Study | Unreadable, reader: Reader) -> Read:
    found = reader.take() if isinstance(study, Study) else None
    return (study, found) if isinstance(study, Study) and found else _read(study)


def _read(study: Study | Unreadable) -> Read:
    from stemcheck.reading.reader import find

    return study if isinstance(study, Unreadable) else (study, find(study.text))
