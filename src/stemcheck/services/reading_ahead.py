"""The studies of a page, read by two processes where there is a second reader."""

from collections import deque
from collections.abc import Iterator

from stemcheck.services.second_reader import SecondReader
from stemcheck.trial.study import Study, Unreadable
from stemcheck.trial.terms import Found

UNDER_WAY = 4
"""Studies that the second reader has at a time: it never waits for the next one."""
ALONE = 100
"""Studies that it reads alone, as many as can be held; before this process can help, it has much to load."""
READ_AHEAD = 32
"""Studies held at most, from the first whose reading is still awaited."""

Read = tuple[Study, Found] | Unreadable
"""A study and what was found in it, or why it cannot be read."""


def read_each(studies: Iterator[Study | Unreadable]) -> Iterator[Read]:
    """Read each study, in their order."""
    second = SecondReader.begun
    if second is None:
        yield from map(_read, studies)
        return
    held: deque[Read | Study] = deque()  # a study alone is at the second reader
    while True:
        is_alone = second.taken < ALONE
        while (is_alone or second.under_way < UNDER_WAY) and (study := _next(studies, held)):
            held.append(study)
            if isinstance(study, Study):
                second.send(study.text)
        if not held:
            return
        first = held[0]
        if isinstance(first, Study):
            # rather than wait, this process reads one itself
            if not is_alone and not second.has_answer and (ours := _next(studies, held)):
                held.append(_read(ours))
                continue
            found = second.take()
            first = (first, found) if found else _read(first)
        held.popleft()
        yield first


def _next(
    studies: Iterator[Study | Unreadable], held: deque[Read | Study]
) -> Study | Unreadable | None:
    return next(studies, None) if len(held) < READ_AHEAD else None


def _read(study: Study | Unreadable) -> Read:
    from stemcheck.reading.reader import find

    return study if isinstance(study, Unreadable) else (study, find(study.text))
