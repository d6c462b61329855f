"""Combines several cell terms into the kinds that they name as given, some of them left open."""

from collections.abc import Iterable
from typing import Final

from stemcheck.reading.candidates import Candidate
from stemcheck.trial.terms import Product

TYPING: Final = frozenset({"mesenchymal", "mixed_tissue", "hematopoietic", "other_stem"})
"""The kinds that an open word can turn out to mean."""
DEFAULTS: Final = {
    "unspecified_stem": "unspecified_stem",
    "coded_product": "unspecified_stem",
    "tissue_cells": "mixed_tissue",
    "cord_blood_cells": "hematopoietic",
}
"""What an open word means if no other word settles its kind."""
OPEN: Final = frozenset({*DEFAULTS, "some_cells"})
"""Words that leave the kind of cell open."""
OF_TISSUE: Final = frozenset({"tissue_cells", "cord_blood_cells"})
"""Open words that name a tissue and so have a meaning of their own."""
UNTYPED_PRODUCTS: Final = frozenset({"unspecified_stem", "coded_product"})
"""Open words that are a separate product even next to other products."""
SETTLING: Final = TYPING | {"cell_free"}
"""Kinds next to which a bare "stem cells" adds nothing."""
COMPANIONS: Final = frozenset({"mixed_tissue"})
"""Kinds that "and stem cells" may add to: "fat graft enriched with stem cells"."""
SCAFFOLD: Final = "whole"
"""Key of whole tissues, which may only carry the cells named with them: "MSC on amniotic membrane"."""
CELL_FREE: Final = Product.CELL_FREE.value
TRANSPLANT: Final = "transplant"
"""Key of transplants of stem cells of an open kind."""
Kinds = dict[str, Candidate]
"""Product values or open words, each with the first term that names it."""


def accepted(candidates: Iterable[Candidate]) -> Kinds:
    """Return the kinds of all terms that are not rejected."""
    kinds: Kinds = {}
    for one in candidates:
        if one.counts:
            kinds.setdefault(one.value, one)
    return kinds


def told_kinds(candidates: Iterable[Candidate]) -> Kinds:
    """Return the main product in a piece of prose, and the kinds given together with it.

    Prose about mesenchymal cells also names other cells, as a source, a marker or an aim. These count only
    if they are joined to the product.
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
    """Return the kinds that are joined to the main products: "SVF and MSC", "MSC + DLI"."""
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
    """Drop open words whose kind another word settles."""
    if not set(kinds) - OPEN:
        return kinds
    is_settled = not SETTLING.isdisjoint(kinds)
    return {
        value: one
        for value, one in kinds.items()
        if value not in OPEN
        or (value in UNTYPED_PRODUCTS and (not is_settled or one.joined in COMPANIONS))
    }
