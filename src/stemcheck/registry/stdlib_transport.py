"""Rung 2: the standard library's `http.client` behind httpx's transport seam.

httpx keeps what it is good at (building requests, reading redirects); the words on the wire and the TLS
greeting are the standard library's own. Kept alive: one connection per origin. Proxies come from the
environment, as the standard library reads them (``HTTPS_PROXY``, ``ALL_PROXY``, ``NO_PROXY``).
"""

import http.client
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

SENT = "http11.send_request_headers.complete"
"""httpcore's name for the step after which a request has left."""
_CHUNK_BYTES = 64 * 1024
_FIRST_HEADERS = {"Accept-Encoding": 0, "User-Agent": 1}
_Connection = http.client.HTTPConnection


class StdlibTransport(httpx.BaseTransport):
    """Sends httpx requests over `http.client`, and raises httpx's own exceptions."""

    def __init__(self, context_for: Callable[[], ssl.SSLContext]) -> None:
        self._context_for = context_for
        self._context: ssl.SSLContext | None = None
        self._idle: dict[tuple[str, str, int | None], _Connection] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        timeouts = request.extensions.get("timeout", {})
        key = (request.url.scheme, request.url.host, request.url.port)
        connection = self._idle.pop(key, None)
        if connection is not None:
            try:
                return self._send(connection, request, key, timeouts)
            except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
                # The server closed the idle connection meanwhile, which is its right. Ask once over a
                # new one, as httpx's pool does; a GET may be asked twice.
                connection = None
        return self._send(self._connect(request, timeouts), request, key, timeouts)

    def close(self) -> None:
        for connection in self._idle.values():
            connection.close()
        self._idle.clear()

    def _connect(self, request: httpx.Request, timeouts: dict[str, Any]) -> _Connection:
        url = request.url
        proxy = proxy_for(url)
        peer = (proxy.hostname or "", proxy.port or 80) if proxy else (url.host, url.port)
        timeout = timeouts.get("connect")
        connection: _Connection
        if url.scheme == "https":
            self._context = self._context or self._context_for()
            connection = http.client.HTTPSConnection(*peer, timeout=timeout, context=self._context)
        else:
            connection = http.client.HTTPConnection(*peer, timeout=timeout)
        if proxy:
            connection.set_tunnel(url.host, url.port, headers=_proxy_headers(proxy))
        try:
            connection.connect()
        except TimeoutError as error:
            connection.close()
            raise httpx.ConnectTimeout(str(error), request=request) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            connection.close()
            if proxy and not isinstance(error, ssl.SSLError):
                raise httpx.ProxyError(str(error), request=request) from error
            raise httpx.ConnectError(str(error), request=request) from error
        return connection

    def _send(
        self,
        connection: _Connection,
        request: httpx.Request,
        key: tuple[str, str, int | None],
        timeouts: dict[str, Any],
    ) -> httpx.Response:
        if connection.sock is not None:
            connection.sock.settimeout(timeouts.get("read"))
        try:
            target = request.url.raw_path.decode("ascii")
            # http.client writes Host itself, Accept-Encoding comes next where it writes its own, and a kept
            # connection is not asked for: in HTTP/1.1 it is understood.
            connection.putrequest(request.method, target, skip_accept_encoding=True)
            for name in _header_order(request.headers):
                connection.putheader(name, request.headers[name])
            connection.endheaders()
            if tell := request.extensions.get("trace"):
                tell(SENT, {})
            answer = connection.getresponse()
        except BaseException as error:
            connection.close()
            if isinstance(error, Exception):
                _raise_as_httpx(error, request)
            raise
        return httpx.Response(
            answer.status,
            headers=[
                (name.encode("latin-1"), value.encode("latin-1"))
                for name, value in answer.getheaders()
            ],
            stream=_Body(answer, request, give_back=lambda: self._keep(key, connection, answer)),
            extensions={"http_version": b"HTTP/1.1"},
        )

    def _keep(
        self,
        key: tuple[str, str, int | None],
        connection: _Connection,
        answer: http.client.HTTPResponse,
    ) -> None:
        """Keep a connection for the next request if its answer was read to the end."""
        is_reusable = answer.isclosed() and not answer.will_close and connection.sock is not None
        if is_reusable and key not in self._idle:
            self._idle[key] = connection
        else:
            connection.close()


class _Body(httpx.SyncByteStream):
    """The body of an answer as it arrives; knows when it was cut."""

    def __init__(
        self,
        answer: http.client.HTTPResponse,
        request: httpx.Request,
        *,
        give_back: Callable[[], None],
    ) -> None:
        self._answer = answer
        self._request = request
        self._give_back: Callable[[], None] | None = give_back

    def __iter__(self) -> Iterator[bytes]:
        answer = self._answer
        try:
            while chunk := answer.read1(_CHUNK_BYTES):
                yield chunk
            if answer.length == 0:
                # Tells http.client that the answer is over, so that the connection can be kept.
                answer.read()
        except Exception as error:  # noqa: BLE001 - sorted right below
            _raise_as_httpx(error, self._request)
        if answer.length:
            # http.client reads a body that was cut short without a word.
            raise httpx.RemoteProtocolError(
                f"peer closed connection, {answer.length} bytes missing", request=self._request
            )

    def close(self) -> None:
        give_back, self._give_back = self._give_back, None
        if give_back is not None:
            is_whole = self._answer.isclosed()
            give_back()
            if not is_whole:
                self._answer.close()


def proxy_for(url: httpx.URL) -> SplitResult | None:
    """Return the proxy that the environment names for an address, or None.

    Raises httpx.ProxyError for an address that is none, and httpx.UnsupportedProtocol for a kind of proxy
    that `http.client` cannot speak to (SOCKS, https).
    """
    proxies = getproxies()
    address = proxies.get(url.scheme) or proxies.get("all")
    if not address or proxy_bypass(f"{url.host}:{url.port}" if url.port else url.host):
        return None
    try:
        proxy = urlsplit(address if "://" in address else f"http://{address}")
        is_named = bool(proxy.hostname) and proxy.port != 0
    except ValueError:
        is_named = False
        proxy = None
    if proxy is None or not is_named:
        # The address itself may hold a password: it is not repeated.
        raise httpx.ProxyError("its address cannot be understood")
    if proxy.scheme != "http":
        raise httpx.UnsupportedProtocol(f"a {proxy.scheme} proxy cannot be used by http.client")
    return proxy


def _header_order(headers: httpx.Headers) -> list[str]:
    """Return the names of the headers to write, in the standard library's manner."""
    names = [name.title() for name in headers if name not in {"host", "connection"}]
    return sorted(names, key=lambda name: _FIRST_HEADERS.get(name, len(_FIRST_HEADERS)))


def _proxy_headers(proxy: SplitResult) -> dict[str, str]:
    if proxy.username is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _raise_as_httpx(error: Exception, request: httpx.Request) -> None:
    """Raise what httpx would have raised. Anything unknown is raised as it is."""
    kinds: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
        (TimeoutError, httpx.ReadTimeout),
        (http.client.HTTPException, httpx.RemoteProtocolError),
        (socket.gaierror, httpx.ConnectError),
        (BrokenPipeError, httpx.WriteError),
        (OSError, httpx.ReadError),
        (ValueError, httpx.LocalProtocolError),
    )
    for kind, httpx_kind in kinds:
        # RemoteDisconnected is both a ConnectionResetError and an HTTPException: order decides.
        if isinstance(error, kind):
            raise httpx_kind(str(error), request=request) from error
    raise error
