"""What the client tells whoever waits for it. It knows nothing of bars, screens or languages."""

from typing import NamedTuple


class Asking(NamedTuple):
    """The registry is about to be asked."""


class PageArrived(NamedTuple):
    """A page was read: number ``number`` of ``pages`` (None: the registry did not say how many)."""

    number: int
    pages: int | None
    studies: int
    """Distinct studies so far."""
    total: int | None


class Retrying(NamedTuple):
    """A request failed in a way that can heal, and is asked again after a while."""

    attempt: int
    """The number of the attempt that comes next."""
    seconds: float
    reason: str


class RungRefused(NamedTuple):
    """The registry's edge answered 403 to one kind of connection; the next one is tried."""

    rung: int
    next_rung: int


Event = Asking | PageArrived | Retrying | RungRefused
