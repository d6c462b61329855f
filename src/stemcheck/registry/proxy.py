"""Which proxy the environment names for an address: one reading of it, for every way to connect.

``HTTPS_PROXY``, ``ALL_PROXY`` and ``NO_PROXY`` as curl reads them: in ``NO_PROXY`` a name with all that end
in it, an address or a range of them (also of IPv6, also in brackets), each with a port or without. What is
none of these costs only itself, where httpx and others refuse to work at all.
"""

from ipaddress import ip_address, ip_network
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, getproxies_environment, proxy_bypass

from stemcheck.registry.failures import WayError


class Proxy(NamedTuple):
    """Where the questions go instead. The address may hold a password: it is told to nobody."""

    scheme: str
    host: str
    port: int
    address: str
    user: tuple[str, str] | None = None
    """Name and password."""


def proxy_for(url: str) -> Proxy | None:
    """Return the proxy to ask an address through, or None. Raises WayError when it cannot be used."""
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
    """Return whether an address is asked through a proxy, whether it can be used or not."""
    try:
        return proxy_for(url) is not None
    except WayError:
        return True


def kinds() -> dict[str, str]:
    """Return the kinds of proxy that are set, by what they are for, and not where they are."""
    return {
        name: urlsplit(value if "://" in value else f"http://{value}").scheme
        for name, value in getproxies().items()
        if name in {"http", "https", "all"}
    }


def odd_exemptions() -> tuple[str, ...]:
    """Return the entries of ``NO_PROXY`` that say nothing which could be understood."""
    return tuple(entry for entry in _exemptions() if _Exemption.read(entry) is None)


def _exemptions() -> list[str]:
    return getproxies().get("no", "").replace(",", " ").split()


def _is_exempt(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if not getproxies_environment():  # the settings of the system, where it has some
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
        """Return what an entry says; None when that cannot be understood."""
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
        """Return whether a host is to be asked without a proxy."""
        if self.port is not None and self.port != port:
            return False
        if self.name == "*":
            return True
        try:
            return ip_address(host) in ip_network(self.name, strict=False)
        except ValueError:  # at least one of them is a name
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
    """Return a host's name as it is looked up; nothing for what can be none."""
    try:
        return name.encode("idna").decode() if not name.isascii() else name
    except UnicodeError:
        return ""
