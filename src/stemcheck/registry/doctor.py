"""Finds out why this machine cannot reach the registry, by testing each step of the connection in turn.

The findings are safe to paste into a bug report: no addresses of this machine or of a proxy, no paths, no
names. The headers of a 403 are kept, because nobody documents how the registry's edge decides.
"""

import json
import platform
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from stemcheck import __version__
from stemcheck.errors import StemcheckError
from stemcheck.registry.asker import read_sentence
from stemcheck.registry.connection import (
    RUNGS,
    Ladder,
    Memory,
    Rung,
    authorities,
    context_for,
    is_proxied,
    odd_exemptions,
    proxy_kinds,
    verifying_context,
)
from stemcheck.registry.failures import WayError, error_on_the_way
from stemcheck.registry.settings import DEFAULT_REGISTRY_URL, Settings
from stemcheck.registry.transport import (
    LIBRARIES,
    Manner,
    Response,
    certificate_failure,
    open_transport,
)
from stemcheck.registry.waiting import Clock, Deadline, Pace, StuckError, TransientError, Worker
from stemcheck.words import words

State = Literal["ok", "failed", "skipped", "noted"]
_STEP_SECONDS = 10.0
_SHORTEST_SECONDS = 0.05
_EDGE_HEADERS = ("server", "via", "content-type", "content-length")
_CLOCK_TOLERANCE_SECONDS = 120
_OK, _FORBIDDEN = 200, 403


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one step. ``facts`` holds JSON values."""

    id: str
    state: State
    text: str
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The result of one test, before it gets an id."""

    text: str
    facts: dict[str, object] = field(default_factory=dict)
    is_ok: bool = True


_Look = Callable[[Deadline], _Seen]


def examine(
    settings: Settings, *, memory: Memory | None = None, clock: Clock | None = None
) -> Iterator[Finding]:
    """Yield the findings one by one. Asks ``/version`` once per rung. Raises only KeyboardInterrupt."""
    clock = clock or Clock()
    is_answered = False
    pace = Pace(clock, settings.pause_seconds)
    for name, state, look in _steps(settings, memory, pace):
        finding = _take(name, state, look, clock=clock, settings=settings)
        is_answered = is_answered or (name.startswith("connection") and finding.state == "ok")
        yield finding
    yield _verdict(is_answered=is_answered)


def _steps(
    settings: Settings, memory: Memory | None, pace: Pace
) -> Iterator[tuple[str, State, _Look]]:
    yield "versions", "noted", lambda _: _versions()
    yield "settings", "noted", lambda _: _address(settings)
    yield "proxy", "noted", lambda _: _proxies(settings)
    yield "certificates", "ok", lambda _: _certificates()
    remembered = _remembered(settings, memory)  # not from another thread
    yield "memory", "noted", lambda _: remembered
    if is_proxied(settings.registry_url):
        yield "network", "skipped", lambda _: _Seen(words("registry.doctor.proxied"))
    else:
        yield "dns", "ok", lambda _: _look_up(settings)
        yield "tcp", "ok", partial(_connect, settings)
        if settings.registry_url.startswith("https:"):
            yield "tls", "ok", partial(_greet, settings)
    for rung in RUNGS:
        if settings.connection in {"auto", str(rung.number)}:
            yield f"connection_{rung.number}", "ok", partial(_ask_version, rung, settings, pace)


def _take(name: str, state: State, look: _Look, *, clock: Clock, settings: Settings) -> Finding:
    """Run one test in its own thread, so that a test that hangs does not stop the others."""
    worker = Worker(clock)
    try:
        job = worker.submit(look, seconds=min(_STEP_SECONDS, settings.timeout_seconds))
        seen = worker.wait_for(job, lambda _event: None)
    except StuckError as stuck:
        text = words("registry.doctor.stuck", seconds=f"{stuck.seconds:g}")
        return Finding(name, "failed", text, {"seconds": stuck.seconds})
    except WayError as failure:
        return _failed(name, _explained(failure, settings))
    except StemcheckError as error:
        return _failed(name, error)
    except (OSError, ValueError) as error:
        return Finding(name, "failed", _reason_for(error), {"error": type(error).__name__})
    finally:
        worker.end()
    return Finding(name, state if seen.is_ok else "failed", seen.text, seen.facts)


