"""Readers: processes that read records while this one fetches, translates and writes.

Python runs one thread at a time; several processes use several processors. They are begun before anything
is loaded, and know the words when the first page comes. Where there is one processor only, or where no
process can be forked safely (elsewhere than on Linux), there are none, and this process reads by itself.

The first of them has one more task, in a thread of its own: it is the courier, which exchanges the bytes with
the registry (`stemcheck.registry.courier`). What that takes is loaded there while this process is loaded.
Where few records are asked for, it is courier only.

A reader ends with the pipe that it is asked through, and so with this process, however that one ends.
"""

import gc
import os
import select
import signal
import sys
from collections import deque
from contextlib import suppress
from itertools import count
from typing import Any, BinaryIO, Final

from stemcheck.errors import UsageError
from stemcheck.frames import frame_of, read_frame
from stemcheck.trial.terms import Found
from stemcheck.trial.text import ArmText, InterventionText, RecordText

PIPE_BYTES = 1 << 18
"""Room of a pipe: for all records that are ever under way, mostly."""
TIDY_AFTER = 500
"""Records after which the room of what is no more is given back."""


class Reader:
    """One such process, as this one sees it."""

    def __init__(self, questions: int, answers: int) -> None:
        self._questions = os.fdopen(questions, "wb", buffering=0)
        self._answers = os.fdopen(answers, "rb")
        os.set_blocking(questions, False)
        from fcntl import F_SETPIPE_SZ, fcntl  # not there elsewhere than on Linux

        with suppress(OSError):
            fcntl(questions, F_SETPIPE_SZ, PIPE_BYTES)
        self._either = select.poll()
        self._either.register(questions, select.POLLOUT)
        self._either.register(answers, select.POLLIN)
        self._arrived: deque[Found] = deque()
        self.is_lost = False
        self.under_way = 0
        """Records sent whose readings were not taken yet."""

    def send(self, text: RecordText) -> None:
        """Have a record read."""
        self.under_way += 1
        rest = memoryview(frame_of(_plain_text(text)))
        while not self.is_lost and (rest := rest[self._write(rest) :]):
            # what is ready goes on: neither process ever waits for one that waits for it
            ready = {end for end, _ in self._either.poll()}
            if self._answers.fileno() in ready:
                self._receive()

    def take(self) -> Found | None:
        """Return the next reading, in the order of the records; None when the reader is no more."""
        self.under_way -= 1
        if not self._arrived and not self.is_lost:
            self._receive()
        return self._arrived.popleft() if self._arrived else None

    def finish(self) -> None:
        """Let the reader end when it has read what it has: nothing more is sent."""
        self._questions.close()

    def close(self) -> None:
        """Let the reader end now."""
        self._questions.close()
        self._answers.close()

    def _write(self, piece: memoryview) -> int:
        """Write as much as the pipe takes now."""
        try:
            return self._questions.write(piece) or 0
        except OSError:
            self.is_lost = True
            return 0

    def _receive(self) -> None:
        try:
            self._arrived.append(Found(*read_frame(self._answers)))
        except (OSError, EOFError):
            self.is_lost = True


begun: Final[list[Reader]] = []
"""The readers of this process."""
forked: Final[list[int]] = []
"""The process that was forked from this one; it ends after the others."""
courier: Final[list[tuple[BinaryIO, BinaryIO]]] = []
"""The pipes to and from the courier, where there is one."""


def begin_readers(how_many: int) -> None:
    """Begin readers, where they help, and a courier. To be called before there are threads: it forks."""
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1:
        return
    # a pair for each reader and one for the courier
    asked, questions = zip(*[os.pipe() for _ in range(how_many + 1)], strict=True)
    answers, answered = zip(*[os.pipe() for _ in range(how_many + 1)], strict=True)
    try:
        process = os.fork()
    except OSError:  # no more processes are to be had
        _close(*asked, *questions, *answers, *answered)
        return
    if process:
        _close(*asked, *answered)
        to_courier = os.fdopen(questions[-1], "wb", buffering=0)
        courier.append((to_courier, os.fdopen(answers[-1], "rb")))
        begun.extend(map(Reader, questions[:-1], answers[:-1]))
        forked.append(process)
        return
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # they end when the first process has ended
        _close(*questions, *answers)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in {0, 1, 2} - {*asked, *answered}:
            os.dup2(nowhere, stream)
        _be_readers([*zip(asked, answered, strict=True)])
    finally:
        os._exit(0)


