"""A search: from a query to the trials that belong to the answer, with an account of all the others."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from stemcheck.errors import AnswerUnreadableError, RegistryRefusedError, RegistryUnreachableError
from stemcheck.services.connecting import Events, connect, find_past
from stemcheck.services.settings import Settings
from stemcheck.services.sources import LiveTrials, Origin, PastTrials, SampleTrials, today
from stemcheck.trial.answer import Counts, Notice, Source, TrialsAnswer, UnreadableRecord
from stemcheck.trial.query import TrialQuery, reason_left_out
from stemcheck.trial.study import Unreadable
from stemcheck.trial.terms import Product
from stemcheck.trial.trial import Trial
from stemcheck.words import words

CannotAskError = (RegistryUnreachableError, RegistryRefusedError, AnswerUnreadableError)
"""The ways in which the registry fails to give an answer."""


class Ask(StrEnum):
    """Whom to ask."""

    REGISTRY_THEN_SAVED = "auto"
    REGISTRY_ONLY = "live"
    SAVED_ONLY = "offline"

    def is_answered_by(self, source: Source) -> bool:
        """Whether that is an answer of whom was asked, and not of saved data in the registry's place."""
        return source.kind == "live" or self is Ask.SAVED_ONLY


class LeftOut(NamedTuple):
    """A study that came and is not part of the answer."""

    nct_id: str
    title: str | None
    reason: str


class Search(AbstractContextManager["Search"]):
    """A running search. Iterate it once for the trials that belong to the answer, as they arrive."""

    def __init__(self, query: TrialQuery, origin: Origin, *, explain: bool = False) -> None:
        self.query = query
        self.origin = origin
        self.unreadable: list[UnreadableRecord] = []
        self.left_out: list[LeftOut] = []
        """Filled only when the search is to be explained: a long crawl keeps no list."""
        self._explain = explain
        self._reasons: Counter[str] = Counter()
        self._fetched = 0
        self._shown = 0
        self._without_words = 0
        self._is_used_up = False

    def __exit__(self, *exception: object) -> None:
        self.origin.close()

    def __iter__(self) -> Iterator[Trial]:
        """Yield the trials in the order of the source, at most ``query.limit`` of them."""
        yield from islice(self._kept(), self.query.limit)

    def _kept(self) -> Iterator[Trial]:
        for item in self.origin.items():
            self._fetched += 1
            if isinstance(item, Unreadable):
                self.unreadable.append(UnreadableRecord(nct_id=item.nct_id, reason=item.reason))
                continue
            reason = reason_left_out(item, self.query)
            if reason is None:
                self._shown += 1
                self._without_words += is_without_words(item)
                yield item
            else:
                self._leave_out(item, reason)
        self._is_used_up = True

    @property
    def source(self) -> Source:
        """Where the trials come from, as far as that is known by now."""
        return self.origin.source

    @property
    def has_gap(self) -> bool:
        """True when all that the source gave was read, and that was not what it had announced."""
        return self._is_used_up and not self.origin.is_complete

    def _leave_out(self, trial: Trial, reason: str) -> None:
        self._reasons[reason] += 1
        if self._explain:
            self.left_out.append(LeftOut(trial.nct_id, trial.brief_title, reason))

    def counts(self) -> Counts:
        """Return what became of every record so far."""
        return Counts(
            registry_total=self.origin.total,
            fetched=self._fetched,
            shown=self._shown,
            left_out=dict(sorted(self._reasons.items())),
            unreadable=len(self.unreadable),
            complete=self.origin.is_complete,
        )

    def left_out_ids(self) -> dict[str, list[str]]:
        """Return the numbers of the studies that were left out, by reason."""
        ids: dict[str, list[str]] = {}
        for trial in self.left_out:
            ids.setdefault(trial.reason, []).append(trial.nct_id)
        return ids

    def closing_notices(self) -> list[Notice]:
        """Return what has to be said about the answer once all of it is there."""
        notices = self._notices()
        for record in self.unreadable:
            name = record.nct_id or words("answers.nameless")
            text = words("answers.unreadable", record=name, reason=record.reason)
            notices.append(Notice(id="unreadable", text=text))
        return notices

    def _notices(self) -> list[Notice]:
        notices = list(self.origin.notices)
        if self._without_words:
            text = words("answers.without_words", count=self._without_words)
            notices.append(Notice(id="without_words", text=text))
        return notices

    def answer(self) -> TrialsAnswer:
        """Read to the end and return the whole answer: open trials first, then the latest update."""
        from stemcheck.guidance.cautions import cautions_for_search

        trials = in_reading_order(self._kept())
        for trial in trials[self.query.limit :] if self.query.limit is not None else ():
            self._shown -= 1
            self._leave_out(trial, "over_limit")
        trials = trials[: self.query.limit]
        return TrialsAnswer(
            query=self.query,
            request=self.origin.request,
            source=self.origin.source,
            counts=self.counts(),
            trials=trials,
            cautions=cautions_for_search(trials),
            unreadable=tuple(self.unreadable),
            notices=tuple(self._notices()),
        )


def open_search(
    query: TrialQuery,
    ask: Ask,
    settings: Settings,
    *,
    explain: bool = False,
    on_event: Events | None = None,
) -> Search:
    """Start a search and return it when there is an answer to be had.

    With ``REGISTRY_THEN_SAVED``, saved data answers when the registry does not and they hold a trial for
    the query; ``source.kind`` then says so. Otherwise the registry's own error is raised.
    """
    if ask is Ask.SAVED_ONLY:
        return Search(query, _saved(settings, query, None), explain=explain)
    registry = connect(settings, has_fallback=ask is Ask.REGISTRY_THEN_SAVED, on_event=on_event)
    origin = LiveTrials(registry, query, today=today())
    try:
        origin.open()
    except CannotAskError as error:
        origin.close()
        if ask is Ask.REGISTRY_ONLY or not _has_answer(_saved(settings, query, None), query):
            raise
        return Search(query, _saved(settings, query, error.message), explain=explain)
    except BaseException:
        origin.close()
        raise
    return Search(query, origin, explain=explain)


def _saved(settings: Settings, query: TrialQuery, why_not_live: str | None) -> Origin:
    """Return the last answer to this very search when it was kept, else the built-in sample."""
    kept = find_past(settings)
    past = kept.find_search(query) if kept else None
    if past is not None:
        return PastTrials(past, query, why_not_live=why_not_live)
    from stemcheck.saved.sample import load_sample

    return SampleTrials(load_sample(), query, why_not_live=why_not_live)


def _has_answer(origin: Origin, query: TrialQuery) -> bool:
    """Return whether saved data can stand in: a sample that holds nothing on a search says nothing."""
    return origin.source.kind == "saved" or any(Search(query, origin))


def is_without_words(trial: Trial) -> bool:
    """Return whether a record came without any words on what is given."""
    return trial.reading is not None and trial.reading.products == (Product.NOT_STATED,)


def in_reading_order(trials: Iterable[Trial]) -> tuple[Trial, ...]:
    """Return the trials in the order of a patient's interest: open ones first, then the latest update."""
    by_update = sorted(trials, key=lambda trial: trial.dates.last_update_posted or "", reverse=True)
    return tuple(sorted(by_update, key=lambda trial: not trial.status.open_to_new_participants))
