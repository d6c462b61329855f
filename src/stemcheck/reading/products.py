"""Which products the participants are given.

What an intervention or an arm says counts unless a control or the words around speak against it; where
these say nothing, a title counts when it says that cells are given, then prose with a giving verb,
then the keywords of a code-named product. A kind left open ("stem cells", a code name) is typed by
the most trusted passage that types it.
"""

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal, NamedTuple

from stemcheck.reading.abbreviations import SHORT, Spelling
from stemcheck.reading.arms import control_arms
from stemcheck.reading.context import Effect, effects_on, joint
from stemcheck.reading.lexicon import load_lexicon
from stemcheck.reading.passages import LABELS, NAMES, PROSE, TITLES, Part
from stemcheck.reading.quotes import Step, quote_of
from stemcheck.reading.record import Record
from stemcheck.reading.scan import OPENING, Mark, Scan, Sentence
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
NOT_BY_PROSE: Final = frozenset({"some_cells", "hematopoietic", "other_cells"})
"""Kinds that prose speaks of without their being the product: transplants, counts, transfusions."""
PRODUCT_TYPES: Final = frozenset({"BIOLOGICAL", "GENETIC", "DRUG", "COMBINATION_PRODUCT"})
"""Registered types of intervention that are given to a participant."""
WEAK: Final = "weak"
"""Key of words that count only where they are said to be given."""
STRICT: Final = frozenset({"other_cells", "hematopoietic", "cell_free"})
"""Kinds that titles name for many reasons."""
TRANSPLANT: Final = "transplant"
"""Key of transplants of stem cells whose kind is left open."""
ADJECTIVE: Final = "adjective"
"""Key of words that only name cells where they share a noun: "hematopoietic and mesenchymal cells"."""
SHARED: Final = "measured.before"
"""The row that refuses all cells of "levels of MSC and HSC"."""
SHARED_REACH: Final = 3
"""Words from the "and" to the term that shares in it."""
LONGEST_JOINT: Final = 3
JOINING: Final = frozenset("+&/")
"""Signs by which two products are joined: "MSC + DLI", "BMAC/PRP"."""
OPENING_WORDS: Final = 8
"""A description that begins so soon with cells says what the product is."""
REFUSING: Final = ("refuse", "source")
"""Effects by which a cell term is not the product."""


@dataclass(slots=True, eq=False)
class Candidate:
    """A cell term at its place, and what speaks for or against its being the product."""

    mark: Mark
    refusal: Effect | None
    against: str = ""
    """Why it is not the product whatever stands around it."""
    joined: str = ""
    """Kind of the term before it that it is given together with."""
    spelled_out: Mark | None = None
    """The words that say what an abbreviation stands for."""

    @property
    def value(self) -> str:
        """The kind of product it names."""
        return self.mark.value

    @property
    def part(self) -> Part:
        """Where it stands."""
        return self.mark.sentence.passage.part

    @property
    def counts(self) -> bool:
        """Whether nothing speaks against it."""
        return self.refusal is None and not self.against

    def has(self, effect: str) -> bool:
        """Whether the words around it have this effect."""
        return effect in effects_on(self.mark)


Kinds = dict[str, Candidate]
"""Product values, or open words, and the term that first names each."""


class Candidates:
    """The cell terms of a record; those of a passage are judged when they are first asked for."""

    def __init__(self, record: Record) -> None:
        self._spelling = Spelling(record)
        self._judged: dict[Scan, list[Candidate]] = {}

    def of(self, *scans: Scan) -> list[Candidate]:
        """List all cell terms of these passages, in order."""
        found: list[Candidate] = []
        for scan in scans:
            if scan not in self._judged:
                judged = self._judged[scan] = []
                for sentence in scan.sentences:
                    judged += self._judge(sentence)
            found += self._judged[scan]
        return found

    def _judge(self, sentence: Sentence) -> list[Candidate]:
        judged: list[Candidate] = []
        for mark in sentence.of("cell"):
            effects = effects_on(mark)
            refusal = next((effects[name][0] for name in REFUSING if name in effects), None)
            one = Candidate(mark, refusal)
            previous = judged[-1] if judged else None
            if mark.value == "false_friend":
                one.against = "the words mean something else"
            elif mark.term.key == ADJECTIVE and "shared_noun" not in effects:
                one.against = "no cell follows"
            elif mark.term.key in SHORT:
                one.spelled_out = self._spelling.of(mark)
                if one.spelled_out is None:
                    one.against = "letters that the record does not spell out as cells"
            elif mark.value == "other_cells" and _only_describes(mark):
                one.against = "only describes the next word"
            elif mark.term.key == WEAK and not _is_plainly_given(one):
                one.against = "nothing says that it is given"
            if previous is not None and not one.against:
                _compare(previous, one)
            judged.append(one)
        return judged


