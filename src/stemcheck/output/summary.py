"""Sentences about an answer as a whole: what was asked, what came, what was left out, what next."""

from collections.abc import Iterator
from typing import Any

from stemcheck.guidance.glossary import plain
from stemcheck.output.plain import clean
from stemcheck.trial.answer import Counts, TrialsAnswer
from stemcheck.trial.query import DEFAULT_SCOPE, FILTERS, TrialQuery
from stemcheck.words import words

ATTRIBUTION = (
    "Data: ClinicalTrials.gov, U.S. National Library of Medicine, shown in another form. The Library "
    "does not endorse stemcheck. A listing is no approval."
)


def headline(query: TrialQuery) -> str:
    """Return what was asked, as a heading."""
    subject = " or ".join(clean(condition) for condition in query.conditions) or "All conditions"
    filters = [told for name, value in query.in_use().items() for told in _told(name, value)]
    tail = f" ({', '.join(filters)})" if filters else ""
    return f"{subject[:1].upper()}{subject[1:]}: {_cells(query)}{tail}"


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
    """Return the sentence for an answer without trials: none listed, none left, or none in saved data."""
    if answer.source.kind == "sample":
        return "The built-in sample holds none. That says nothing about the registry."
    if answer.source.kind == "saved":
        return "The saved answer holds none. That says nothing about the registry today."
    if not answer.counts.complete:
        return "None can be shown: not everything came that the registry has on this. Ask again."
    if answer.counts.unreadable:
        return "No trial can be shown: what came could not be read."
    if answer.counts.fetched:
        return "The registry has studies on this, but none that is known to fit what you asked for."
    words = " or ".join(f'"{clean(condition)}"' for condition in answer.query.conditions)
    under = f" under {words}" if words else ""
    return f"The registry was asked and lists no such study{under} today."


def next_step(answer: TrialsAnswer) -> str:
    """Return the command that most people want after this answer."""
    if answer.trials:
        first = answer.trials[0].nct_id
        return f"More on one trial: stemcheck show {first}   All cautions: stemcheck cautions"
    relaxed = [
        (answer.query.routes, "--route"),
        (answer.query.countries, "--country"),
        (answer.query.phases, "--phase"),
        (answer.query.statuses, "--status"),
    ]
    for values, option in relaxed:
        if values:
            return f"Try it again without {option}."
    if answer.source.kind == "sample":
        return "Ask the registry itself: the same command without --offline."
    return (
        "Check the spelling: the registry is in English. Then try a wider word for the illness, "
        "or --cells any."
    )


def studies(number: int) -> str:
    """Return a number of studies in words."""
    return f"{number:,} {'study' if number == 1 else 'studies'}"
