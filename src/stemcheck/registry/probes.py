"""The single looks that `stemcheck.registry.doctor` takes. Each says what it saw, in one sentence and facts.

Raises what the network raises; `stemcheck.registry.doctor` puts that into words.
"""

import json
import platform
import socket
import ssl
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from stemcheck import __version__
from stemcheck.errors import StemcheckError
from stemcheck.registry.body import read_sentence
from stemcheck.registry.httpx_exchange import client_for
from stemcheck.registry.ladder import Rung
from stemcheck.registry.pacing import Deadline, TransientError
from stemcheck.registry.settings import DEFAULT_BASE_URL, RegistrySettings
from stemcheck.registry.tls import authorities, standard_context, verifying_context
from stemcheck.registry.transport_failures import raise_for

_EDGE_HEADERS = ("server", "via", "content-type", "content-length")
_CLOCK_TOLERANCE_SECONDS = 120
_OK, _FORBIDDEN = 200, 403


@dataclass(frozen=True, slots=True)
class Told:
    """What a look gave."""

    text: str
    facts: dict[str, object] = field(default_factory=dict)
    is_ok: bool = True


def versions() -> Told:
    """Tell which programs are at work; the TLS greeting depends on them."""
    facts: dict[str, object] = {
        "stemcheck": __version__,
        "python": platform.python_version(),
        "httpx": httpx.__version__,
        "openssl": ssl.OPENSSL_VERSION,
        "system": f"{platform.system()} {platform.machine()}",
    }
    return Told(", ".join(f"{name} {value}" for name, value in facts.items()), facts)


def address(settings: RegistrySettings) -> Told:
    """Tell whether the usual address is asked, without telling another one."""
    is_usual = settings.base_url.rstrip("/") == DEFAULT_BASE_URL
    text = DEFAULT_BASE_URL if is_usual else "Another address is set (STEMCHECK_REGISTRY_URL)."
    return Told(text, {"is_usual_address": is_usual, "timeout_seconds": settings.timeout_seconds})


def is_proxied(settings: RegistrySettings) -> bool:
    """Whether the environment sends requests to the registry through a proxy."""
    parts = urlsplit(settings.base_url)
    proxies = getproxies()
    is_set = bool(proxies.get(parts.scheme) or proxies.get("all"))
    return is_set and not proxy_bypass(parts.hostname or "")


def proxies(settings: RegistrySettings) -> Told:
    """Tell which kinds of proxy are set, and not where they are."""
    kinds: dict[str, object] = {
        name: urlsplit(value if "://" in value else f"http://{value}").scheme
        for name, value in getproxies().items()
        if name in {"http", "https", "all"}
    }
    facts: dict[str, object] = {
        "proxies": kinds,
        "no_proxy_is_set": "no" in getproxies(),
        "is_used": is_proxied(settings),
    }
    text = "No proxy is set." if not kinds else "A proxy is set; "
    if kinds:
        text += "the registry is asked through it." if facts["is_used"] else "not for the registry."
    return Told(text, facts)


def certificates() -> Told:
    """Tell where the trusted authorities come from and how many there are."""
    source, _path = authorities()
    count = verifying_context().cert_store_stats()["x509_ca"]
    facts: dict[str, object] = {"source": source, "authorities": count}
    if source == "SSL_CERT_DIR":
        # A folder is only looked into when it is needed.
        return Told("Trusted certificates come from the folder in SSL_CERT_DIR.", facts)
    return Told(f"{count} trusted authorities, from {source}.", facts)


def look_up(settings: RegistrySettings) -> Told:
    """Look the registry's name up."""
    found = {str(entry[4][0]) for entry in socket.getaddrinfo(*_host_and_port(settings))}
    newer = sum(":" in one for one in found)
    facts: dict[str, object] = {"ipv4": len(found) - newer, "ipv6": newer}
    return Told(f"The name has {len(found) - newer} IPv4 and {newer} IPv6 addresses.", facts)


def connect(settings: RegistrySettings, deadline: Deadline) -> Told:
    """Connect to the registry's host."""
    started = time.monotonic()
    with _socket(settings, deadline):
        milliseconds = round((time.monotonic() - started) * 1000)
    return Told(f"Connected in {milliseconds} ms.", {"milliseconds": milliseconds})


