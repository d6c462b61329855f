"""Runs a search: from a query to the trials in the answer, with an account of all the others."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from enum import StrEnum
from functools import partial
from itertools import islice
from math import inf

from stemcheck.errors import (
    AnswerUnreadableError,
    RegistryRefusedError,
    RegistryUnreachableError,
    StemcheckError,
    StoreError,
)
from stemcheck.services.account import account_of, left_out_for
from stemcheck.services.connecting import Events, connect, find_past
from stemcheck.services.in_browser import SiteSearch
from stemcheck.services.nearby import OPEN_THERE
from stemcheck.services.nothing import Relaxed, none_found
from stemcheck.services.settings import Settings
from stemcheck.services.sources import (
    LiveTrials,
    Origin,
    PastTrials,
    SampleTrials,
    asked_for,
    today,
)
from stemcheck.trial.account import Account, LeftOut
from stemcheck.trial.answer import Counts, Notice, Source, TrialsAnswer, UnreadableRecord
from stemcheck.trial.evidence import Evidence
from stemcheck.trial.query import TrialQuery, reason_left_out
from stemcheck.trial.study import Unreadable
from stemcheck.trial.terms import Product
from stemcheck.trial.trial import Trial
from stemcheck.words import words

CannotAskError = (RegistryUnreachableError, RegistryRefusedError, AnswerUnreadableError)
"""The errors when the registry gives no answer."""


class Ask(StrEnum):
    """Whom to ask."""

    REGISTRY_THEN_SAVED = "auto"
    """If the registry fails, use the last answer to the same search, or else the built-in sample."""
    REGISTRY_THEN_KEPT = "kept"
    """If the registry fails, use the last answer to the same search and nothing else."""
    REGISTRY_ONLY = "live"
    SAVED_ONLY = "offline"

    def is_answered_by(self, source: Source) -> bool:
        """Return whether this source is the one that was asked, not saved data in place of the registry."""
        return source.kind == "live" or self is Ask.SAVED_ONLY


class Search(AbstractContextManager["Search"]):
    """A running search. Iterate over it once to get the trials of the answer as they arrive."""

    def __init__(
        self,
        query: TrialQuery,
        origin: Origin,
        *,
        explain: bool = False,
        evidence: bool = False,
        strict: bool = False,
    ) -> None:
        self.query = query
        self.origin = origin
        self.unreadable: list[UnreadableRecord] = []
        self.left_out: list[LeftOut] = []
        """Filled only if the search is to be explained; otherwise a long search keeps no list."""
        self.command: str | None = None
        """The command line, for the account of the search."""
        self._explain = explain
        self._evidence = evidence
        self.is_strict = strict
        self._relaxed = Relaxed(query)
        self._on_site = SiteSearch(query)
        self._none_fits: list[Notice] = []
        self._reasons: Counter[str] = Counter()
        self._fetched = 0
        self._shown = 0
        self._without_words = 0
        self._without_limit = 0
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
            reason = self.origin.leaves_out(item) or reason_left_out(item, self.query)
            if self._explain:
                self._on_site.count(item, is_shown_here=reason is None)
            if reason is None:
                self._shown += 1
                self._without_words += is_without_words(item)
                self._without_limit += _gives_no_limit(item, self.query)
                yield item
            else:
                self._leave_out(item, reason)
                if not self._shown and reason != "condition":
                    self._relaxed.count(item, raw=self.query.raw)
        self._is_used_up = True
        self._check_end()
        if not self._shown:
            self._none_fits = [*self._why_none(), none_found(self.source.kind)]

    @property
    def source(self) -> Source:
        """Where the trials come from, as far as this is known yet."""
        return self.origin.source

    @property
    def has_gap(self) -> bool:
        """True if everything from the source was read and it was not what the source had announced."""
        return self._is_used_up and not self.origin.is_complete

    def _check_end(self) -> None:
        """Raise AnswerUnreadableError if no record could be read, or if ``strict`` finds a gap."""
        announced = self.origin.total
        if announced and self._fetched == len(self.unreadable):
            raise AnswerUnreadableError(
                words("asking.none_came", count=announced), hint=words("asking.none_came_hint")
            )
        if self.is_strict and self.unreadable:
            raise AnswerUnreadableError(
                words("asking.strict.unreadable", count=len(self.unreadable)),
                hint=words("asking.strict.hint"),
            )
        if self.is_strict and self.has_gap:
            raise AnswerUnreadableError(
                words("asking.strict.gap"), hint=words("asking.strict.hint")
            )

    def _why_none(self) -> list[Notice]:
        """Return notices with the filters that may be the reason, and the counts without them if known."""
        relaxed = self._relaxed
        if not relaxed.narrowing and not self._fetched:
            return []
        is_counted = True
        if relaxed.is_narrowed_elsewhere and not self.origin.judges_all:
            is_counted = relaxed.recount(self.origin.trials_for)
        notice = relaxed.notice(is_counted=is_counted)
        return [notice] if notice.text else []

    def _leave_out(self, trial: Trial, reason: str) -> None:
        self._reasons[reason] += 1
        if self._explain:
            self.left_out.append(left_out_for(trial, reason))

    def counts(self) -> Counts:
        """Return the number of records shown, left out and unreadable so far."""
        return Counts(
            registry_total=self.origin.total,
            fetched=self._fetched,
            shown=self._shown,
            left_out=dict(sorted(self._reasons.items())),
            unreadable=len(self.unreadable),
            complete=self.origin.is_complete,
        )

    def account(self) -> Account:
        """Return how the answer came about, as far as it has been read."""
        is_the_registrys = self.source.kind in {"live", "saved"}
        in_browser = self._on_site.difference() if self._explain and is_the_registrys else None
        return account_of(self.source, self.left_out, self.command, in_browser)

    def _evidence_of(self, trials: Iterable[Trial]) -> Evidence:
        from stemcheck.services.evidence import Weighed, evidence_of

        papers = self.origin.papers
        weighed = (
            Weighed(trial, None if papers is None else papers.get(trial.nct_id, ()))
            for trial in trials
        )
        return evidence_of(weighed, is_by_vein=not self.query.routes)

    def closing_notices(self) -> list[Notice]:
        """Return the notices about the whole answer."""
        notices = self._notices()
        for record in self.unreadable:
            name = record.nct_id or words("answers.nameless")
            text = words("answers.unreadable", record=name, reason=record.reason)
            notices.append(Notice(id="unreadable", text=text))
        return notices

    def _notices(self) -> list[Notice]:
        notices = [*self.origin.notices, *self._none_fits]
        if self._without_words:
            text = words("answers.without_words", count=self._without_words)
            notices.append(Notice(id="without_words", text=text))
        if unplaced := self._reasons["place_unknown"]:
            text = words("answers.place_unknown", count=unplaced)
            notices.append(Notice(id="place_unknown", text=text))
        if self._without_limit:
            asked = "_and_".join(name for name in ("age", "sex") if getattr(self.query, name))
            limits = words(f"answers.limits.{asked}")
            text = words("answers.no_limit_given", count=self._without_limit, limits=limits)
            notices.append(Notice(id="no_limit_given", text=text))
        return notices

    def answer(self) -> TrialsAnswer:
        """Read to the end and return the whole answer, sorted as in `in_reading_order`."""
        from stemcheck.guidance.cautions import cautions_for_search

        near = self.query.near is not None
        trials = in_reading_order(self._kept(), self.query.sort, near=near)
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
            explain=self.account() if self._explain else None,
            evidence=self._evidence_of(trials) if self._evidence else None,
        )


def open_search(  # noqa: PLR0913 (what is asked, whom, and how)
    query: TrialQuery,
    ask: Ask,
    settings: Settings,
    *,
    explain: bool = False,
    evidence: bool = False,
    strict: bool = False,
    on_event: Events | None = None,
) -> Search:
    """Start a search and return it as soon as it has an answer.

    If the registry fails, saved data are used if ``ask`` allows them and they have a trial for the query;
    ``source.kind`` then says so. Otherwise this raises the registry's own error. With ``strict``, reading the
    search to its end raises AnswerUnreadableError if anything was missing or unreadable.
    """
    search = partial(Search, query, explain=explain, evidence=evidence, strict=strict)
    if ask is Ask.SAVED_ONLY:
        return search(_kept(settings, query, None) or _sample(query, None))
    registry = connect(settings, has_fallback=ask is Ask.REGISTRY_THEN_SAVED, on_event=on_event)
    origin = LiveTrials(registry, query, today=today(), with_papers=evidence)
    try:
        origin.open()
    except CannotAskError as error:
        origin.close()
        stand_in = _stand_in(query, ask, settings, error.message)
        if stand_in is None:
            add_address(error, origin.request.web_url)
            raise
        return search(stand_in)
    except BaseException:
        origin.close()
        raise
    return search(origin)


def _stand_in(query: TrialQuery, ask: Ask, settings: Settings, why: str) -> Origin | None:
    """Return saved data that ``ask`` allows in place of the registry and that have an answer, or None."""
    if ask is Ask.REGISTRY_ONLY:
        return None
    if kept := _kept(settings, query, why):
        return kept
    # If the sample has nothing for a search, that proves nothing, so do not use it.
    is_of_use = ask is Ask.REGISTRY_THEN_SAVED and query.raw is None
    if is_of_use and any(Search(query, _sample(query, why))):
        return _sample(query, why)
    return None


def _kept(settings: Settings, query: TrialQuery, why_not_live: str | None) -> Origin | None:
    """Return the registry's last answer to this same search, if it was saved."""
    answers = find_past(settings)
    past = answers.find_search(asked_for(query)) if answers else None
    return PastTrials(past, query, why_not_live=why_not_live) if past else None


