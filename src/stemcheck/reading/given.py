"""The products found to be given, and the places that name them. Source and route are read from these."""

from collections.abc import Set as AbstractSet
from typing import Final

from stemcheck.reading.candidates import BARE, Candidate, Candidates
from stemcheck.reading.kinds import DEFAULTS, OPEN, TRANSPLANT, Kinds
from stemcheck.reading.scan import Mark, Scan, Sentence
from stemcheck.trial.terms import Product


class Given:
    """The given products of a record and their places."""

    def __init__(
        self,
        found: Kinds,
        candidates: Candidates,
        kinds_of: dict[int, Kinds],
        arms: AbstractSet[int],
        controls: AbstractSet[Scan],
    ) -> None:
        self.products: Final = tuple(product for product in Product if product in found)
        self.main: Final = Product.MESENCHYMAL if Product.MESENCHYMAL in found else self.products[0]
        """The product whose tissue and donor are read: mesenchymal cells if given, otherwise the first."""
        self.interventions: Final = frozenset(kinds_of)
        """The numbers of the interventions that are, or contain, a given product."""
        self.arms: Final = arms
        """The numbers of the arms in which it is given."""
        self._controls = controls
        self._candidates = candidates
        products: dict[str, Product] = {product.value: product for product in self.products}
        self._by_value = products | {
            word: products.get(DEFAULTS.get(word, ""), self.main) for word in OPEN
        }
        self._of_code = {
            str(number): next((products[kind] for kind in kinds if kind in products), self.main)
            for number, kinds in kinds_of.items()
        }
        """By intervention number: the product that its code name stands for."""
        self._mentions: dict[Sentence, dict[Mark, Product]] = {}

    def is_control(self, scan: Scan) -> bool:
        """Return whether a passage is about a control: placebo, sham or standard care."""
        return scan in self._controls

    def mentions(self, sentence: Sentence) -> dict[Mark, Product]:
        """Return the terms of a sentence that name a given product."""
        known = self._mentions.get(sentence)
        if known is None:
            known = self._mentions[sentence] = {
                one.mark: self._product(one)
                for one in self._candidates.in_sentence(sentence)
                if (one.counts or one.against == BARE) and one.value in self._by_value
            }
            for mark in sentence.of("code"):
                if mark.value in self._of_code:
                    known[mark] = self._of_code[mark.value]
        return known

    def _product(self, one: Candidate) -> Product:
        if one.mark.term.key == TRANSPLANT and Product.HEMATOPOIETIC in self.products:
            return Product.HEMATOPOIETIC
        return self._by_value[one.value]

    def sources(self, sentence: Sentence) -> dict[Mark, Product]:
        """Return the terms that name what a product is made from ("SVF" in "SVF-derived MSC")."""
        return {
            one.mark: self._by_value[one.refusal.trigger.value]
            for one in self._candidates.in_sentence(sentence)
            if one.refusal is not None
            and one.refusal.row.effect == "source"
            and one.refusal.trigger.value in self._by_value
        }
