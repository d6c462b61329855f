"""Which products the participants are given.

What an intervention or an arm says counts unless a control or a veto word speaks against it; where
these say nothing, a title counts when it says that cells are given, then prose with a giving verb,
then the keywords of a code-named product. A kind left open ("stem cells", a code name) is typed by
the most trusted passage that types it.
"""

from collections.abc import Set as AbstractSet
from typing import Final

from stemcheck.reading.arms import arms_of_interventions, control_arms_for
from stemcheck.reading.given import Given, Mentions, Named
from stemcheck.reading.groups import PRODUCT_TYPES, arm_kinds, group_namings, intervention_kinds
from stemcheck.reading.kinds import (
    DEFAULTS,
    TYPING,
    Kinds,
    accepted_kinds,
    joined_kinds,
    prose_kinds,
    typed_kinds,
    without_scaffold,
)
from stemcheck.reading.marking import Mark
from stemcheck.reading.naming import Naming, Namings
from stemcheck.reading.objection import OPEN
from stemcheck.reading.passages import EVERY_PART, PROSE, Part
from stemcheck.reading.scanner import Scan, Scans
from stemcheck.reading.step import Step, quote_of
from stemcheck.reading.unpurified import kinds_as_taken
from stemcheck.trial.terms import Product
from stemcheck.trial.text import RecordText

TITLES: Final = frozenset({Part.BRIEF_TITLE, Part.OFFICIAL_TITLE})
KEYWORDS: Final = frozenset({Part.KEYWORDS})
EVERY_PRODUCT: Final = tuple(Product)
CELL_FREE: Final = Product.CELL_FREE.value
NOT_BY_PROSE: Final = frozenset({"some_cells", "hematopoietic", "other_cells"})
"""Kinds that prose speaks of without their being the product: transplants, counts, transfusions."""


def find_given(
    record: RecordText, scans: Scans, *, is_traced: bool = True
) -> tuple[Given, tuple[Step, ...]]:
    """Find the products given in any arm that is not a control.

    The steps tell what was taken and, when traced, every cell term that was refused and why.
    """
    decision = _Decision(record, scans)
    found = decision.found()
    steps = [_step(scans, naming, value) for value, naming in found.items()]
    if is_traced:
        namings = decision.namings.in_parts()
        steps += [_step(scans, naming, "") for naming in namings if naming.objection]
        steps += decision.samples_told() if not found else []
    return decision.given(found), tuple(steps)


