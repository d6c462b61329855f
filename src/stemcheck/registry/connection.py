"""One question to the registry, one answer: connection, ladder, redirects, size and time limits.

The only place where bytes are exchanged. Nothing is asked twice here, except that a 403 leads to the next
rung of the ladder (see `stemcheck.registry.ladder`).
"""

import http.cookiejar
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import httpx

from stemcheck.errors import AnswerUnreadableError, RegistryUnreachableError
from stemcheck.registry.body import ACCEPTED_ENCODINGS, read_body, read_sentence, size_error
from stemcheck.registry.failures import raise_for, raise_for_status, time_error
from stemcheck.registry.ladder import Ladder, Rung
from stemcheck.registry.pacing import Clock, Deadline, Pace, TransientError
from stemcheck.registry.settings import RegistrySettings
from stemcheck.registry.stdlib_transport import StdlibTransport
from stemcheck.registry.tls import plain_context, standard_context, tls12_context

_OK, _NOT_MODIFIED, _BAD_REQUEST, _FORBIDDEN, _NOT_FOUND = 200, 304, 400, 403, 404
_MOST_REDIRECTS = 3


class Answer(NamedTuple):
    """What the registry answered: 200, 304, 400 or 404. Everything else is raised."""

    status: int
    url: str
    """The address that answered, after redirects."""
    content: bytes = b""
    """The decoded body; of a 400 or 404 only the start of it."""
    packed: bytes = b""
    """The body as it came, for the cache."""
    encoding: str = ""
    headers: Mapping[str, str] = MappingProxyType({})

    @property
    def is_json(self) -> bool:
        """True for a 200 that says it is JSON. An edge's own page or a login page does not."""
        media_type = self.headers.get("content-type", "").split(";")[0].strip().lower()
        return self.status == _OK and (
            media_type == "application/json" or media_type.endswith("+json")
        )

    @property
    def sentence(self) -> str:
        """The body as text: the API explains a 400 or 404 in a sentence."""
        return self.content.decode("utf-8", "replace").strip()


