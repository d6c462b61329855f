"""Sends requests: with httpx for rungs 1 and 3, with the standard library's opener for rung 2.

Both classes implement the small interface `Transport` and raise only `WayError`. They return answers as they
came, still packed.
"""

import http.client
import platform
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol
from urllib.error import URLError
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, Request

import httpx

from stemcheck import __version__
from stemcheck.registry.connection import Rung, authorities, context_for, proxy_for
from stemcheck.registry.failures import Way, WayError
from stemcheck.words import words

PROJECT_URL = "https://github.com/stemcheck/stemcheck"
_PRODUCT = f"stemcheck/{__version__}"
_PYTHON = ".".join(platform.python_version_tuple()[:2])
HTTPX_USER_AGENT: Final = f"python-httpx/{httpx.__version__} ({_PRODUCT}; +{PROJECT_URL})"
STDLIB_USER_AGENT: Final = f"{_PRODUCT} (+{PROJECT_URL}) Python-urllib/{_PYTHON}"
LIBRARIES: Final = f"httpx {httpx.__version__}, {ssl.OPENSSL_VERSION}"
"""The library versions that shape the TLS greeting."""
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip, deflate"}
_SENT = "http11.send_request_headers.complete"
"""httpcore's name for the moment when a request has been sent."""
_CHUNK_BYTES = 64 * 1024
_CLOCK_CODES = frozenset({9, 10})
"""OpenSSL: the certificate is not yet valid, or has expired."""
_OTHER_NAME_CODES = frozenset({62, 64})
"""OpenSSL: the certificate is for another host or another address."""
_STRICT_CODES = frozenset(range(80, 95))
"""OpenSSL: faults that only ``X509_V_FLAG_X509_STRICT`` reports, which Python 3.13 switched on. They concern
the form of a certificate; its chain to a trusted authority has already been found."""
_CUT_WORDS = ("disconnected", "closed connection", "IncompleteRead", "incomplete")
"""How httpcore and http.client say that an answer was cut short."""


class Manner(NamedTuple):
    """How to send one request."""

    connect_seconds: float
    """The longest wait for a connection."""
    read_seconds: float
    """The longest wait for each piece of the answer."""
    etag: str | None = None
    """If given, the answer may be a 304: unchanged."""
    on_sent: Callable[[], None] = lambda: None
    """Called when the request has been sent."""


class Response(NamedTuple):
    """An answer whose body has not been read yet."""

    status: int
    url: str
    headers: Mapping[str, str]
    """By name, in lower case."""
    pieces: Iterator[bytes]
    """The body as it arrives, still packed. Raises WayError."""
    close: Callable[[], None]


class Transport(Protocol):
    """One kind of connection. Follows no redirects and stores no cookies."""

    def send(self, url: str, manner: Manner) -> Response:
        """Send a request and return the answer. Raises WayError."""

    def close(self) -> None:
        """Close the connection."""


def open_transport(rung: Rung, url: str) -> Transport:
    """Return the transport for a rung, without sending anything yet. Raises WayError."""
    return UrllibTransport(rung, url) if rung.is_stdlib else HttpxTransport(rung, url)


class HttpxTransport:
    """Rungs 1 and 3: httpx's own transport, with our own TLS context.

    Not httpx's client: that parses redirects even if it does not follow them, and fails on a bad one.
    """

    def __init__(self, rung: Rung, url: str) -> None:
        self._proxy = proxy_for(url)
        try:
            self._transport = httpx.HTTPTransport(
                verify=_context(rung, url),
                proxy=self._proxy.address if self._proxy else None,
                trust_env=False,  # proxies and authorities have been read already
            )
        except (ValueError, ImportError, httpx.InvalidURL) as error:
            # The message may contain the proxy's address, with its password: do not repeat it.
            hint = words("registry.socks") if isinstance(error, ImportError) else ""
            raise WayError("proxy_settings", hint=hint) from None

    def send(self, url: str, manner: Manner) -> Response:
        def trace(step: str, _facts: Mapping[str, Any]) -> None:
            if step == _SENT:
                manner.on_sent()

        timeout = httpx.Timeout(manner.read_seconds, connect=manner.connect_seconds)
        headers = {**_HEADERS, "Connection": "keep-alive", "User-Agent": HTTPX_USER_AGENT}
        if manner.etag:
            headers["If-None-Match"] = manner.etag
        try:
            request = httpx.Request(
                "GET",
                url,
                headers=headers,
                extensions={"timeout": timeout.as_dict(), "trace": trace},
            )
            answer = self._transport.handle_request(request)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._failure(error) from error
        return Response(
            answer.status_code,
            url,
            {name.lower(): value for name, value in answer.headers.items()},
            self._pieces(answer),
            answer.close,
        )

    def close(self) -> None:
        self._transport.close()

    def _pieces(self, answer: httpx.Response) -> Iterator[bytes]:
        try:
            yield from answer.iter_raw()
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> WayError:
        way: Way = "other"
        match error:
            case httpx.ProxyError():
                way = "proxy_refused"
            case httpx.ConnectTimeout():
                way = "proxy_slow" if self._proxy else "slow_connect"
            case httpx.TimeoutException():
                way = "slow"
            case httpx.ConnectError():
                return _no_connection(error, is_proxied=self._proxy is not None)
            case httpx.ReadError() | httpx.WriteError() | httpx.CloseError():
                way = "broken_off"
            case httpx.RemoteProtocolError():
                is_cut = any(word in str(error) for word in _CUT_WORDS)
                way = "broken_off" if is_cut else "not_http"
            case _:
                pass
        return WayError(way, _short(error))


