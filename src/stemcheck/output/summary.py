"""Sentences about an answer as a whole: what was asked, what came, what was left out, what next."""

from collections.abc import Iterator
from typing import Any

from stemcheck.guidance.glossary import plain
from stemcheck.output.plain import clean
from stemcheck.trial.answer import Counts, TrialsAnswer
from stemcheck.trial.query import FILTERS, TrialQuery
from stemcheck.trial.scope import DEFAULT_SCOPE
from stemcheck.words import words

ATTRIBUTION = (
    "Data: ClinicalTrials.gov, U.S. National Library of Medicine, shown in another form. The Library "
    "does not endorse stemcheck. A listing is no approval."
)


def headline(query: TrialQuery) -> str:
    """Return what was asked, as a heading."""
    cells = _cells(query)
    subject = " or ".join(clean(condition) for condition in query.conditions)
    subject = subject or words("filters.heading.any" if cells else "filters.heading.all")
    filters = [told for name, value in query.in_use().items() for told in _told(name, value)]
    tail = f" ({', '.join(filters)})" if filters else ""
    return f"{subject[:1].upper()}{subject[1:]}{': ' if cells else ''}{cells}{tail}"


def _told(name: str, value: Any) -> Iterator[str]:
    """Yield the values of a filter in words, without those that stand elsewhere in the heading."""
    if name in {"conditions", "cells"}:
        return
    filter_ = FILTERS[name]
    for one in value if isinstance(value, tuple) else (value,):
        told = plain(filter_.topic, one) if filter_.topic else clean(filter_.reads(one))
        if heading := words(f"filters.heading.{name}", value=told):
            yield heading


def _cells(query: TrialQuery) -> str:
    if query.cells == (DEFAULT_SCOPE,):
        return "mesenchymal stem cells, and other stem cells given by vein"
    if "any" in query.cells:
        return "stem cells of every kind"
    return ", ".join(plain("product", cells) for cells in query.cells if cells != DEFAULT_SCOPE)


def counts_line(counts: Counts) -> str:
    """Return what became of every record, in one sentence."""
    parts = [f"{studies(counts.fetched)} read", f"{counts.shown:,} shown"]
    over_limit = counts.left_out.get("over_limit", 0)
    if over_limit:
        parts.append(f"{over_limit:,} over your limit")
    left_out = sum(counts.left_out.values()) - over_limit
    if left_out:
        parts.append(f"{left_out:,} left out (--explain says why)")
    if counts.unreadable:
        parts.append(f"{counts.unreadable:,} could not be read")
    return " · ".join(parts)


def gap_line(counts: Counts) -> str | None:
    """Return the sentence for an answer of which not everything came, or None when all did."""
    if counts.complete:
        return None
    total, came = counts.registry_total, counts.fetched
    if total is None:
        return "It was not said how many studies there are. This list may not be complete."
    if came >= total:
        return f"{studies(total)} announced, and {came:,} came. This list may not be right."
    return f"{total - came:,} of the {studies(total)} announced did not come. This list is not complete."


def left_out_lines(counts: Counts) -> list[str]:
    """Return one line for each reason: how many studies, and why."""
    return [
        f"{studies(number)}: {words(f'filters.left_out.{reason}')}."
        for reason, number in counts.left_out.items()
    ]


def none_found(answer: TrialsAnswer) -> str:
    """Return the sentences for an answer without trials: none listed, none left, or none in saved data."""
    if not answer.counts.complete:
        return words("answers.none.incomplete")
    if answer.counts.unreadable:
        return words("answers.none.unreadable")
    names = " or ".join(f'"{clean(condition)}"' for condition in answer.query.conditions)
    under = f" under {names}" if names else ""
    reasons = [clean(notice.text) for notice in answer.notices if notice.id == "none_fits"]
    if answer.source.kind == "live":
        has_some = "live_others" if reasons else "live"
        return " ".join([words(f"answers.none.{has_some}", under=under), *reasons])
    return " ".join([*reasons, words(f"answers.none.{answer.source.kind}")])


def next_step(answer: TrialsAnswer) -> str:
    """Return the command that most people want after this answer."""
    if answer.trials:
        return words("answers.next.trials", number=answer.trials[0].nct_id)
    if answer.source.kind == "sample":
        return words("answers.next.sample")
    return words("answers.next.wider")


def studies(number: int) -> str:
    """Return a number of studies in words."""
    return f"{number:,} {'study' if number == 1 else 'studies'}"
