"""Saved searches: save one, ask it again, and report what changed.

Changes are reported first and saved afterwards, by `Told.keep`: if the program ends in between, the next run
reports the same changes again. If the registry cannot be asked, or its answer is not complete, the run ends
with an error and the saved state stays as it was.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from stemcheck.errors import AnswerUnreadableError, StoreError, UsageError
from stemcheck.guidance.dates import day_words, last_day
from stemcheck.services.comparing import (
    State,
    as_it_was_read,
    compare,
    digest_of,
    gone_study,
    in_order,
    new_study,
    packed,
    state_of,
    unpacked,
)
from stemcheck.services.connecting import Events, connect
from stemcheck.services.filters import query_from
from stemcheck.services.review import review_unchanged
from stemcheck.services.search import Search
from stemcheck.services.settings import Settings, data_dir_for
from stemcheck.services.sources import REGISTRY_NAME, Item, LiveTrials, today
from stemcheck.trial.answer import Notice, Source
from stemcheck.trial.changes import (
    Announced,
    Apart,
    Change,
    ChangesAnswer,
    Compared,
    HistoryAnswer,
    Kind,
    RecordHistory,
    SavedSearch,
    Version,
)
from stemcheck.trial.query import TrialQuery, reason_left_out
from stemcheck.trial.study import Missing, Study, StudyPage, Unreadable
from stemcheck.trial.trial import Trial
from stemcheck.words import words

if TYPE_CHECKING:
    from stemcheck.registry.client import Registry
    from stemcheck.saved.following import (
        KeptVersion,
        Outcome,
        RunFacts,
        SearchRow,
        SearchStore,
        Spool,
    )

States = Callable[[Sequence[str]], Iterator[tuple[str, State]]]
"""Yields the states that are kept of some studies, each with its number."""
_OWN = frozenset({"words", "rules", "signals.calendar", "sites.near"})
"""Parts of a state that are not facts of the record, or that differ between searches."""
_SAID = frozenset({"unreadable", "data_refreshed", "duplicates", "searched_as_phrase"})
"""Notices of a search that matter for its changes."""
_NAME = re.compile(r"[^\W_][\w .\-]{0,59}")
_AT_ONCE = 500
_FEW = 20
"""Of this many studies or fewer, all may vanish at once; of more, nine in ten vanishing is not believed."""
_MOST_IN_FEED = 200


class WatchedTrials(LiveTrials):
    """The registry's answer, which also keeps the record of the study that it yielded last.

    A study is read only if its words or the rules differ from those of the state that is kept of it.
    """

    study: Study | None = None

    def __init__(self, registry: "Registry", query: TrialQuery, states_before: States) -> None:
        super().__init__(registry, query, today=today(), with_papers=True)
        self._states_before = states_before
        self._before: Mapping[str, State] = {}

    def _items_of(self, page: StudyPage) -> Iterator[Item]:
        while some := tuple(islice(page.items, _AT_ONCE)):
            numbers = [item.trial.nct_id for item in some if isinstance(item, Study)]
            self._before = dict(self._states_before(numbers))
            yield from super()._items_of(page._replace(items=iter(some)))

    def _reviewed(self, study: Study, query: TrialQuery) -> Trial:
        self.study = study
        return super()._reviewed(study._replace(papers=None), query)

    def _review(self, study: Study) -> Trial:
        before = self._before.get(study.trial.nct_id)
        held = as_it_was_read(study, before) if before else None
        return review_unchanged(study, *held, today=today()) if held else super()._review(study)


class Gone(NamedTuple):
    """A study that is kept and no longer in the answer."""

    number: str
    place: str
    """From where it is gone: the ``answer``, or the ``registry``."""
    after: str | None
    """The filter that it no longer fits, or the number under which it is listed now."""
    status: str | None = None
    """Its status today, where it came."""


class WatchedSearch(Search):
    """A search that remembers which of the kept studies it left out, and why."""

    def __init__(self, query: TrialQuery, origin: WatchedTrials, kept: Mapping[str, bytes]) -> None:
        super().__init__(query, origin)
        self._kept_before = kept
        self.gone: dict[str, Gone] = {}

    def _leave_out(self, trial: Trial, reason: str) -> None:
        super()._leave_out(trial, reason)
        if trial.nct_id in self._kept_before:
            self.gone[trial.nct_id] = Gone(trial.nct_id, "answer", reason, trial.status.value)


class Kept(NamedTuple):
    """What is kept of a search before it is asked again."""

    latest: Mapping[str, bytes] = {}
    """What tells the states of its last run apart, by number."""
    earlier: Mapping[str, bytes] = {}
    """Those of the run that the answer is compared with, often the last one."""
    states: States = lambda _numbers: iter(())
    """Yields states of its last run."""


class Crawled(NamedTuple):
    """The registry's answer of today."""

    source: Source
    seen: set[str]
    left_out: dict[str, Gone]
    """Studies that are kept and were left out here, by number."""
    unreadable: set[str]
    studies: int
    notices: tuple[Notice, ...]


