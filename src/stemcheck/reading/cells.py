"""Which products the participants are given.

What an intervention or an arm says counts unless a control or a veto word speaks against it; a title
counts when it says that cells are given; prose only with a giving verb. A kind left open ("stem
cells", a code name) is typed by the most trusted passage that types it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from stemcheck.reading.arms import arms_of_interventions, control_arms_for
from stemcheck.reading.given import Given
from stemcheck.reading.naming import OPEN, Naming, judge_namings
from stemcheck.reading.passages import Part
from stemcheck.reading.scanner import Mark, Scan
from stemcheck.reading.step import Step, quote_around
from stemcheck.trial.reading import Product
from stemcheck.trial.text import RecordText

NAMES: Final = frozenset({Part.INTERVENTION_NAME, Part.INTERVENTION_OTHER_NAMES})
TITLES: Final = frozenset({Part.BRIEF_TITLE, Part.OFFICIAL_TITLE})
PROSE: Final = frozenset({Part.BRIEF_SUMMARY, Part.DETAILED_DESCRIPTION})
PRODUCT_TYPES: Final = frozenset({"BIOLOGICAL", "GENETIC", "DRUG", "COMBINATION_PRODUCT"})
"""Registered types of intervention that are given to a participant."""
DEFAULTS: Final = {"unspecified_stem": "unspecified_stem", "tissue_cells": "mixed_tissue"}
"""What an open word means when nothing types it."""
TYPING: Final = frozenset({"mesenchymal", "mixed_tissue", "hematopoietic", "other_stem"})
"""Kinds that an open word may turn out to be."""

COMPANIONS: Final = frozenset({"mixed_tissue"})
"""Kinds that "and stem cells" may be added to."""

Mentions = dict[int, tuple[tuple[Mark, Product], ...]]
Kinds = dict[str, Naming]
"""Product values and the words that first name each."""


@dataclass(slots=True)
class _Group:
    """One intervention or arm: what its passages name."""

    names: list[Naming] = field(default_factory=list)
    prose: list[Naming] = field(default_factory=list)
    is_fake: bool = False
    is_product: bool = False
    is_bench: bool = False


def find_given(
    record: RecordText, scans: Sequence[Scan], *, is_traced: bool = True
) -> tuple[Given, tuple[Step, ...]]:
    """The products given in any arm that is not a control, and what each rule decided.

    Untraced, only what was taken is told.
    """
    decision = _Decision(record, scans)
    given = decision.made()
    if is_traced:
        decision.tell_refusals()
    return given, tuple(decision.steps)


class _Decision:
    def __init__(self, record: RecordText, scans: Sequence[Scan]) -> None:
        self.record = record
        self.scans = scans
        self.steps: list[Step] = []
        self.is_observed = record.study_type == "OBSERVATIONAL" or (
            not record.study_type and not any(arm.type for arm in record.arms)
        )
        self.namings = judge_namings(scans)
        self.interventions = [
            _Group(is_product=entry.type in PRODUCT_TYPES) for entry in record.interventions
        ]
        self.arms = [_Group() for _ in record.arms]
        self._sort_into_groups()

    def _sort_into_groups(self) -> None:
        for scan in self.scans:
            group = self._group_of(scan)
            if group is None:
                continue
            if scan.passage.part in {Part.INTERVENTION_NAME, Part.ARM_LABEL}:
                group.is_fake = _is_fake(scan, is_arm=scan.passage.part is Part.ARM_LABEL)
            if any(mark.kind == "bench" for mark in scan.marks):
                group.is_bench = True
        for naming in self.namings:
            scan = self.scans[naming.scan]
            group = self._group_of(scan)
            if group is not None:
                named = scan.passage.part in NAMES or scan.passage.part is Part.ARM_LABEL
                (group.names if named else group.prose).append(naming)

    def _group_of(self, scan: Scan) -> _Group | None:
        if scan.passage.intervention is not None:
            return self.interventions[scan.passage.intervention]
        return None if scan.passage.arm is None else self.arms[scan.passage.arm]

    def tell_refusals(self) -> None:
        """Add to the steps every cell term that was refused."""
        for naming in self.namings:
            if naming.refusal:
                self._refuse(naming)

    def made(self) -> Given:
        arms_of = arms_of_interventions(self.record)
        kinds_of = [self._intervention_kinds(group) for group in self.interventions]
        arm_kinds = [self._arm_kinds(group) for group in self.arms]
        controls = control_arms_for(
            self.record,
            {a for kinds, arms in zip(kinds_of, arms_of, strict=True) if kinds for a in arms},
            {number for number, kinds in enumerate(arm_kinds) if kinds},
            {number for number, group in enumerate(self.arms) if group.is_fake},
        )
        found: Kinds = {}
        for kinds, arms in zip(kinds_of, arms_of, strict=True):
            if not (arms and arms <= controls):
                found = kinds | found
        listed = set(found) - OPEN
        for number, kinds in enumerate(arm_kinds):
            if number in controls or (self.is_observed and self.interventions and not found):
                continue
            for value, naming in kinds.items():
                if not listed or value in listed or self._is_label(naming) or naming.joined:
                    found.setdefault(value, naming)
        if self.is_observed and any(group.is_bench for group in self.interventions):
            found = {}
        elif not set(found) - OPEN:
            found = self._from_titles() | found
        if not found:
            found = self._from_prose() or self._from_keywords()
        found = self._typed(self._with_companions(found))
        return self._given(found, kinds_of, arms_of, controls)

    def _is_label(self, naming: Naming) -> bool:
        return self.scans[naming.scan].passage.part is Part.ARM_LABEL

    def _intervention_kinds(self, group: _Group) -> Kinds:
        if group.is_fake or (group.is_bench and self.is_observed):
            return {}
        named = _accepted(group.names)
        if set(named) - OPEN:
            told = _accepted(
                n for n in group.prose if (n.joined in named or _is_raw(n)) and not n.is_made
            )
            return _without_open(told | named)
        counts_bare = (bool(named) or group.is_product) and not self.is_observed
        told = _with_main([n for n in group.prose if not n.refusal and (counts_bare or n.is_given)])
        if not named:
            told.pop("some_cells", None)
        return _without_open(told | named)

    def _arm_kinds(self, group: _Group) -> Kinds:
        named = _accepted(n for n in group.names if n.is_given or not self.is_observed)
        told = _with_main(
            [
                n
                for n in group.prose
                if not n.refusal and (n.is_given or not (self.is_observed or n.is_background))
            ]
        )
        told.pop("some_cells", None)
        return _without_open(told | named)

    def _from_titles(self) -> Kinds:
        return _accepted(
            n
            for n in self.namings
            if self.scans[n.scan].passage.part in TITLES and self._is_title_giving(n)
        )

    def _is_title_giving(self, naming: Naming) -> bool:
        if not self.is_observed:
            return naming.is_given or naming.is_treatment
        return self._is_followed(naming) or (naming.is_given and not self.interventions)

    def _is_followed(self, naming: Naming) -> bool:
        return any(mark.kind == "followup" for mark in self.scans[naming.scan].marks)

    def _from_prose(self) -> Kinds:
        if self.is_observed and self.interventions:
            return {}
        return _with_main(
            [
                n
                for n in self.namings
                if self.scans[n.scan].passage.part in PROSE
                and not n.refusal
                and n.is_given
                and not n.is_background
                and n.mark.value != "some_cells"
                and (n.is_of_person or not self.is_observed)
            ]
        )

    def _from_keywords(self) -> Kinds:
        products = (g for g in self.interventions if g.is_product and not g.is_fake)
        if self.is_observed or not any(products):
            return {}
        return {
            value: naming
            for value, naming in _accepted(
                n for n in self.namings if self.scans[n.scan].passage.part is Part.KEYWORDS
            ).items()
            if value in TYPING
        }

    def _with_companions(self, found: Kinds) -> Kinds:
        """Add what a title names together with a product already found."""
        for naming in self.namings:
            part = self.scans[naming.scan].passage.part
            if not naming.refusal and naming.joined in found and part in TITLES:
                found.setdefault(naming.mark.value, naming)
        return found

    def _typed(self, found: Kinds) -> Kinds:
        """Settle open words by the most trusted passage that types them."""
        settled = {value: naming for value, naming in found.items() if value not in OPEN}
        if len(settled) == len(found):
            return found
        if settled and "unspecified_stem" not in found:
            return settled
        wanted = TYPING - set(settled) if not settled else frozenset({"mesenchymal"})
        for naming in sorted(
            self.namings,
            key=lambda n: (self.scans[n.scan].passage.part, n.mark.value != "mesenchymal"),
        ):
            if not naming.refusal and naming.mark.value in wanted:
                return settled | self._with_neighbours(naming)
        if settled:
            return settled
        return {DEFAULTS[value]: found[value] for value in found if value in DEFAULTS}

    def _with_neighbours(self, naming: Naming) -> Kinds:
        """The term, and those of the same sentence that are given together with it."""
        kinds = {naming.mark.value: naming}
        for other in self.namings:
            if (
                other.scan == naming.scan
                and other.mark.sentence == naming.mark.sentence
                and not other.refusal
                and other.mark.value in TYPING
                and (other.joined in kinds or naming.joined == other.mark.value)
            ):
                kinds.setdefault(other.mark.value, other)
        return kinds

    def _given(
        self,
        found: Kinds,
        kinds_of: Sequence[Kinds],
        arms_of: Sequence[frozenset[int]],
        controls: frozenset[int],
    ) -> Given:
        for value, naming in found.items():
            self._take(value, naming)
        products = tuple(product for product in Product if product.value in found)
        if not products:
            return Given((Product.NONE,), {})
        interventions = frozenset(number for number, kinds in enumerate(kinds_of) if kinds)
        arms = frozenset(arm for number in interventions for arm in arms_of[number]) - controls
        return Given(
            products,
            *self._mentions(products, kinds_of),
            interventions,
            arms,
            frozenset(n for n, scan in enumerate(self.scans) if self._is_control(scan, controls)),
        )

    def _is_control(self, scan: Scan, controls: frozenset[int]) -> bool:
        if scan.passage.arm is not None:
            return scan.passage.arm in controls
        number = scan.passage.intervention
        return number is not None and self.interventions[number].is_fake

    def _mentions(
        self, products: tuple[Product, ...], kinds_of: Sequence[Kinds]
    ) -> tuple[Mentions, Mentions]:
        main = Product.MESENCHYMAL if Product.MESENCHYMAL in products else products[0]
        by_value = {product.value: product for product in products} | dict.fromkeys(OPEN, main)
        mentions: dict[int, list[tuple[Mark, Product]]] = {}
        sources: dict[int, list[tuple[Mark, Product]]] = {}
        for naming in self.namings:
            product = by_value.get(naming.source_of or naming.mark.value)
            if product is not None and naming.source_of:
                sources.setdefault(naming.scan, []).append((naming.mark, product))
            elif product is not None and not naming.refusal:
                mentions.setdefault(naming.scan, []).append((naming.mark, product))
        for number, scan in enumerate(self.scans):
            for mark in scan.marks:
                if mark.kind == "code":
                    kinds = kinds_of[int(mark.value)]
                    product = next((by_value[kind] for kind in kinds if kind in by_value), None)
                    if product is not None:
                        mentions.setdefault(number, []).append((mark, product))
        return _fixed(mentions), _fixed(sources)

    def _take(self, value: str, naming: Naming) -> None:
        passage = self.scans[naming.scan].passage
        mark = naming.mark
        quote = quote_around(passage, mark.start, mark.end)
        why = "given" if naming.is_given else "named as the product"
        self.steps.append(Step(passage.field, quote, mark.rule, "took", why, "product", value))

    def _refuse(self, naming: Naming) -> None:
        passage = self.scans[naming.scan].passage
        mark = naming.mark
        self.steps.append(
            Step(
                passage.field,
                quote_around(passage, mark.start, mark.end),
                naming.veto,
                "refused",
                naming.refusal,
                "product",
                mark.value,
            )
        )


def _fixed(marks: dict[int, list[tuple[Mark, Product]]]) -> Mentions:
    return {
        number: tuple(sorted(found, key=lambda one: one[0].start))
        for number, found in marks.items()
    }


def _is_fake(scan: Scan, *, is_arm: bool) -> bool:
    values = {"fake", "usual"} if is_arm else {"fake"}
    fake = next((m for m in scan.marks if m.kind == "control" and m.value in values), None)
    cell = next((m for m in scan.marks if m.kind == "cell"), None)
    return fake is not None and (cell is None or fake.token < cell.token)


def _accepted(namings: Iterable[Naming]) -> Kinds:
    accepted: Kinds = {}
    for naming in namings:
        if not naming.refusal:
            accepted.setdefault(naming.mark.value, naming)
    return accepted


def _with_main(namings: Sequence[Naming]) -> Kinds:
    """The main product of a piece of prose, and what is given together with it."""
    kinds = _accepted(namings)
    if "mesenchymal" not in kinds:
        return kinds
    main = {"mesenchymal": kinds["mesenchymal"]}
    for naming in namings:
        if naming.mark.value == "mesenchymal" and naming.joined in kinds and not naming.is_made:
            main.setdefault(naming.joined, kinds[naming.joined])
        if naming.joined in main and not naming.is_made:
            main.setdefault(naming.mark.value, naming)
        elif naming.mark.value in {"cell_free", *OPEN}:
            main.setdefault(naming.mark.value, naming)
    return main


def _without_open(kinds: Kinds) -> Kinds:
    """Drop words that leave the kind open where another word beside them settles it."""
    if not set(kinds) - OPEN:
        return kinds
    settled = bool(set(kinds) & (TYPING | {"cell_free"}))
    return {
        value: naming
        for value, naming in kinds.items()
        if value not in OPEN
        or (value == "unspecified_stem" and (not settled or naming.joined in COMPANIONS))
    }


def _is_raw(naming: Naming) -> bool:
    """Unpurified tissue said to be given, although the name calls it stem cells."""
    return naming.mark.value == "mixed_tissue" and naming.is_given
