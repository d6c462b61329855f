"""Which trials belong to an answer, and in one word why the others do not.

The scope of stemcheck is "IV / MSC": mesenchymal cells by any route, and other stem cells when the record
says that they go into a vein. Nothing is dropped in silence: every reason here is counted in the answer.
"""

from collections.abc import Callable

from stemcheck.trial.countries import country_names, fold_country
from stemcheck.trial.query import DEFAULT_SCOPE, TrialQuery
from stemcheck.trial.reading import Reading
from stemcheck.trial.terms import Intravenous, Product
from stemcheck.trial.trial import Trial

OTHER_STEM_CELLS = frozenset(
    {Product.HEMATOPOIETIC, Product.MIXED_TISSUE, Product.OTHER_STEM, Product.UNSPECIFIED_STEM}
)
"""Products that hold stem or progenitor cells beside the mesenchymal ones."""


def reason_left_out(trial: Trial, query: TrialQuery) -> str | None:
    """Return the first reason for which a trial is not part of the answer, or None when it is."""
    for reason_for in _CHECKS:
        reason = reason_for(trial, query)
        if reason is not None:
            return reason
    return None


def _outside_scope(trial: Trial, query: TrialQuery) -> str | None:
    reading = trial.reading
    if not query.cells or reading is None:
        return None
    wanted = set(query.cells)
    products = set(reading.products)
    if products & wanted:
        return None
    if "any" in wanted:
        return _not_stem_cells(products)
    if DEFAULT_SCOPE in wanted:
        return _outside_default_scope(products, reading)
    return _not_stem_cells(products) if Product.NONE in products else "cells"


def _outside_default_scope(products: set[Product], reading: Reading) -> str | None:
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


def _other_route(trial: Trial, query: TrialQuery) -> str | None:
    if not query.routes or trial.reading is None:
        return None
    return None if set(query.routes) & set(trial.reading.routes) else "route"


def _other_status(trial: Trial, query: TrialQuery) -> str | None:
    return "status" if query.statuses and trial.status.value not in query.statuses else None


def _other_phase(trial: Trial, query: TrialQuery) -> str | None:
    return None if not query.phases or set(query.phases) & set(trial.phases) else "phase"


def _other_country(trial: Trial, query: TrialQuery) -> str | None:
    if not query.countries:
        return None
    if not trial.countries:
        return "no_site_listed"
    wanted = {fold_country(name) for asked in query.countries for name in country_names(asked)}
    return None if any(fold_country(name) in wanted for name in trial.countries) else "country"


_CHECKS: tuple[Callable[[Trial, TrialQuery], str | None], ...] = (
    _other_status,
    _other_phase,
    _other_country,
    _outside_scope,
    _other_route,
)
