"""Joins the pages of one search, counts the studies, and detects pages that do not fit together."""

from collections.abc import Iterator
from dataclasses import dataclass

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry.failures import told
from stemcheck.registry.record import Record
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import WirePage
from stemcheck.trial.study import Study, StudyPage, Unreadable

_MOST_BARREN_PAGES = 3
"""One empty page is allowed; several in a row with nothing new mean that the pages go in a circle."""
_MOST_OF_ANNOUNCED = 1.1
"""The registry may gain studies during a search, but never a tenth more than it announced."""
_MOST_UNANNOUNCED = 1_000_000
"""The limit when no total is announced: nearly twice the size of the registry."""


@dataclass(slots=True, eq=False, repr=False)
class Crawl:
    """What one search has read so far. Grows as the pages are consumed."""

    url: str | None = None
    """The first request, as sent."""
    pages: int = 0
    total: int | None = None
    """How many studies the registry announced."""
    studies: int = 0
    """Distinct records received, unreadable ones included."""
    duplicates: int = 0
    unreadable: int = 0
    """How many of the records consumed so far could not be read."""
    is_exhausted: bool = False
    """The last page has been read."""
    retrieved_at: str | None = None
    """When the first page came from the registry (UTC)."""
    data_date: str | None = None
    """The latest data date found in a record (yyyy-mm-dd)."""
    timestamp_before: str | None = None
    """The ``/version`` date after the first page, if there are several pages."""
    timestamp_after: str | None = None
    """The ``/version`` date after the last page."""

    @property
    def is_complete(self) -> bool:
        """Every page was read, and the number of studies is the one announced."""
        return self.is_exhausted and self.total is not None and self.studies == self.total

    @property
    def is_data_changed(self) -> bool:
        """The registry refreshed its data during the search: the pages may not fit together."""
        return len({self.timestamp_before, self.timestamp_after} - {None}) > 1

    @property
    def data_timestamp(self) -> str | None:
        """The date of the data, as exact as the registry gave it."""
        return self.timestamp_after or self.timestamp_before or self.data_date


class PageGuard:
    """Checks the pages of one search in order."""

    def __init__(self, crawl: Crawl, *, with_papers: bool = False) -> None:
        self._crawl = crawl
        self._with_papers = with_papers
        self._tokens: set[str] = set()
        self._numbers: set[str] = set()
        self._barren_pages = 0
        self._pages_beyond = 0
        self._readable = 0
        self._first_reason = ""

    def take(self, page: WirePage, *, url: str) -> StudyPage:
        """Return the new studies of a page. Raises AnswerUnreadableError if the pages cannot be trusted."""
        crawl = self._crawl
        crawl.pages += 1
        crawl.url = crawl.url or url
        if crawl.pages == 1:
            crawl.total = page.total_count
        records = [record for record in page.studies if self._is_new(record)]
        crawl.studies += len(records)
        token = page.next_page_token
        crawl.is_exhausted = token is None
        self._barren_pages = 0 if records else self._barren_pages + 1
        for record in records:
            if isinstance(record, Unreadable):
                self._first_reason = self._first_reason or record.reason
            else:
                self._readable += 1
        if token is None:
            self._check_end()
        else:
            self._check_more(token)
        return StudyPage(
            items=self._translated(records), url=url, total=crawl.total, is_last=token is None
        )

    def _check_more(self, token: str) -> None:
        """Raise AnswerUnreadableError if the pages would never end."""
        crawl = self._crawl
        if token in self._tokens or self._barren_pages > _MOST_BARREN_PAGES:
            raise self._distrust("circle")
        self._tokens.add(token)
        announced = _MOST_UNANNOUNCED if crawl.total is None else crawl.total
        self._pages_beyond += crawl.studies > announced * _MOST_OF_ANNOUNCED
        if self._pages_beyond > 1:
            raise self._distrust("endless", total=f"{announced:,}", came=f"{crawl.studies:,}")

    def _check_end(self) -> None:
        """Raise AnswerUnreadableError if nothing readable came although studies were announced."""
        crawl = self._crawl
        if self._readable or (crawl.total == 0 and not crawl.studies):
            return
        if crawl.studies:
            reason = self._first_reason
            raise self._distrust("none_readable", count=crawl.studies, reason=reason)
        key = "none_and_no_total" if crawl.total is None else "none_came"
        raise self._distrust(key, count=crawl.total)

    def _distrust(self, key: str, **named: object) -> AnswerUnreadableError:
        self._crawl.is_exhausted = False
        facts: dict[str, object] = {"pages": self._crawl.pages, "studies": self._crawl.studies}
        return told(AnswerUnreadableError, f"pages.{key}", facts=facts, **named)

    def _is_new(self, record: Record | Unreadable) -> bool:
        """Record a number; return False if it has come before."""
        crawl = self._crawl
        if isinstance(record, Record) and record.data_date:
            # A data date is yyyy-mm-dd, so it sorts as text.
            crawl.data_date = max(crawl.data_date or "", record.data_date)
        number = record.nct_id
        if number is None:
            return True
        if number in self._numbers:
            crawl.duplicates += 1
            return False
        self._numbers.add(number)
        return True

    def _translated(self, records: list[Record | Unreadable]) -> Iterator[Study | Unreadable]:
        records.reverse()
        while records:  # pop, so that each record is freed after use
            record = records.pop()
            if isinstance(record, Unreadable):
                self._crawl.unreadable += 1
                yield record
            else:
                # The cities of sites are present only if they were requested, to find the nearest site.
                has_places = any(place.city for place in record.locations)
                yield study_for(record, with_details=has_places, with_papers=self._with_papers)
