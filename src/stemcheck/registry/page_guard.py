"""Puts the pages of one search together, and notices when they do not fit together."""

from collections.abc import Iterator

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry.crawl import Crawl
from stemcheck.registry.numbers_seen import NumbersSeen
from stemcheck.registry.page_lines import Line, Record, read_each
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import WirePage, data_date_of
from stemcheck.trial.study import Study, StudyPage, Unreadable

_MOST_BARREN_PAGES = 3
"""An empty page in the middle is allowed; several in a row without anything new are a circle."""
_HINT = "Try again in a while: the registry may be changing its data just now."


class PageGuard:
    """Takes the pages of one search in order."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._tokens: set[str] = set()
        self._numbers = NumbersSeen()
        self._barren_pages = 0

    def take(self, page: WirePage[Record], *, url: str) -> StudyPage:
        """Return what is new on a page, using it up. Raises like `admit`."""
        return self.read(self.admit(page, url=url), page, url=url)

    def admit(self, page: WirePage[Record], *, url: str) -> list[Record]:
        """Return the records that are new, taking all from the page.

        It takes a thousandth of the time of reading them: the next page can be asked for right after it.
        Raises AnswerUnreadableError if pages go round in a circle.
        """
        crawl = self._crawl
        crawl.pages += 1
        crawl.url = crawl.url or url
        if crawl.pages == 1:
            crawl.total = page.total_count
        records = [record for record in page.studies if self._is_new(record)]
        page.studies.clear()
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
        return records

    def read(self, records: list[Record], page: WirePage[Record], *, url: str) -> StudyPage:
        """Return the records that a page was admitted with, to be read, and used up, one by one."""
        return StudyPage(
            items=self._read_all(records),
            url=url,
            total=self._crawl.total,
            is_last=page.next_page_token is None,
        )

    def _is_new(self, record: Record) -> bool:
        """Note a record; return False when its number came before."""
        crawl = self._crawl
        number, data_date = _identity_of(record)
        # A data date is yyyy-mm-dd, so that text order is time order.
        crawl.data_date = max(crawl.data_date or "", data_date or "") or None
        if number is not None and not self._numbers.add(number):
            crawl.duplicates += 1
            return False
        return True

    def _read_all(self, records: list[Record]) -> Iterator[Study | Unreadable]:
        for record in read_each(records):
            if isinstance(record, Unreadable):
                self._crawl.unreadable += 1
                yield record
            else:
                yield study_for(record)


def _identity_of(record: Record) -> tuple[str | None, str | None]:
    """Return a record's number and the day of its data."""
    if isinstance(record, Line):
        return record.nct_id, record.data_date
    if isinstance(record, Unreadable):
        return record.nct_id, None
    return record["protocolSection"]["identificationModule"]["nctId"], data_date_of(record)
