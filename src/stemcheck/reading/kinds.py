"""Kinds of product gathered from cell terms: which settle which, and which go together."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from stemcheck.reading.naming import Naming
from stemcheck.reading.objection import OPEN

Kinds = dict[str, Naming]
"""Product values, or open words, and the term that first names each."""

TYPING: Final = frozenset({"mesenchymal", "mixed_tissue", "hematopoietic", "other_stem"})
"""Kinds that an open word may turn out to be."""
SETTLING: Final = TYPING | {"cell_free"}
"""Kinds beside which a bare "stem cells" says nothing more."""
OF_TISSUE: Final = frozenset({"tissue_cells", "cord_blood_cells"})
"""Open words that name a tissue and so have a meaning of their own."""
UNTYPED_PRODUCTS: Final = frozenset({"unspecified_stem", "coded_product"})
"""Open words that stand for a product of their own, beside other products too."""
COMPANIONS: Final = frozenset({"mixed_tissue"})
"""Kinds that "and stem cells" may add to: "fat graft enriched with stem cells"."""
SCAFFOLD: Final = "whole"
"""Key of whole tissues, which carry the cells named beside them: "MSC on amniotic membrane"."""
DEFAULTS: Final = {
    "unspecified_stem": "unspecified_stem",
    "coded_product": "unspecified_stem",
    "tissue_cells": "mixed_tissue",
    "cord_blood_cells": "hematopoietic",
}
"""What an open word means when nothing types it."""


def accepted_kinds(namings: Iterable[Naming]) -> Kinds:
    """Gather the terms that nothing speaks against."""
    kinds: Kinds = {}
    for naming in namings:
        if naming.objection is None:
            kinds.setdefault(naming.value, naming)
    return kinds


def prose_kinds(namings: Iterable[Naming]) -> Kinds:
    """Gather the main product of a piece of prose, and what is given together with it.

    Prose that gives mesenchymal cells names other cells as source, marker or aim, unless it joins
    them to the product.
    """
    accepted = [naming for naming in namings if naming.objection is None]
    kinds = accepted_kinds(accepted)
    if "mesenchymal" not in kinds:
        return kinds
    told = {
        naming.value: naming
        for naming in reversed(accepted)
        if naming.value in OPEN
        or (naming.value == "cell_free" and naming.is_given and not naming.is_background)
    }
    main = {"mesenchymal": kinds["mesenchymal"]}
    return told | joined_kinds((n for n in accepted if not n.is_harvested), main) | main


def joined_kinds(namings: Iterable[Naming], main: Kinds) -> Kinds:
    """Gather what is named together with the main products: "SVF and MSC", "MSC + DLI"."""
    accepted = [n for n in namings if n.objection is None and n.mark.key != SCAFFOLD]
    if not any(naming.joined for naming in accepted):
        return {}
    kinds = accepted_kinds(accepted)
    joined: Kinds = {}
    for naming in accepted:
        if naming.joined in main or naming.joined in joined:
            joined.setdefault(naming.value, naming)
        elif naming.value in main and naming.joined in kinds:
            joined.setdefault(naming.joined, kinds[naming.joined])
    return {value: naming for value, naming in joined.items() if value not in main}


def without_scaffold(kinds: Kinds) -> Kinds:
    """Drop a whole tissue that only carries the cells given: "stem cells with amniotic membrane"."""
    carried = {value: n for value, n in kinds.items() if n.mark.key != SCAFFOLD}
    return carried if set(carried) & TYPING else kinds


def settled_kinds(kinds: Kinds) -> Kinds:
    """Drop words that leave the kind open where another word beside them settles it."""
    if not set(kinds) - OPEN:
        return kinds
    is_settled = not SETTLING.isdisjoint(kinds)
    return {
        value: naming
        for value, naming in kinds.items()
        if value not in OPEN
        or (value in UNTYPED_PRODUCTS and (not is_settled or naming.joined in COMPANIONS))
    }


def typed_kinds(found: Kinds, read_all: Callable[[], Sequence[Naming]]) -> Kinds:
    """Settle open words by the most trusted passage that types them.

    ``read_all`` gives all terms of the record, those of the most trusted passages first; it is called
    only where a word is open.
    """
    settled = {value: naming for value, naming in found.items() if value not in OPEN}
    if len(settled) == len(found):
        return found
    wanted = frozenset({"mesenchymal"}) - settled.keys() if settled else TYPING
    if not wanted or (settled and UNTYPED_PRODUCTS.isdisjoint(found)):
        return settled
    by_trust = read_all()
    if set(found) <= OF_TISSUE:
        # "bone marrow cells" hold mesenchymal ones: only plain words make them the product
        by_trust = [n for n in by_trust if _is_plainly_given(n)]
    for naming in by_trust:
        if naming.objection is None and naming.value in wanted:
            return settled | _with_neighbours(naming, by_trust)
    return settled or {DEFAULTS[value]: found[value] for value in found if value in DEFAULTS}


def _is_plainly_given(naming: Naming) -> bool:
    is_told_of = naming.is_background or naming.is_harvested
    return naming.is_headline and naming.is_treatment and not is_told_of


def _with_neighbours(naming: Naming, namings: Iterable[Naming]) -> Kinds:
    """Gather the term, and those of its sentence that are given together with it."""
    kinds = {naming.value: naming}
    for other in namings:
        if (
            other.scan == naming.scan
            and other.mark.sentence == naming.mark.sentence
            and other.objection is None
            and other.value in TYPING
            and (other.joined in kinds or naming.joined == other.value)
        ):
            kinds.setdefault(other.value, other)
    return kinds
