"""Turns failures of transport into the errors of `stemcheck.errors`: no httpx exception leaves."""

import socket
import ssl
from typing import NoReturn

import httpx

from stemcheck.errors import RegistryUnreachableError, StemcheckError, UsageError
from stemcheck.registry.failures import CHECK_NETWORK, broken_off, time_error
from stemcheck.registry.pacing import TransientError

_CUT_WORDS = ("disconnected", "closed connection", "IncompleteRead", "missing")
"""How httpcore and http.client say that an answer was cut short."""
_PROXY = "Check HTTPS_PROXY and NO_PROXY; `stemcheck doctor` shows what is set."


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
                hint=CHECK_NETWORK,
            )
        case httpx.TimeoutException():
            healing = time_error(seconds)
        case httpx.ConnectError() if _certificate_error_in(error) is None:
            healing = _connect_error_for(error)
        case httpx.ReadError() | httpx.WriteError() | httpx.CloseError():
            healing = broken_off(_short(error))
        case httpx.RemoteProtocolError() if any(word in str(error) for word in _CUT_WORDS):
            healing = broken_off(_short(error))
        case httpx.RemoteProtocolError():
            healing = RegistryUnreachableError(
                "What answered at the registry's address does not speak HTTP properly.",
                hint=CHECK_NETWORK,
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
        f"The registry could not be asked: {_short(error)}.", hint=CHECK_NETWORK
    )


def _certificate_error_in(error: Exception) -> ssl.SSLCertVerificationError | None:
    found = (one for one in _causes(error) if isinstance(one, ssl.SSLCertVerificationError))
    return next(found, None)


def _connect_error_for(error: httpx.ConnectError) -> RegistryUnreachableError:
    """Return the error for a connection that was not made."""
    causes = _causes(error)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return RegistryUnreachableError(
            "The registry's name could not be looked up: this machine seems to be offline.",
            hint=CHECK_NETWORK,
        )
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if tls is not None:
        return RegistryUnreachableError(
            f"No secure connection could be made: {_short(tls)}.", hint=CHECK_NETWORK
        )
    return RegistryUnreachableError(
        f"The registry could not be reached: {_short(causes[-1])}.", hint=CHECK_NETWORK
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
