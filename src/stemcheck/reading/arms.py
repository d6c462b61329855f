"""Finds the arms in which a product is given, and the control arms.

The registered type of an arm is not enough. Some arms typed as placebo list the cells, and so are not
controls; a second cell product is often typed as active comparator.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Final

from stemcheck.trial.text import RecordText

CONTROL_TYPES: Final = frozenset({"PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"})


Arms = frozenset[int]
"""The numbers of some arms."""


def arms_of_interventions(record: RecordText) -> tuple[tuple[Arms, ...], ...]:
    """Return, for each intervention, the arms that list it and the arms that it lists, without empty sets.

    Interventions with the same name share one set: copies would grow with the square of the record.
    """
    by_label = {_folded(arm.label): number for number, arm in enumerate(record.arms)}
    by_name: dict[str, set[int]] = {}
    for number, arm in enumerate(record.arms):
        for listed in arm.intervention_names:
            # "Biological: UC-MSC", or the name alone
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
    """Return all arms of these interventions."""
    return frozenset().union(*{arms for group in groups for arms in group})


def _folded(words: str) -> str:
    return words.strip().lower()


def control_arms(
    record: RecordText,
    listing_cells: AbstractSet[int],
    naming_cells: AbstractSet[int],
    called_control: AbstractSet[int],
) -> frozenset[int]:
    """Return the numbers of the control arms.

    ``listing_cells``: arms that list a cell intervention; ``naming_cells``: arms whose own text says that
    cells are given; ``called_control``: arms labelled placebo, sham or control.
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
