"""Exit codes, and the tree of everything that can go wrong in a way we can explain.

::

    StemcheckError
    ├── UsageError                 2   the command line asks for something that cannot be
    │   └── QueryRejectedError     2   the registry answered 400: the search cannot be run as written
    ├── TrialNotFoundError         3   asked for by number, not in the registry
    ├── RegistryUnreachableError   4   no answer: name, connection, TLS, time
    ├── RegistryRefusedError       5   an answer, but a refusal: 403, 429, 5xx after retries
    ├── AnswerUnreadableError      6   an answer that cannot be read, or cannot be trusted
    └── StoreError                 7   saved data cannot answer, or a file could not be written

Errors carry facts as attributes; the sentence is built once, here; advice is kept apart in ``hint``.
"""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What the process tells its caller. ``cli.meanings`` of the words explains each."""

    DONE = 0
    BUG = 1
    USAGE = 2
    NOT_FOUND = 3
    UNREACHABLE = 4
    REFUSED = 5
    UNREADABLE = 6
    STORE = 7
    SAVED_DATA = 8
    CHANGED = 10
    DIFFERS = 11
    INTERRUPTED = 130
    READER_LEFT = 141


class StemcheckError(Exception):
    """Something went wrong that can be explained to the person at the keyboard.

    ``facts`` are the machine-readable details (JSON values only) that the error line in JSON carries
    beside ``code``, ``message`` and ``hint``.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.BUG
    code: ClassVar[str] = "bug"

    def __init__(
        self, message: str, *, hint: str | None = None, facts: dict[str, object] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.facts: dict[str, object] = facts or {}


class UsageError(StemcheckError):
    """The command line asks for something that cannot be."""

    exit_code = ExitCode.USAGE
    code = "usage"


class QueryRejectedError(UsageError):
    """The registry answered 400: it cannot run the search as written."""

    code = "query_rejected"


class TrialNotFoundError(StemcheckError):
    """A trial asked for by number is not in the registry."""

    exit_code = ExitCode.NOT_FOUND
    code = "not_found"


class RegistryUnreachableError(StemcheckError):
    """No answer from the registry: name, connection, TLS or time."""

    exit_code = ExitCode.UNREACHABLE
    code = "unreachable"


class RegistryRefusedError(StemcheckError):
    """The registry, or the edge in front of it, answered and refused."""

    exit_code = ExitCode.REFUSED
    code = "refused"


class AnswerUnreadableError(StemcheckError):
    """The registry's answer, or a record, is not what it has to be."""

    exit_code = ExitCode.UNREADABLE
    code = "unreadable"


class StoreError(StemcheckError):
    """Saved data cannot answer, or a file could not be read or written."""

    exit_code = ExitCode.STORE
    code = "store"
