"""Finds what one intervention or arm gives: first from its names, then from its description."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from stemcheck.reading.candidates import Candidate, Candidates, is_plainly_given
from stemcheck.reading.kinds import OPEN, Kinds, accepted, joined_kinds, settled, told_kinds
from stemcheck.reading.passages import LABELS, Part
from stemcheck.reading.scan import Mark, Scan

OPENING_WORDS: Final = 8
"""If cells occur within this many words of its start, a description says what the product is."""
NOT_OPENING: Final = frozenset(
    {
        "on",
        "against",
        "to",
        "by",
        "for",
        "in",
        "that",
        "which",
        "with",
        "without",
        "before",
        "after",
        "allows",
    }
)
"""Words after which the cells are not the product: "reduces IgE on dendritic cells"."""


@dataclass(slots=True, eq=False)
class Group:
    """One intervention or arm: the cell terms in its names and in its description."""

    named: list[Candidate] = field(default_factory=list)
    told: list[Candidate] = field(default_factory=list)
    is_product: bool = False
    """Its registered type is that of a product that is given."""
    is_examination: bool = False
    """It takes samples or measures and gives nothing; the cells that it names are examined."""
    is_question: bool = False
    """An observational study asks people about it; they may have had cells."""
    is_fake: bool = False
    """Its name begins as a placebo, a sham or (an arm) a control."""
    is_sample: bool = False
    """Its name is that of a sample taken from people."""
    is_bench: bool = False
    """It mentions assays, explants or other laboratory work."""
    is_drug: bool = False
    """Its names include a known drug."""
    is_coded: bool = False
    """Its names include a word that occurs only in this record."""
    is_cultured: bool = False
    """It mentions culture or expansion."""


def group_of(scans: Iterable[Scan], candidates: Candidates) -> Group:
    """Collect the cell terms of one intervention or arm, and the facts listed in `Group`."""
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
    """Return whether a control word precedes any cell term: "Placebo for MSC", not "MSC in saline"."""
    for sentence in scan.sentences if "control" in scan.kinds else ():
        for mark in sentence.marks:
            if mark.kind == "control" and mark.value in values:
                return True
            if mark.kind == "cell":
                return False
    return False


def intervention_kinds(group: Group, *, is_observed: bool) -> Kinds:
    """Return the kinds that an intervention gives, from its names or, if these are open, its description."""
    if group.is_fake or group.is_examination or (group.is_bench and is_observed):
        return {}
    named = accepted(
        one for one in group.named if one.mark.term.key != "aspirate" or one.has("given")
    )
    if set(named) - OPEN:
        kept = [one for one in group.told if not one.has("harvest")]
        raw = accepted(one for one in kept if one.value == "mixed_tissue" and one.has("given"))
        if raw and not group.is_cultured:
            # called stem cells, but given unpurified
            named = {value: one for value, one in named.items() if value != "mesenchymal"}
        return settled(raw | joined_kinds(kept, named) | named)
    if group.is_question and not named:
        return {}
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
    """Return whether a description says that the cells are given, or are the product."""
    return is_plainly_given(one) or _is_opening(one.mark)


def _is_opening(mark: Mark) -> bool:
    """Return whether a description begins with the cells, rather than with what is done to them."""
    before = mark.sentence.words[: mark.first]
    return (
        mark.sentence.offset == 0
        and len(before) <= OPENING_WORDS
        and NOT_OPENING.isdisjoint(map(str.lower, before))
    )


def arm_kinds(group: Group, *, is_observed: bool) -> Kinds:
    """Return the kinds that an arm gives, from its label and description."""
    named = accepted(one for one in group.named if one.has("given") or not is_observed)
    counts_bare = not (is_observed or group.is_bench)
    told = told_kinds(
        one
        for one in group.told
        if one.has("given")
        or (
            counts_bare
            and not one.has("background")
            and (named or one.joined or is_plainly_given(one))
        )
    )
    told.pop("some_cells", None)
    return settled(told | named)