def _compare(previous: Candidate, one: Candidate) -> None:
    """Take into account the term before: what refuses it, and whether both are given together."""
    mark = one.mark
    if one.refusal is None and _shares(previous, mark):
        one.refusal = previous.refusal
    if _is_in_brackets(previous.mark, mark):
        _share_refusal(previous, one)
    joined = effects_on(mark).get("joined", ())
    if (
        one.counts
        and previous.counts
        and (
            any(effect.trigger is previous.mark for effect in joined)
            or _is_joined_by_sign(previous.mark, mark)
        )
    ):
        one.joined = previous.value


@cache
def _goes_on() -> frozenset[str]:
    return frozenset(load_lexicon().places["goes_on"])


def _only_describes(mark: Mark) -> bool:
    """Whether the next word is the noun that is meant: "T-cell lymphoma"."""
    following = mark.sentence.words[mark.last + 1 : mark.last + 2]
    return bool(following) and following[0].isalpha() and following[0].lower() not in _goes_on()


def _is_plainly_given(one: Candidate) -> bool:
    """Whether words beside it give the cells, or say that they are the product."""
    return one.has("object") or one.has("defined") or one.has("named")


def _is_joined_by_sign(first: Mark, second: Mark) -> bool:
    signs = joint(first, second) if second.first == first.last + 1 else ""
    return len(signs) <= LONGEST_JOINT and not JOINING.isdisjoint(signs)


def _shares(previous: Candidate, mark: Mark) -> bool:
    """Whether a term shares in what refuses the one before: "levels of MSC and HSC"."""
    before = previous.mark
    return (
        previous.refusal is not None
        and previous.refusal.row.id == SHARED
        and mark.clause == before.clause
        and any(
            before.last < join.first < mark.first and mark.first - join.last <= SHARED_REACH
            for join in mark.sentence.of("join")
            if join.term.key == "words"
        )
    )


def _is_in_brackets(first: Mark, second: Mark) -> bool:
    """Whether nothing but an opening bracket stands between two terms."""
    return second.first == first.last + 2 and first.sentence.words[first.last + 1] in OPENING


def _share_refusal(first: Candidate, second: Candidate) -> None:
    """Treat a term and its abbreviation in brackets as one."""
    if first.against:
        return
    if first.refusal is not None and second.refusal is None:
        second.refusal = first.refusal
    elif (
        first.refusal is None
        and second.refusal is not None
        and (second.refusal.row.effect == "source" or second.refusal.row.side == "after")
    ):
        first.refusal = second.refusal


# ------------------------------------------------------------------------------- kinds of a few terms


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


# ------------------------------------------------------------------------------- one intervention or arm


@dataclass(slots=True, eq=False)
class Group:
    """One intervention or arm: the terms of its names, and those of its description."""

    named: list[Candidate] = field(default_factory=list)
    told: list[Candidate] = field(default_factory=list)
    is_product: bool = False
    """Registered as something that is given."""
    is_examination: bool = False
    """It takes samples or measures, and nothing in it is given; cells that it names are examined."""
    is_fake: bool = False
    """Its name begins as a placebo, a sham or (an arm) a control."""
    is_sample: bool = False
    """Its name is of something that is taken."""
    is_bench: bool = False
    """It speaks of assays, explants or other laboratory work."""
    is_drug: bool = False
    """Its names hold a known drug."""
    is_coded: bool = False
    """Its names hold a word that only this record knows."""
    is_cultured: bool = False
    """It speaks of culture or expansion."""


