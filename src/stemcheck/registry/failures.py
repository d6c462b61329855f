"""What an answer that is none means, in the errors of `stemcheck.errors`.

Two questions decide: can it heal (then TransientError, and it is asked again), and what does it say (no
answer: unreachable, 4; a refusal: refused, 5; an answer that cannot be read: unreadable, 6). What goes wrong
before there is an answer stands in `stemcheck.registry.transport_failures`.
"""

import math

from stemcheck.errors import (
    AnswerUnreadableError,
    RegistryRefusedError,
    RegistryUnreachableError,
    StemcheckError,
)
from stemcheck.registry.pacing import TransientError, read_retry_after

HEALING_STATUSES = frozenset({429, 500, 502, 503, 504})
CHECK_NETWORK = "Check the network connection; `stemcheck doctor` looks for the cause."


def time_error(seconds: float) -> RegistryUnreachableError:
    """Return the error for an answer that did not come in time."""
    return RegistryUnreachableError(
        f"The registry did not answer within {seconds:g} seconds.",
        hint="Try again in a while, or allow more time with --timeout.",
        facts={"seconds": seconds},
    )


def broken_off(detail: str) -> RegistryUnreachableError:
    """Return the error for an answer of which the end is missing."""
    return RegistryUnreachableError(
        "The connection to the registry broke off before the answer was complete.",
        hint=CHECK_NETWORK,
        facts={"detail": detail},
    )


def raise_for_status(status: int, *, sentence: str, retry_after: str | None) -> None:
    """Raise what an answer other than 200, 304, 400, 403, 404 means."""
    if status not in HEALING_STATUSES:
        raise _final_error(status, sentence)
    seconds = read_retry_after(retry_after)
    what = "it gets too many questions" if status == 429 else "it has a problem of its own"  # noqa: PLR2004
    hint = "Try again in a while."
    if seconds:
        whole = math.ceil(seconds)
        hint = f"The registry asks to wait {whole} second{'s' if whole != 1 else ''}."
    facts: dict[str, object] = {"status": status, "retry_after_seconds": seconds}
    error = RegistryRefusedError(
        f"The registry does not answer now: {what} ({status}).", hint=hint, facts=facts
    )
    raise TransientError(error, retry_after_seconds=seconds)


def _final_error(status: int, sentence: str) -> StemcheckError:
    facts: dict[str, object] = {"status": status}
    if status >= 400:  # noqa: PLR2004
        said = f": {sentence}" if (sentence := _short_sentence(sentence)) else ""
        return RegistryRefusedError(
            f"The registry refused to answer ({status}){said}.",
            hint="`stemcheck doctor` shows what stands between this machine and the registry.",
            facts=facts,
        )
    return AnswerUnreadableError(
        f"The registry answered in an unexpected way ({status}).",
        hint="Try again in a while; a newer stemcheck may know this answer.",
        facts=facts,
    )


def _short_sentence(text: str) -> str:
    """Return the first line of an error's body, unless it is a page."""
    line = text.strip().split("\n", 1)[0].strip()
    return "" if line.startswith(("<", "{")) else line[:200].rstrip(".")
