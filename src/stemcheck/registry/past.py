"""Finds saved searches and studies, for when the registry cannot be asked.

Saved data are not live: show their date with them. This module does not know where answers are saved; the
caller brings an `AnswerStore`. The code that reads records is imported only when there is one to read, so
that a miss costs nothing.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry.question import Addresses, nct_number_for, question_for
from stemcheck.registry.settings import Settings
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.study import Study, StudyPage, Unreadable

_MOST_PAGES = 10_000


class PastAnswer(NamedTuple):
    """The facts of one saved answer, without its body."""

    url: str
    """The address that was requested."""
    etag: str | None
    """The registry's tag for this version of the answer."""
    retrieved_at: str
    """When it came or was last confirmed (UTC)."""
    data_date: str | None = None
    """The date of the registry's data, if known."""
    next_page_token: str | None = None
    """The token for the next page of the same search."""


Facts = tuple[str, str | None, str, str | None, str | None]
"""The fields of a `PastAnswer` as a plain tuple, so that a store need not import the class."""


class AnswerStore(Protocol):
    """Saves answers, and which connection worked. It is a convenience: its methods never fail."""

    @property
    def problem(self) -> str | None:
        """Why something could not be saved; None if everything was."""

    def find(self, url: str) -> Facts | None:
        """Return the facts of the last answer from an address."""

    def find_body(self, url: str) -> bytes | None:
        """Return the body of that answer; None if it is missing or damaged."""

    def save(self, facts: Facts, body: bytes) -> None:
        """Save an answer in place of the one before."""

    def confirm(self, url: str, *, etag: str | None, retrieved_at: str) -> None:
        """Note that the registry has just confirmed a saved answer."""

    def find_winner(self, origin: str) -> tuple[int, str, str] | None:
        """See `stemcheck.registry.connection.Memory`."""

    def save_winner(self, origin: str, rung: int, libraries: str, remembered_at: str) -> None:
        """See `stemcheck.registry.connection.Memory`."""


class PastStudy(NamedTuple):
    """One study in full, as it was saved."""

    study: Study
    retrieved_at: str
    """When the registry last gave or confirmed it (UTC)."""


class PastSearch:
    """The saved pages of one search."""

    def __init__(self, store: AnswerStore, pages: tuple[PastAnswer, ...]) -> None:
        from stemcheck.registry.crawl import Crawl

        self._store = store
        self._pages = pages
        self.crawl: Crawl = Crawl(retrieved_at=self.retrieved_at)
        """What has been read so far."""

    @property
    def retrieved_at(self) -> str:
        """When the registry last gave or confirmed the oldest page (UTC)."""
        return min(page.retrieved_at for page in self._pages)

    @property
    def data_date(self) -> str | None:
        """The data date of the oldest page, if known."""
        return min((page.data_date for page in self._pages if page.data_date), default=None)

    def pages(self) -> Iterator[StudyPage]:
        """Yield the pages. Raises AnswerUnreadableError if one has since been damaged or deleted."""
        from stemcheck.registry.crawl import PageGuard
        from stemcheck.registry.failures import told
        from stemcheck.registry.wire import read_page

        guard = PageGuard(self.crawl)
        for past in self._pages:
            body = self._store.find_body(past.url)
            if body is None:
                raise told(AnswerUnreadableError, "pages.gone")
            yield guard.take(read_page(body), url=past.url)


class PastAnswers:
    """Finds the saved answers of the registry."""

    def __init__(self, store: AnswerStore, settings: Settings) -> None:
        self._store = store
        self._addresses = Addresses(settings.registry_url, page_size=settings.page_size)

    def find_search(self, query: TrialQuery) -> PastSearch | None:
        """Return a search's last answer, or None unless every page of it is there and undamaged.

        All pages are checked first: if a damaged page turned up later, it would be too late to show other
        saved data.
        """
        question = question_for(query)
        pages: list[PastAnswer] = []
        token: str | None = None
        while token is not None or not pages:
            url = self._addresses.page(question, token=token)
            facts = self._store.find(url)
            is_whole = facts is not None and self._store.find_body(url) is not None
            if facts is None or not is_whole or len(pages) >= _MOST_PAGES:
                return None
            pages.append(PastAnswer(*facts))
            token = pages[-1].next_page_token
        return PastSearch(self._store, tuple(pages))

    def find_study(self, nct_id: str, *, is_long: bool = False) -> PastStudy | None:
        """Return a study in full; None if it was never requested by this number, or is damaged.

        With ``is_long``, prefer an answer that has the long form. Such an answer also holds everything that
        one without it does.
        """
        number = nct_number_for(nct_id)
        kept = [self._find(number, is_long=True)]
        if not is_long or kept == [None]:
            kept.append(self._find(number, is_long=False))
        return max(filter(None, kept), key=lambda past: past.retrieved_at, default=None)

    def _find(self, number: str, *, is_long: bool) -> PastStudy | None:
        url = self._addresses.study(number, is_long=is_long)
        facts, body = self._store.find(url), self._store.find_body(url)
        if facts is None or body is None:
            return None
        from stemcheck.registry.translate import study_for
        from stemcheck.registry.wire import read_study

        try:
            record = read_study(body, is_long=is_long)
        except AnswerUnreadableError:
            return None
        if isinstance(record, Unreadable):
            return None
        # Only answers to a request for this very number are saved under it.
        study = study_for(record, with_details=True, is_long=is_long)
        return PastStudy(study, PastAnswer(*facts).retrieved_at)
