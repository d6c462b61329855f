"""The door of this room: `Registry` searches, fetches by number, and tells of when its data are.

::

    with Registry(Settings()) as registry:
        for page in registry.search(query):
            ...
        registry.last_crawl.is_complete

Only errors of `stemcheck.errors` come out. A failure in the middle of a search is raised by the iterator
after the pages that had arrived.
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
"""More numbers than this are asked for together first."""
_SIDE_QUESTION_SECONDS = 5.0
"""A search does not wait longer than this to learn whether the data changed meanwhile."""
_MOST_UNREACHABLE = 3
"""Tries without a word of the registry, when there are saved data to show instead."""


class Asked(NamedTuple):
    """A question that is on its way."""

    url: str
    job: Job[Answer]


class Reply(NamedTuple):
    """An answer with its body, whether that was sent or kept."""

    answer: Answer
    content: bytes
    is_confirmed: bool = False
    """The registry has just said that the answer of last time still holds."""


class Registry:
    """Asks ClinicalTrials.gov. A context manager; not to be shared between threads."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        store: AnswerStore | None = None,
        on_event: Callable[[Event], None] = lambda _event: None,
        first_answer_seconds: float | None = None,
        clock: Clock | None = None,
    ) -> None:
        """``store``: where answers are kept. ``on_event`` is told about progress, in the caller's thread.

        ``first_answer_seconds``: give up when the first answer takes longer, for callers who have saved
        data to show instead.
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
        self._worker.end(patience_seconds=0.05)

    def notices(self) -> list[Notice]:
        """Return what has to be said beside an answer: it was not kept, or a setting was passed over."""
        found = []
        if self._store is not None and self._store.problem is not None:
            text = words("registry.notices.not_kept", problem=self._store.problem)
            found.append(Notice(id="not_kept", text=text))
        for entry in odd_exemptions() if proxy_kinds() else ():
            text = words("registry.notices.odd_exemption", entry=repr(entry[:60]))
            found.append(Notice(id="odd_no_proxy", text=text))
        return found

    def search(self, query: TrialQuery, *, with_papers: bool = False) -> Iterator[StudyPage]:
        """Ask for the first page, and return all pages; the next one travels while one is consumed.

        With ``query.limit`` a page is asked for only when it is wanted. ``with_papers``: the papers of each
        record come, too. Raises UsageError for a query that cannot be asked.
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
            # Was the data refreshed meanwhile? Asked at both ends of whatever has more than one page.
            version = self._ask_version() if page.is_last != (crawl.pages == 1) else None
            is_ahead = not page.is_last and query.limit is None
            if is_ahead:
                asked = self._ask_page(question, token=token)
            # What takes time is done while the next page is on its way.
            self._note_page(crawl, reply)
            self._keep(reply, data_date=crawl.data_date, wire_page=wire_page)
            del reply, wire_page  # who takes the page holds it alone, and lets go study by study
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
        """Yield, for each number asked for and in that order, the study in full or why there is none.

        ``is_long``: with its long form, the posted results among it.

        An older number of a study gives the study, among whose ``aliases`` it is. Raises UsageError for what
        is no such number.
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
        """Ask the registry now of when its data are (UTC, as it writes it)."""
        return read_version(self._wait_for(self._submit(self._addresses.version)))

    def _fetch_together(
        self, numbers: list[str], *, is_long: bool
    ) -> dict[str, Study | Unreadable]:
        """Return what the registry gives for many numbers at once; older numbers may be missing."""
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
        with suppress(StemcheckError):  # a side question: the search stands without it
            answer = self._wait_for(job)
            timestamp = read_version(answer) if answer else None
            if is_last:
                crawl.timestamp_after = timestamp
            else:
                crawl.timestamp_before = timestamp

    def _keep(
        self, reply: Reply, *, data_date: str | None = None, wire_page: WirePage | None = None
    ) -> None:
        """Keep a reply that could be read."""
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
        """Have something asked; ``is_known``: what is kept of last time may still be the answer."""
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
            # Confirmed, but damaged or deleted meanwhile: ask for all of it.
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
        """The one whose thread is not stuck."""
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
    """Raise for anything but 200: a rejected search, or an address that is not the API.

    ``is_first``: no page of the search has come yet. When one has, the words of the search are not at fault.
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
    """Read the answer to a question for one number. Raises like `check_is_answered`."""
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
    """Read from ``/version`` of when the data are (UTC). Raises AnswerUnreadableError."""
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
    """Whether a 404 is the API's own word on a number, and not some web page's on an address."""
    said = sentence.casefold()
    return not said.startswith("<") and number.casefold() in said and "not found" in said
