"""What is asked, as a value: printable, comparable, and made before anything heavy is imported.

Each field is one filter, and all that there is to know about it. A new filter is a new field here, with its
sentences in ``words/en/filters.toml``.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from stemcheck.errors import UsageError
from stemcheck.trial.countries import (
    country_names,
    fold_country,
    near_country,
    registry_spellings,
)
from stemcheck.trial.filter import Asked, Filter, Judge, One, Test, Texts, Words
from stemcheck.trial.status import STATUS_GROUPS, STATUSES, label_for
from stemcheck.trial.terms import Intravenous, Product, Route
from stemcheck.words import words

if TYPE_CHECKING:
    from stemcheck.trial.reading import Reading
    from stemcheck.trial.trial import Trial

DEFAULT_SCOPE = "iv_or_mesenchymal"
"""Mesenchymal cells by any route, and other stem cells when given by vein."""
ANY_CELLS = "any"
OTHER_STEM_CELLS = frozenset(
    {Product.HEMATOPOIETIC, Product.MIXED_TISSUE, Product.OTHER_STEM, Product.UNSPECIFIED_STEM}
)
"""Products that hold stem or progenitor cells beside the mesenchymal ones."""

_STATUS_WORDS = Words(
    values={
        **{name: (value,) for value, status in STATUSES.items() for name in (value, status.label)},
        **{name: (value,) for value, status in STATUSES.items() for name in status.also},
        **STATUS_GROUPS,
    },
    shown=(*map(str.lower, STATUSES), *STATUS_GROUPS),
)


def _other_status(trial: "Trial", query: "TrialQuery") -> str | None:
    return "status" if query.statuses and trial.status.value not in query.statuses else None


def _ask_statuses(statuses: tuple[str, ...]) -> Asked:
    boxes = [known.web if (known := STATUSES.get(status)) else None for status in statuses]
    return Asked(
        parameters={"filter.overallStatus": "|".join(statuses)},
        boxes=("status", _ticked(boxes)),
    )


def _ticked(boxes: Sequence[str | None]) -> tuple[str, ...]:
    """Return the site's boxes to tick; none where one is lacking: the page then shows more, never less."""
    ticked = tuple(box for box in boxes if box)
    return ticked if len(ticked) == len(boxes) else ()


_PHASES = {
    "EARLY_PHASE1": ("early1", "early phase 1", "early", "phase 0", "0"),
    "PHASE1": ("1", "phase 1", "i", "phase i"),
    "PHASE2": ("2", "phase 2", "ii", "phase ii"),
    "PHASE3": ("3", "phase 3", "iii", "phase iii"),
    "PHASE4": ("4", "phase 4", "iv", "phase iv"),
    "NA": ("na", "not applicable", "none"),
}
_PHASE_BOXES = {
    "EARLY_PHASE1": "0", "PHASE1": "1", "PHASE2": "2", "PHASE3": "3", "PHASE4": "4", "NA": "NA",
}  # fmt: skip
_PHASE_WORDS = Words(
    values={
        **{name: (phase,) for phase, names in _PHASES.items() for name in names},
        **dict.fromkeys(("1/2", "phase 1/2"), ("PHASE1", "PHASE2")),
        **dict.fromkeys(("2/3", "phase 2/3"), ("PHASE2", "PHASE3")),
    },
    shown=tuple(names[0] for names in _PHASES.values()),
    topic="phase",
)


def _other_phase(trial: "Trial", query: "TrialQuery") -> str | None:
    return None if not query.phases or set(query.phases) & set(trial.phases) else "phase"


def _ask_phases(phases: tuple[str, ...]) -> Asked:
    boxes = [_PHASE_BOXES.get(phase) for phase in phases]
    return Asked(tests=(Test("Phase", phases),), boxes=("phase", _ticked(boxes)))


def _check_country(country: str, name: str) -> None:
    near = near_country(country)
    if near is not None:
        advice = f"{words('filters.wrong.meant', word=near)} " if near else ""
        raise UsageError(
            words("filters.wrong.unknown", name=name, word=repr(country)),
            hint=f"{advice}{words('filters.wrong.countries')}",
        )


def _other_country(trial: "Trial", query: "TrialQuery") -> str | None:
    if not query.countries:
        return None
    if not trial.countries:
        return "no_site_listed"
    wanted = {fold_country(name) for asked in query.countries for name in country_names(asked)}
    return None if any(fold_country(name) in wanted for name in trial.countries) else "country"


def _ask_countries(countries: tuple[str, ...]) -> Asked:
    spellings = [name for asked in countries for name in registry_spellings(asked)]
    tests = (Test("LocationCountry", spellings, is_text=True),)
    if len(countries) == 1:
        return Asked(tests, web={"locStr": countries[0], "country": countries[0]})
    return Asked(tests, web_tests=(Test("LocationCountry", countries, is_text=True),))


def _outside_scope(trial: "Trial", query: "TrialQuery") -> str | None:
    reading = trial.reading
    if not query.cells or reading is None:
        return None
    wanted = set(query.cells)
    products = set(reading.products)
    if products & wanted:
        return None
    if Product.NOT_STATED in products:
        return None if wanted & {ANY_CELLS, DEFAULT_SCOPE} else "cells_not_stated"
    if ANY_CELLS in wanted:
        return _not_stem_cells(products)
    if DEFAULT_SCOPE in wanted:
        return _outside_default_scope(products, reading)
    return _not_stem_cells(products) if Product.NONE in products else "cells"


def _outside_default_scope(products: set[Product], reading: "Reading") -> str | None:
    if Product.MESENCHYMAL in products:
        return None
    if not products & OTHER_STEM_CELLS:
        return _not_stem_cells(products)
    if reading.intravenous is Intravenous.YES:
        return None
    return "not_by_vein" if reading.intravenous is Intravenous.NO else "route_not_stated"


