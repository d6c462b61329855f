"""The door of this room: `Registry` searches, fetches by number, and tells its version.

::

    with Registry(RegistrySettings()) as registry:
        for page in registry.search(query):
            ...
        registry.last_crawl.is_complete

Only errors of `stemcheck.errors` come out. A failure in the middle of a search is raised by the iterator
after the pages that had arrived.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from stemcheck.errors import StemcheckError
from stemcheck.registry.addresses import Addresses
from stemcheck.registry.asking import Asker, Reply
from stemcheck.registry.cache import PastAnswer
from stemcheck.registry.crawl import Crawl, Version
from stemcheck.registry.events import PageArrived
from stemcheck.registry.lane import Lane, T, Task, wait_for
from stemcheck.registry.numbers import nct_number_for
from stemcheck.registry.pacing import Clock, Deadline
from stemcheck.registry.page_guard import PageGuard
from stemcheck.registry.parameters import IDS_PER_REQUEST
from stemcheck.registry.past import open_past
from stemcheck.registry.replies import check_is_answered, read_one, read_version
from stemcheck.registry.settings import RegistrySettings
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import WirePage, read_page
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.study import Missing, Study, StudyPage, Unreadable

_MOST_SINGLE_QUESTIONS = 3
"""More numbers than this are asked for together first."""
_SIDE_QUESTION_SECONDS = 5.0
"""A search does not wait longer than this to learn whether the data changed meanwhile."""


class Registry:
    """Asks ClinicalTrials.gov. A context manager; not to be shared between threads."""

    def __init__(
        self,
        settings: RegistrySettings | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        self._settings = settings or RegistrySettings()
        self._clock = clock or Clock()
        self._addresses = Addresses(self._settings.base_url, page_size=self._settings.page_size)
        past = open_past(self._settings)
        self._cache = past.cache if past else None
        self._asker, self._lane = self._new_lane()
        self._is_heard = False
        self._ceiling: tuple[float, float] | None = None
        self.last_crawl = Crawl()
        """What the latest search has read until now."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop asking. Whatever is still under way is given up, not waited for."""
        self._clock.stop()
        self._lane.end(patience_seconds=0.05)

    @property
    def cache_problem(self) -> str | None:
        """Why answers could not be kept, in the operating system's words; None: they were."""
        return self._cache.problem if self._cache else None

    def search(self, query: TrialQuery) -> Iterator[StudyPage]:
        """Ask for the first page, and return all pages; the next one travels while one is consumed.

        With ``query.limit`` a page is asked for only when it is wanted.
        """
        self.last_crawl = Crawl()
        return self._pages(query, self._submit_page(query, token=None))

    def _pages(self, query: TrialQuery, page_task: Task[Reply]) -> Iterator[StudyPage]:
        crawl = self.last_crawl
        guard = PageGuard(crawl)
        while True:
            reply = self._wait_for(page_task)
            wire_page = self._read_page(reply, query)
            page = guard.take(wire_page, url=reply.asked_url)
            token = wire_page.next_page_token
            is_last = token is None
            # Was the data refreshed meanwhile? Asked at both ends of whatever has more than one page.
            version_task = self._submit_version() if is_last != (crawl.pages == 1) else None
            is_ahead = not is_last and query.limit is None
            if is_ahead:
                page_task = self._submit_page(query, token=token)
            # What takes time is done while the next page is on its way.
            self._note_page(crawl, reply)
            self._keep(reply, data_date=crawl.data_date, wire_page=wire_page)
            del reply, wire_page  # who takes the page holds it alone, and lets go study by study
            yield page
            if version_task is not None:
                self._note_version(crawl, version_task, is_last=is_last)
            if is_last:
                return
            if not is_ahead:
                page_task = self._submit_page(query, token=token)

    def fetch(self, nct_ids: Sequence[str]) -> Iterator[Study | Unreadable | Missing]:
        """Yield, for each number asked for and in that order, the study in full or why there is none.

        An older number of a study gives the study; its ``aliases`` then hold that number. Raises UsageError
        for what is no such number.
        """
        numbers = [nct_number_for(text) for text in nct_ids]
        found: dict[str, Study | Unreadable | Missing] = {}
        distinct = list(dict.fromkeys(numbers))
        if len(distinct) > _MOST_SINGLE_QUESTIONS:
            for start in range(0, len(distinct), IDS_PER_REQUEST):
                found |= self._fetch_together(distinct[start : start + IDS_PER_REQUEST])
        for number in numbers:
            if number not in found:
                reply = self._wait_for(self._submit(self._addresses.study(number)))
                found[number] = item = read_one(reply, number)
                if isinstance(item, Study):
                    self._keep(reply)
            yield found[number]

    def version(self) -> Version:
        """Return what the registry says about itself, asking it now."""
        return read_version(
            self._wait_for(self._submit(self._addresses.version, is_keepable=False))
        )

    def _fetch_together(self, numbers: list[str]) -> dict[str, Study | Unreadable]:
        """Return what the registry gives for many numbers at once; older numbers may be missing."""
        reply = self._wait_for(self._submit(self._addresses.studies(numbers)))
        page = self._read_page(reply, None)
        self._keep(reply)
        found: dict[str, Study | Unreadable] = {}
        for record in page.studies:
            if not isinstance(record, Unreadable):
                study = study_for(record, with_details=True)
                found[study.trial.nct_id] = study
            elif record.nct_id:
                found[record.nct_id] = record
        return found

    def _read_page(self, reply: Reply, query: TrialQuery | None) -> WirePage:
        check_is_answered(reply, query)
        return read_page(reply.content)

    def _note_page(self, crawl: Crawl, reply: Reply) -> None:
        crawl.retrieved_at = crawl.retrieved_at or reply.retrieved_at
        crawl.revalidated_pages += reply.past is not None
        size = self._settings.page_size
        pages = None if crawl.total is None else max(1, -(-crawl.total // size))
        self._settings.on_event(PageArrived(crawl.pages, pages, crawl.studies, crawl.total))

    def _note_version(self, crawl: Crawl, task: Task[Reply | None], *, is_last: bool) -> None:
        with suppress(StemcheckError):  # a side question: the search stands without it
            reply = self._wait_for(task)
            timestamp = read_version(reply).data_timestamp if reply else None
            if is_last:
                crawl.timestamp_after = timestamp
            else:
                crawl.timestamp_before = timestamp

    def _keep(
        self,
        reply: Reply,
        *,
        data_date: str | None = None,
        wire_page: WirePage | None = None,
    ) -> None:
        """Keep a reply that could be read."""
        if self._cache is None or reply.answer is None or not reply.content:
            return
        etag = reply.answer.headers.get("etag")
        if reply.past is not None:
            self._cache.confirm(reply.past, retrieved_at=reply.retrieved_at, etag=etag)
            return
        past = PastAnswer(
            url=reply.asked_url,
            etag=etag,
            retrieved_at=reply.retrieved_at,
            data_date=data_date,
            next_page_token=wire_page.next_page_token if wire_page else None,
            encoding=reply.answer.encoding,
        )
        self._cache.save(past, content=reply.content, packed=reply.answer.packed)

    def _submit_page(self, query: TrialQuery, *, token: str | None) -> Task[Reply]:
        return self._submit(self._addresses.page(query, token=token))

    def _submit_version(self) -> Task[Reply | None]:
        url = self._addresses.version
        seconds = min(_SIDE_QUESTION_SECONDS, self._settings.timeout_seconds)
        return self._submit_task(
            lambda asker, deadline: asker.ask_aside(url, deadline), seconds=seconds
        )

    def _submit(self, url: str, *, is_keepable: bool = True) -> Task[Reply]:
        return self._submit_task(
            lambda asker, deadline: asker.ask(url, deadline, is_keepable=is_keepable)
        )

    def _submit_task(
        self, run: Callable[[Asker, Deadline], T], *, seconds: float | None = None
    ) -> Task[T]:
        if self._lane.is_abandoned:
            self._asker, self._lane = self._new_lane()
        asker = self._asker
        return self._lane.submit(
            Task(
                lambda deadline: run(asker, deadline),
                lambda: self._deadline_for(seconds or self._settings.timeout_seconds),
            )
        )

    def _new_lane(self) -> tuple[Asker, Lane]:
        asker = Asker(self._settings, clock=self._clock, cache=self._cache)
        lane = Lane(on_end=asker.close)
        asker.tell = lane.tell
        return asker, lane

    def _deadline_for(self, seconds: float) -> Deadline:
        settings = self._settings
        if settings.ceiling_seconds is not None and self._ceiling is None:
            self._ceiling = (
                self._clock.now() + settings.ceiling_seconds,
                settings.ceiling_seconds,
            )
        return Deadline(
            self._clock,
            seconds=seconds,
            first_answer_seconds=None if self._is_heard else settings.first_answer_seconds,
            ceiling=self._ceiling,
        )

    def _wait_for(self, task: Task[T]) -> T:
        result = wait_for(task, self._settings.on_event)
        self._is_heard = True
        return result