class UrllibTransport:
    """Rung 2: the standard library's opener. It uses a connection only once."""

    def __init__(self, rung: Rung, url: str) -> None:
        self._proxy = proxy_for(url)
        if self._proxy is not None and self._proxy.scheme != "http":
            raise WayError("proxy_kind")
        self._opener = OpenerDirector()
        self._opener.addheaders = [("User-Agent", STDLIB_USER_AGENT)]
        self._opener.add_handler(HTTPHandler())
        self._opener.add_handler(HTTPSHandler(context=_context(rung, url)))

    def send(self, url: str, manner: Manner) -> Response:
        request = Request(url, headers=_HEADERS)  # noqa: S310 (the settings have checked the address)
        if manner.etag:
            request.add_header("If-None-Match", manner.etag)
        if self._proxy is not None:
            request.set_proxy(f"{self._proxy.host}:{self._proxy.port}", "http")
            if self._proxy.user:
                pair = b64encode(":".join(self._proxy.user).encode()).decode()
                request.add_header("Proxy-Authorization", f"Basic {pair}")
        manner.on_sent()
        try:
            answer: http.client.HTTPResponse = self._opener.open(
                request, timeout=manner.read_seconds
            )
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._failure(error) from error
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Response(answer.status, url, headers, _body_of(answer), answer.close)

    def close(self) -> None:
        """Do nothing: no connection stays open."""

    def _failure(self, error: Exception) -> WayError:
        if isinstance(error, URLError) and isinstance(error.reason, Exception):
            reason = error.reason
            if isinstance(reason, TimeoutError):
                return WayError("proxy_slow" if self._proxy else "slow_connect")
            if self._proxy is not None and str(reason).startswith("Tunnel connection failed"):
                return WayError("proxy_refused", str(reason).partition(": ")[2])
            return _no_connection(reason, is_proxied=self._proxy is not None)
        return _stdlib_failure(error)


def _body_of(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    try:
        while chunk := answer.read1(_CHUNK_BYTES):
            yield chunk
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _stdlib_failure(error) from error
    if answer.length:
        # http.client does not report a body that was cut short.
        raise WayError("broken_off", f"{answer.length} bytes missing")


def _stdlib_failure(error: Exception) -> WayError:
    way: Way = "other"
    match error:
        case TimeoutError():
            way = "slow"
        case http.client.RemoteDisconnected() | http.client.IncompleteRead():
            way = "broken_off"
        case http.client.HTTPException() | ValueError():
            way = "not_http"
        case OSError():
            way = "broken_off"
        case _:
            pass
    return WayError(way, _short(error))


def _no_connection(error: Exception, *, is_proxied: bool) -> WayError:
    """Return the failure for a connection that could not be made, according to its cause."""
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            return WayError("proxy_name" if is_proxied else "name")
        if isinstance(cause, ssl.SSLCertVerificationError):
            return certificate_failure(cause)
        if isinstance(cause, ssl.SSLError):
            return WayError("tls", _short(cause))
    return WayError("proxy_connect" if is_proxied else "connect", _short(causes[-1]))


def certificate_failure(error: ssl.SSLCertVerificationError) -> WayError:
    """Return the failure for a certificate that could not be verified."""
    reason = error.verify_message or words("registry.unknown_reason")
    hint = _certificate_hint(error.verify_code)
    return WayError("certificate", reason, hint=hint, facts={"certificate": reason})


def _certificate_hint(code: int) -> str:
    """Return special advice for an OpenSSL error code; empty if the usual advice helps."""
    if code in _CLOCK_CODES:
        return words("registry.certificate_advice.clock")
    if code in _STRICT_CODES:
        return words("registry.certificate_advice.badly_made", version=_PYTHON)
    if code in _OTHER_NAME_CODES:
        return words("registry.certificate_advice.other_name")
    source, path = authorities()
    if source == "SSL_CERT_DIR" and not Path(path).is_dir():
        return words("registry.certificate_advice.no_folder")
    if source.startswith("SSL_CERT"):
        return words("registry.certificate_advice.other_authority", name=source)
    return ""


def _causes(error: BaseException) -> list[BaseException]:
    """Return the error and its causes, outermost first."""
    causes = [error]
    while (inner := causes[-1].__cause__ or causes[-1].__context__) and inner not in causes:
        causes.append(inner)
    return causes


def _short(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or str(error) or type(error).__name__)


def _context(rung: Rung, url: str) -> ssl.SSLContext:
    if url.startswith("http://"):
        # Plain http on this machine. httpx still wants a context; this one trusts nobody.
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return context_for(rung)
