"""A second reader: a process that reads records while this one fetches, writes and reads others.

Python runs one thread at a time; two processes use two processors. The second one is begun before anything
is loaded, and knows the words when the first page comes. Where there is one processor only, or where no
process can be forked safely (elsewhere than on Linux), there is none, and all goes on without it.

It ends with the pipe that it is asked through, and so with this process, however that one ends.
"""

import gc
import marshal
import os
import signal
import sys
from collections import deque
from contextlib import suppress
from itertools import count
from select import select
from typing import Any, BinaryIO, ClassVar

from stemcheck.trial.terms import Found
from stemcheck.trial.text import ArmText, InterventionText, RecordText

SIZE_BYTES = 4
PIECE_BYTES = 4096
"""What a pipe that is free takes at once."""
TIDY_AFTER = 500
"""Records after which the room of what is no more is given back."""


class SecondReader:
    """The other process, as this one sees it."""

    begun: ClassVar["SecondReader | None"] = None
    """The one that reads for this process."""

    def __init__(self, process: int, questions: int, answers: int) -> None:
        self.process = process
        self._questions = questions
        self._answers = open(answers, "rb", buffering=0)  # noqa: SIM115 (see `close`)
        self._arrived: deque[Found] = deque()
        self._is_lost = False
        self.under_way = 0
        """Records sent whose readings were not taken yet."""
        self.taken = 0
        """Readings taken so far."""

    def send(self, text: RecordText) -> None:
        """Have a record read."""
        self.under_way += 1
        rest = memoryview(_packed(_plain_text(text)))
        while rest and not self._is_lost:
            # what is ready goes on: neither process ever waits for one that waits for it
            ready, free, _ = select([self._answers], [self._questions], [])
            if ready:
                self._receive()
            elif free:
                rest = rest[self._write(rest[:PIECE_BYTES]) :]

    @property
    def has_answer(self) -> bool:
        """Whether `take` would not have to wait."""
        return bool(self._arrived or self._is_lost or select([self._answers], [], [], 0)[0])

    def take(self) -> Found | None:
        """Return the next reading, in the order of the records; None when the second reader is no more."""
        if not self._arrived and not self._is_lost:
            self._receive()
        self.under_way -= 1
        self.taken += 1
        return self._arrived.popleft() if self._arrived else None

    def close(self) -> None:
        """Let the second reader end, and wait until it has."""
        SecondReader.begun = None
        os.close(self._questions)
        self._answers.close()
        with suppress(ChildProcessError):
            os.waitpid(self.process, 0)

    def _write(self, piece: memoryview) -> int:
        try:
            return os.write(self._questions, piece)
        except OSError:
            self._is_lost = True
            return 0

    def _receive(self) -> None:
        try:
            self._arrived.append(Found(*_unpacked(self._answers)))
        except (OSError, EOFError):
            self._is_lost = True


def begin_second_reader() -> None:
    """Begin a second reader where it helps. To be called before there are threads: it forks."""
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1:
        return
    asked, questions = os.pipe()
    answers, answered = os.pipe()
    try:
        process = os.fork()
    except OSError:  # no more processes are to be had
        for end in (asked, questions, answers, answered):
            os.close(end)
        return
    if process:
        os.close(asked)
        os.close(answered)
        SecondReader.begun = SecondReader(process, questions, answers)
        return
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends when the first reader has ended
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in {0, 1, 2, questions, answers} - {asked, answered}:
            os.dup2(nowhere, stream)
        with open(asked, "rb") as asking, open(answered, "wb") as answering:  # noqa: PTH123
            _answer(asking, answering)
    finally:
        os._exit(0)


def _answer(asking: BinaryIO, answering: BinaryIO) -> None:
    """Be the second reader, to the end of the pipe."""
    from stemcheck.reading.lexicon import load_lexicon
    from stemcheck.reading.reader import find

    # Until it is asked, it reads the first words of every rule: what is met for the first time takes longer.
    rules = [rule for kind in load_lexicon().rules.values() for rule in kind]
    words = ". ".join(phrases[0] for _, phrases in rules)
    product = InterventionText(type="BIOLOGICAL", name="MSC", description=words)
    arm = ArmText(label="MSC", description=words)
    find(RecordText(interventions=(product,), arms=(arm,), brief_summary=words, keywords=("MSC",)))
    gc.freeze()  # what is there now stays: it need not be looked through
    for number in count(1):
        answering.write(_packed(_plain_reading(find(_text_of(_unpacked(asking))))))
        answering.flush()
        if number % TIDY_AFTER == 0:
            gc.collect()


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


def _packed(values: tuple[Any, ...]) -> bytes:
    body = marshal.dumps(values)
    return len(body).to_bytes(SIZE_BYTES, "big") + body


def _unpacked(pipe: BinaryIO | Any) -> tuple[Any, ...]:
    size = int.from_bytes(_all_of(pipe, SIZE_BYTES), "big")
    values: tuple[Any, ...] = marshal.loads(_all_of(pipe, size))  # noqa: S302 (our own)
    return values


def _all_of(pipe: BinaryIO | Any, size: int) -> bytes:
    """Read so many bytes, in as many pieces as they come. Raises EOFError where they end before."""
    body = b""
    while len(body) < size:
        piece = pipe.read(size - len(body))
        if not piece:
            raise EOFError
        body += piece
    return body