def _sample(query: TrialQuery, why_not_live: str | None) -> Origin:
    """Return the built-in sample. Raises StoreError for a search that it cannot answer."""
    if query.raw is not None:
        raise StoreError(words("asking.raw_offline"), hint=words("asking.raw_offline_hint"))
    from stemcheck.saved.sample import load_sample

    return SampleTrials(load_sample(), query, why_not_live=why_not_live)


def add_address(error: StemcheckError, address: str | None) -> None:
    """Add to an error the address at which people can ask the registry themselves."""
    if address:
        advice = words("asking.in_a_browser", url=address)
        error.hint = f"{error.hint} {advice}" if error.hint else advice
        error.facts["web_url"] = address


def is_without_words(trial: Trial) -> bool:
    """Return whether a record came without any words about what is given."""
    return trial.reading is not None and trial.reading.products == (Product.NOT_STATED,)


def in_reading_order(
    trials: Iterable[Trial], sort: str | None = None, *, near: bool = False
) -> tuple[Trial, ...]:
    """Return the trials in the given order; equal ones by latest update.

    Without an order, open trials come first; with ``near``, those with the nearest open site.
    """
    ordered = sorted(trials, key=lambda trial: trial.dates.last_update_posted or "", reverse=True)
    match sort:
        case "updated":
            pass
        case "started":
            ordered.sort(key=lambda trial: trial.dates.start or "", reverse=True)
        case "people":
            ordered.sort(key=_people_of, reverse=True)
        case _ if near:
            ordered.sort(key=_distance_of)
        case _:
            ordered.sort(key=lambda trial: not trial.status.open_to_new_participants)
    return tuple(ordered)


def _distance_of(trial: Trial) -> tuple[bool, float]:
    nearest = trial.nearest
    if nearest is None:
        return (True, inf)
    return (nearest.status not in OPEN_THERE, nearest.distance_km)


def _people_of(trial: Trial) -> int:
    return (trial.enrollment and trial.enrollment.count) or 0


def _gives_no_limit(trial: Trial, query: TrialQuery) -> bool:
    """Return whether a trial is shown although its record has no limit on the age or sex asked for."""
    limits = trial.eligibility
    has_no_age = limits.minimum_age is None and limits.maximum_age is None
    return bool((query.age and has_no_age) or (query.sex and limits.sex is None))