def greet(settings: RegistrySettings, deadline: Deadline) -> Told:
    """Make a TLS connection the way of rungs 1 and 2, and see who vouches for the other side."""
    host = urlsplit(settings.base_url).hostname
    with (
        _socket(settings, deadline) as plain,
        standard_context().wrap_socket(plain, server_hostname=host) as secured,
    ):
        # ssl gives names as ((("organizationName", "..."),), ...), which its types cannot say.
        certificate: dict[str, Any] = dict(secured.getpeercert() or {})
        version = secured.version()
    issuer = dict(pair for part in certificate.get("issuer", ()) for pair in part)
    name = issuer.get("organizationName") or issuer.get("commonName") or "an unknown authority"
    # Who vouches tells whether something in between reads along.
    facts: dict[str, object] = {
        "version": version,
        "issuer": name,
        "valid_until": certificate.get("notAfter"),
    }
    return Told(f"{version}; the certificate is vouched for by {name}.", facts)


def ask_version(rung: Rung, settings: RegistrySettings, deadline: Deadline) -> Told:
    """Ask ``/version`` over one rung. A refusal is an answer here, with its headers."""
    started = time.monotonic()
    try:
        with (
            client_for(rung, settings.base_url) as client,
            client.stream(
                "GET",
                f"{settings.base_url.rstrip('/')}/version",
                timeout=httpx.Timeout(max(0.05, deadline.remaining())),
            ) as response,
        ):
            body = read_sentence(
                response.iter_raw(),
                encoding=response.headers.get("content-encoding", ""),
                check_time=lambda: None,
            )
    except httpx.HTTPError as error:
        try:
            raise_for(error, seconds=deadline.seconds)
        except TransientError as failure:
            return _no_answer(rung, failure.error)
        except StemcheckError as failure:
            return _no_answer(rung, failure)
        raise
    seen = {name: response.headers[name] for name in _EDGE_HEADERS if name in response.headers}
    facts: dict[str, object] = {
        "label": rung.label,
        "status": response.status_code,
        "milliseconds": round((time.monotonic() - started) * 1000),
        "headers": seen,
        "clock_offset_seconds": clock_offset(response.headers.get("date")),
    }
    return _reply(rung, response.status_code, body, facts)


def clock_offset(date: str | None, *, now: datetime | None = None) -> int | None:
    """Return by how many seconds this machine's clock is ahead of a ``Date`` header."""
    try:
        moment = parsedate_to_datetime(date or "")
    except (ValueError, TypeError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(((now or datetime.now(UTC)) - moment).total_seconds())


def reason_for(error: Exception) -> str:
    """Return what an error of the operating system says, in one line."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate could not be verified: {error.verify_message}."
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"{' '.join(str(text).split())[:200]}."


def _reply(rung: Rung, status: int, body: str, facts: dict[str, object]) -> Told:
    version = _version_in(body)
    if status == _OK and version is not None:
        offset = facts["clock_offset_seconds"]
        text = f"Answered: API {version.get('apiVersion')}, data of {version.get('dataTimestamp')}."
        if isinstance(offset, int) and abs(offset) > _CLOCK_TOLERANCE_SECONDS:
            text += f" This machine's clock differs from the registry's by {abs(offset)} seconds."
        told = {
            "api_version": version.get("apiVersion"),
            "data_timestamp": version.get("dataTimestamp"),
        }
        return Told(text, facts | told)
    if status == _FORBIDDEN:
        text = f"Refused by the filter in front of the registry (403): {rung.label}."
        return Told(text, facts, is_ok=False)
    return Told(f"Something else answered ({status}): {rung.label}.", facts, is_ok=False)


def _version_in(body: str) -> dict[str, object] | None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    is_version = isinstance(document, dict) and "apiVersion" in document
    return document if is_version else None


def _no_answer(rung: Rung, error: StemcheckError) -> Told:
    return Told(error.message, {"label": rung.label, "code": error.code}, is_ok=False)


def _host_and_port(settings: RegistrySettings) -> tuple[str, int]:
    parts = urlsplit(settings.base_url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _socket(settings: RegistrySettings, deadline: Deadline) -> socket.socket:
    timeout = min(settings.connect_seconds, max(0.05, deadline.remaining()))
    return socket.create_connection(_host_and_port(settings), timeout=timeout)