def _group(scans: Iterable[Scan], candidates: Candidates) -> Group:
    group = Group()
    for scan in scans:
        part = scan.passage.part
        is_label = part in LABELS
        (group.named if is_label else group.told).extend(candidates.of(scan))
        if part is Part.INTERVENTION_NAME:
            group.is_fake = _begins_as(scan, {"fake"})
            group.is_sample = scan.holds("sampling")
        elif part is Part.ARM_LABEL:
            group.is_fake = _begins_as(scan, {"fake", "usual"})
        if is_label:
            group.is_drug |= any(mark.value == "drug" for mark in scan.of("agent"))
            group.is_coded |= scan.holds("code")
        group.is_bench |= scan.holds("bench")
        group.is_cultured |= scan.holds("culture")
    return group


def _begins_as(scan: Scan, values: AbstractSet[str]) -> bool:
    """Whether a control word stands before any cell term: "Placebo for MSC", not "MSC in saline"."""
    for sentence in scan.sentences if scan.may_hold("control") else ():
        for mark in sentence.marks:
            if mark.kind == "control" and mark.value in values:
                return True
            if mark.kind == "cell":
                return False
    return False


def _intervention_kinds(group: Group, *, is_observed: bool) -> Kinds:
    """Gather what an intervention gives, by its names and, where these leave it open, its description."""
    if group.is_fake or group.is_examination or (group.is_bench and is_observed):
        return {}
    named = accepted(
        one for one in group.named if one.mark.term.key != "aspirate" or one.has("given")
    )
    if set(named) - OPEN:
        kept = [one for one in group.told if not one.has("harvest")]
        raw = accepted(one for one in kept if one.value == "mixed_tissue" and one.has("given"))
        if raw and not group.is_cultured:
            # called stem cells, but given as they were taken
            named = {value: one for value, one in named.items() if value != "mesenchymal"}
        return settled(raw | joined_kinds(kept, named) | named)
    counts_bare = bool(named) and not is_observed and not group.is_bench
    told = told_kinds(
        one
        for one in group.told
        if (one.has("given") if named else _is_told_given(one))
        or (counts_bare and not one.has("harvest"))
    )
    if not (named or (group.is_coded and "some_cells" in told)):
        told.pop("some_cells", None)
    return settled(told | named)


def _is_told_given(one: Candidate) -> bool:
    """Whether a description gives the cells, or says that they are the product."""
    is_opening = one.mark.sentence.offset == 0 and one.mark.first <= OPENING_WORDS
    return _is_plainly_given(one) or is_opening


def _arm_kinds(group: Group, *, is_observed: bool) -> Kinds:
    """Gather what an arm gives, by its label and description."""
    named = accepted(one for one in group.named if one.has("given") or not is_observed)
    counts_bare = not (is_observed or group.is_bench)
    told = told_kinds(
        one
        for one in group.told
        if one.has("given")
        or (
            counts_bare
            and not one.has("background")
            and (named or one.joined or _is_plainly_given(one))
        )
    )
    told.pop("some_cells", None)
    return settled(told | named)


# ------------------------------------------------------------------------------- the whole record


class Given(NamedTuple):
    """What is given; input of source and route."""

    products: tuple[Product, ...]
    main: Product
    """The product that tissue and donor are told of: mesenchymal cells before any other."""
    mentions: Callable[[Scan], list[tuple[Mark, Product]]]
    """The terms of a passage that name a given product."""
    sources: Callable[[Scan], list[tuple[Mark, Product]]]
    """The terms that name what it is made from ("SVF" in "SVF-derived MSC")."""
    interventions: frozenset[int] = frozenset()
    """Numbers of the interventions that are, or hold, a given product."""
    arms: frozenset[int] = frozenset()
    """Numbers of the arms in which it is given."""
    controls: frozenset[int] = frozenset()
    fakes: frozenset[int] = frozenset()
    """Numbers of the arms and of the interventions that are controls (placebo, sham, standard care)."""
    cell_interventions: frozenset[int] = frozenset()
    cell_arms: frozenset[int] = frozenset()
    """Those that hold more than a cell-free product."""

    def is_control(self, scan: Scan) -> bool:
        """Whether a passage speaks of a control."""
        passage = scan.passage
        return passage.arm in self.controls or passage.intervention in self.fakes


def find_given(record: Record, *, is_traced: bool = False) -> tuple[Given | None, list[Step]]:
    """Find the products given in any arm that is not a control; None where nothing is.

    The steps tell what was taken and, when traced, every cell term that was refused and why.
    """
    decision = _Decision(record)
    found = decision.found()
    steps = [step for value, one in found.items() for step in _steps(one, value)]
    if is_traced:
        steps += [_refused(one) for one in decision.in_parts(Part) if not one.counts]
    return decision.given(found) if found else None, steps


