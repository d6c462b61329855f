"""The registry's status words, and what each of them settles by itself: one row of ``status.toml`` each."""

from pathlib import Path
from typing import NamedTuple

from stemcheck.tables import read_table


class KnownStatus(NamedTuple):
    """What one value of the registry's ``overallStatus`` says; a site's own status has the same words."""

    label: str
    also: tuple[str, ...] = ()
    group: str | None = None
    open: bool | None = None
    final: bool = False
    web: str | None = None
    style: str = ""


STATUSES = {
    value: KnownStatus(**row)
    for value, row in read_table(Path(__file__).with_name("status.toml")).items()
}
"""By the registry's value, in the registry's order."""

STATUS_GROUPS = {
    group: tuple(value for value, status in STATUSES.items() if status.group == group)
    for group in ("open", "closed", "stopped")
}
"""Group words that ``--status`` takes beside single values."""

OPEN_TO_NEW_PARTICIPANTS = frozenset(value for value, status in STATUSES.items() if status.open)
"""Statuses under which a new person can ask to take part now."""


def label_for(value: str) -> str:
    """Return the registry's display words for a status; an unknown value reads as it is written."""
    known = STATUSES.get(value)
    return known.label if known else value.replace("_", " ").capitalize()


def takes_people(value: str | None) -> bool | None:
    """Return whether a status lets new people ask to take part; None when it does not settle that."""
    known = STATUSES.get(value or "")
    return known.open if known else None


def is_final(value: str | None) -> bool:
    """Return whether a study of this status will not take people again."""
    known = STATUSES.get(value or "")
    return known is not None and known.final


def style_for(value: str | None) -> str:
    """Return how a status is coloured on a terminal; nothing for one that is not known."""
    known = STATUSES.get(value or "")
    return known.style if known else ""