def _failed(name: str, error: StemcheckError) -> Finding:
    return Finding(name, "failed", error.message, {"code": error.code, **error.facts})


def _explained(failure: WayError, settings: Settings) -> StemcheckError:
    proxied = is_proxied(settings.registry_url)
    error = error_on_the_way(failure, seconds=settings.timeout_seconds, is_proxied=proxied)
    return error.error if isinstance(error, TransientError) else error


def _versions() -> _Seen:
    """Report the versions in use; the TLS greeting depends on them."""
    facts: dict[str, object] = {
        "stemcheck": __version__,
        "python": platform.python_version(),
        "httpx": httpx.__version__,
        "openssl": ssl.OPENSSL_VERSION,
        "system": f"{platform.system()} {platform.machine()}",
    }
    return _Seen(", ".join(f"{name} {value}" for name, value in facts.items()), facts)


def _address(settings: Settings) -> _Seen:
    """Report whether the usual address is asked, without showing any other."""
    is_usual = settings.registry_url.rstrip("/") == DEFAULT_REGISTRY_URL
    text = DEFAULT_REGISTRY_URL if is_usual else words("registry.doctor.other_address")
    return _Seen(text, {"is_usual_address": is_usual, "timeout_seconds": settings.timeout_seconds})


def _proxies(settings: Settings) -> _Seen:
    """Report which kinds of proxy are set, without their addresses."""
    kinds, is_used = proxy_kinds(), is_proxied(settings.registry_url)
    facts: dict[str, object] = {
        "proxies": kinds,
        "no_proxy_is_set": "no" in getproxies(),
        "is_used": is_used,
        "no_proxy_entries_passed_over": len(odd_exemptions()),
    }
    key = "no_proxy" if not kinds else "proxy_used" if is_used else "proxy_unused"
    return _Seen(words(f"registry.doctor.{key}"), facts)


def _certificates() -> _Seen:
    """Report where the trusted authorities come from and how many there are."""
    source, _path = authorities()
    count = verifying_context().cert_store_stats()["x509_ca"]
    facts: dict[str, object] = {"source": source, "authorities": count}
    if source == "SSL_CERT_DIR":  # OpenSSL reads a folder only when it needs a certificate
        return _Seen(words("registry.doctor.authorities_folder"), facts)
    return _Seen(words("registry.doctor.authorities", count=count, source=source), facts)


def _remembered(settings: Settings, memory: Memory | None) -> _Seen:
    winner = Ladder(settings.origin, memory=memory, libraries=LIBRARIES).remembered
    key = "not_remembered" if winner is None else "remembered"
    return _Seen(words(f"registry.doctor.{key}", rung=winner), {"remembered": winner})


def _look_up(settings: Settings) -> _Seen:
    """Look up the registry's host name."""
    found = {str(entry[4][0]) for entry in socket.getaddrinfo(*_host_and_port(settings))}
    newer = sum(":" in one for one in found)
    older = len(found) - newer
    text = words("registry.doctor.looked_up", older=older, newer=newer)
    return _Seen(text, {"ipv4": older, "ipv6": newer})


def _connect(settings: Settings, deadline: Deadline) -> _Seen:
    """Open a TCP connection to the registry's host."""
    started = time.monotonic()
    with _socket(settings, deadline):
        milliseconds = round((time.monotonic() - started) * 1000)
    text = words("registry.doctor.connected", milliseconds=milliseconds)
    return _Seen(text, {"milliseconds": milliseconds})


