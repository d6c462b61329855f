"""Counts studies by their facts, from the states of studies of any origin."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from stemcheck.errors import StoreError, UsageError
from stemcheck.guidance.glossary import plain
from stemcheck.services.comparing import PAY, State, state_of
from stemcheck.services.connecting import Events
from stemcheck.services.filters import fold, one_value_of, query_from, words_of_filter
from stemcheck.services.search import Ask, Search, open_search
from stemcheck.services.settings import Settings
from stemcheck.trial.answer import Source
from stemcheck.trial.countries import country_names
from stemcheck.trial.landscape import (
    By,
    CountsBy,
    Cross,
    CrossFigure,
    Figure,
    LandscapeAnswer,
    Listed,
    ListedStudy,
)
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.status import label_for
from stemcheck.trial.trial import STUDY_URL
from stemcheck.words import words, words_or_none

DEFAULT = (By.STATUS, By.PHASE, By.ROUTE, By.CELLS, By.COUNTRY, By.START_YEAR)
_PHASES = ("EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4", "NA")
_PLACES = {
    By.PHASE: "phases",
    By.ROUTE: "reading.routes",
    By.CELLS: "reading.products",
    By.TISSUE: "reading.tissue",
    By.DONOR: "reading.donor",
    By.COUNTRY: "countries",
    By.STATUS: "status.value",
    By.SPONSOR_CLASS: "sponsor.class",
    By.START_YEAR: "dates.start",
    By.RESULTS: "has_results",
    By.PAY: PAY,
}
"""The places in a state, by what is counted."""
_FILTERS = {
    By.STATUS: "statuses",
    By.PHASE: "phases",
    By.ROUTE: "routes",
    By.CELLS: "cells",
    By.TISSUE: "tissues",
    By.DONOR: "donors",
    By.SPONSOR_CLASS: "sponsor_classes",
}
_TOPICS = {By.CELLS: "product"}
Values = tuple[str | None, ...]


class Wanted(NamedTuple):
    """One condition of a list: ``country=Spain``."""

    by: By
    text: str


def things_from(texts: Sequence[str]) -> tuple[By, ...]:
    """Return the facts to count by. Raises UsageError for an unknown word."""
    names = {fold(by): (by.value,) for by in By}
    found = [
        By(one_value_of(name, names, name="--by", shown=tuple(by.value for by in By)))
        for text in texts
        for name in text.split(",")
        if name.strip()
    ]
    return tuple(dict.fromkeys(found)) or DEFAULT


def wanted_from(texts: Sequence[str]) -> tuple[Wanted, ...]:
    """Return the conditions of a list. Raises UsageError for text that is not a condition."""
    found = []
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not value.strip():
            raise UsageError(
                words("landscape.no_condition", given=text), hint=words("landscape.condition")
            )
        names = {fold(by): (by.value,) for by in By}
        by = By(one_value_of(name, names, name="--list", shown=tuple(by.value for by in By)))
        found.append(Wanted(by, value.strip()))
    return tuple(found)


class Landscape:
    """Counts studies one by one, keeping only their values in memory."""

    def __init__(self, things: Sequence[By], wanted: Sequence[Wanted] = ()) -> None:
        self._things = things
        self._wanted = wanted
        self._counts: dict[By, Counter[str | None]] = {by: Counter() for by in things}
        self._pairs: Counter[tuple[str | None, str | None]] = Counter()
        self._overlapping: set[By] = set()
        self._values: dict[By, set[str | None]] = {one.by: set() for one in wanted}
        self._listed: list[ListedStudy] = []
        self.studies = 0

    def add(self, nct_id: str, state: State) -> None:
        """Count a study."""
        self.studies += 1
        values = {by: values_of(by, state) for by in self._things}
        for by, found in values.items():
            self._counts[by].update(found)
            if len(found) > 1:
                self._overlapping.add(by)
        if len(self._things) == 2:  # noqa: PLR2004 (a cross table is of two)
            one, other = self._things
            self._pairs.update((a, b) for a in values[one] for b in values[other])
        if self._wanted:
            self._list(nct_id, state)

    def check_is_held(self, state: State, file: str) -> None:
        """Raise StoreError for a study of a file that lacks what is counted: not held is not "not given"."""
        for by in dict.fromkeys((*self._things, *(one.by for one in self._wanted))):
            if _PLACES[by] not in state:
                raise StoreError(
                    words("landscape.not_held", file=file, by=by),
                    hint=words("landscape.not_held_hint"),
                )

    def _list(self, nct_id: str, state: State) -> None:
        fits = True
        for one in self._wanted:
            found = values_of(one.by, state)
            self._values[one.by].update(found)
            fits = fits and any(_is_meant(one, value) for value in found)
        if fits:
            study = ListedStudy(
                nct_id=nct_id,
                title=state.get("title"),
                status=state.get("status.value"),
                url=STUDY_URL + nct_id,
            )
            self._listed.append(study)

    def tables(self) -> tuple[CountsBy, ...]:
        """Return the counts, one table for each fact."""
        return tuple(
            CountsBy(
                by=by,
                title=words(f"landscape.by.{by}"),
                figures=tuple(
                    Figure(
                        value=value,
                        label=label_of(by, value),
                        count=count,
                        share=round(100 * count / self.studies, 1),
                    )
                    for value, count in _ranked(by, counts)
                ),
                from_reading=by.is_reading,
                is_overlapping=by in self._overlapping,
            )
            for by, counts in self._counts.items()
        )

    def cross(self) -> Cross | None:
        """Return the cross table of two facts; None unless there are exactly two."""
        if len(self._things) != 2:  # noqa: PLR2004
            return None
        one, other = self._things
        places = [
            {value: place for place, (value, _) in enumerate(_ranked(by, self._counts[by]))}
            for by in (one, other)
        ]
        pairs = sorted(
            self._pairs.items(), key=lambda pair: (places[0][pair[0][0]], places[1][pair[0][1]])
        )
        figures = tuple(CrossFigure(values=values, count=count) for values, count in pairs)
        return Cross(by=(one, other), figures=figures)

    def listed(self) -> Listed | None:
        """Return the studies behind the requested figures. Raises UsageError for a value without studies."""
        if not self._wanted:
            return None
        for one in self._wanted:
            there = self._values[one.by]
            if self.studies and not any(_is_meant(one, value) for value in there):
                names = sorted(label_of(one.by, value) for value in there)
                raise UsageError(
                    words("landscape.no_value", by=one.by, given=one.text),
                    hint=words("landscape.values", names=", ".join(names)),
                )
        of = tuple(f"{one.by}={one.text}" for one in self._wanted)
        return Listed(of=of, studies=tuple(self._listed))


def values_of(by: By, state: State) -> Values:
    """Return the values of a study, each once; ``(None,)`` if the record does not say."""
    match by:
        case By.START_YEAR:
            found = (state.get("dates.start") or "")[:4]
        case By.RESULTS:
            has = state.get("has_results")
            found = None if has is None else "yes" if has else "no"
        case By.PAY:
            found = "yes" if state.get(PAY) else None
        case _:
            found = state.get(_PLACES[by])
    if isinstance(found, str):
        return (found or None,)
    return tuple(dict.fromkeys(found or ())) or (None,)


def label_of(by: By, value: str | None) -> str:
    """Return a value in plain words."""
    if value is None:
        return words("landscape.silent_on_pay" if by is By.PAY else "landscape.not_given")
    match by:
        case By.STATUS:
            return label_for(value)
        case By.COUNTRY | By.START_YEAR:
            return value
        case By.PHASE:
            return words_or_none(f"landscape.phases.{value}") or value
        case By.RESULTS | By.PAY:
            return words(f"landscape.{by}.{value}")
        case _:
            return plain(_TOPICS.get(by, by), value)


def _ranked(by: By, counts: Mapping[str | None, int]) -> list[tuple[str | None, int]]:
    """Return phases and years in their own order, others by frequency; None comes last."""

    def place(item: tuple[str | None, int]) -> tuple[bool, int, str]:
        value, count = item
        if by is By.PHASE and value is not None:
            known = _PHASES.index(value) if value in _PHASES else len(_PHASES)
            return False, known, value
        return value is None, 0 if by is By.START_YEAR else -count, value or ""

    return sorted(counts.items(), key=place)


def _is_meant(wanted: Wanted, value: str | None) -> bool:
    """Return whether a value matches a condition: by its label, its JSON value, or a word of the filter."""
    meant = {fold(label_of(wanted.by, value))}
    if value is not None:
        meant.add(fold(value))
    return fold(wanted.text) in meant or value in _named(wanted.by, wanted.text)


@cache
def _named(by: By, text: str) -> tuple[str, ...]:
    """Return the values for which the filter of the same fact knows this word; none if it is unknown."""
    if by is By.COUNTRY:
        return country_names(text)
    if by not in _FILTERS:
        return ()
    return words_of_filter(_FILTERS[by])[0].get(fold(text), ())


class Counting:
    """Counts the studies of a search, of a saved search, or of files."""

    def __init__(self, things: Sequence[By], wanted: Sequence[Wanted], settings: Settings) -> None:
        self._landscape = Landscape(things, wanted)
        self._settings = settings

    def of_search(self, query: TrialQuery, ask: Ask, *, on_event: Events) -> LandscapeAnswer:
        """Ask for a search and count the studies that it finds."""
        with open_search(query, ask, self._settings, on_event=on_event) as search:
            return self._counted(search)

    def of_saved(self, name: str) -> LandscapeAnswer:
        """Count the studies of a saved search as last reported, without asking the registry."""
        from stemcheck.services.following import Follower, source_of

        follower = Follower(self._settings)
        row = follower.found(name)
        for number, state in follower.kept_states(row):
            self._landscape.add(number, state)
        query = query_from(row.filters, called="options")
        return self._answer(query=query, name=name, source=source_of(row), counts=None)

    def of_files(
        self,
        names: Sequence[str],
        query: TrialQuery,
        filters: Mapping[str, object],
        *,
        on_event: Events,
    ) -> LandscapeAnswer:
        """Count the studies of files: records of the registry, or answers that stemcheck wrote."""
        from stemcheck.services.files_compared import is_of_ours, states_of
        from stemcheck.services.records import open_records

        if not all(is_of_ours(Path(name)) for name in names):
            query = query if "cells" in filters else replace(query, cells=())
            with open_records(names, query, on_event=on_event) as search:
                return self._counted(search)
        if filters:
            raise UsageError(words("landscape.own_files"), hint=words("landscape.own_files_hint"))
        seen: set[str] = set()
        day = None
        for name in names:
            states = states_of(Path(name))
            for number, state in states.items():
                if number not in seen:
                    seen.add(number)
                    self._landscape.check_is_held(state, name)
                    self._landscape.add(number, state)
            day = max(filter(None, (day, states.day)), default=None)
        called = ", ".join(Path(name).name for name in names)
        source = Source(kind="file", registry=called, data_timestamp=day)
        return self._answer(query=None, source=source, counts=None)

    def _counted(self, search: Search) -> LandscapeAnswer:
        for trial in search:
            self._landscape.add(trial.nct_id, state_of(trial))
        return self._answer(
            query=search.query,
            source=search.source,
            counts=search.counts(),
            notices=tuple(search.closing_notices()),
        )

    def _answer(self, **about: Any) -> LandscapeAnswer:
        return LandscapeAnswer(
            **about,
            studies=self._landscape.studies,
            tables=self._landscape.tables(),
            cross=self._landscape.cross(),
            listed=self._landscape.listed(),
        )
