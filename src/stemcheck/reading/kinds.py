"""Decides which kinds of product some cell terms name together, or that the kind is left open."""

from collections.abc import Iterable
from typing import Final

from stemcheck.reading.candidates import Candidate
from stemcheck.trial.terms import Product

TYPING: Final = frozenset({"mesenchymal", "mixed_tissue", "hematopoietic", "other_stem"})
"""Kinds that an open word may turn out to be."""
DEFAULTS: Final = {
    "unspecified_stem": "unspecified_stem",
    "coded_product": "unspecified_stem",
    "tissue_cells": "mixed_tissue",
    "cord_blood_cells": "hematopoietic",
}
"""What an open word means when nothing types it."""
OPEN: Final = frozenset({*DEFAULTS, "some_cells"})
"""Words that leave the kind of cell open."""
OF_TISSUE: Final = frozenset({"tissue_cells", "cord_blood_cells"})
"""Open words that name a tissue and so have a meaning of their own."""
UNTYPED_PRODUCTS: Final = frozenset({"unspecified_stem", "coded_product"})
"""Open words that stand for a product of their own, beside other products too."""
SETTLING: Final = TYPING | {"cell_free"}
"""Kinds beside which a bare "stem cells" says nothing more."""
COMPANIONS: Final = frozenset({"mixed_tissue"})
"""Kinds that "and stem cells" may add to: "fat graft enriched with stem cells"."""
SCAFFOLD: Final = "whole"
"""Key of whole tissues, which carry the cells named beside them: "MSC on amniotic membrane"."""
CELL_FREE: Final = Product.CELL_FREE.value
TRANSPLANT: Final = "transplant"
"""Key of transplants of stem cells whose kind is left open."""
Kinds = dict[str, Candidate]
"""Product values, or open words, and the term that first names each."""


def accepted(candidates: Iterable[Candidate]) -> Kinds:
    """Gather the terms that nothing speaks against."""
    kinds: Kinds = {}
    for one in candidates:
        if one.counts:
            kinds.setdefault(one.value, one)
    return kinds


def told_kinds(candidates: Iterable[Candidate]) -> Kinds:
    """Gather the main product of a piece of prose, and what is given together with it.

    Prose that gives mesenchymal cells names other cells as source, marker or aim, unless it joins
    them to the product.
    """
    counting = [one for one in candidates if one.counts]
    kinds = accepted(counting)
    if "mesenchymal" not in kinds:
        return kinds
    told = {
        one.value: one
        for one in reversed(counting)
        if one.value in OPEN
        or (one.value == CELL_FREE and one.has("given") and not one.has("background"))
    }
    main = {"mesenchymal": kinds["mesenchymal"]}
    return told | joined_kinds((one for one in counting if not one.has("harvest")), main) | main


def joined_kinds(candidates: Iterable[Candidate], main: Kinds) -> Kinds:
    """Gather what is named together with the main products: "SVF and MSC", "MSC + DLI"."""
    counting = [one for one in candidates if one.counts and one.mark.term.key != SCAFFOLD]
    kinds = accepted(counting)
    joined: Kinds = {}
    for one in counting:
        if one.joined in main or one.joined in joined:
            joined.setdefault(one.value, one)
        elif one.value in main and one.joined in kinds:
            joined.setdefault(one.joined, kinds[one.joined])
    return {value: one for value, one in joined.items() if value not in main}


def settled(kinds: Kinds) -> Kinds:
    """Drop words that leave the kind open where another word beside them settles it."""
    if not set(kinds) - OPEN:
        return kinds
    is_settled = not SETTLING.isdisjoint(kinds)
    return {
        value: one
        for value, one in kinds.items()
        if value not in OPEN
        or (value in UNTYPED_PRODUCTS and (not is_settled or one.joined in COMPANIONS))
    }
