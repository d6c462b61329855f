"""The products a record's participants are given, and every place that names them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from stemcheck.reading.marking import Mark
from stemcheck.trial.reading import Product

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


@dataclass(frozen=True, slots=True)
class Given:
    """What is given; input of tissue, donor and route."""

    products: tuple[Product, ...]
    mentions: Mentions
    """The terms that name a given product."""
    sources: Mentions = field(default_factory=Mentions)
    """The terms that name what it is made from ("SVF" in "SVF-derived MSC")."""
    interventions: frozenset[int] = field(default=frozenset())
    """Numbers of the interventions that are, or hold, a given product."""
    arms: frozenset[int] = field(default=frozenset())
    """Numbers of the arms in which it is given."""
    controls: frozenset[int] = field(default=frozenset())
    """Numbers of the scans that speak of a control (placebo, sham, standard care without cells)."""
    cell_interventions: frozenset[int] = field(default=frozenset())
    """Those of the interventions that hold more than a cell-free product."""
    cell_arms: frozenset[int] = field(default=frozenset())
    """Those of the arms in which more than a cell-free product is given."""
    partners: Mentions = field(default_factory=Mentions)
    """The terms of a cell-free product that is somebody else's, seen from the cells."""

    def cells_alone(self) -> "Given | None":
        """Set a cell-free product apart from the cells given beside it; None where there is none."""
        if Product.CELL_FREE not in self.products or len(self.products) == 1:
            return None
        named = self.mentions
        return replace(
            self,
            mentions=Mentions(
                lambda n: tuple(one for one in named[n] if one[1] is not Product.CELL_FREE)
            ),
            partners=Mentions(
                lambda n: tuple(one for one in named[n] if one[1] is Product.CELL_FREE)
            ),
            interventions=self.cell_interventions,
            arms=self.cell_arms,
        )
