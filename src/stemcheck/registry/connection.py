"""How this machine connects: three honest kinds of connection, their certificates, and any proxy.

The edge in front of ClinicalTrials.gov refuses some ordinary Python clients because of their TLS greeting
and User-Agent (reports and measurements: the project's notes on the registry's API, section 1). Each kind of
connection is a rung of a ladder. Every rung says truthfully who is asking; none pretends to be a browser.
Only a 403 leads to the next rung, and each rung is tried once in a process. The rung that worked is
remembered for a week and comes first next time.

Certificates are always verified against the same authorities that httpx trusts. httpx reads
``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` only for contexts that it makes itself, so this module reads them too.
CPython's `http.client` switches on ``post_handshake_auth`` for its own HTTPS connections; httpx does not.
That difference (ClientHello extension 49) is the only one that an edge filter can see.

Proxies are read from the environment in the same way for every rung: ``HTTPS_PROXY``, ``ALL_PROXY`` and
``NO_PROXY``, as curl reads them. An entry of ``NO_PROXY`` is a domain (with its subdomains), an IP address or
a range (IPv6 also in brackets), with or without a port. An entry that cannot be understood is ignored;
httpx and others would fail altogether.
"""

import os
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import ClassVar, NamedTuple, Protocol
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, getproxies_environment, proxy_bypass

from stemcheck.errors import RegistryRefusedError
from stemcheck.registry.failures import WayError, told
from stemcheck.registry.settings import ConnectionChoice
from stemcheck.words import words

DAYS_REMEMBERED = 7


class Rung(NamedTuple):
    """One way to connect."""

    number: int
    is_stdlib: bool = False
    is_tls12: bool = False

    @property
    def label(self) -> str:
        """A description for people."""
        return words(f"registry.rungs.{self.number}")


RUNGS: tuple[Rung, ...] = (Rung(1), Rung(2, is_stdlib=True), Rung(3, is_tls12=True))


class Winner(NamedTuple):
    """The rung that worked last time."""

    rung: int
    libraries: str
    """The versions of the libraries that shape the TLS greeting."""
    remembered_at: str
    """UTC."""


class Memory(Protocol):
    """Stores the winning rung of each host. Its methods never fail."""

    def find_winner(self, origin: str) -> tuple[int, str, str] | None:
        """Return the fields of a `Winner`, or None."""

    def save_winner(self, origin: str, rung: int, libraries: str, remembered_at: str) -> None:
        """Store a winner, if possible."""


class Ladder:
    """Chooses the rung for one registry host."""

    refused_in_process: ClassVar[dict[str, list[Rung]]] = {}
    """The refused rungs by host: each is tried once in a process, however many clients there are."""

    def __init__(
        self,
        origin: str,
        *,
        choice: ConnectionChoice = "auto",
        memory: Memory | None = None,
        libraries: str = "",
    ) -> None:
        self._origin = origin
        self._choice = choice
        self._memory = memory if choice == "auto" else None
        self._libraries = libraries
        self.refused = self.refused_in_process.setdefault(origin, [])
        # Look it up here and now: the memory must not be used from another thread.
        self.remembered = self._find_winner()
        """The number of the rung that worked less than a week ago, with the same libraries."""
        self._rungs = self._in_order()

    def _find_winner(self) -> int | None:
        found = self._memory.find_winner(self._origin) if self._memory else None
        if found is None:
            return None
        winner = Winner(*found)
        try:
            age = datetime.now(UTC) - datetime.fromisoformat(winner.remembered_at)
        except (ValueError, TypeError):
            return None
        is_fresh = timedelta(0) <= age <= timedelta(days=DAYS_REMEMBERED)
        is_known = any(rung.number == winner.rung for rung in RUNGS)
        return (
            winner.rung if is_fresh and is_known and winner.libraries == self._libraries else None
        )

    def _in_order(self) -> tuple[Rung, ...]:
        """Return the rungs to try: the remembered winner first, then the others in order."""
        if self._choice != "auto":
            return (RUNGS[int(self._choice) - 1],)
        return tuple(sorted(RUNGS, key=lambda rung: rung.number != self.remembered))

    @property
    def current(self) -> Rung:
        """The rung to use now. Raises RegistryRefusedError if all of them were refused."""
        for rung in self._rungs:
            if rung not in self.refused:
                return rung
        raise self._stop_error()

    def refuse(self, rung: Rung) -> Rung:
        """Note a 403 and return the next rung. Raises RegistryRefusedError after the last."""
        if rung not in self.refused:
            self.refused.append(rung)
        return self.current

    def settle(self, rung: Rung) -> None:
        """Remember, for the next process, a rung over which the API itself answered."""
        if self._memory is not None and self.remembered != rung.number:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            self._memory.save_winner(self._origin, rung.number, self._libraries, now)
            self.remembered = rung.number

    def _stop_error(self) -> RegistryRefusedError:
        tried = [rung.label for rung in self.refused if rung in self._rungs]
        key = "all_rungs" if len(tried) > 1 else "one_rung"
        facts: dict[str, object] = {"status": 403, "tried": tried}
        return told(RegistryRefusedError, f"edge.{key}", facts=facts, count=len(tried))