class Told:
    """The outcome of one run, with the state to save once it has been reported."""

    def __init__(
        self, store: "SearchStore", row: "SearchRow", facts: "RunFacts", outcome: "Outcome"
    ) -> None:
        self._store = store
        self.row = row
        self._facts = facts
        self.outcome = outcome

    def keep(self) -> Notice | None:
        """Save the new state. Return a notice if another run has saved its own. Raises StoreError."""
        try:
            is_kept = self._store.keep(self.row, self._facts, self.outcome)
        except StoreError as error:
            raise StoreError(
                words("follow.saved.told_not_kept", reason=error.facts["reason"]),
                hint=words("follow.saved.told_not_kept_hint"),
            ) from error
        finally:
            self.outcome.spool.close()
        if is_kept or not self.outcome.told:
            return None
        return Notice(
            id="kept_by_other", text=words("follow.saved.kept_by_other", name=self.row.name)
        )


class Follower:
    """Works with the saved searches of this machine, and asks the registry for them."""

    def __init__(self, settings: Settings, *, on_event: Events | None = None) -> None:
        from stemcheck.saved.following import SearchStore

        self._settings = settings
        self._on_event = on_event
        self.store = SearchStore(data_dir_for(settings))

    def saved(self) -> tuple[SavedSearch, ...]:
        """Return the saved searches, sorted by name."""
        return tuple(
            SavedSearch(
                name=row.name,
                filters=row.filters,
                saved_at=row.saved_at,
                told_at=row.told_at,
                data_timestamp=row.data_date,
                studies=row.studies,
                runs=row.runs,
            )
            for row in self.store.searches()
        )

    def found(self, name: str) -> "SearchRow":
        """Return the search with this name. Raises UsageError if there is none."""
        rows = {row.name: row for row in self.store.searches()}
        if name not in rows:
            raise unknown_search(name, tuple(rows))
        return rows[name]

    def check_name(self, name: str, *, replace: bool) -> None:
        """Raise UsageError if a search cannot be saved under this name."""
        if not _NAME.fullmatch(name):
            raise UsageError(
                words("follow.saved.bad_name", name=name), hint=words("follow.saved.bad_name_hint")
            )
        if not replace and any(row.name == name for row in self.store.searches()):
            raise _exists(name)

    def save(self, name: str, filters: Mapping[str, Any], *, replace: bool) -> int:
        """Ask for a search and save it with its studies. Return the number of studies."""
        from stemcheck.saved.following import Spool

        self.check_name(name, replace=replace)
        query = query_from(filters, called="options")
        spool = Spool()
        with ExitStack() as open_:
            open_.callback(spool.close)
            registry = open_.enter_context(self._connect())
            crawled = _crawl(registry, query, spool, Kept())
            facts = _facts_of(crawled)
            if not self.store.save(name, dict(filters), facts, spool, replace=replace):
                raise _exists(name)
        return crawled.studies

    def changes(
        self, row: "SearchRow", since: date | None = None
    ) -> tuple[Compared, list[Change], list[Apart], tuple[Notice, ...], Told]:
        """Ask for a search again, and return what changed since its last run or since a day.

        Raises the registry's error if it gives no complete answer, and AnswerUnreadableError if the answer is
        empty or nearly so for no reason.
        """
        from stemcheck.saved.following import Outcome, Spool

        run, told_at = self._baseline(row, since)
        query = query_from(row.filters, called="options")
        latest = self.store.digests(row, row.run)
        known = latest if run == row.run else self.store.digests(row, run)
        spool = Spool()
        with ExitStack() as open_:
            open_.callback(spool.close)
            registry = open_.enter_context(self._connect())
            kept = Kept(latest, known, self._states(row, row.run))
            crawled = _crawl(registry, query, spool, kept)
            gone = _Vanished(registry, query, row.name, crawled).find(known)
            for_latest = {*latest} - crawled.seen - crawled.unreadable
            open_.pop_all()
            registry.close()
        try:
            changes, apart, begun = self._differences(row, run, told_at, spool, known, latest)
        except BaseException:
            spool.close()
            raise
        since_words = {"since": told_at, "search": row.name}
        old = dict(self._states(row, run)([one.number for one in gone]))
        changes += [
            gone_study(
                one.number,
                old[one.number],
                **since_words,
                gone_from=one.place,
                after=one.after,
                status=one.status,
            )
            for one in gone
        ]
        outcome = Outcome(spool, begun, sorted(for_latest), [])
        compared = Compared(
            name=row.name,
            query=query,
            since=told_at,
            source=crawled.source,
            studies_before=len(known),
            studies_now=crawled.studies,
            changed=len({change.nct_id for change in changes}),
            unreadable=tuple(sorted(crawled.unreadable & {*known})),
        )
        ordered = in_order(changes)
        outcome.told.extend(change.model_dump_json() for change in ordered)
        told = Told(self.store, row, _facts_of(crawled), outcome)
        return compared, list(ordered), apart, crawled.notices, told

    def told_before(self, row: "SearchRow") -> list[tuple[str, Change]]:
        """Return the last reported changes, latest run first, each with the time of its run."""
        return [
            (told_at, Change.model_validate_json(change))
            for told_at, change in self.store.told(row, _MOST_IN_FEED)
        ]

    def kept_states(self, row: "SearchRow") -> Iterator[tuple[str, State]]:
        """Yield the studies of a search as they were in its latest run."""
        numbers = sorted(self.store.digests(row, row.run))
        yield from self._states(row, row.run)(numbers)

    def dates_ahead(self, told: Told) -> Iterator[Announced]:
        """Yield the dates that the studies of a search announce, from the state that is about to be saved."""
        for number, state in self._states_to_keep(told):
            for name in ("start", "primary_completion", "completion"):
                if written := state[f"dates.{name}"]:
                    yield Announced(number, state["title"], name, written)

    def _states_to_keep(self, told: Told) -> Iterator[tuple[str, State]]:
        row, fresh = told.row, set()
        for number, _, data in told.outcome.spool:
            fresh.add(number)
            yield number, _opened(data, number, row.name)
        as_before = {*self.store.digests(row, row.run)} - fresh - {*told.outcome.ended}
        yield from self._states(row, row.run)(sorted(as_before))

    def history(self, numbers: Sequence[str]) -> HistoryAnswer:
        """Return the versions of some records. Raises StoreError if none of them was ever saved."""
        found = {number: self._history_of(number) for number in dict.fromkeys(numbers)}
        missing = tuple(number for number, record in found.items() if record is None)
        if len(missing) == len(found):
            raise StoreError(
                words("follow.history.none", numbers=", ".join(missing)),
                hint=words("follow.history.none_hint"),
            )
        records = tuple(record for record in found.values() if record is not None)
        return HistoryAnswer(trials=records, missing=missing)

    def _history_of(self, number: str) -> RecordHistory | None:
        """Return the versions of a record; like states that follow each other are one."""
        kept = self.store.versions(number)
        versions: list[Version] = []
        changes: list[Change] = []
        last: dict[str, State] = {}
        for one in kept:
            state = _opened(one.state, number, one.search)
            facts = {name: value for name, value in state.items() if name not in _OWN}
            if versions and versions[-1].facts == facts:
                same = versions[-1]
                names = tuple(dict.fromkeys((*same.searches, one.search)))
                ends = [same.until, one.until]
                until = None if None in ends else max(filter(None, ends))
                versions[-1] = same.model_copy(update={"searches": names, "until": until})
                continue
            if versions:
                difference = compare(number, last["state"], state, since=one.since)
                changes += difference.changes
            last["state"] = state
            versions.append(
                Version(since=one.since, until=one.until, searches=(one.search,), facts=facts)
            )
        if not versions:
            return None
        changes += self._comings_and_goings(number, kept)
        title = versions[-1].facts.get("title")
        return RecordHistory(
            nct_id=number,
            title=title,
            versions=tuple(versions),
            changes=tuple(sorted(changes, key=lambda change: change.since or "")),
        )

    def _comings_and_goings(self, number: str, kept: "Sequence[KeptVersion]") -> Iterator[Change]:
        """Yield when a record left the answer of a search, and why, and when it came back."""
        told = [
            (run, Change.model_validate_json(change)) for run, change in self.store.told_of(number)
        ]
        gone = {run: row for run, row in told if row.kind is Kind.GONE}
        begun = {one.first_run for one in kept}
        ended = {one.end_run for one in kept}
        first = {one.search: one.first_run for one in reversed(kept)}
        for one in kept:
            state = _opened(one.state, number, one.search)
            if one.first_run not in {first[one.search], *ended}:
                yield new_study(number, state, since=one.since, search=one.search)
            if one.end_run is not None and one.end_run not in begun:
                row = gone.get(one.end_run)
                yield gone_study(
                    number,
                    state,
                    since=one.until,
                    search=one.search,
                    gone_from=row.field if row else "answer",
                    after=row.after if row else None,
                )

    def _connect(self) -> "Registry":
        return connect(
            self._settings, has_fallback=False, on_event=self._on_event, keeps_answers=False
        )

    def _states(self, row: "SearchRow", run: int) -> States:
        def states(numbers: Sequence[str]) -> Iterator[tuple[str, State]]:
            for number, data in self.store.states(row, run, numbers):
                yield number, _opened(data, number, row.name)

        return states

    def _baseline(self, row: "SearchRow", since: date | None) -> tuple[int, str]:
        """Return the number and time of the last run, or of the last run up to the end of a day."""
        runs = self.store.runs(row)
        if not runs:
            raise _changed_meanwhile(row.name)
        if since is None:
            return runs[0]
        for run, told_at in runs:
            if told_at[:10] <= since.isoformat():
                return run, told_at
        raise UsageError(
            words(
                "follow.changes.since_too_early",
                name=row.name,
                day=day_words(since.isoformat()),
            ),
            hint=words("follow.changes.since_from", day=day_words(runs[-1][1])),
        )

    def _differences(  # noqa: PLR0913, PLR0917 (the two states, and what is known of each)
        self,
        row: "SearchRow",
        run: int,
        told_at: str,
        spool: "Spool",
        known: Mapping[str, bytes],
        latest: Mapping[str, bytes],
    ) -> tuple[list[Change], list[Apart], set[str]]:
        """Return the changes since a run, other differences, and the studies that get a new version."""
        changes: list[Change] = []
        apart: list[Apart] = []
        begun: set[str] = set()
        about = {"since": told_at, "search": row.name}
        items = iter(spool)
        while some := list(islice(items, _AT_ONCE)):
            numbers = [number for number, _, _ in some]
            before = dict(self._states(row, run)([one for one in numbers if one in known]))
            last = before
            if run != row.run:
                last = dict(self._states(row, row.run)([one for one in numbers if one in latest]))
            for number, _, data in some:
                state = _opened(data, number, row.name)
                if number in known and number not in before:
                    raise _changed_meanwhile(row.name)
                if number in before:
                    difference = compare(number, before[number], state, **about)
                    changes += difference.changes
                    apart += difference.apart
                else:
                    changes.append(new_study(number, state, **about))
                if number not in last or compare(number, last[number], state, since=None).changes:
                    begun.add(number)
        return changes, apart, begun