class _Decision:
    """The whole of one record, while it is decided."""

    def __init__(self, record: Record) -> None:
        text = record.text
        self.record = record
        self.candidates = Candidates(record)
        self.is_sampled = self._tells_of_samples()
        self.is_observed = (
            self.is_sampled
            or text.study_type == "OBSERVATIONAL"
            or (not text.study_type and not any(arm.type for arm in text.arms))
        )
        self.interventions = [_group(scans, self.candidates) for scans in record.interventions]
        self.arms = [_group(scans, self.candidates) for scans in record.arms]
        for entry, group in zip(text.interventions, self.interventions, strict=True):
            group.is_product = entry.type in PRODUCT_TYPES
            group.is_examination = (
                entry.type == "DIAGNOSTIC_TEST"
                or group.is_sample
                or (self.is_sampled and not group.is_product)
            )
        for scans, group in zip(record.interventions, self.interventions, strict=True):
            if group.is_examination and _gives(scans):
                group.is_examination = False
        self.kinds_of = [
            _intervention_kinds(group, is_observed=self.is_observed) for group in self.interventions
        ]
        self.arm_kinds = [_arm_kinds(group, is_observed=self.is_observed) for group in self.arms]
        listing = zip(self.kinds_of, record.arms_of, strict=True)
        self.controls = control_arms(
            text,
            {arm for kinds, arms in listing if kinds for arm in arms},
            {number for number, kinds in enumerate(self.arm_kinds) if kinds},
            {number for number, group in enumerate(self.arms) if group.is_fake},
        )

    def found(self) -> Kinds:
        """Decide the kinds given, from the most trusted passages that say so."""
        if self.is_observed and any(group.is_bench for group in self.interventions):
            return {}
        found = self._from_arms(self._from_interventions())
        if self.is_sampled and not found:
            # its titles and prose tell of cells that are taken, not given
            return {}
        if not set(found) - OPEN:
            found = self._from_titles() | found
        found = found or self._from_prose() or self._from_keywords()
        # beside a product, keywords type no more
        keywords = () if set(found) - OPEN else (Part.KEYWORDS,)
        found = self._typed(self._with_companions(found), keywords)
        return self._as_taken(_without_scaffold(found))

    def in_parts(self, parts: Iterable[Part]) -> list[Candidate]:
        return self.candidates.of(*self.record.parts(parts))

    def _from_interventions(self) -> Kinds:
        found: Kinds = {}
        for kinds, arms in zip(self.kinds_of, self.record.arms_of, strict=True):
            if not (arms and arms <= self.controls):
                found = kinds | found
        return found

    def _from_arms(self, found: Kinds) -> Kinds:
        """Add what arms name; beside a listed product, only what a label or an "and" names."""
        if self.is_observed and self.interventions and not found:
            return found
        is_listed = bool(set(found) - OPEN)
        for number, kinds in enumerate(self.arm_kinds):
            for value, one in kinds.items():
                is_told = one.joined or one.part is Part.ARM_LABEL
                if number not in self.controls and (not is_listed or is_told):
                    found.setdefault(value, one)
        return found

    def _from_titles(self) -> Kinds:
        return accepted(one for one in self.in_parts(TITLES) if self._is_title_giving(one))

    def _is_title_giving(self, one: Candidate) -> bool:
        if not self.is_observed:
            is_strict = one.value in STRICT or one.mark.term.key == TRANSPLANT
            return _is_plainly_given(one) if is_strict else one.has("treatment")
        if one.mark.sentence.of("followup"):
            return True
        return one.has("given") and not self.interventions

    def _from_prose(self) -> Kinds:
        if self.is_observed and self.interventions:
            return {}
        return told_kinds(
            one
            for one in self.in_parts(PROSE)
            if one.has("named")
            or (
                one.has("given")
                and not one.has("background")
                and one.value not in NOT_BY_PROSE
                and one.mark.term.key != TRANSPLANT
                and (one.has("person") or not self.is_observed)
            )
        )

    def _from_keywords(self) -> Kinds:
        """Type a code-named product by the keywords."""
        is_coded = any(not self.interventions[number].is_drug for number in self._products())
        if self.is_observed or not is_coded:
            return {}
        kinds = accepted(self.in_parts({Part.KEYWORDS}))
        return {value: one for value, one in kinds.items() if value in TYPING}

    def _products(self) -> frozenset[int]:
        """Numbers of the interventions that are given and not a placebo."""
        return frozenset(
            number
            for number, group in enumerate(self.interventions)
            if group.is_product and not group.is_fake
        )

    def _with_companions(self, found: Kinds) -> Kinds:
        """Add what a title names together with a product already found."""
        for scan in self.record.parts(TITLES):
            found = joined_kinds(self.candidates.of(scan), found) | found
        return found

    def _typed(self, found: Kinds, keywords: Iterable[Part]) -> Kinds:
        """Settle open words by the most trusted passage that types them."""
        closed = {value: one for value, one in found.items() if value not in OPEN}
        if len(closed) == len(found):
            return found
        wanted = frozenset({"mesenchymal"}) - closed.keys() if closed else TYPING
        if not wanted or (closed and UNTYPED_PRODUCTS.isdisjoint(found)):
            return closed
        parts = [part for part in Part if part is not Part.KEYWORDS or keywords]
        by_trust = sorted(self.in_parts(parts), key=_typing_order)
        if set(found) <= OF_TISSUE:
            # "bone marrow cells" hold mesenchymal ones: only plain words make them the product
            by_trust = [one for one in by_trust if _is_given_in_headline(one)]
        for one in by_trust:
            if one.counts and one.value in wanted:
                return closed | _with_neighbours(one, by_trust)
        for one in by_trust:
            if not closed and one.counts and one.value == "other_cells" and _is_plainly_given(one):
                return {one.value: one}
        return closed or {DEFAULTS[value]: found[value] for value in found if value in DEFAULTS}

    def _as_taken(self, kinds: Kinds) -> Kinds:
        """Tell unpurified tissue for what it is, where it is called stem cells and nothing is cultured."""
        if "mesenchymal" not in kinds:
            return kinds
        headline = [part for part in Part if part < Part.BRIEF_SUMMARY]
        for scan in self.record.parts(frozenset(headline)):
            previous: Candidate | None = None
            for one in self.candidates.of(scan):
                taken = _unpurified(previous, one) if previous is not None else None
                if taken is not None:
                    if any(scan.holds("culture") for scan in self.record.scans):
                        return kinds
                    return {"mixed_tissue": taken} | {
                        value: one for value, one in kinds.items() if value != "mesenchymal"
                    }
                previous = one
        return kinds

    def given(self, found: Kinds) -> Given:
        """Gather for the products found every place that names them."""
        products = tuple(product for product in Product if product in found)
        main = Product.MESENCHYMAL if Product.MESENCHYMAL in products else products[0]
        by_value: dict[str, Product] = {product.value: product for product in products}
        by_value |= {word: by_value.get(DEFAULTS.get(word, ""), main) for word in OPEN}
        holding = frozenset(number for number, kinds in enumerate(self.kinds_of) if kinds)
        coded = self._products()
        # a code name alone: the only product there is must be the one given
        interventions = holding or (coded if len(coded) == 1 else frozenset())
        of_cells = frozenset(n for n in interventions if set(self.kinds_of[n]) != {CELL_FREE})

        def product(one: Candidate) -> Product:
            if one.mark.term.key == TRANSPLANT and Product.HEMATOPOIETIC in products:
                return Product.HEMATOPOIETIC
            return by_value[one.value]

        @cache
        def mentions(scan: Scan) -> list[tuple[Mark, Product]]:
            named = [
                (one.mark, product(one))
                for one in self.candidates.of(scan)
                if one.counts and one.value in by_value
            ]
            for mark in scan.of("code"):
                if int(mark.value) in interventions:
                    kinds = self.kinds_of[int(mark.value)]
                    named.append((mark, next((by_value[k] for k in kinds if k in by_value), main)))
            return named

        @cache
        def sources(scan: Scan) -> list[tuple[Mark, Product]]:
            return [
                (one.mark, by_value[one.refusal.trigger.value])
                for one in self.candidates.of(scan)
                if one.refusal is not None
                and one.refusal.row.effect == "source"
                and one.refusal.trigger.value in by_value
            ]

        return Given(
            products,
            main,
            mentions,
            sources,
            interventions,
            self._arms_listing(interventions),
            self.controls,
            frozenset(n for n, group in enumerate(self.interventions) if group.is_fake),
            of_cells,
            self._arms_listing(of_cells),
        )

    def _arms_listing(self, interventions: frozenset[int]) -> frozenset[int]:
        arms = frozenset(arm for number in interventions for arm in self.record.arms_of[number])
        return arms - self.controls

    def _tells_of_samples(self) -> bool:
        """Whether the study takes samples of cells or tissue, by its titles or by all its names."""
        names = self.record.parts({Part.INTERVENTION_NAME})
        is_sampled = any(
            mark.term.key == "study" for mark in self.record.marks("sampling", TITLES)
        ) or (bool(names) and all(_is_sample(scan) for scan in names))
        return is_sampled and not any(self._is_new_product(scan) for scan in names)

    def _is_new_product(self, scan: Scan) -> bool:
        """Whether a name is of a registered product that is neither a known drug nor a sample."""
        number = scan.passage.intervention
        is_product = (
            number is not None and self.record.text.interventions[number].type in PRODUCT_TYPES
        )
        return is_product and not scan.holds("sampling", "agent", "control")