def _not_stem_cells(products: set[Product]) -> str | None:
    if products & (OTHER_STEM_CELLS | {Product.MESENCHYMAL}):
        return None
    if Product.CELL_FREE in products:
        return "cell_free"
    return "other_cells" if Product.OTHER_CELLS in products else "no_cells_given"


def _other_route(trial: "Trial", query: "TrialQuery") -> str | None:
    if not query.routes or trial.reading is None:
        return None
    return None if set(query.routes) & set(trial.reading.routes) else "route"


def _how_many(given: Any, name: str) -> int:
    """Read how many trials to show at most."""
    try:
        number = int(given)
    except (TypeError, ValueError):
        raise UsageError(
            words("filters.wrong.no_number", name=name, given=repr(given)),
            hint=words("filters.wrong.number"),
        ) from None
    if number < 1:
        raise UsageError(
            words("filters.wrong.below_one", name=name, given=number),
            hint=words("filters.wrong.at_least_one"),
        )
    return min(number, sys.maxsize)


def _as_written(given: Any, name: str) -> str:
    """Read one text that is taken as it is."""
    if not isinstance(given, str):
        raise UsageError(
            words("filters.wrong.no_text", name=name, kind=type(given).__name__),
            hint=words("filters.wrong.texts"),
        )
    return given


def _asked(default: Any = (), **about: Any) -> Any:
    """Return the field of one filter."""
    return field(default=default, metadata={"filter": Filter(**about)})


@dataclass(frozen=True, slots=True)
class TrialQuery:
    """One search. An empty value means "no such filter"; the others are in the registry's own spelling."""

    conditions: tuple[str, ...] = _asked(
        option="--condition",
        short="-c",
        metavar="WORDS",
        takes=Texts(),
        judge=Judge.REGISTRY,
    )
    """Any of these."""
    statuses: tuple[str, ...] = _asked(
        option="--status",
        takes=_STATUS_WORDS,
        leaves_out=_other_status,
        asks=_ask_statuses,
        reads=lambda status: label_for(status).lower(),
    )
    phases: tuple[str, ...] = _asked(
        option="--phase",
        metavar="PHASE",
        takes=_PHASE_WORDS,
        leaves_out=_other_phase,
        asks=_ask_phases,
    )
    routes: tuple[str, ...] = _asked(
        option="--route",
        takes=Words(
            values={},
            shown=(
                "drip", "vein", "artery", "spine", "brain", "heart", "joint", "muscle", "eye",
                "skin", "or a word of `stemcheck glossary route`",
            ),
            completed=tuple(route.value for route in Route if route is not Route.NONE),
            topic="route",
            refused=(Route.NONE,),
        ),
        judge=Judge.READING,
        leaves_out=_other_route,
    )  # fmt: skip
    cells: tuple[str, ...] = _asked(
        default=(DEFAULT_SCOPE,),
        option="--cells",
        takes=Words(
            values={ANY_CELLS: (ANY_CELLS,), DEFAULT_SCOPE: (DEFAULT_SCOPE,)},
            shown=(*(product.value for product in Product), ANY_CELLS),
            topic="product",
        ),
        judge=Judge.SCOPE,
        leaves_out=_outside_scope,
    )
    """Kinds of product, or ``iv_or_mesenchymal``, or ``any`` (every stem-cell product); empty: no scope."""
    countries: tuple[str, ...] = _asked(
        option="--country",
        metavar="NAME",
        takes=Texts(_check_country),
        leaves_out=_other_country,
        asks=_ask_countries,
    )
    raw: str | None = _asked(
        default=None,
        option="--raw",
        metavar="ESSIE",
        takes=One(_as_written),
        judge=Judge.REGISTRY,
    )
    """An Essie expression added to the search as the user wrote it."""
    limit: int | None = _asked(
        default=None,
        option="--limit",
        short="-n",
        metavar="N",
        takes=One(_how_many),
    )
    """Show at most this many trials; None: all."""

    def in_use(self) -> dict[str, Any]:
        """Return the values of the filters that were asked for, by name."""
        given = {name: getattr(self, name) for name in FILTERS}
        return {name: value for name, value in given.items() if value not in {(), None, False}}

    def narrowing(self) -> tuple[str, ...]:
        """Return the names of the filters that can be why nothing was found, the illness not among them."""
        found = (name for name, value in self.in_use().items() if value != _DEFAULTS[name])
        return tuple(name for name in found if name not in {"conditions", "limit"})

    def without(self, *names: str) -> "TrialQuery":
        """Return this query without some of its filters."""
        return replace(self, **{name: _DEFAULTS[name] for name in names})

    def asked(self) -> tuple[Asked, ...]:
        """Return what the registry is asked for each filter that was given."""
        return tuple(FILTERS[name].asks(value) for name, value in self.in_use().items())


FILTERS: dict[str, Filter] = {one.name: one.metadata["filter"] for one in fields(TrialQuery)}
"""Every filter, by the name that it has in Python and in JSON."""
_DEFAULTS: dict[str, Any] = {one.name: one.default for one in fields(TrialQuery)}

_CHECKS: tuple[Callable[["Trial", TrialQuery], str | None], ...] = tuple(
    one.leaves_out for one in sorted(FILTERS.values(), key=lambda one: one.judge)
)


def reason_left_out(trial: "Trial", query: TrialQuery) -> str | None:
    """Return the first reason for which a trial is not part of the answer, or None when it is.

    Without a filter, only the scope of stemcheck leaves trials out: mesenchymal cells by any route are in
    it, and other stem cells when the record says that they go into a vein.
    """
    for leaves_out in _CHECKS:
        if reason := leaves_out(trial, query):
            return reason
    return None
