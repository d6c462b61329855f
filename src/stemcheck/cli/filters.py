"""The filters of a search as options, and the query that they make."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from stemcheck.errors import UsageError

if TYPE_CHECKING:
    from stemcheck.trial.query import TrialQuery

ConditionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--condition",
        "-c",
        metavar="WORDS",
        help="Illness, in plain words. Repeat it for any of several.",
    ),
]
StatusOption = Annotated[
    list[str] | None,
    typer.Option(
        "--status",
        metavar="WORD",
        help="Registry status, or open, closed, stopped. Repeat for any of several.",
    ),
]
PhaseOption = Annotated[
    list[str] | None, typer.Option("--phase", metavar="PHASE", help="early1, 1, 2, 3, 4 or na.")
]
RouteOption = Annotated[
    list[str] | None,
    typer.Option("--route", metavar="WORD", help="How the cells are given, such as iv."),
]
CellsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--cells",
        metavar="WORD",
        help="Kind of cells. Default: mesenchymal ones, and other stem cells if given by vein. "
        "any = every stem-cell product.",
    ),
]
CountryOption = Annotated[
    list[str] | None,
    typer.Option("--country", metavar="NAME", help="Country with at least one site."),
]
RawOption = Annotated[
    str | None,
    typer.Option(
        "--raw",
        metavar="ESSIE",
        help="Extra search terms in the registry's own query language (Essie).",
    ),
]
LimitOption = Annotated[
    int | None,
    typer.Option("--limit", "-n", min=1, metavar="N", help="Show at most this many."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the filter options hold, as typed."""

    condition: list[str] | None = None
    status: list[str] | None = None
    phase: list[str] | None = None
    route: list[str] | None = None
    cells: list[str] | None = None
    country: list[str] | None = None
    raw: str | None = None
    limit: int | None = None

    @property
    def is_empty(self) -> bool:
        """True when no filter option is given."""
        return self == Filters()


def query_for(filters: Filters) -> "TrialQuery":
    """Return the query of some filters; raise UsageError for a word that no filter knows."""
    from stemcheck.cli import choices
    from stemcheck.trial.query import DEFAULT_SCOPE, TrialQuery

    route_words, routes_shown = choices.route_words()
    cells_words, cells_shown = choices.cells_words()
    return TrialQuery(
        conditions=choices.texts_of(
            filters.condition, "--condition", "Name an illness, like stroke."
        ),
        statuses=choices.values_of(
            filters.status or (),
            choices.STATUS_WORDS,
            option="--status",
            shown=choices.STATUS_SHOWN,
        ),
        phases=choices.values_of(
            filters.phase or (), choices.PHASE_WORDS, option="--phase", shown=choices.PHASE_SHOWN
        ),
        routes=choices.values_of(
            filters.route or (), route_words, option="--route", shown=routes_shown
        ),
        cells=choices.values_of(
            filters.cells or (DEFAULT_SCOPE,), cells_words, option="--cells", shown=cells_shown
        ),
        countries=_countries_of(filters.country),
        raw=filters.raw,
        limit=filters.limit,
    )


def _countries_of(values: list[str] | None) -> tuple[str, ...]:
    """Return the countries asked for; an unknown name would find none and look like an answer."""
    from stemcheck.cli.choices import texts_of
    from stemcheck.trial.countries import near_country

    countries = texts_of(values, "--country", "Name a country, like Spain.")
    for country in countries:
        near = near_country(country)
        if near is not None:
            advice = f"Did you mean {near}? " if near else ""
            hint = f"{advice}The registry writes the names of countries in English, like Spain."
            raise UsageError(f"--country does not know {country!r}.", hint=hint)
    return countries
