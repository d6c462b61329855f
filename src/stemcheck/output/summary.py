"""Sentences about a whole answer: what was asked, what came, what was left out, what to do next."""

from collections.abc import Iterator, Sequence
from typing import Any

from stemcheck.guidance.glossary import plain
from stemcheck.guidance.places import has_us_site
from stemcheck.output.plain import clean
from stemcheck.output.wording import day
from stemcheck.trial.answer import Counts, Source, TrialsAnswer
from stemcheck.trial.query import FILTERS, TrialQuery
from stemcheck.trial.scope import ANY_CELLS, DEFAULT_SCOPE
from stemcheck.trial.status import takes_people
from stemcheck.trial.terms import Intravenous, Product
from stemcheck.trial.trial import Trial
from stemcheck.words import words

_PAYS = "participants-pay"
_LATE_PHASE = "PHASE3"


def attribution() -> str:
    """Return the attribution: whose data these are, and that listing is no approval."""
    return words("screens.attribution")


def headline(query: TrialQuery) -> str:
    """Return what was asked, as a heading."""
    cells = _cells(query)
    subject = words("screens.or").join(clean(condition) for condition in query.conditions)
    subject = subject or words("filters.heading.any" if cells else "filters.heading.all")
    filters = [told for name, value in query.in_use().items() for told in _told(name, value)]
    tail = f" ({', '.join(filters)})" if filters else ""
    return f"{subject[:1].upper()}{subject[1:]}{': ' if cells else ''}{cells}{tail}"


def _told(name: str, value: Any) -> Iterator[str]:
    """Yield the values of a filter in words, without those that the heading has elsewhere."""
    if name in {"conditions", "cells"}:
        return
    filter_ = FILTERS[name]
    for one in value if isinstance(value, tuple) else (value,):
        told = plain(filter_.topic, one) if filter_.topic else clean(filter_.reads(one))
        if heading := words(f"filters.heading.{name}", value=told):
            yield heading


def _cells(query: TrialQuery) -> str:
    if query.cells == (DEFAULT_SCOPE,):
        return words("screens.default_cells")
    if ANY_CELLS in query.cells:
        return words("screens.any_cells")
    return ", ".join(plain("product", cells) for cells in query.cells if cells != DEFAULT_SCOPE)


def counts_line(counts: Counts) -> str:
    """Return the numbers of records shown, left out and unreadable, in one sentence."""
    parts = [words("screens.counts.read", studies=studies(counts.fetched))]
    parts.append(words("screens.counts.shown", count=counts.shown))
    over_limit = counts.left_out.get("over_limit", 0)
    left_out = sum(counts.left_out.values()) - over_limit
    more = {"over_limit": over_limit, "left_out": left_out, "unreadable": counts.unreadable}
    parts += [words(f"screens.counts.{name}", count=count) for name, count in more.items() if count]
    return " · ".join(parts)


def gap_line(counts: Counts) -> str | None:
    """Return a sentence if the answer is incomplete, otherwise None."""
    if counts.complete:
        return None
    total, came = counts.registry_total, counts.fetched
    if total is None:
        return words("screens.gap.no_total")
    announced = studies(total)
    if came >= total:
        return words("screens.gap.too_many", announced=announced, came=came)
    return words("screens.gap.missing", announced=announced, missing=total - came)


def glance(trials: Sequence[Trial], source: Source, query: TrialQuery | None = None) -> str:
    """Return one line on what most people ask: how many trials are open, by vein, in phase 3, in the U.S.

    Near a place, a study counts as open if its nearest site is open, not one far away.
    """
    near = query.near if query else None
    open_ = sum(_is_open(trial, there=near is not None) for trial in trials)
    by_vein = sum(
        trial.reading is not None and trial.reading.intravenous is Intravenous.YES
        for trial in trials
    )
    silent = sum(
        trial.reading is not None and Product.NOT_STATED in trial.reading.products
        for trial in trials
    )
    late = sum(_LATE_PHASE in trial.phases for trial in trials)
    paying = sum(any(signal.id == _PAYS for signal in trial.signals) for trial in trials)
    in_us = sum(has_us_site(trial.countries) for trial in trials)
    when = "then" if source.saved_day else "now"
    facts = {"count": open_, "day": day(source.saved_day), "place": clean(str(near))}
    parts = [
        words(f"screens.glance.open_{'there_' if near else ''}{when}", **facts),
        words("screens.glance.by_vein", count=by_vein),
        *([words("screens.glance.without_words", count=silent)] if silent else []),
        words("screens.glance.phase_3", count=late),
        *([words("screens.glance.pay", count=paying)] if paying else []),
        words("screens.glance.us", count=in_us),
    ]
    return " · ".join(parts)


def _is_open(trial: Trial, *, there: bool) -> bool:
    """Return whether a study is open to new participants: anywhere, or at its nearest site."""
    if not trial.status.open_to_new_participants or not there:
        return trial.status.open_to_new_participants is True
    return trial.nearest is not None and takes_people(trial.nearest.status) is True


def missing_by_place(answer: TrialsAnswer) -> str:
    """Return what a search near a place may have missed; empty if it missed nothing."""
    texts = (one.text for one in answer.notices if one.id == "sites_without_position")
    return clean(next(texts, ""))


def left_out_lines(counts: Counts) -> list[str]:
    """Return one line for each reason, with the number of studies."""
    return [
        f"{studies(number)}: {words(f'filters.left_out.{reason}')}."
        for reason, number in counts.left_out.items()
    ]


def none_found(answer: TrialsAnswer) -> str:
    """Return sentences for an answer without trials: none listed, all left out, or none in saved data."""
    if not answer.counts.complete:
        return words("answers.none.incomplete")
    if answer.counts.unreadable:
        return words("answers.none.unreadable")
    names = words("screens.or").join(
        f'"{clean(condition)}"' for condition in answer.query.conditions
    )
    under = words("screens.under", names=names) if names else ""
    reasons = [clean(notice.text) for notice in answer.notices if notice.id == "none_fits"]
    if missing := missing_by_place(answer):
        reasons.append(missing)
    if answer.source.kind == "live":
        has_some = "live_others" if reasons else "live"
        return " ".join([words(f"answers.none.{has_some}", under=under), *reasons])
    return " ".join([*reasons, words(f"answers.none.{answer.source.kind}")])


def next_step(answer: TrialsAnswer) -> str:
    """Return the command that most people want after this answer."""
    if answer.trials:
        return words("answers.next.trials", number=answer.trials[0].nct_id)
    if answer.source.kind in {"sample", "file"}:
        return words(f"answers.next.{answer.source.kind}")
    return words("answers.next.wider")


def studies(number: int) -> str:
    """Return a number of studies in words."""
    return words("screens.studies", count=number)
