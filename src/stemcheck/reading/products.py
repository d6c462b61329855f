"""Decides which products the participants are given.

The text of an intervention or arm counts unless it is a control or the words around rule it out. If these say
nothing, a title counts if it says that cells are given, then prose with a word of giving, then the keywords
of a product with a code name. If the kind is left open ("stem cells", a code name), the most trusted passage
that names a kind settles it.
"""

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from stemcheck.reading.arms import control_arms, in_any
from stemcheck.reading.candidates import Candidate, Candidates, is_in_brackets, is_plainly_given
from stemcheck.reading.context import effects_on
from stemcheck.reading.given import Given
from stemcheck.reading.groups import arm_kinds, group_of, intervention_kinds
from stemcheck.reading.kinds import (
    DEFAULTS,
    OF_TISSUE,
    OPEN,
    SCAFFOLD,
    TRANSPLANT,
    TYPING,
    UNTYPED_PRODUCTS,
    Kinds,
    accepted,
    joined_kinds,
    told_kinds,
)
from stemcheck.reading.passages import NAMES, PROSE, TITLES, Part
from stemcheck.reading.quotes import Step, quote_of
from stemcheck.reading.record import Record
from stemcheck.reading.scan import Mark, Scan

NOT_BY_PROSE: Final = frozenset({"some_cells", "hematopoietic", "other_cells"})
"""Kinds that prose often mentions without being the product: transplants, counts, transfusions."""
PRODUCT_TYPES: Final = frozenset({"BIOLOGICAL", "GENETIC", "DRUG", "COMBINATION_PRODUCT"})
"""Registered types of interventions that are given to a participant."""
QUESTION_TYPES: Final = frozenset({"OTHER", "BEHAVIORAL", "DIAGNOSTIC_TEST"})
"""Registered types that an observational study uses for its questions."""
TYPED_BY_KEYWORD: Final = TYPING - {"hematopoietic"}
"""Keywords name blood stem cells because of the patients' transplants."""
STRICT: Final = frozenset({"other_cells", "hematopoietic", "cell_free"})
"""Kinds that titles name for many reasons."""


def find_given(record: Record, *, is_traced: bool = False) -> tuple[Given | None, list[Step]]:
    """Return the products given in any arm that is not a control (None if there are none), and the steps.

    The steps say what was taken and, if ``is_traced``, why each other cell term was refused.
    """
    decision = _Decision(record)
    found = decision.found()
    steps = [step for value, one in found.items() for step in _steps(one, value)]
    if is_traced:
        steps += [_refused(one) for one in decision.in_parts(Part) if not one.counts]
    return decision.given(found) if found else None, steps