def end_readers() -> None:
    """Let all readers end, and wait until they have."""
    for reader in begun:
        reader.close()
    for questions, _ in courier:
        questions.close()
    for process in forked:
        with suppress(ChildProcessError):
            os.waitpid(process, 0)
    for _, answers in courier:
        answers.close()  # not before: a thread may still wait for one, and holds it
    for those in (begun, courier, forked):
        those.clear()


def _be_readers(pipes: list[tuple[int, int]]) -> None:
    """Be the readers, one for each pair of pipes, and the courier, which has the last pair."""
    mine: tuple[int, ...] = ()
    courier: tuple[int, ...] = pipes.pop()
    if pipes:
        _learn_words()  # once for all that are forked from here
        mine = pipes.pop()
    while pipes and not os.fork():
        _close(*mine, *courier)
        mine, courier = pipes.pop(), ()
    _close(*[end for pair in pipes for end in pair])
    if courier:
        _begin_courier(*courier)
        gc.freeze()
    if mine:
        _read(*mine)
    if courier:
        _wait_until_closed(courier[0])
    with suppress(ChildProcessError):
        os.wait()


def _learn_words() -> None:
    from stemcheck.reading.lexicon import load_lexicon
    from stemcheck.reading.reader import find

    # The first words of every rule are read once: what is met for the first time takes longer.
    rules = load_lexicon().rules.values()
    words = ". ".join(phrases[0] for kind in rules for _, phrases in kind)
    product = InterventionText(type="BIOLOGICAL", name="MSC", description=words)
    arm = ArmText(label="MSC", description=words)
    find(RecordText(interventions=(product,), arms=(arm,), brief_summary=words, keywords=("MSC",)))
    gc.freeze()  # what is there now stays: it need not be looked through


def _read(questions: int, answers: int) -> None:
    from stemcheck.reading.reader import find

    with suppress(OSError, EOFError):
        asked, answered = os.fdopen(questions, "rb"), os.fdopen(answers, "wb")
        for number in count(1):
            answered.write(frame_of(_plain_reading(find(_text_of(read_frame(asked))))))
            answered.flush()
            if number % TIDY_AFTER == 0:
                gc.collect()


def _begin_courier(questions: int, answers: int) -> None:
    from threading import Thread

    from stemcheck.registry.courier import serve
    from stemcheck.registry.httpx_exchange import HttpxExchange
    from stemcheck.services.settings import settings_from

    exchange = HttpxExchange()
    with suppress(UsageError):  # said by the first process
        exchange.get_ready(settings_from().registry_url)
    pipes = os.fdopen(questions, "rb"), os.fdopen(answers, "wb")
    Thread(target=serve, args=(exchange, *pipes), daemon=True).start()


def _wait_until_closed(pipe: int) -> None:
    """Wait until nobody can write into a pipe any more; what was written is not taken."""
    closing = select.poll()
    closing.register(pipe, 0)
    closing.poll()


def _close(*ends: int) -> None:
    for end in ends:
        os.close(end)


def _plain_text(text: RecordText) -> tuple[Any, ...]:
    """Return a record's words as bare tuples; those that are never read stay here."""
    return (
        *text._replace(interventions=(), arms=(), eligibility_criteria=""),
        tuple(map(tuple, text.interventions)),
        tuple(map(tuple, text.arms)),
    )


def _text_of(plain: tuple[Any, ...]) -> RecordText:
    *fields, interventions, arms = plain
    return RecordText(*fields)._replace(
        interventions=tuple([InterventionText(*one) for one in interventions]),
        arms=tuple([ArmText(*one) for one in arms]),
    )


def _plain_reading(found: Found) -> tuple[Any, ...]:
    values = (tuple(map(str.__str__, values)) for values in found[:4])
    return (*values, str.__str__(found.intravenous), *found[5:])
