"""The products a record's participants are given, and every place that names them."""

from dataclasses import dataclass, field, replace

from stemcheck.reading.scanner import Mark
from stemcheck.trial.reading import Product

Mentions = dict[int, tuple[tuple[Mark, Product], ...]]
"""By number of the scan: marks of cells in order, and the product each names."""


@dataclass(frozen=True, slots=True)
class Given:
    """What is given; input of tissue, donor and route."""

    products: tuple[Product, ...]
    mentions: Mentions
    """The terms that name a given product."""
    sources: Mentions = field(default_factory=dict)
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
    partners: Mentions = field(default_factory=dict)
    """The terms of a cell-free product that is somebody else's, seen from the cells."""

    def cells_alone(self) -> "Given | None":
        """Set a cell-free product apart from the cells given beside it; None where there is none."""
        if Product.CELL_FREE not in self.products or len(self.products) == 1:
            return None
        mentions: Mentions = {}
        partners: Mentions = {}
        for number, marks in self.mentions.items():
            mentions[number] = tuple(one for one in marks if one[1] is not Product.CELL_FREE)
            partners[number] = tuple(one for one in marks if one[1] is Product.CELL_FREE)
        return replace(
            self,
            mentions=mentions,
            partners=partners,
            interventions=self.cell_interventions,
            arms=self.cell_arms,
        )