def context_for(rung: Rung) -> ssl.SSLContext:
    """Return the TLS context of a rung. Raises WayError if the authorities cannot be read."""
    context = verifying_context()
    if rung.is_tls12:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    else:
        context.post_handshake_auth = True
        context.set_alpn_protocols(["http/1.1"])
    return context


def verifying_context() -> ssl.SSLContext:
    """Return Python's default context with the trusted authorities. Raises WayError."""
    source, path = authorities()
    try:
        if source == "SSL_CERT_DIR":
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except (OSError, ValueError) as error:
        # ValueError: the path contains a NUL. ssl.SSLError (no certificate in the file) is an OSError.
        raise WayError("authorities", source, facts={"certificates": source}) from error


def authorities() -> tuple[str, str]:
    """Return the source of the trusted certificates and their path. httpx chooses the same way."""
    if path := os.environ.get("SSL_CERT_FILE"):
        return "SSL_CERT_FILE", path
    if path := os.environ.get("SSL_CERT_DIR"):
        return "SSL_CERT_DIR", path
    import certifi

    return "certifi", certifi.where()


class Proxy(NamedTuple):
    """The proxy that requests go through. The address may contain a password: never show it."""

    scheme: str
    host: str
    port: int
    address: str
    user: tuple[str, str] | None = None
    """User name and password."""


def proxy_for(url: str) -> Proxy | None:
    """Return the proxy for an address, or None. Raises WayError if the proxy settings cannot be used."""
    parts = urlsplit(url)
    address = getproxies().get(parts.scheme) or getproxies().get("all")
    if not address or _is_exempt(parts):
        return None
    address = address if "://" in address else f"http://{address}"
    try:
        proxy = urlsplit(address)
        host, port = proxy.hostname, proxy.port
    except ValueError:
        raise WayError("proxy_settings") from None
    if not host or port == 0:
        raise WayError("proxy_settings")
    user = None
    if proxy.username is not None:
        user = unquote(proxy.username), unquote(proxy.password or "")
    return Proxy(
        proxy.scheme, host, port or (443 if proxy.scheme == "https" else 80), address, user
    )


def is_proxied(url: str) -> bool:
    """Return whether an address is reached through a proxy, even one that cannot be used."""
    try:
        return proxy_for(url) is not None
    except WayError:
        return True


def proxy_kinds() -> dict[str, str]:
    """Return the schemes of the proxies that are set, by purpose, without their addresses."""
    return {
        name: urlsplit(value if "://" in value else f"http://{value}").scheme
        for name, value in getproxies().items()
        if name in {"http", "https", "all"}
    }


def odd_exemptions() -> tuple[str, ...]:
    """Return the entries of ``NO_PROXY`` that cannot be understood."""
    return tuple(entry for entry in _exemptions() if _Exemption.read(entry) is None)


def _exemptions() -> list[str]:
    return getproxies().get("no", "").replace(",", " ").split()


def _is_exempt(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if not getproxies_environment():  # the system's own settings, if it has any
        return bool(proxy_bypass(host))
    port = parts.port or (443 if parts.scheme == "https" else 80)
    read = (_Exemption.read(entry) for entry in _exemptions())
    return any(one.holds(host, port) for one in read if one is not None)


class _Exemption(NamedTuple):
    """One entry of ``NO_PROXY``."""

    name: str
    port: int | None

    @classmethod
    def read(cls, entry: str) -> "_Exemption | None":
        """Parse an entry; return None if it cannot be understood."""
        name, port = entry.rpartition("://")[2].rstrip("/"), ""
        if name.startswith("["):
            name, bracket, port = name[1:].partition("]")
            if not bracket or (port and not port.startswith(":")):
                return None
            port = port[1:]
        elif name.count(":") == 1:
            name, _, port = name.partition(":")
        if port and not (port.isascii() and port.isdecimal()):
            return None
        if name != "*":
            name = name.removeprefix("*").lstrip(".")
        return cls(name.lower(), int(port) if port else None) if _is_understood(name) else None

    def holds(self, host: str, port: int) -> bool:
        """Return whether this entry exempts a host from the proxy."""
        if self.port is not None and self.port != port:
            return False
        if self.name == "*":
            return True
        try:
            return ip_address(host) in ip_network(self.name, strict=False)
        except ValueError:  # at least one of them is a name, not an address
            name = _in_ascii(self.name)
            return host == name or host.endswith(f".{name}")


def _is_understood(name: str) -> bool:
    if name == "*":
        return True
    try:
        ip_network(name, strict=False)
    except ValueError:
        return bool(ascii_name := _in_ascii(name)) and all(
            letter.isalnum() or letter in "-._" for letter in ascii_name
        )
    return True


def _in_ascii(name: str) -> str:
    """Return a host name as DNS looks it up; empty if it is not a valid name."""
    try:
        return name.encode("idna").decode() if not name.isascii() else name
    except UnicodeError:
        return ""
