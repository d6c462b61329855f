"""The filters of a search as options, and the query that they make."""

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from stemcheck.errors import UsageError

if TYPE_CHECKING:
    from stemcheck.trial.query import TrialQuery


def _whole_number(text: str) -> int:
    """Read how many; raise UsageError in our own words when it is no whole number."""
    try:
        return int(text)
    except ValueError:
        hint = "Give a whole number, 1 or more, like 20."
        raise UsageError(f"--limit is {text!r}, which is no whole number.", hint=hint) from None


def _choice(name: str, words: str, about: str, metavar: str = "WORD") -> Any:
    """Return an option whose words a shell can complete, loaded when it asks."""
    return typer.Option(
        name,
        metavar=metavar,
        help=about,
        autocompletion=lambda: getattr(import_module("stemcheck.services.choices"), words),
    )


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
    _choice(
        "--status",
        "STATUS_SHOWN",
        "Registry status, or open, closed, stopped. Repeat for any of several.",
    ),
]
PhaseOption = Annotated[
    list[str] | None,
    _choice("--phase", "PHASE_SHOWN", "early1, 1, 2, 3, 4 or na.", "PHASE"),
]
RouteOption = Annotated[
    list[str] | None,
    _choice("--route", "ROUTES", "How the cells are given, such as iv."),
]
CellsOption = Annotated[
    list[str] | None,
    _choice(
        "--cells",
        "CELLS_SHOWN",
        "Kind of cells. Default: mesenchymal ones, and other stem cells if given by vein. "
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
    typer.Option(
        "--limit", "-n", metavar="N", parser=_whole_number, help="Show at most this many."
    ),
]


class Filters(NamedTuple):
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
    from stemcheck.services.filters import Names, query_from

    return query_from(
        conditions=filters.condition,
        statuses=filters.status,
        phases=filters.phase,
        routes=filters.route,
        cells=filters.cells or None,
        countries=filters.country,
        raw=filters.raw,
        limit=filters.limit,
        names=Names(
            conditions="--condition",
            statuses="--status",
            phases="--phase",
            routes="--route",
            cells="--cells",
            countries="--country",
            limit="--limit",
        ),
    )