class _Decision:
    """Decides the products of one record."""

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
        self.interventions = [group_of(scans, self.candidates) for scans in record.interventions]
        self.arms = [group_of(scans, self.candidates) for scans in record.arms]
        for entry, group in zip(text.interventions, self.interventions, strict=True):
            group.is_product = entry.type in PRODUCT_TYPES
            group.is_question = text.study_type == "OBSERVATIONAL" and entry.type in QUESTION_TYPES
            group.is_examination = (
                entry.type == "DIAGNOSTIC_TEST"
                or group.is_sample
                or (self.is_sampled and not group.is_product)
            )
        for scans, group in zip(record.interventions, self.interventions, strict=True):
            if group.is_examination and _gives(scans):
                group.is_examination = False
        self.kinds_of = [
            intervention_kinds(group, is_observed=self.is_observed) for group in self.interventions
        ]
        self.arm_kinds = [arm_kinds(group, is_observed=self.is_observed) for group in self.arms]
        listing = zip(self.kinds_of, record.arms_of, strict=True)
        self.controls = control_arms(
            text,
            in_any(arms for kinds, arms in listing if kinds),
            {number for number, kinds in enumerate(self.arm_kinds) if kinds},
            {number for number, group in enumerate(self.arms) if group.is_fake},
        )

    def found(self) -> Kinds:
        """Return the kinds given, from the most trusted passages that name them."""
        if self.is_observed and any(group.is_bench for group in self.interventions):
            return {}
        found = self._from_arms(self._from_interventions())
        if self.is_sampled and not found:
            # its titles and prose are about cells that are taken, not given
            return {}
        if not set(found) - OPEN:
            found = self._from_titles() | found
        found = found or self._from_prose() or self._from_keywords()
        # keywords do not settle open words next to a product of known kind
        keywords = () if set(found) - OPEN else (Part.KEYWORDS,)
        found = self._typed(self._with_companions(found), keywords)
        return self._as_taken(_without_scaffold(found))

    def in_parts(self, parts: Iterable[Part]) -> list[Candidate]:
        return self.candidates.of(*self.record.parts(parts))

    def _from_interventions(self) -> Kinds:
        found: Kinds = {}
        every = {arms for groups in self.record.arms_of for arms in groups}
        treated = {arms for arms in every if not arms <= self.controls}
        for kinds, groups in zip(self.kinds_of, self.record.arms_of, strict=True):
            if not groups or not treated.isdisjoint(groups):
                found = kinds | found
        return found

    def _from_arms(self, found: Kinds) -> Kinds:
        """Add what arms name; if interventions list a product, only what a label or an "and" names."""
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
            return is_plainly_given(one) if is_strict else one.has("treatment")
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
        """Return the kinds that keywords name for a product with a code name."""
        is_coded = any(not self.interventions[number].is_drug for number in self._products())
        if self.is_observed or not is_coded:
            return {}
        kinds = accepted(self.in_parts({Part.KEYWORDS}))
        return {value: one for value, one in kinds.items() if value in TYPED_BY_KEYWORD}

    def _products(self) -> frozenset[int]:
        """Return the numbers of the interventions that are given and are not a placebo."""
        return frozenset(
            number
            for number, group in enumerate(self.interventions)
            if group.is_product and not group.is_fake
        )

    def _with_companions(self, found: Kinds) -> Kinds:
        """Add the kinds that a title joins to a product already found."""
        for scan in self.record.parts(TITLES):
            found = joined_kinds(self.candidates.of(scan), found) | found
        return found

    def _typed(self, found: Kinds, keywords: Iterable[Part]) -> Kinds:
        """Settle the kind of open words by the most trusted passage that names one."""
        closed = {value: one for value, one in found.items() if value not in OPEN}
        if len(closed) == len(found):
            return found
        wanted = frozenset({"mesenchymal"}) - closed.keys() if closed else TYPING
        if not wanted or (closed and UNTYPED_PRODUCTS.isdisjoint(found)):
            return closed
        parts = [part for part in Part if part is not Part.KEYWORDS or keywords]
        by_trust = sorted(self.in_parts(parts), key=_typing_order)
        if set(found) <= OF_TISSUE:
            # "bone marrow cells" contain mesenchymal ones: only plain words make these the product
            by_trust = [one for one in by_trust if _is_given_in_headline(one)]
        for one in by_trust:
            if one.counts and one.value in wanted:
                return closed | _with_neighbours(one, by_trust)
        for one in by_trust:
            if not closed and one.counts and one.value == "other_cells" and is_plainly_given(one):
                return {one.value: one}
        return closed or {
            self._default(one): one for value, one in found.items() if value in DEFAULTS
        }

    def _default(self, one: Candidate) -> str:
        """Return what an open word means if nothing settles it; for a transplant, the disease decides."""
        illnesses = self.record.marks("illness", {*TITLES, Part.CONDITIONS})
        if one.mark.term.key == TRANSPLANT and any(illnesses):
            return "hematopoietic"
        return DEFAULTS[one.value]

    def _as_taken(self, kinds: Kinds) -> Kinds:
        """Return unpurified tissue as such if it is only called stem cells and nothing is cultured."""
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
        """Collect every place that names one of the products found."""
        holding = {number: kinds for number, kinds in enumerate(self.kinds_of) if kinds}
        coded = self._products()
        if not holding and len(coded) == 1:
            # only a code name: the single product must be the one given
            holding = {number: {} for number in coded}
        fakes = {number for number, group in enumerate(self.interventions) if group.is_fake}
        controls = {
            scan
            for scan in self.record.scans
            if scan.passage.arm in self.controls or scan.passage.intervention in fakes
        }
        return Given(found, self.candidates, holding, self._arms_listing(holding), controls)

    def _arms_listing(self, interventions: Iterable[int]) -> frozenset[int]:
        return in_any(self.record.arms_of[number] for number in interventions) - self.controls

    def _tells_of_samples(self) -> bool:
        """Return whether the titles, or all intervention names, say that the study takes samples."""
        names = self.record.parts({Part.INTERVENTION_NAME})
        is_sampled = any(
            mark.term.key == "study" for mark in self.record.marks("sampling", TITLES)
        ) or (bool(names) and all(_is_sample(scan) for scan in names))
        return is_sampled and not any(self._is_new_product(scan) for scan in names)

    def _is_new_product(self, scan: Scan) -> bool:
        """Return whether a name is that of a registered product, not of a known drug or a sample."""
        number = scan.passage.intervention
        is_product = (
            number is not None and self.record.text.interventions[number].type in PRODUCT_TYPES
        )
        return is_product and not scan.holds("sampling", "agent", "control")


