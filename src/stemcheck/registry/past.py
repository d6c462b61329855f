"""Searches and studies as they were last answered, for when the registry cannot be asked.

Nothing of this is live: whoever shows it has to say of when it is. Where answers are kept is not known here:
whoever opens the registry brings an `AnswerStore`. What reads records is imported when there is one to read:
a miss must cost nothing.
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
    """What is known of one answer without its body."""

    url: str
    """The address that was asked."""
    etag: str | None
    """By which the registry knows it again."""
    retrieved_at: str
    """When it came, or was last confirmed (UTC)."""
    data_date: str | None = None
    """The day of the registry's data, as far as it was known."""
    next_page_token: str | None = None
    """Leads to the next page of the same search."""


Facts = tuple[str, str | None, str, str | None, str | None]
"""Those of a `PastAnswer`: what keeps them need not know more."""


class AnswerStore(Protocol):
    """Where answers are kept, and the connection that worked. A convenience: it never fails."""

    @property
    def problem(self) -> str | None:
        """Why something could not be kept; None: it was."""

    def find(self, url: str) -> Facts | None:
        """Return what is known of the last answer to an address."""

    def find_body(self, url: str) -> bytes | None:
        """Return its body; None when it is not there, or damaged."""

    def save(self, facts: Facts, body: bytes) -> None:
        """Keep an answer in place of the one before."""

    def confirm(self, url: str, *, etag: str | None, retrieved_at: str) -> None:
        """Note that the registry has just said that an answer still holds."""

    def find_winner(self, origin: str) -> tuple[int, str, str] | None:
        """See `stemcheck.registry.connection.Memory`."""

    def save_winner(self, origin: str, rung: int, libraries: str, remembered_at: str) -> None:
        """See `stemcheck.registry.connection.Memory`."""


class PastStudy(NamedTuple):
    """One study in full as it was kept."""

    study: Study
    retrieved_at: str
    """When the registry last gave or confirmed it (UTC)."""


class PastSearch:
    """The pages of a search as they were kept."""

    def __init__(self, store: AnswerStore, pages: tuple[PastAnswer, ...]) -> None:
        from stemcheck.registry.crawl import Crawl

        self._store = store
        self._pages = pages
        self.crawl: Crawl = Crawl(retrieved_at=self.retrieved_at)
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
    """Finds what was kept of the registry's answers."""

    def __init__(self, store: AnswerStore, settings: Settings) -> None:
        self._store = store
        self._addresses = Addresses(settings.registry_url, page_size=settings.page_size)

    def find_search(self, query: TrialQuery) -> PastSearch | None:
        """Return a search's last answer, or None unless every page of it is there and whole.

        A damaged page found only later would take the place of other saved data that could answer.
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
        """Return a study in full; None when it was never asked for by this number, or is damaged.

        ``is_long``: with its long form, where that was kept. An answer with the long form holds all of
        what one without it does.
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
        # Only what answered to this number is kept under it.
        study = study_for(record, with_details=True, is_long=is_long)
        return PastStudy(study, PastAnswer(*facts).retrieved_at)
