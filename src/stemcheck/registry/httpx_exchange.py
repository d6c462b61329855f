"""One question put to the registry over httpx: connection by one rung, redirects, failures of transport."""

import http.cookiejar
import platform
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import httpx

from stemcheck.errors import AnswerUnreadableError, RegistryUnreachableError
from stemcheck.registry.body import ACCEPTED_ENCODINGS, read_sentence
from stemcheck.registry.failures import time_error
from stemcheck.registry.ladder import RUNGS, Rung
from stemcheck.registry.pacing import TransientError
from stemcheck.registry.settings import PRODUCT, PROJECT_URL
from stemcheck.registry.stdlib_transport import SENT, StdlibTransport
from stemcheck.registry.tls import plain_context, standard_context, tls12_context
from stemcheck.registry.transport_failures import raise_for

_PYTHON = ".".join(platform.python_version_tuple()[:2])
HTTPX_USER_AGENT: Final = f"python-httpx/{httpx.__version__} ({PRODUCT}; +{PROJECT_URL})"
STDLIB_USER_AGENT: Final = f"{PRODUCT} (+{PROJECT_URL}) Python-urllib/{_PYTHON}"
_MOST_REDIRECTS = 3
FAILURES: Final = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError)


HEADERS = ("content-encoding", "content-length", "content-type", "etag", "retry-after")
Hook = Callable[[], None]


class Question(NamedTuple):
    """One request, by one rung of the ladder."""

    url: str
    rung: int
    etag: str | None
    """The answer may be 304 if it is still this one."""
    seconds_left: float
    """Until the answer has to be complete."""
    seconds_allowed: float
    """How long that was at first, for the sentence that says that it was not enough."""
    connect_seconds: float
    is_only_rung: bool
    """No other rung is to be tried where this one cannot be used."""


class Response(NamedTuple):
    """An answer whose body is still on its way."""

    status: int
    url: str
    """The address that answered, after redirects."""
    headers: Mapping[str, str]
    """Those that are ever looked at, by their names in lower case."""
    pieces: Iterator[bytes]
    close: Hook


class HttpxExchange:
    """Keeps one client open: that of the rung used last."""

    def __init__(self) -> None:
        self._client: httpx.Client | None = None
        self._kind: tuple[int, bool] | None = None
        """The rung that it connects by, and whether that is without TLS."""

    def ask(self, question: Question, *, on_sent: Hook, on_answer: Hook) -> Response | None:
        """Send a question and return what answers; None when this rung cannot be used and another may.

        Raises TransientError (worth asking again) or an error of `stemcheck.errors`.
        """

        def trace(step: str, _facts: Mapping[str, Any]) -> None:
            if step == SENT:
                on_sent()

        try:
            client = self._client_for(question.rung, question.url)
            request = client.build_request(
                "GET",
                question.url,
                headers={"If-None-Match": question.etag} if question.etag else None,
                timeout=_timeout(question),
                extensions={"trace": trace},
            )
            response = _follow(client, request, question, on_answer)
        except httpx.UnsupportedProtocol:
            # This rung cannot pass this kind of proxy: as good as refused, if another one can.
            if not question.is_only_rung and RUNGS[question.rung - 1].is_stdlib:
                return None
            raise RegistryUnreachableError(
                "Connection 2 cannot be used through this kind of proxy.",
                hint="Set HTTPS_PROXY to an http:// proxy, or use another connection.",
            ) from None
        except FAILURES as error:
            raise_for(error, seconds=question.seconds_allowed)
        return Response(
            response.status_code,
            str(response.url),
            {name: response.headers[name] for name in HEADERS if name in response.headers},
            _pieces(response, question),
            response.close,
        )

    def libraries(self) -> str:
        """Name what the TLS greeting depends on."""
        return f"httpx {httpx.__version__}, {ssl.OPENSSL_VERSION}"

    def close(self) -> None:
        """Close what is open."""
        if self._client is not None:
            self._client.close()
        self._client = None

    def _client_for(self, rung: int, url: str) -> httpx.Client:
        kind = rung, _is_plain(url)
        if self._client is None or kind != self._kind:
            self.close()
            self._client = client_for(RUNGS[rung - 1], url)
            self._kind = kind
        return self._client


def client_for(rung: Rung, url: str) -> httpx.Client:
    """Return an httpx client that connects to an address the way of one rung.

    Raises RegistryUnreachableError when certificates or proxy settings of the environment cannot be used.
    """
    options: dict[str, Any] = {
        "headers": {
            "User-Agent": STDLIB_USER_AGENT if rung.is_stdlib else HTTPX_USER_AGENT,
            "Accept": "application/json",
            "Accept-Encoding": ACCEPTED_ENCODINGS,
        },
        # The registry needs no memory of who asked.
        "cookies": http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[])),
    }
    if rung.is_stdlib:
        return httpx.Client(transport=StdlibTransport(standard_context), trust_env=False, **options)
    context = (
        plain_context()
        if _is_plain(url)
        else (tls12_context() if rung.is_tls12 else standard_context())
    )
    try:
        return httpx.Client(verify=context, http2=False, **options)
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        # What they say can hold the proxy's address, and that a password: it is not repeated.
        is_socks = isinstance(error, ImportError)
        raise RegistryUnreachableError(
            "The proxy settings of this machine cannot be used.",
            hint="Check HTTPS_PROXY, ALL_PROXY and NO_PROXY."
            + (" A SOCKS proxy needs the Python package socksio." if is_socks else ""),
        ) from None


def _is_plain(url: str) -> bool:
    """Whether an address is asked without TLS."""
    return url.startswith("http://")


def _timeout(question: Question) -> httpx.Timeout:
    remaining = max(0.05, question.seconds_left)
    return httpx.Timeout(remaining, connect=min(question.connect_seconds, remaining))


def _follow(
    client: httpx.Client,
    request: httpx.Request,
    question: Question,
    on_answer: Hook,
) -> httpx.Response:
    """Send a request and follow where it leads on the same host."""
    end = time.monotonic() + question.seconds_left

    def check_time() -> None:
        if time.monotonic() >= end:
            raise TransientError(time_error(question.seconds_allowed))

    for _hop in range(_MOST_REDIRECTS + 1):
        response = client.send(request, stream=True, follow_redirects=False)
        on_answer()
        if not response.has_redirect_location:
            return response
        try:
            request = _next_request(response)
            # What is left unread costs the connection.
            read_sentence(response.iter_raw(), encoding="", check_time=check_time)
        finally:
            response.close()
    raise AnswerUnreadableError(
        "The registry sends the question around in a circle (301).",
        hint="Try again in a while. If it stays so, run `stemcheck doctor`.",
    )


def _next_request(response: httpx.Response) -> httpx.Request:
    """Return the request that a redirect leads to. Raises AnswerUnreadableError if it leaves the host."""
    request = response.next_request
    here = response.url
    if request is None or (request.url.scheme, request.url.host, request.url.port) != (
        here.scheme,
        here.host,
        here.port,
    ):
        raise AnswerUnreadableError(
            "The registry's address now points to another web site; stemcheck does not follow there.",
            hint="A network login page can do this: open any web page, then try again.",
            facts={"status": response.status_code},
        )
    return request


def _pieces(response: httpx.Response, question: Question) -> Iterator[bytes]:
    try:
        yield from response.iter_raw()
    except FAILURES as error:
        raise_for(error, seconds=question.seconds_allowed)