class Connection:
    """Asks the registry over the current rung. Belongs to one thread."""

    def __init__(
        self,
        settings: RegistrySettings,
        ladder: Ladder,
        *,
        clock: Clock,
        on_refused: Callable[[Rung, Rung], None] = lambda _old, _new: None,
        on_asked: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._ladder = ladder
        self._pace = Pace(clock, settings.pause_seconds)
        self._on_refused = on_refused
        self._on_asked = on_asked
        self._client: httpx.Client | None = None
        self._rung: Rung | None = None

    def fetch(
        self,
        url: str,
        deadline: Deadline,
        *,
        etag: str | None = None,
    ) -> Answer:
        """Ask once. Raises TransientError (worth asking again) or an error of `stemcheck.errors`.

        ``etag``: the answer may be 304 if it is still this one.
        """
        rung = self._ladder.current
        while True:
            self._pace.take_turn(deadline)
            if deadline.remaining() <= 0:
                raise time_error(deadline.seconds)
            answer = self._exchange(rung, url, deadline, etag)
            if answer is not None:
                if answer.status == _NOT_MODIFIED or answer.is_json:
                    self._ladder.settle(rung)
                return answer
            refused, rung = rung, self._ladder.refuse(rung)
            self._on_refused(refused, rung)

    def fetch_aside(self, url: str, deadline: Deadline) -> Answer | None:
        """Ask a side question once; None when it is refused. Raises like `fetch`.

        The ladder is for what matters: a 403 here leaves it alone.
        """
        self._pace.take_turn(deadline, is_small=True)
        return self._exchange(self._ladder.current, url, deadline, None)

    def close(self) -> None:
        """Close what is open."""
        if self._client is not None:
            self._client.close()
        self._client = None

    def _exchange(
        self, rung: Rung, url: str, deadline: Deadline, etag: str | None
    ) -> Answer | None:
        """Send one request over one rung, following redirects. None: the edge refused it (403)."""
        try:
            client = self._client_for(rung)
            request = client.build_request(
                "GET",
                url,
                headers={"If-None-Match": etag} if etag else None,
                timeout=self._timeout(deadline),
            )
            self._on_asked()
            return self._send(client, request, deadline)
        except httpx.UnsupportedProtocol:
            # This rung cannot pass this kind of proxy: as good as refused, if another one can.
            if rung.is_stdlib and self._settings.connection == "auto":
                return None
            raise RegistryUnreachableError(
                "Connection 2 cannot be used through this kind of proxy.",
                hint="Set HTTPS_PROXY to an http:// proxy, or use another connection.",
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise_for(error, seconds=deadline.seconds)

    def _send(
        self, client: httpx.Client, request: httpx.Request, deadline: Deadline
    ) -> Answer | None:
        def check_time() -> None:
            if deadline.remaining() <= 0:
                raise TransientError(time_error(deadline.seconds))

        for _hop in range(_MOST_REDIRECTS + 1):
            response = client.send(request, stream=True, follow_redirects=False)
            try:
                deadline.note_answer()
                if not response.has_redirect_location:
                    return self._read(response, check_time)
                request = _next_request(response)
                # What is left unread costs the connection.
                read_sentence(response.iter_raw(), encoding="", check_time=check_time)
            finally:
                response.close()
        raise AnswerUnreadableError(
            "The registry sends the question around in a circle (301).",
            hint="Try again in a while. If it stays so, run `stemcheck doctor`.",
        )

    def _read(self, response: httpx.Response, check_time: Callable[[], None]) -> Answer | None:
        status, headers = response.status_code, response.headers
        encoding = headers.get("content-encoding", "")
        if status == _FORBIDDEN:
            return None
        if status != _OK:
            # Also where there should be nothing to read: only then can the connection be used again.
            pieces = response.iter_raw()
            sentence = read_sentence(pieces, encoding=encoding, check_time=check_time)
            if status not in {_NOT_MODIFIED, _BAD_REQUEST, _NOT_FOUND}:
                raise_for_status(status, sentence=sentence, retry_after=headers.get("retry-after"))
            return Answer(status, str(response.url), sentence.encode(), headers=_kept(headers))
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > self._settings.page_bytes:
            raise size_error(self._settings.page_bytes)
        content, packed = read_body(
            response.iter_raw(),
            encoding=encoding,
            most_bytes=self._settings.page_bytes,
            check_time=check_time,
        )
        return Answer(status, str(response.url), content, packed, encoding, _kept(headers))

    def _timeout(self, deadline: Deadline) -> httpx.Timeout:
        remaining = max(0.05, deadline.remaining())
        return httpx.Timeout(remaining, connect=min(self._settings.connect_seconds, remaining))

    def _client_for(self, rung: Rung) -> httpx.Client:
        if self._client is None or rung != self._rung:
            self.close()
            self._client = client_for(rung, self._settings)
            self._rung = rung
        return self._client


def _kept(headers: httpx.Headers) -> dict[str, str]:
    return {name: headers[name] for name in ("etag", "date", "content-type") if name in headers}


def client_for(rung: Rung, settings: RegistrySettings) -> httpx.Client:
    """Return an httpx client that connects the way of one rung.

    Raises RegistryUnreachableError when certificates or proxy settings of the environment cannot be used.
    """
    options: dict[str, Any] = {
        "headers": {
            "User-Agent": rung.user_agent,
            "Accept": "application/json",
            "Accept-Encoding": ACCEPTED_ENCODINGS,
        },
        # The registry needs no memory of who asked.
        "cookies": http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[])),
    }
    is_plain = settings.base_url.startswith("http://")
    if rung.is_stdlib:
        return httpx.Client(transport=StdlibTransport(standard_context), trust_env=False, **options)
    context = (
        plain_context() if is_plain else (tls12_context() if rung.is_tls12 else standard_context())
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
