"""The parts of a question that are the same for the API and for the web site."""

from stemcheck.registry import essie
from stemcheck.trial.filter import Test
from stemcheck.trial.query import TrialQuery

_TERMS = ("stem", "stromal", "mesenchymal", "MSC", "ASC", "remestemcel")
"""Any of these in interventions, arms, titles or keywords: all 421 records labelled as mesenchymal.

One word each, because a search holds twelve at most; "ASC" is for cells with a code name, "remestemcel"
for a brand.
"""

_MORE_TERMS_FOR = {
    "any": ("progenitor", "mononuclear"),
    "cell_free": ("exosomes", "vesicles"),
    "hematopoietic": ("progenitor",),
    "mixed_tissue": ("mononuclear", "marrow", "fat"),
    "other_stem": ("progenitor",),
}
"""For kinds of product whose records may hold none of the words above."""


def scope_for(query: TrialQuery) -> str:
    """Return the broad question for stem-cell products, nearly the same for every search."""
    more = (term for kind in query.cells for term in _MORE_TERMS_FOR.get(kind, ()))
    return essie.any_of(list(dict.fromkeys((*_TERMS, *more))))


def expression_for(test: Test) -> str:
    """Return a test of one field in the registry's query language."""
    values = [essie.phrase(value) if test.is_text else value for value in test.any_of]
    return f"AREA[{test.area}]({essie.any_of(values)})"