def _is_sample(scan: Scan) -> bool:
    is_taken = any(mark.term.key == "taken" for mark in scan.of("sampling"))
    return is_taken and not any(mark.term.key == "give" for mark in scan.of("giving"))


def _gives(scans: Iterable[Scan]) -> bool:
    """Return whether an intervention is more than an examination."""
    return any(
        mark.term.key == "give" or (mark.term.key == "treat" and scan.passage.part in NAMES)
        for scan in scans
        for mark in scan.of("giving")
    )


def _typing_order(one: Candidate) -> tuple[bool, Part, bool]:
    """Sort key: most trusted first; blood stem cells last, as they are often the patient's transplant."""
    return one.value == "hematopoietic", one.part, one.value != "mesenchymal"


def _is_given_in_headline(one: Candidate) -> bool:
    is_told_of = one.has("background") or one.has("harvest")
    return one.part <= Part.BRIEF_SUMMARY and one.has("treatment") and not is_told_of


def _with_neighbours(main: Candidate, candidates: Iterable[Candidate]) -> Kinds:
    """Return the kind of a term, and the kinds in its sentence that are given together with it."""
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
    """Drop a whole tissue that only carries the given cells: "stem cells with amniotic membrane"."""
    carried = {value: one for value, one in kinds.items() if one.mark.term.key != SCAFFOLD}
    return carried if set(carried) & TYPING else kinds


def _unpurified(first: Candidate, second: Candidate) -> Candidate | None:
    """Return the unpurified tissue that is called stem cells: "stem cells (SVF)", "BMAC containing MSC"."""
    if (
        not first.counts
        or second.has("background")
        or first.mark.sentence is not second.mark.sentence
    ):
        return None
    kinds = first.value, second.value
    if kinds == ("mesenchymal", "mixed_tissue") and is_in_brackets(first.mark, second.mark):
        return second
    if kinds == ("mixed_tissue", "mesenchymal") and first.has("treatment"):
        is_content = any(
            one.row.effect == "content" for one in effects_on(second.mark).get("content", ())
        )
        return first if is_content else None
    return None


def _steps(one: Candidate, value: str) -> Iterator[Step]:
    """Yield steps that quote a term that was taken, and the words that spell it out."""
    why = "given" if one.has("given") else "named_product"
    yield _step(one.mark, one.mark.term.rule, "took", why, value)
    full = one.spelled_out
    if full is not None and full is not one.mark:
        yield _step(full, full.term.rule, "took", "spelled_out", value)


def _refused(one: Candidate) -> Step:
    if one.refusal is None:
        return _step(one.mark, one.mark.term.rule, "refused", one.against, one.value)
    return _step(one.mark, one.refusal.row.rule, "refused", one.refusal.why, one.value)


def _step(
    mark: Mark, rule: str, decision: Literal["took", "refused"], why: str, value: str
) -> Step:
    field_ = mark.sentence.passage.field
    return Step(field_, quote_of(mark), rule, decision, why, "product", value)
