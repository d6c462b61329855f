"""The products a record's participants are given, and every place that names them."""

from collections.abc import Callable
from typing import Final, NamedTuple

from stemcheck.reading.marking import Mark
from stemcheck.trial.terms import Product

Named = tuple[tuple[Mark, Product], ...]
"""Marks of cells in the order of a passage, and the product each names."""


class Mentions(dict[int, Named]):
    """By number of the scan, what it names; looked for when first asked for."""

    def __init__(self, look_up: Callable[[int], Named] = lambda _: ()) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, number: int) -> Named:
        named = self[number] = self._look_up(number)
        return named


NO_MENTIONS: Final = Mentions()
"""Nothing is named anywhere."""


class Given(NamedTuple):
    """What is given; input of tissue, donor and route."""

    products: tuple[Product, ...]
    mentions: Mentions
    """The terms that name a given product."""
    sources: Mentions = NO_MENTIONS
    """The terms that name what it is made from ("SVF" in "SVF-derived MSC")."""
    interventions: frozenset[int] = frozenset()
    """Numbers of the interventions that are, or hold, a given product."""
    arms: frozenset[int] = frozenset()
    """Numbers of the arms in which it is given."""
    controls: frozenset[int] = frozenset()
    """Numbers of the scans that speak of a control (placebo, sham, standard care without cells)."""
    cell_interventions: frozenset[int] = frozenset()
    """Those of the interventions that hold more than a cell-free product."""
    cell_arms: frozenset[int] = frozenset()
    """Those of the arms in which more than a cell-free product is given."""
    partners: Mentions = NO_MENTIONS
    """The terms of a cell-free product that is somebody else's, seen from the cells."""

    def cells_alone(self) -> "Given | None":
        """Set a cell-free product apart from the cells given beside it; None where there is none."""
        if Product.CELL_FREE not in self.products or len(self.products) == 1:
            return None
        named = self.mentions
        return self._replace(
            mentions=Mentions(
                lambda n: tuple(one for one in named[n] if one[1] is not Product.CELL_FREE)
            ),
            partners=Mentions(
                lambda n: tuple(one for one in named[n] if one[1] is Product.CELL_FREE)
            ),
            interventions=self.cell_interventions,
            arms=self.cell_arms,
        )
