"""Which products belong to a search, and in one word why the others do not.

The scope of stemcheck is "IV / MSC": mesenchymal cells by any route, and other stem cells when the record
says that they go into a vein. Nothing is dropped in silence: every reason here is counted in the answer.
"""

from typing import TYPE_CHECKING

from stemcheck.trial.terms import Intravenous, Product

if TYPE_CHECKING:
    from stemcheck.trial.reading import Reading
    from stemcheck.trial.trial import Trial

DEFAULT_SCOPE = "iv_or_mesenchymal"
"""Mesenchymal cells by any route, and other stem cells when given by vein."""
ANY_CELLS = "any"
"""Every stem-cell product."""
OTHER_STEM_CELLS = frozenset(
    {Product.HEMATOPOIETIC, Product.MIXED_TISSUE, Product.OTHER_STEM, Product.UNSPECIFIED_STEM}
)
"""Products that hold stem or progenitor cells beside the mesenchymal ones."""


def outside_scope(trial: "Trial", cells: tuple[str, ...]) -> str | None:
    """Return why a trial gives none of these kinds of cells, or None when it may give one."""
    reading = trial.reading
    if reading is None:
        return None
    products = set(reading.products)
    if products & set(cells):
        return None
    if Product.NOT_STATED in products:
        return None if {ANY_CELLS, DEFAULT_SCOPE} & set(cells) else "cells_not_stated"
    if ANY_CELLS in cells:
        return _not_stem_cells(products)
    if DEFAULT_SCOPE in cells:
        return _outside_default(products, reading)
    return _not_stem_cells(products) if Product.NONE in products else "cells"


def _outside_default(products: set[Product], reading: "Reading") -> str | None:
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
