"""Turns what can go wrong on the way into the errors of `stemcheck.errors`: no httpx exception leaves.

Two questions decide: can it heal (then TransientError, and it is asked again), and what does it say (no
answer: unreachable, 4; a refusal: refused, 5; an answer that cannot be read: unreadable, 6).
"""

import math
import socket
import ssl
from typing import NoReturn

import httpx

from stemcheck.errors import (
    AnswerUnreadableError,
    RegistryRefusedError,
    RegistryUnreachableError,
    StemcheckError,
    UsageError,
)
from stemcheck.registry.pacing import TransientError, read_retry_after

HEALING_STATUSES = frozenset({429, 500, 502, 503, 504})
_CHECK_NETWORK = "Check the network connection; `stemcheck doctor` looks for the cause."
_CUT_WORDS = ("disconnected", "closed connection", "IncompleteRead", "missing")
"""How httpcore and http.client say that an answer was cut short."""
_PROXY = "Check HTTPS_PROXY and NO_PROXY; `stemcheck doctor` shows what is set."


def time_error(seconds: float) -> RegistryUnreachableError:
    """Return the error for an answer that did not come in time."""
    return RegistryUnreachableError(
        f"The registry did not answer within {seconds:g} seconds.",
        hint="Try again in a while, or allow more time with --timeout.",
        facts={"seconds": seconds},
    )


def raise_for(error: Exception, *, seconds: float) -> NoReturn:
    """Raise what a failure of transport means. ``seconds``: the time the request was given."""
    healing = _healing_error_for(error, seconds)
    if healing is not None:
        raise TransientError(healing) from error
    raise _lasting_error_for(error) from error


def _healing_error_for(error: Exception, seconds: float) -> RegistryUnreachableError | None:
    """Return the error for a failure that can heal by itself; None for the others."""
    healing: RegistryUnreachableError | None = None
    match error:
        case httpx.ConnectTimeout():
            healing = RegistryUnreachableError(
                "The registry could not be reached: the connection took too long.",
                hint=_CHECK_NETWORK,
            )
        case httpx.TimeoutException():
            healing = time_error(seconds)
        case httpx.ConnectError() if _certificate_error_in(error) is None:
            healing = _connect_error_for(error)
        case httpx.ReadError() | httpx.WriteError() | httpx.CloseError():
            healing = _broken_off(error)
        case httpx.RemoteProtocolError() if any(word in str(error) for word in _CUT_WORDS):
            healing = _broken_off(error)
        case httpx.RemoteProtocolError():
            healing = RegistryUnreachableError(
                "What answered at the registry's address does not speak HTTP properly.",
                hint=_CHECK_NETWORK,
                facts={"detail": _short(error)},
            )
        case _:
            pass
    return healing


def _lasting_error_for(error: Exception) -> StemcheckError:
    """Return the error for a failure that asking again would only repeat."""
    if isinstance(error, httpx.InvalidURL):
        return UsageError(
            f"The search makes no address that can be asked: {_short(error)}.",
            hint="Ask for less at a time, in several searches.",
        )
    if isinstance(error, httpx.ProxyError):
        return RegistryUnreachableError(
            f"The proxy did not let the request through: {_short(error)}.", hint=_PROXY
        )
    if (cause := _certificate_error_in(error)) is not None:
        reason = cause.verify_message or "unknown reason"
        return RegistryUnreachableError(
            f"The registry's certificate could not be verified: {reason}.",
            hint=(
                "Something between this machine and the registry may be reading along (a company "
                "proxy does). Its certificate can be trusted with SSL_CERT_FILE; also check the clock."
            ),
            facts={"certificate": reason},
        )
    return RegistryUnreachableError(
        f"The registry could not be asked: {_short(error)}.", hint=_CHECK_NETWORK
    )


def _certificate_error_in(error: Exception) -> ssl.SSLCertVerificationError | None:
    found = (one for one in _causes(error) if isinstance(one, ssl.SSLCertVerificationError))
    return next(found, None)


def _broken_off(error: Exception) -> RegistryUnreachableError:
    return RegistryUnreachableError(
        "The connection to the registry broke off before the answer was complete.",
        hint=_CHECK_NETWORK,
        facts={"detail": _short(error)},
    )


def _connect_error_for(error: httpx.ConnectError) -> RegistryUnreachableError:
    """Return the error for a connection that was not made."""
    causes = _causes(error)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return RegistryUnreachableError(
            "The registry's name could not be looked up: this machine seems to be offline.",
            hint=_CHECK_NETWORK,
        )
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if tls is not None:
        return RegistryUnreachableError(
            f"No secure connection could be made: {_short(tls)}.", hint=_CHECK_NETWORK
        )
    return RegistryUnreachableError(
        f"The registry could not be reached: {_short(causes[-1])}.", hint=_CHECK_NETWORK
    )


def _causes(error: BaseException) -> list[BaseException]:
    """Return the error and what caused it, outermost first."""
    causes = [error]
    while (inner := causes[-1].__cause__ or causes[-1].__context__) and inner not in causes:
        causes.append(inner)
    return causes


def _short(error: BaseException) -> str:
    text = (getattr(error, "strerror", None) or str(error) or type(error).__name__).strip()
    return " ".join(text.split())[:200].rstrip(".")


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
