"""The entry point of this package: `Registry` searches, fetches studies by number, and dates the data.

::

    with Registry(Settings()) as registry:
        for page in registry.search(query):
            ...
        registry.last_crawl.is_complete

Raises only the errors of `stemcheck.errors`. If a search fails midway, its iterator first yields the pages
that have arrived, then raises.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import NamedTuple, Self

from stemcheck.errors import AnswerUnreadableError, RegistryRefusedError, StemcheckError
from stemcheck.registry.asker import (
    BAD_REQUEST,
    NOT_FOUND,
    NOT_MODIFIED,
    OK,
    Answer,
    Asker,
)
from stemcheck.registry.connection import Ladder, is_proxied, odd_exemptions, proxy_kinds
from stemcheck.registry.crawl import Crawl, PageGuard
from stemcheck.registry.failures import error_for_400, one_line, time_error, told
from stemcheck.registry.past import AnswerStore, PastAnswer
from stemcheck.registry.question import (
    IDS_PER_REQUEST,
    Addresses,
    Question,
    nct_number_for,
    question_for,
)
from stemcheck.registry.settings import Settings
from stemcheck.registry.translate import study_for
from stemcheck.registry.transport import LIBRARIES
from stemcheck.registry.waiting import Clock, Event, Job, PageArrived, StuckError, T, Worker
from stemcheck.registry.wire import WirePage, read_page, read_study
from stemcheck.trial.answer import Notice
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.study import Missing, Study, StudyPage, Unreadable
from stemcheck.words import words

_MOST_SINGLE_QUESTIONS = 3
"""Fetch more numbers than this together first."""
_SIDE_QUESTION_SECONDS = 5.0
"""How long a search waits, at most, to learn whether the data changed meanwhile."""
_MOST_UNREACHABLE = 3
"""Attempts without any reply from the registry, when saved data can be shown instead."""


class Asked(NamedTuple):
    """A request that has been handed to the worker."""

    url: str
    job: Job[Answer]


class Reply(NamedTuple):
    """An answer with its body, just sent or taken from the saved data."""

    answer: Answer
    content: bytes
    is_confirmed: bool = False
    """The registry has just confirmed that the saved answer still holds."""


class Registry:
    """Asks ClinicalTrials.gov. A context manager; do not share it between threads."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        store: AnswerStore | None = None,
        on_event: Callable[[Event], None] = lambda _event: None,
        first_answer_seconds: float | None = None,
        clock: Clock | None = None,
    ) -> None:
        """``store``: where answers are saved. ``on_event`` receives progress, in the caller's thread.

        ``first_answer_seconds``: give up if the first answer takes longer, for callers who can show saved
        data instead.
        """
        self._settings = settings or Settings()
        self._store = store
        self._on_event = on_event
        self._first_answer_seconds = first_answer_seconds
        self._clock = clock or Clock()
        self._addresses = Addresses(self._settings.registry_url, page_size=self._settings.page_size)
        self._ladder = Ladder(
            self._settings.origin,
            choice=self._settings.connection,
            memory=store,
            libraries=LIBRARIES,
        )
        self._asker, self._worker = self._new_worker()
        self._is_heard = False
        self.last_crawl = Crawl()
        """What the latest search has read so far."""

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
        """Stop asking. Requests still under way are abandoned, not waited for."""
        self._clock.stop()
        self._worker.end(patience_seconds=0.05)

    def notices(self) -> list[Notice]:
        """Return the notices that belong with an answer: it was not saved, or a setting was ignored."""
        found = []
        if self._store is not None and self._store.problem is not None:
            text = words("registry.notices.not_kept", problem=self._store.problem)
            found.append(Notice(id="not_kept", text=text))
        for entry in odd_exemptions() if proxy_kinds() else ():
            text = words("registry.notices.odd_exemption", entry=repr(entry[:60]))
            found.append(Notice(id="odd_no_proxy", text=text))
        return found

    def search(self, query: TrialQuery, *, with_papers: bool = False) -> Iterator[StudyPage]:
        """Ask for the first page and return an iterator over all pages. The next one loads in the background.

        With ``query.limit`` a page is requested only when it is needed. ``with_papers`` also asks for the
        papers of each record. Raises UsageError for a query that the registry cannot answer.
        """
        question = question_for(query)
        if with_papers:
            question = question.with_papers()
        crawl = self.last_crawl = Crawl()
        guard = PageGuard(crawl, with_papers=with_papers)
        return self._pages(query, question, self._ask_page(question, token=None), guard)

    def _pages(
        self, query: TrialQuery, question: Question, asked: Asked, guard: PageGuard
    ) -> Iterator[StudyPage]:
        crawl = self.last_crawl
        while True:
            reply = self._reply_to(asked)
            check_is_answered(reply.answer, query, is_first=crawl.pages == 0)
            wire_page = read_page(reply.content)
            page = guard.take(wire_page, url=asked.url)
            token = wire_page.next_page_token
            # Was the data refreshed meanwhile? Ask after the first and the last page, if there are several.
            version = self._ask_version() if page.is_last != (crawl.pages == 1) else None
            is_ahead = not page.is_last and query.limit is None
            if is_ahead:
                asked = self._ask_page(question, token=token)
            # Do the slow work while the next page is on its way.
            self._note_page(crawl, reply)
            self._keep(reply, data_date=crawl.data_date, wire_page=wire_page)
            del reply, wire_page  # the caller alone holds the page: memory is freed study by study
            yield page
            if version is not None:
                self._note_version(crawl, version, is_last=page.is_last)
            if page.is_last:
                return
            if not is_ahead:
                asked = self._ask_page(question, token=token)

    def fetch(
        self, nct_ids: Sequence[str], *, is_long: bool = False
    ) -> Iterator[Study | Unreadable | Missing]:
        """Yield one result for each number, in order: the study in full, or why there is none.

        ``is_long`` asks for the long form, which includes the posted results.

        A study's older number yields the study, with that number in ``aliases``. Raises UsageError for text
        that is not an NCT number.
        """
        numbers = [nct_number_for(text) for text in nct_ids]
        found: dict[str, Study | Unreadable | Missing] = {}
        distinct = list(dict.fromkeys(numbers))
        if len(distinct) > _MOST_SINGLE_QUESTIONS:
            for start in range(0, len(distinct), IDS_PER_REQUEST):
                found |= self._fetch_together(
                    distinct[start : start + IDS_PER_REQUEST], is_long=is_long
                )
        for number in numbers:
            if number not in found:
                reply = self._reply_to(self._ask(self._addresses.study(number, is_long=is_long)))
                item = read_one(reply.answer, reply.content, number, is_long=is_long)
                found[number] = item
                if isinstance(item, Study):
                    self._keep(reply)
            yield found[number]

    def data_timestamp(self) -> str | None:
        """Ask the registry for the date of its data (UTC, in the registry's format)."""
        return read_version(self._wait_for(self._submit(self._addresses.version)))

    def _fetch_together(
        self, numbers: list[str], *, is_long: bool
    ) -> dict[str, Study | Unreadable]:
        """Fetch many numbers in one request and return the studies; older numbers may be missing."""
        reply = self._reply_to(self._ask(self._addresses.studies(numbers, is_long=is_long)))
        check_is_answered(reply.answer)
        page = read_page(reply.content, is_long=is_long)
        self._keep(reply)
        found: dict[str, Study | Unreadable] = {}
        for record in page.studies:
            if not isinstance(record, Unreadable):
                found[record.nct_id] = study_for(record, with_details=True, is_long=is_long)
            elif record.nct_id:
                found[record.nct_id] = record
        return found

    def _note_page(self, crawl: Crawl, reply: Reply) -> None:
        crawl.retrieved_at = crawl.retrieved_at or reply.answer.retrieved_at
        size = self._settings.page_size
        pages = None if crawl.total is None else max(1, -(-crawl.total // size))
        self._on_event(PageArrived(crawl.pages, pages, crawl.studies, crawl.total))

    def _note_version(self, crawl: Crawl, job: Job[Answer | None], *, is_last: bool) -> None:
        with suppress(StemcheckError):  # a side question: the search is valid without it
            answer = self._wait_for(job)
            timestamp = read_version(answer) if answer else None
            if is_last:
                crawl.timestamp_after = timestamp
            else:
                crawl.timestamp_before = timestamp

    def _keep(
        self, reply: Reply, *, data_date: str | None = None, wire_page: WirePage | None = None
    ) -> None:
        """Save a reply that was readable."""
        if self._store is None:
            return
        answer = reply.answer
        if reply.is_confirmed:
            self._store.confirm(
                answer.asked_url, etag=answer.etag, retrieved_at=answer.retrieved_at
            )
            return
        token = wire_page.next_page_token if wire_page else None
        past = PastAnswer(answer.asked_url, answer.etag, answer.retrieved_at, data_date, token)
        self._store.save(past, reply.content)

    def _ask_page(self, question: Question, *, token: str | None) -> Asked:
        return self._ask(self._addresses.page(question, token=token))

    def _ask(self, url: str, *, is_known: bool = True) -> Asked:
        """Hand a request to the worker. ``is_known``: the saved answer may be offered for confirmation."""
        is_kept = is_known and self._store is not None and not self._settings.is_refresh
        facts = self._store.find(url) if is_kept and self._store else None
        etag = PastAnswer(*facts).etag if facts else None
        return Asked(url, self._submit(url, etag=etag))

    def _reply_to(self, asked: Asked) -> Reply:
        answer = self._wait_for(asked.job)
        if answer.is_json or answer.status == NOT_MODIFIED:
            self._ladder.settle(answer.rung)
        if answer.status != NOT_MODIFIED:
            return Reply(answer, answer.content)
        content = self._store.find_body(asked.url) if self._store else None
        if content is None:
            # Confirmed, but the saved body is damaged or gone: request it in full.
            return self._reply_to(self._ask(asked.url, is_known=False))
        return Reply(answer._replace(status=OK), content, is_confirmed=True)

    def _submit(self, url: str, *, etag: str | None = None) -> Job[Answer]:
        is_first = not self._is_heard and self._first_answer_seconds is not None
        ask = partial(
            self._current_asker.ask,
            url,
            etag=etag,
            most_unreachable=_MOST_UNREACHABLE if is_first else None,
        )
        seconds = self._first_answer_seconds if is_first else None
        return self._worker.submit(ask, seconds=seconds or self._settings.timeout_seconds)

    def _ask_version(self) -> Job[Answer | None]:
        seconds = min(_SIDE_QUESTION_SECONDS, self._settings.timeout_seconds)
        ask = partial(self._current_asker.ask_aside, self._addresses.version)
        return self._worker.submit(ask, seconds=seconds)

    @property
    def _current_asker(self) -> Asker:
        """The asker of a thread that is not stuck; starts a new one if needed."""
        if self._worker.is_abandoned:
            self._asker, self._worker = self._new_worker()
        return self._asker

    def _new_worker(self) -> tuple[Asker, Worker]:
        asker = Asker(self._settings, self._ladder, clock=self._clock)
        worker = Worker(self._clock, on_end=asker.close)
        asker.tell = worker.tell
        return asker, worker

    def _wait_for(self, job: Job[T]) -> T:
        try:
            result = self._worker.wait_for(job, self._on_event)
        except StuckError as stuck:
            proxied = is_proxied(self._settings.registry_url)
            raise time_error(stuck.seconds, is_proxied=proxied) from None
        self._is_heard = True
        return result


def check_is_answered(
    answer: Answer, query: TrialQuery | None = None, *, is_first: bool = True
) -> None:
    """Raise unless the answer is a 200: the search was rejected, or the address is not the API.

    ``is_first``: no page of the search has come yet. After a first page, the search terms are not at fault.
    """
    facts: dict[str, object] = {"status": answer.status}
    if answer.is_page and (answer.status == BAD_REQUEST or not is_first):
        raise told(AnswerUnreadableError, "reply.page", facts=facts)
    if answer.status != OK and not is_first:
        facts["registry_says"] = one_line(answer.sentence)
        raise told(RegistryRefusedError, "reply.half_way", facts=facts)
    if answer.status == BAD_REQUEST and not answer.says_why:
        raise told(AnswerUnreadableError, "reply.page", facts=facts)
    if answer.status == BAD_REQUEST:
        raise error_for_400(answer.sentence, query)
    if answer.status != OK:
        raise told(AnswerUnreadableError, "reply.no_api", facts=facts)


def read_one(
    answer: Answer, content: bytes, number: str, *, is_long: bool = False
) -> Study | Unreadable | Missing:
    """Read the answer to a request for one number. Raises like `check_is_answered`."""
    if answer.status == NOT_FOUND and _says_missing(answer.sentence, number):
        return Missing(number)
    check_is_answered(answer)
    record = read_study(content, is_long=is_long)
    if isinstance(record, Unreadable):
        return record
    if number != record.nct_id and number not in record.aliases:
        # It says nothing about the number that was asked for.
        return Unreadable(None, words("registry.reply.another_study", number=record.nct_id))
    return study_for(record, with_details=True, is_long=is_long)


def read_version(answer: Answer) -> str | None:
    """Read the date of the data (UTC) from a ``/version`` answer. Raises AnswerUnreadableError."""
    check_is_answered(answer)
    try:
        document = json.loads(answer.content)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise told(AnswerUnreadableError, "reply.no_version")
    timestamp = document.get("dataTimestamp")
    return timestamp if isinstance(timestamp, str) else None


def _says_missing(sentence: str, number: str) -> bool:
    """Return whether a 404 is the API's answer about a number, not a web server's about an address."""
    said = sentence.casefold()
    return not said.startswith("<") and number.casefold() in said and "not found" in said
