"""The products a record's participants are given, and every place that names them."""

from dataclasses import dataclass, field

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
