"""What is asked, as a value: printable, comparable, and checked before anything heavy is imported."""

from dataclasses import dataclass

DEFAULT_SCOPE = "iv_or_mesenchymal"
"""Mesenchymal cells by any route, and other stem cells when given by vein."""


@dataclass(frozen=True, slots=True)
class TrialQuery:
    """One search. Empty means "no such filter"; every value is in the registry's own spelling."""

    conditions: tuple[str, ...] = ()
    """Any of these."""
    statuses: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    cells: tuple[str, ...] = (DEFAULT_SCOPE,)
    """Kinds of product, or ``iv_or_mesenchymal``, or ``any`` (every stem-cell product); empty: no scope."""
    countries: tuple[str, ...] = ()
    raw: str | None = None
    """An Essie expression added to the search as the user wrote it (``--raw``)."""
    limit: int | None = None
    """Show at most this many trials; None: all."""
