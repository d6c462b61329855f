"""A courier: another process that exchanges the bytes with the registry for this one.

It loads httpx while this process loads the command, and sends and receives while this one works. What it
gives is what httpx gives in this process, failures included. Where it is no more, or an answer of it was
not wanted to its end, this process asks by itself from then on.

A question goes there as one frame. Back come how far it is, a head (or None: the rung cannot be used), the
pieces of the body and an empty one; or, at any point, a failure. Asked nothing (None), it names its
libraries.
"""

import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO, Final, TypeVar

from stemcheck.errors import (
    AnswerUnreadableError,
    RegistryRefusedError,
    RegistryUnreachableError,
    StemcheckError,
    UsageError,
)
from stemcheck.frames import frame_of, read_frame
from stemcheck.registry.exchange import (
    FORBIDDEN,
    Exchange,
    Progress,
    Question,
    Response,
    own_exchange,
)
from stemcheck.registry.failures import broken_off
from stemcheck.registry.pacing import TransientError

T = TypeVar("T")
END: Final = b""
"""The piece after the last one."""
_ERRORS: Final = {
    one.code: one
    for one in (AnswerUnreadableError, RegistryRefusedError, RegistryUnreachableError, UsageError)
}


class Courier:
    """The process as seen from this one. Belongs to one thread, except for `close`."""

    def __init__(self, questions: BinaryIO, answers: BinaryIO) -> None:
        """``questions``, ``answers``: our ends of the pipes to it, unbuffered, and from it."""
        self._questions = questions
        self._answers = answers
        self._own: Exchange | None = None
        """In its place, once it is no more."""
        self._is_whole = True
        """The last answer was heard to its end."""

    @property
    def is_elsewhere(self) -> bool:
        """As long as the process is there."""
        return self._own is None

    def ask(self, question: Question, hear: Callable[[Progress], None]) -> Response | None:
        """Have a question sent; see `stemcheck.registry.exchange.Exchange`."""

        def answer() -> Response | None:
            while isinstance(head := self._heard(), str):
                hear(Progress(head))
            if head is None:
                return None
            status, url, headers = head
            self._is_whole = status == FORBIDDEN
            pieces = iter(()) if self._is_whole else self._pieces()
            return Response(status, url, headers, pieces, self._let_go)

        return self._put(tuple(question), answer, lambda own: own.ask(question, hear))

    def libraries(self) -> str:
        """Name what its TLS greeting depends on."""
        return self._put(None, lambda: str(self._heard()), lambda own: own.libraries())

    def close(self) -> None:
        """Let the process end. Its answers stay open: another thread may be waiting for one."""
        self._questions.close()
        if self._own is not None:
            self._own.close()

    def _put(self, message: object, hear: Callable[[], T], instead: Callable[[Exchange], T]) -> T:
        """Send a message and hear what comes; where the courier is no more, do it in its place."""
        own = self._own
        if own is None:
            try:
                self._questions.write(frame_of(message))
                return hear()
            except (OSError, EOFError):
                own = self._give_up()
        return instead(own)

    def _heard(self) -> Any:
        message = read_frame(self._answers)
        if isinstance(message, dict):
            self._is_whole = True
            raise _error_of(message)
        return message

    def _pieces(self) -> Iterator[bytes]:
        try:
            while piece := self._heard():
                yield piece
        except (OSError, EOFError):
            self._give_up()
            raise TransientError(broken_off("the process that asked has ended")) from None
        self._is_whole = True

    def _let_go(self) -> None:
        """Do without the courier from now on when it still sends what nobody wants."""
        if not self._is_whole:
            self._give_up()

    def _give_up(self) -> Exchange:
        self._questions.close()
        self._own = self._own or own_exchange()
        return self._own


def serve(exchange: Exchange, questions: BinaryIO, answers: BinaryIO) -> None:
    """Be the courier: send what is asked for, until nobody is there to ask."""

    def send(message: object) -> None:
        answers.write(frame_of(message))
        answers.flush()

    with suppress(OSError, EOFError):
        while True:
            asked = read_frame(questions)
            if asked is None:
                send(exchange.libraries())
            else:
                _answer(exchange, Question(*asked), send)


def _answer(exchange: Exchange, question: Question, send: Callable[[object], None]) -> None:
    """Exchange a question and send on what comes of it; what `send` raises ends the courier."""
    try:
        response = exchange.ask(question, lambda progress: send(progress.value))
        if response is None:
            send(None)
            return
        try:
            send((response.status, response.url, response.headers))
            if response.status != FORBIDDEN:
                for piece in filter(None, response.pieces):
                    send(piece)
                send(END)
        finally:
            response.close()
    except TransientError as failure:
        send(_told(failure.error) | {"heals_after": failure.retry_after_seconds, "heals": True})
    except StemcheckError as error:
        send(_told(error))
    except Exception:  # noqa: BLE001 - a bug, to be raised where bugs are reported
        send({"bug": traceback.format_exc()})


def _told(error: StemcheckError) -> dict[str, object]:
    return {
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
        "facts": error.facts,
    }


def _error_of(told: dict[str, Any]) -> Exception:
    """Return the error that the courier was told of, as it was raised there."""
    if "bug" in told:
        return RuntimeError(told["bug"])
    error = _ERRORS[told["code"]](told["message"], hint=told["hint"], facts=told["facts"])
    if "heals" in told:
        return TransientError(error, retry_after_seconds=told["heals_after"])
    return error
