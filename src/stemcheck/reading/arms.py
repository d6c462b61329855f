"""Tells the arms in which a product is given from those that are only for comparison.

The registered type of an arm is not enough: arms typed as placebo that list the cells are no
controls, and a second cell product is often typed as active comparator.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Final

from stemcheck.trial.text import RecordText

CONTROL_TYPES: Final = frozenset({"PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"})


Arms = frozenset[int]
"""Numbers of some arms."""


def arms_of_interventions(record: RecordText) -> tuple[tuple[Arms, ...], ...]:
    """For each intervention, the arms that list it and those that it lists, as far as there are any.

    Interventions of one name share the arms that list it: copies would take the square of the record.
    """
    by_label = {_folded(arm.label): number for number, arm in enumerate(record.arms)}
    by_name: dict[str, set[int]] = {}
    for number, arm in enumerate(record.arms):
        for listed in arm.intervention_names:
            # "Biological: UC-MSC", or the bare name
            for name in (listed, listed.partition(": ")[2]):
                by_name.setdefault(_folded(name), set()).add(number)
    listing = {name: frozenset(arms) for name, arms in by_name.items()}
    found: list[tuple[Arms, ...]] = []
    for entry in record.interventions:
        labels = map(_folded, entry.arm_group_labels)
        own = frozenset(by_label[label] for label in labels if label in by_label)
        found.append(tuple(filter(None, (listing.get(_folded(entry.name)), own))))
    return tuple(found)


def in_any(groups: Iterable[tuple[Arms, ...]]) -> Arms:
    """Return all arms of some interventions."""
    return frozenset().union(*{arms for group in groups for arms in group})


def _folded(words: str) -> str:
    return words.strip().lower()


def control_arms(
    record: RecordText,
    listing_cells: AbstractSet[int],
    naming_cells: AbstractSet[int],
    called_control: AbstractSet[int],
) -> frozenset[int]:
    """Numbers of the arms that are controls.

    ``listing_cells``: arms that list a cell intervention; ``naming_cells``: arms whose own words
    name cells as given; ``called_control``: arms labelled placebo, sham or control.
    """
    types = [arm.type for arm in record.arms]
    every = frozenset(range(len(types)))
    untreated = {number for number in every if types[number] == "NO_INTERVENTION"}
    cells = (listing_cells - untreated) | (naming_cells - called_control)
    controls = {
        number
        for number in every - cells
        if types[number] in CONTROL_TYPES or number in called_control
    }
    if cells == every and any(types[number] == "EXPERIMENTAL" for number in cells):
        controls |= {number for number in every if types[number] == "ACTIVE_COMPARATOR"}
    if cells - called_control:
        controls |= {n for n in called_control if types[n] != "EXPERIMENTAL"}
    return frozenset(controls)
