"""From the words of filters to a query: one reading of them, for the command line and for Python."""

from collections.abc import Callable
from typing import NamedTuple

from stemcheck.errors import UsageError
from stemcheck.services import choices
from stemcheck.services.choices import Texts, Words
from stemcheck.trial.countries import near_country
from stemcheck.trial.query import DEFAULT_SCOPE, TrialQuery


class Names(NamedTuple):
    """What each filter is called where the words come from, for messages. As they are: in Python."""

    conditions: str = "conditions"
    statuses: str = "statuses"
    phases: str = "phases"
    routes: str = "routes"
    cells: str = "cells"
    countries: str = "countries"
    limit: str = "limit"


def query_from(  # noqa: PLR0913 (one parameter a filter)
    *,
    conditions: Texts | None = None,
    statuses: Texts | None = None,
    phases: Texts | None = None,
    routes: Texts | None = None,
    cells: Texts | None = None,
    countries: Texts | None = None,
    raw: str | None = None,
    limit: int | None = None,
    names: Names,
) -> TrialQuery:
    """Return the query of some filters, each None when it is not set.

    Raises UsageError for a word that a filter does not know: it would find none and look like an answer.
    """
    if limit is not None and limit < 1:
        raise UsageError(
            f"{names.limit} is {limit}.", hint="Give 1 or more, or leave it out to see all."
        )
    return TrialQuery(
        conditions=choices.texts_of(
            conditions, names.conditions, hint="Name an illness, like stroke."
        ),
        statuses=choices.values_of(
            choices.texts_in(statuses, names.statuses),
            choices.STATUS_WORDS,
            option=names.statuses,
            shown=choices.STATUS_SHOWN,
        ),
        phases=choices.values_of(
            choices.texts_in(phases, names.phases),
            choices.PHASE_WORDS,
            option=names.phases,
            shown=choices.PHASE_SHOWN,
        ),
        routes=_values_of(routes, choices.route_words, names.routes),
        cells=(DEFAULT_SCOPE,)
        if cells is None
        else _values_of(cells, choices.cells_words, names.cells),
        countries=_countries_of(countries, names.countries),
        raw=raw,
        limit=limit,
    )


def _values_of(
    given: Texts | None, words_for: Callable[[], tuple[Words, tuple[str, ...]]], name: str
) -> tuple[str, ...]:
    """Return the values of a filter whose words stand in the glossary, which is read only for one in use."""
    texts = choices.texts_in(given, name)
    if not texts:
        return ()
    words, shown = words_for()
    return choices.values_of(texts, words, option=name, shown=shown)


def _countries_of(given: Texts | None, name: str) -> tuple[str, ...]:
    """Return the countries asked for, in the words of the person who asks."""
    countries = choices.texts_of(given, name, hint="Name a country, like Spain.")
    for country in countries:
        near = near_country(country)
        if near is not None:
            advice = f"Did you mean {near}? " if near else ""
            hint = f"{advice}The registry writes the names of countries in English, like Spain."
            raise UsageError(f"{name} does not know {country!r}.", hint=hint)
    return countries