class _Decision:
    """The whole of one record, while it is decided."""

    def __init__(self, record: RecordText, scans: Scans) -> None:
        self.scans = scans
        self.sampling = _samples_in_titles(scans) or _samples_in_names(scans)
        if self.sampling and any(_is_new_product(record, scan) for scan in scans):
            self.sampling = []
        self.is_sampled = bool(self.sampling)
        self.is_observed = (
            self.is_sampled
            or record.study_type == "OBSERVATIONAL"
            or (not record.study_type and not any(arm.type for arm in record.arms))
        )
        self.namings = Namings(scans)
        self.groups = group_namings(record, scans, self.namings, is_sampled=self.is_sampled)
        self.arms_of = arms_of_interventions(record)
        self.kinds_of = [
            intervention_kinds(group, is_observed=self.is_observed)
            for group in self.groups.interventions
        ]
        self.arm_kinds = [
            arm_kinds(group, is_observed=self.is_observed) for group in self.groups.arms
        ]
        listing = zip(self.kinds_of, self.arms_of, strict=True)
        self.controls = control_arms_for(
            record,
            {arm for kinds, arms in listing if kinds for arm in arms},
            {number for number, kinds in enumerate(self.arm_kinds) if kinds},
            {number for number, group in enumerate(self.groups.arms) if group.is_fake},
        )

    def samples_told(self) -> list[Step]:
        """Quote the titles or names that tell of samples taken."""
        why = "the study takes samples, and says of no cells that they are given"
        return [
            Step(
                scan.passage.field,
                quote_of(scan, mark.token, mark.last_token),
                mark.rule,
                "refused",
                why,
                "product",
                mark.value,
            )
            for scan, mark in self.sampling
        ]

    def found(self) -> Kinds:
        """Decide the kinds given, from the most trusted passages that say so."""
        if self.is_observed and any(group.is_bench for group in self.groups.interventions):
            return {}
        found = self._from_arms(self._from_interventions())
        if self.is_sampled and not found:
            # its titles and prose tell of cells that are taken, not given
            return {}
        if not set(found) - OPEN:
            found = self._from_titles() | found
        found = found or self._from_prose() or self._from_keywords()
        # beside a product, keywords type no more
        typing = EVERY_PART - KEYWORDS if set(found) - OPEN else EVERY_PART
        found = typed_kinds(self._with_companions(found), lambda: self._by_trust(typing))
        return kinds_as_taken(without_scaffold(found), self.namings, self.scans)

    def _by_trust(self, parts: AbstractSet[Part]) -> list[Naming]:
        return sorted(self.namings.in_parts(parts), key=self._typing_order)

    def _typing_order(self, naming: Naming) -> tuple[bool, Part, bool]:
        """Most trusted first; blood stem cells last, being so often the patient's transplant."""
        value = naming.value
        return value == "hematopoietic", self._part(naming), value != "mesenchymal"

    def _part(self, naming: Naming) -> Part:
        return self.scans[naming.scan].passage.part

    def _from_interventions(self) -> Kinds:
        found: Kinds = {}
        for kinds, arms in zip(self.kinds_of, self.arms_of, strict=True):
            if not (arms and arms <= self.controls):
                found = kinds | found
        return found

    def _from_arms(self, found: Kinds) -> Kinds:
        """Add what arms name; beside a listed product, only what a label or an "and" names."""
        if self.is_observed and self.groups.interventions and not found:
            return found
        listed = set(found) - OPEN
        for number, kinds in enumerate(self.arm_kinds):
            for value, naming in kinds.items():
                is_told = naming.joined or self._part(naming) is Part.ARM_LABEL
                if number not in self.controls and (not listed or is_told):
                    found.setdefault(value, naming)
        return found

    def _from_titles(self) -> Kinds:
        return accepted_kinds(n for n in self.namings.in_parts(TITLES) if self._is_title_giving(n))

    def _is_title_giving(self, naming: Naming) -> bool:
        if not self.is_observed:
            return naming.is_given or naming.is_treatment
        if self.scans[naming.scan].of_kind("followup"):
            return True
        return naming.is_given and not self.groups.interventions

    def _from_prose(self) -> Kinds:
        if self.is_observed and self.groups.interventions:
            return {}
        return prose_kinds(
            n
            for n in self.namings.in_parts(PROSE)
            if n.is_given
            and not n.is_background
            and n.value not in NOT_BY_PROSE
            and (n.is_of_person or not self.is_observed)
        )

    def _from_keywords(self) -> Kinds:
        """Type a code-named product by the keywords."""
        coded = (n for n in self._products() if not self.groups.interventions[n].is_drug)
        if self.is_observed or not any(True for _ in coded):
            return {}
        kinds = accepted_kinds(self.namings.in_parts(KEYWORDS))
        return {value: naming for value, naming in kinds.items() if value in TYPING}

    def _products(self) -> frozenset[int]:
        """Numbers of the interventions that are given and not a placebo."""
        return frozenset(
            number
            for number, group in enumerate(self.groups.interventions)
            if group.is_product and not group.is_fake
        )

    def _with_companions(self, found: Kinds) -> Kinds:
        """Add what a title names together with a product already found."""
        for number, scan in self.scans.holding("cell", parts=TITLES):
            if len(scan.of_kind("cell")) > 1:
                found = joined_kinds(self.namings.in_scan(number), found) | found
        return found

    def given(self, found: Kinds) -> Given:
        """Gather for the products found every place that names them."""
        products = tuple(product for product in EVERY_PRODUCT if product in found)
        if not products:
            return Given((Product.NONE,), Mentions())
        interventions = self._giving_interventions()
        of_cells = frozenset(n for n in interventions if set(self.kinds_of[n]) != {CELL_FREE})
        return Given(
            products,
            *self._mentions(products, interventions),
            interventions,
            self._arms_listing(interventions),
            frozenset(n for n, scan in enumerate(self.scans) if self._is_control(scan)),
            of_cells,
            self._arms_listing(of_cells),
        )

    def _arms_listing(self, interventions: frozenset[int]) -> frozenset[int]:
        arms = frozenset(arm for number in interventions for arm in self.arms_of[number])
        return arms - self.controls

    def _giving_interventions(self) -> frozenset[int]:
        holding = frozenset(number for number, kinds in enumerate(self.kinds_of) if kinds)
        products = self._products()
        # a code name alone: the only product there is must be the one given
        return holding or (products if len(products) == 1 else frozenset())

    def _is_control(self, scan: Scan) -> bool:
        if scan.passage.arm is not None:
            return scan.passage.arm in self.controls
        number = scan.passage.intervention
        return number is not None and self.groups.interventions[number].is_fake

    def _mentions(
        self, products: tuple[Product, ...], interventions: frozenset[int]
    ) -> tuple[Mentions, Mentions]:
        main = Product.MESENCHYMAL if Product.MESENCHYMAL in products else products[0]
        by_value = {product.value: product for product in products}
        by_value |= {word: by_value.get(DEFAULTS.get(word, ""), main) for word in OPEN}

        def mentions(number: int) -> Named:
            named = [
                (naming.mark, by_value[naming.value])
                for naming in self.namings.in_scan(number)
                if naming.objection is None and naming.value in by_value
            ]
            for mark in self.scans[number].of_kind("code"):
                if int(mark.value) in interventions:
                    kinds = self.kinds_of[int(mark.value)]
                    named.append((mark, next((by_value[k] for k in kinds if k in by_value), main)))
            return tuple(sorted(named, key=_token))

        def sources(number: int) -> Named:
            return tuple(
                (naming.mark, by_value[naming.objection.source_of])
                for naming in self.namings.in_scan(number)
                if naming.objection is not None and naming.objection.source_of in by_value
            )

        return Mentions(mentions), Mentions(sources)


