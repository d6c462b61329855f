"""The interventions and arms of a record, each with the cell terms its passages hold."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from stemcheck.reading.kinds import Kinds, accepted_kinds, joined_kinds, prose_kinds, settled_kinds
from stemcheck.reading.naming import Naming, Namings
from stemcheck.reading.objection import OPEN
from stemcheck.reading.passages import Part
from stemcheck.reading.scanner import Scan, Scans
from stemcheck.trial.text import RecordText

LABELS: Final = frozenset({Part.INTERVENTION_NAME, Part.INTERVENTION_OTHER_NAMES, Part.ARM_LABEL})
FAKES: Final = {
    Part.INTERVENTION_NAME: frozenset({"fake"}),
    Part.ARM_LABEL: frozenset({"fake", "usual"}),
}
"""The control words that a name or a label may begin with."""
GROUPED: Final = frozenset(part for part in Part if part <= Part.ARM_DESCRIPTION)
"""All fields of the interventions and arms."""
TOLD: Final = ("control", "giving", "bench", "agent", "culture")
"""Kinds of mark that say what an intervention or arm is."""
NAMED_FIRST: Final = frozenset({"cell", "control"})
"""Kinds of mark of which the first one counts."""
GIVING: Final = frozenset({"give"})
TREATING: Final = frozenset({"give", "treat"})
"""Rules of the giving words that, in a name or label, say that it is more than an examination."""
PRODUCT_TYPES: Final = frozenset({"BIOLOGICAL", "GENETIC", "DRUG", "COMBINATION_PRODUCT"})
"""Registered types of intervention that are given to a participant."""


@dataclass(slots=True, eq=False)
class Group:
    """One intervention or arm."""

    is_product: bool = False
    """Registered as something that is given."""
    is_examination: bool = False
    """It takes samples or measures, and nothing in it is given; cells that it names are examined."""
    is_fake: bool = False
    """Its name begins as a placebo, a sham or (an arm) a control."""
    is_bench: bool = False
    """It speaks of assays, explants or other laboratory work."""
    is_drug: bool = False
    """Its names hold a known drug."""
    is_cultured: bool = False
    """It speaks of culture or expansion."""
    named: list[Naming] = field(default_factory=list)
    told: list[Naming] = field(default_factory=list)


class Groups(NamedTuple):
    """All interventions and arms of a record, numbered as registered."""

    interventions: tuple[Group, ...]
    arms: tuple[Group, ...]

    def of_scan(self, scan: Scan) -> Group | None:
        """Find the intervention or arm that a passage belongs to."""
        if scan.passage.intervention is not None:
            return self.interventions[scan.passage.intervention]
        return None if scan.passage.arm is None else self.arms[scan.passage.arm]


def group_namings(
    record: RecordText, scans: Scans, namings: Namings, *, is_sampled: bool
) -> Groups:
    """Sort the cell terms of a record into its interventions and arms.

    ``is_sampled``: the study takes samples, so that a procedure is their taking.
    """
    groups = Groups(
        tuple(
            Group(
                is_product=entry.type in PRODUCT_TYPES,
                is_examination=entry.type == "DIAGNOSTIC_TEST"
                or (is_sampled and entry.type not in PRODUCT_TYPES),
            )
            for entry in record.interventions
        ),
        tuple(Group() for _ in record.arms),
    )
    for _, scan in scans.holding(*TOLD, parts=GROUPED):
        group = groups.of_scan(scan)
        if group is None:
            continue
        part = scan.passage.part
        if part in FAKES:
            group.is_fake = _begins_as(scan, FAKES[part])
        acts = TREATING if part in LABELS else GIVING
        if any(mark.key in acts for mark in scan.of_kind("giving")):
            group.is_examination = False
        group.is_bench = group.is_bench or bool(scan.of_kind("bench"))
        if part in LABELS:
            group.is_drug = group.is_drug or _names_drug(scan)
        group.is_cultured = group.is_cultured or bool(scan.of_kind("culture"))
    for naming in namings.in_parts(GROUPED):
        scan = scans[naming.scan]
        group = groups.of_scan(scan)
        if group is not None:
            (group.named if scan.passage.part in LABELS else group.told).append(naming)
    return groups


def _names_drug(scan: Scan) -> bool:
    return any(mark.value == "drug" for mark in scan.of_kind("agent"))


def _begins_as(scan: Scan, values: frozenset[str]) -> bool:
    """Whether a control word stands before any cell term: "Placebo for MSC", not "MSC in saline"."""
    for mark in scan.of_kinds(NAMED_FIRST):
        if mark.kind == "control" and mark.value in values:
            return True
        if mark.kind == "cell":
            return False
    return False


def intervention_kinds(group: Group, *, is_observed: bool) -> Kinds:
    """Gather what an intervention gives, by its names and, where these leave it open, its description."""
    if group.is_fake or group.is_examination or (group.is_bench and is_observed):
        return {}
    named = accepted_kinds(n for n in group.named if n.mark.key != "aspirate" or n.is_given)
    if set(named) - OPEN:
        unharvested = [n for n in group.told if not n.is_harvested]
        raw = accepted_kinds(n for n in unharvested if _is_raw(n))
        if raw and not group.is_cultured:
            # called stem cells, but given as they were taken
            named = {value: naming for value, naming in named.items() if value != "mesenchymal"}
        return settled_kinds(raw | joined_kinds(unharvested, named) | named)
    counts_bare = (bool(named) or group.is_product) and not is_observed
    counts_bare = counts_bare and not group.is_bench
    told = prose_kinds(n for n in group.told if n.is_given or (counts_bare and not n.is_harvested))
    if not named:
        told.pop("some_cells", None)
    return settled_kinds(told | named)


def _is_raw(naming: Naming) -> bool:
    """Whether unpurified tissue is said to be given, although the name calls it stem cells."""
    return naming.value == "mixed_tissue" and naming.is_given


def arm_kinds(group: Group, *, is_observed: bool) -> Kinds:
    """Gather what an arm gives, by its label and description."""
    named = accepted_kinds(n for n in group.named if n.is_given or not is_observed)
    counts_bare = not (is_observed or group.is_bench)
    told = prose_kinds(n for n in group.told if n.is_given or (counts_bare and not n.is_background))
    told.pop("some_cells", None)
    return settled_kinds(told | named)
