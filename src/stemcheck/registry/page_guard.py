"""Puts the pages of one search together, and notices when they do not fit together."""

from collections.abc import Iterator

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry.crawl import Crawl
from stemcheck.registry.shapes import WireStudy
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import WirePage
from stemcheck.trial.study import Study, StudyPage, Unreadable

_MOST_BARREN_PAGES = 3
"""An empty page in the middle is allowed; several in a row without anything new are a circle."""
_HINT = "Try again in a while: the registry may be changing its data just now."


class PageGuard:
    """Takes the pages of one search in order."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._tokens: set[str] = set()
        # As whole numbers: a search can hold a hundred thousand.
        self._numbers: set[int] = set()
        self._barren_pages = 0

    def take(self, page: WirePage, *, url: str) -> StudyPage:
        """Return what is new on a page, using it up.

        Raises AnswerUnreadableError if pages go round in a circle.
        """
        crawl = self._crawl
        crawl.pages += 1
        crawl.url = crawl.url or url
        if crawl.pages == 1:
            crawl.total = page.total_count
        items = tuple(self._read_all(page.studies))
        crawl.studies += len(items)
        token = page.next_page_token
        crawl.is_exhausted = token is None
        self._barren_pages = 0 if items else self._barren_pages + 1
        if token is not None and (token in self._tokens or self._barren_pages > _MOST_BARREN_PAGES):
            raise AnswerUnreadableError(
                "The registry's pages go round in a circle: the answer has no end.",
                hint=_HINT,
                facts={"pages": crawl.pages, "studies": crawl.studies},
            )
        if token is not None:
            self._tokens.add(token)
        return StudyPage(items=items, url=url, total=crawl.total, is_last=token is None)

    def _read_all(self, records: list[WireStudy | Unreadable]) -> Iterator[Study | Unreadable]:
        """Yield the records read. Each is let go of when it has been: together they weigh some 20 MB."""
        records.reverse()
        while records:
            if (item := self._read(records.pop())) is not None:
                yield item

    def _read(self, record: WireStudy | Unreadable) -> Study | Unreadable | None:
        """Return a record read, or None when its number came before."""
        item: Study | Unreadable
        if isinstance(record, Unreadable):
            item, number = record, record.nct_id
        else:
            item = study_for(record)
            # A data date is yyyy-mm-dd, so that text order is time order.
            self._crawl.data_date = max(self._crawl.data_date or "", item.data_date or "") or None
            number = item.trial.nct_id
        if number is not None:
            digits = int(number.removeprefix("NCT"))
            if digits in self._numbers:
                self._crawl.duplicates += 1
                return None
            self._numbers.add(digits)
        self._crawl.unreadable += isinstance(item, Unreadable)
        return item
