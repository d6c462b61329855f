"""Searches and studies as they were last answered, for when the registry cannot be asked.

Nothing of this is live: whoever shows it has to say of when it is. What reads records is imported when there
is one to read: a miss must cost nothing.
"""

from collections.abc import Iterator
from typing import NamedTuple

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry.addresses import Addresses
from stemcheck.registry.cache import AnswerCache, PastAnswer
from stemcheck.registry.crawl import Crawl
from stemcheck.registry.numbers import nct_number_for
from stemcheck.registry.settings import RegistrySettings
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.study import Study, StudyPage, Unreadable

_MOST_PAGES = 10_000


class PastStudy(NamedTuple):
    """One study in full as it was kept."""

    study: Study
    retrieved_at: str
    """When the registry last gave or confirmed it (UTC)."""


class PastSearch:
    """The pages of a search as they were kept."""

    def __init__(
        self, cache: AnswerCache, pages: tuple[PastAnswer, ...], *, most_bytes: int
    ) -> None:
        self._cache = cache
        self._pages = pages
        self._most_bytes = most_bytes
        self.crawl = Crawl(retrieved_at=self.retrieved_at)
        """What has been read of it so far."""

    @property
    def retrieved_at(self) -> str:
        """When the registry last gave or confirmed the oldest of the pages (UTC)."""
        return min(page.retrieved_at for page in self._pages)

    @property
    def data_date(self) -> str | None:
        """The date of the data, as far as it was known then; of the oldest page."""
        return min((page.data_date for page in self._pages if page.data_date), default=None)

    def pages(self) -> Iterator[StudyPage]:
        """Yield the pages. Raises AnswerUnreadableError when one has been damaged or deleted meanwhile."""
        from stemcheck.registry.page_guard import PageGuard
        from stemcheck.registry.wire import read_page

        guard = PageGuard(self.crawl)
        for past in self._pages:
            content = self._cache.find_body(past, most_bytes=self._most_bytes)
            if content is None:
                raise AnswerUnreadableError(
                    "A kept answer of the registry is damaged or was deleted just now.",
                    hint="Ask once more.",
                )
            yield guard.take(read_page(content), url=past.url)


class PastAnswers:
    """Finds what was kept."""

    def __init__(self, cache: AnswerCache, addresses: Addresses, *, most_bytes: int) -> None:
        self.cache = cache
        self._addresses = addresses
        self._most_bytes = most_bytes

    def find_search(self, query: TrialQuery) -> PastSearch | None:
        """Return a search's last answer, or None unless every page of it is there and whole.

        A damaged page found only later would take the place of other saved data that could answer.
        """
        pages: list[PastAnswer] = []
        token: str | None = None
        while token is not None or not pages:
            past = self.cache.find(self._addresses.page(query, token=token))
            if past is None or len(pages) >= _MOST_PAGES or not self.cache.is_whole(past):
                return None
            pages.append(past)
            token = past.next_page_token
        return PastSearch(self.cache, tuple(pages), most_bytes=self._most_bytes)

    def find_study(self, nct_id: str) -> PastStudy | None:
        """Return a study in full; None when it was never asked for by this number, or is damaged."""
        number = nct_number_for(nct_id)
        past = self.cache.find(self._addresses.study(number))
        if past is None:
            return None
        content = self.cache.find_body(past, most_bytes=self._most_bytes)
        if content is None:
            return None
        from stemcheck.registry.replies import with_number
        from stemcheck.registry.translate import study_for
        from stemcheck.registry.wire import read_study

        try:
            record = read_study(content)
        except AnswerUnreadableError:
            return None
        if isinstance(record, Unreadable):
            return None
        # Only what answered to this number is kept under it.
        study = with_number(study_for(record, with_details=True), number)
        return PastStudy(study, past.retrieved_at)


def open_past(settings: RegistrySettings) -> PastAnswers | None:
    """Return what was kept under these settings; None when nothing is to be kept."""
    if settings.memory_dir is None or settings.cache == "off":
        return None
    cache = AnswerCache(settings.memory_dir / "answers", most_bytes=settings.cache_bytes)
    addresses = Addresses(settings.base_url, page_size=settings.page_size)
    return PastAnswers(cache, addresses, most_bytes=settings.page_bytes)