def _greet(settings: Settings, deadline: Deadline) -> _Seen:
    """Make a TLS connection as rungs 1 and 2 do, and report who issued the certificate."""
    host = urlsplit(settings.registry_url).hostname
    with (
        _socket(settings, deadline) as plain,
        context_for(RUNGS[0]).wrap_socket(plain, server_hostname=host) as secured,
    ):
        # ssl returns names as ((("organizationName", "..."),), ...), which its type hints cannot express.
        certificate: dict[str, Any] = dict(secured.getpeercert() or {})
        version = secured.version()
    issuer = dict(pair for part in certificate.get("issuer", ()) for pair in part)
    name = issuer.get("organizationName") or issuer.get("commonName")
    name = name or words("registry.doctor.unknown_authority")
    # The issuer shows whether something in between reads the traffic.
    facts: dict[str, object] = {
        "version": version,
        "issuer": name,
        "valid_until": certificate.get("notAfter"),
    }
    return _Seen(words("registry.doctor.greeted", version=version, name=name), facts)


def _ask_version(rung: Rung, settings: Settings, pace: Pace, deadline: Deadline) -> _Seen:
    """Ask ``/version`` over one rung. A refusal counts as an answer here and is reported with its headers."""
    pace.take_turn(deadline)
    started = time.monotonic()
    try:
        response, body = _exchange(rung, settings, deadline)
    except WayError as failure:
        error = _explained(failure, settings)
        return _Seen(error.message, {"label": rung.label, "code": error.code}, is_ok=False)
    headers = response.headers
    facts: dict[str, object] = {
        "label": rung.label,
        "status": response.status,
        "milliseconds": round((time.monotonic() - started) * 1000),
        "headers": {name: headers[name] for name in _EDGE_HEADERS if name in headers},
        "clock_offset_seconds": clock_offset(headers.get("date")),
    }
    return _version_seen(rung, response.status, body, facts)


def _exchange(rung: Rung, settings: Settings, deadline: Deadline) -> tuple[Response, str]:
    url = f"{settings.registry_url.rstrip('/')}/version"
    seconds = max(_SHORTEST_SECONDS, deadline.remaining())
    transport = open_transport(rung, url)
    try:
        response = transport.send(url, Manner(seconds, seconds))
        try:
            return response, read_sentence(response, check_time=lambda: None)
        finally:
            response.close()
    finally:
        transport.close()


def _version_seen(rung: Rung, status: int, body: str, facts: dict[str, object]) -> _Seen:
    version = _version_in(body)
    if status == _OK and version is not None:
        told = {
            "api_version": version.get("apiVersion"),
            "data_timestamp": version.get("dataTimestamp"),
        }
        text = words("registry.doctor.answered", **told)
        offset = facts["clock_offset_seconds"]
        if isinstance(offset, int) and abs(offset) > _CLOCK_TOLERANCE_SECONDS:
            text = f"{text} {words('registry.doctor.clock', count=abs(offset))}"
        return _Seen(text, facts | told)
    key = "refused" if status == _FORBIDDEN else "something_else"
    text = words(f"registry.doctor.{key}", status=status, label=rung.label)
    return _Seen(text, facts, is_ok=False)


def clock_offset(date: str | None, *, now: datetime | None = None) -> int | None:
    """Return how many seconds this machine's clock is ahead of a ``Date`` header; None if unreadable."""
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(date or "")
    except (ValueError, TypeError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(((now or datetime.now(UTC)) - moment).total_seconds())


def _version_in(body: str) -> dict[str, object] | None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    is_version = isinstance(document, dict) and "apiVersion" in document
    return document if is_version else None


def _reason_for(error: Exception) -> str:
    """Return the message of an operating system error, in one line."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return words("registry.doctor.certificate", reason=certificate_failure(error).detail)
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"{' '.join(str(text).split())[:200]}."


def _host_and_port(settings: Settings) -> tuple[str, int]:
    parts = urlsplit(settings.registry_url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _socket(settings: Settings, deadline: Deadline) -> socket.socket:
    timeout = min(settings.connect_seconds, max(_SHORTEST_SECONDS, deadline.remaining()))
    return socket.create_connection(_host_and_port(settings), timeout=timeout)


def _verdict(*, is_answered: bool) -> Finding:
    if is_answered:
        return Finding("registry", "ok", words("registry.doctor.can_be_asked"))
    return Finding("registry", "failed", words("registry.doctor.cannot_be_asked"))
