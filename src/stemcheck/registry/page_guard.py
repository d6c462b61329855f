"""Puts the pages of one search together, and notices when they do not fit together."""

from collections.abc import Iterator

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry.crawl import Crawl
from stemcheck.registry.shapes import WireStudy
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import WirePage, data_date_of
from stemcheck.trial.study import Study, StudyPage, Unreadable

Record = WireStudy | Unreadable
_MOST_BARREN_PAGES = 3
"""An empty page in the middle is allowed; several in a row without anything new are a circle."""
_HINT = "Try again in a while: the registry may be changing its data just now."


class PageGuard:
    """Takes the pages of one search in order."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._tokens: set[str] = set()
        self._numbers: set[str] = set()
        self._barren_pages = 0

    def take(self, page: WirePage, *, url: str) -> StudyPage:
        """Return what is new on a page. Raises AnswerUnreadableError if pages go round in a circle."""
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
        if token is not None and (token in self._tokens or self._barren_pages > _MOST_BARREN_PAGES):
            raise AnswerUnreadableError(
                "The registry's pages go round in a circle: the answer has no end.",
                hint=_HINT,
                facts={"pages": crawl.pages, "studies": crawl.studies},
            )
        if token is not None:
            self._tokens.add(token)
        return StudyPage(
            items=self._translated(records), url=url, total=crawl.total, is_last=token is None
        )

    def _is_new(self, record: Record) -> bool:
        """Note a record; return False when its number came before."""
        crawl = self._crawl
        number, data_date = _identity_of(record)
        # A data date is yyyy-mm-dd, so that text order is time order.
        crawl.data_date = max(crawl.data_date or "", data_date or "") or None
        if number is not None and number in self._numbers:
            crawl.duplicates += 1
            return False
        if number is not None:
            self._numbers.add(number)
        return True

    def _translated(self, records: list[Record]) -> Iterator[Study | Unreadable]:
        records.reverse()
        while records:  # each is let go when it was used
            record = records.pop()
            if isinstance(record, Unreadable):
                self._crawl.unreadable += 1
                yield record
            else:
                yield study_for(record)


def _identity_of(record: Record) -> tuple[str | None, str | None]:
    """Return a record's number and the day of its data."""
    if isinstance(record, Unreadable):
        return record.nct_id, None
    return record["protocolSection"]["identificationModule"]["nctId"], data_date_of(record)