def _token(named: tuple[Mark, Product]) -> int:
    return named[0].token


def _samples_in_titles(scans: Scans) -> list[tuple[Scan, Mark]]:
    return [
        (scan, mark)
        for _, scan in scans.holding("sampling", parts=TITLES)
        for mark in scan.of_kind("sampling")
        if mark.key == "study"
    ]


def _is_new_product(record: RecordText, scan: Scan) -> bool:
    """Whether the passage names a registered product that is neither a known drug nor a sample."""
    number = scan.passage.intervention
    if number is None or scan.passage.part is not Part.INTERVENTION_NAME:
        return False
    is_product = record.interventions[number].type in PRODUCT_TYPES
    return is_product and not scan.has_any({"sampling", "agent", "control"})


def _samples_in_names(scans: Scans) -> list[tuple[Scan, Mark]]:
    """Find the samples that the interventions are named for, where all of them are."""
    found: list[tuple[Scan, Mark]] = []
    for scan in scans:
        if scan.passage.part is Part.INTERVENTION_NAME:
            marks = [mark for mark in scan.of_kind("sampling") if mark.key == "taken"]
            if not marks or any(mark.key == "give" for mark in scan.of_kind("giving")):
                return []
            found.append((scan, marks[0]))
    return found


def _step(scans: Scans, naming: Naming, taken_as: str) -> Step:
    scan, mark, objection = scans[naming.scan], naming.mark, naming.objection
    quote, field = quote_of(scan, mark.token, mark.last_token), scan.passage.field
    if taken_as or objection is None:
        why = "given" if naming.is_given else "named as the product"
        return Step(field, quote, mark.rule, "took", why, "product", taken_as)
    return Step(field, quote, objection.rule, "refused", objection.why, "product", mark.value)
