"""Facts about asking: what a crawl read, and which version the registry is."""

from dataclasses import dataclass
from typing import NamedTuple


class Version(NamedTuple):
    """What ``/version`` says. ``data_timestamp`` is UTC, as written by the registry."""

    api_version: str | None
    data_timestamp: str | None


@dataclass(slots=True, eq=False, repr=False)
class Crawl:
    """What one search read so far. Grows while the pages are consumed."""

    url: str | None = None
    """The first request as sent."""
    pages: int = 0
    total: int | None = None
    """How many studies the registry announced."""
    studies: int = 0
    """Distinct records that came, unreadable ones included."""
    duplicates: int = 0
    unreadable: int = 0
    """Those of them, among the ones taken from their page so far, that could not be read."""
    is_exhausted: bool = False
    """The registry gave the last page, and it was read."""
    retrieved_at: str | None = None
    """When the first page came from the registry (UTC)."""
    data_date: str | None = None
    """The latest day of data that a record says it is a copy of."""
    timestamp_before: str | None = None
    """What ``/version`` said after the first page, when there are more."""
    timestamp_after: str | None = None
    """What it said after the last one."""
    revalidated_pages: int = 0
    """Pages that the registry confirmed as unchanged (304) instead of sending them again."""

    @property
    def is_complete(self) -> bool:
        """Every page was read, and as many studies came as were announced."""
        return self.is_exhausted and self.total is not None and self.studies == self.total

    @property
    def is_data_changed(self) -> bool:
        """The registry refreshed its data while it was being read: pages may not fit together."""
        return len({self.timestamp_before, self.timestamp_after} - {None}) > 1

    @property
    def data_timestamp(self) -> str | None:
        """The date of the data, as exact as it was told."""
        return self.timestamp_after or self.timestamp_before or self.data_date