def _is_sample(scan: Scan) -> bool:
    is_taken = any(mark.term.key == "taken" for mark in scan.of("sampling"))
    return is_taken and not any(mark.term.key == "give" for mark in scan.of("giving"))


def _gives(scans: Iterable[Scan]) -> bool:
    """Whether an intervention is more than an examination."""
    return any(
        mark.term.key == "give" or (mark.term.key == "treat" and scan.passage.part in NAMES)
        for scan in scans
        for mark in scan.of("giving")
    )


def _typing_order(one: Candidate) -> tuple[bool, Part, bool]:
    """Most trusted first; blood stem cells last, being so often the patient's transplant."""
    return one.value == "hematopoietic", one.part, one.value != "mesenchymal"


def _is_given_in_headline(one: Candidate) -> bool:
    is_told_of = one.has("background") or one.has("harvest")
    return one.part <= Part.BRIEF_SUMMARY and one.has("treatment") and not is_told_of


def _with_neighbours(main: Candidate, candidates: Iterable[Candidate]) -> Kinds:
    """Gather the term, and those of its sentence that are given together with it."""
    kinds = {main.value: main}
    for one in candidates:
        if (
            one.mark.sentence is main.mark.sentence
            and one.counts
            and one.value in TYPING
            and (one.joined in kinds or main.joined == one.value)
        ):
            kinds.setdefault(one.value, one)
    return kinds