def changes_answer(
    found: Sequence[tuple[Compared, Sequence[Change], Sequence[Apart], tuple[Notice, ...]]],
) -> ChangesAnswer:
    """Return the document with the changes in some searches."""
    return ChangesAnswer(
        searches=tuple(compared for compared, _, _, _ in found),
        changes=in_order(change for _, changes, _, _ in found for change in changes),
        apart=tuple(one for _, _, apart, _ in found for one in apart),
        notices=tuple(notice for _, _, _, notices in found for notice in notices),
    )


def source_of(row: "SearchRow") -> Source:
    """Return the source of an answer from a saved search."""
    return Source(
        kind="saved",
        registry=REGISTRY_NAME,
        data_timestamp=row.data_date,
        retrieved_at=row.told_at,
    )


def now_text() -> str:
    """Return the time now (UTC)."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def since_from(given: str | None) -> date | None:
    """Return the day given to ``--since``. Raises UsageError if it is not a date."""
    if given is None:
        return None
    day = last_day(given)
    if day is None:
        raise UsageError(
            words("follow.changes.no_day", given=given), hint=words("follow.changes.day_hint")
        )
    if day > today():
        raise UsageError(
            words("follow.changes.day_ahead", day=day_words(given)),
            hint=words("follow.changes.day_hint"),
        )
    return day


def unknown_search(name: str, names: Sequence[str]) -> UsageError:
    """Return the error for a name without a saved search."""
    hint = words("follow.saved.known", names=", ".join(names)) if names else None
    return UsageError(
        words("follow.saved.unknown", name=name), hint=hint or words("follow.saved.first")
    )


def _crawl(registry: "Registry", query: TrialQuery, spool: "Spool", kept: Kept) -> Crawled:
    """Read the registry's whole answer, and put states that are new or changed into the spool.

    ``others``: the hashes of an earlier run, for comparison as well. Raises the registry's errors, and
    AnswerUnreadableError for an incomplete answer.
    """
    origin = WatchedTrials(registry, query, kept.states)
    search = WatchedSearch(query, origin, {**kept.earlier, **kept.latest})
    seen: set[str] = set()
    for trial in search:
        number = trial.nct_id
        seen.add(number)
        state = state_of(trial, origin.study, with_near=query.near is not None)
        digest = digest_of(state)
        if not kept.latest.get(number) == kept.earlier.get(number) == digest:
            spool.put(number, digest, packed(state))
    crawl = registry.last_crawl
    # A study that came twice may have taken the place of another; that is checked later.
    came_twice = crawl.is_exhausted and crawl.studies + crawl.duplicates == origin.total
    if not origin.is_complete and not came_twice:
        key = "no_total" if origin.total is None else "incomplete"
        raise _not_whole(key)
    return Crawled(
        source=origin.source,
        seen=seen,
        left_out=search.gone,
        unreadable={record.nct_id for record in search.unreadable if record.nct_id},
        studies=len(seen),
        notices=tuple(one for one in search.closing_notices() if one.id in _SAID),
    )


class _Vanished:
    """Looks up, by number, the saved studies that are missing in today's answer."""

    def __init__(
        self, registry: "Registry", query: TrialQuery, name: str, crawled: Crawled
    ) -> None:
        self._registry = registry
        self._query = query
        self._name = name
        self._crawled = crawled

    def find(self, known: Mapping[str, bytes]) -> list[Gone]:
        """Return them; raise AnswerUnreadableError when the answer is not to be believed."""
        crawled = self._crawled
        missing = sorted({*known} - crawled.seen - crawled.unreadable)
        unsent = [number for number in missing if number not in crawled.left_out]
        came = len(known) - len(unsent)
        self._check_amount(known, came)
        gone = [crawled.left_out[number] for number in missing if number in crawled.left_out]
        for number, item in zip(unsent, self._registry.fetch(unsent), strict=True):
            match item:
                case Missing():
                    gone.append(Gone(number, "registry", None))
                case Unreadable():
                    crawled.unreadable.add(number)
                case Study() if item.trial.nct_id != number:
                    gone.append(Gone(number, "registry", item.trial.nct_id))
                case Study():
                    status = item.trial.status.value
                    gone.append(Gone(number, "answer", self._reason_for(item), status))
        is_lost = any(one.place == "answer" and one.after is None for one in gone)
        doubts = {"data_refreshed", "duplicates"}
        if is_lost and any(notice.id in doubts for notice in crawled.notices):
            raise _not_whole("refreshed")
        if known and not came and (is_lost or self._is_registry_empty()):
            raise self._not_believed("empty", len(known))
        return gone

    def _reason_for(self, study: Study) -> str | None:
        """Return the filter that a study no longer fits; None if only the registry's own search knows."""
        from stemcheck.services.nearby import with_nearest
        from stemcheck.services.review import review

        sites = study.details.locations if study.details else ()
        trial = with_nearest(review(study, today=today()), sites, self._query)
        return reason_left_out(trial, self._query)

    def _check_amount(self, known: Mapping[str, bytes], came: int) -> None:
        if len(known) > _FEW and came * 10 < len(known):
            raise self._not_believed("mostly_empty" if came else "empty", len(known), came=came)

    def _not_believed(self, key: str, count: int, came: int = 0) -> AnswerUnreadableError:
        return AnswerUnreadableError(
            words(f"follow.changes.{key}", count=count, name=self._name, came=came),
            hint=words("follow.changes.empty_hint"),
        )

    def _is_registry_empty(self) -> bool:
        """Return whether the registry has no studies at all today: then the empty answer proves nothing."""
        page = next(self._registry.search(TrialQuery(cells=(), limit=1)), None)
        return page is None or not page.total


def _opened(data: bytes, number: str, name: str) -> State:
    try:
        return unpacked(data)
    except ValueError as error:
        raise StoreError(
            words("follow.saved.damaged", number=number),
            hint=words("follow.saved.damaged_hint", name=name),
        ) from error


def _facts_of(crawled: Crawled) -> "RunFacts":
    from stemcheck.saved.following import RunFacts

    return RunFacts(now_text(), crawled.source.data_timestamp, crawled.studies)


def _not_whole(key: str) -> AnswerUnreadableError:
    return AnswerUnreadableError(
        words(f"follow.changes.{key}"), hint=words("follow.changes.empty_hint")
    )


def _exists(name: str) -> UsageError:
    return UsageError(
        words("follow.saved.exists", name=name), hint=words("follow.saved.exists_hint")
    )


def _changed_meanwhile(name: str) -> StoreError:
    return StoreError(
        words("follow.saved.changed_meanwhile", name=name), hint=words("follow.saved.again")
    )