def _without_scaffold(kinds: Kinds) -> Kinds:
    """Drop a whole tissue that only carries the cells given: "stem cells with amniotic membrane"."""
    carried = {value: one for value, one in kinds.items() if one.mark.term.key != SCAFFOLD}
    return carried if set(carried) & TYPING else kinds


def _unpurified(first: Candidate, second: Candidate) -> Candidate | None:
    """Find unpurified tissue that is called stem cells: "stem cells (SVF)", "BMAC containing MSC"."""
    if (
        not first.counts
        or second.has("background")
        or first.mark.sentence is not second.mark.sentence
    ):
        return None
    kinds = first.value, second.value
    if kinds == ("mesenchymal", "mixed_tissue") and _is_in_brackets(first.mark, second.mark):
        return second
    if kinds == ("mixed_tissue", "mesenchymal") and first.has("treatment"):
        is_content = any(
            one.row.effect == "content" for one in effects_on(second.mark).get("content", ())
        )
        return first if is_content else None
    return None


def _steps(one: Candidate, value: str) -> Iterator[Step]:
    """Quote a term that was taken, and the words that spell it out."""
    why = "given" if one.has("given") else "named as the product"
    yield _step(one.mark, one.mark.term.rule, "took", why, value)
    full = one.spelled_out
    if full is not None and full is not one.mark:
        yield _step(full, full.term.rule, "took", "spells out what the letters stand for", value)


def _refused(one: Candidate) -> Step:
    if one.refusal is None:
        return _step(one.mark, one.mark.term.rule, "refused", one.against, one.value)
    return _step(one.mark, one.refusal.row.rule, "refused", one.refusal.why, one.value)


def _step(
    mark: Mark, rule: str, decision: Literal["took", "refused"], why: str, value: str
) -> Step:
    field_ = mark.sentence.passage.field
    return Step(field_, quote_of(mark), rule, decision, why, "product", value)
