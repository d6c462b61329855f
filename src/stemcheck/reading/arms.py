"""Which arms a product is given in, and which arms are only there to compare with.

The registered type of an arm is not enough: arms typed as placebo that list the cells are no
controls, and a second cell product is often typed as active comparator.
"""

from typing import Final

from stemcheck.trial.text import RecordText

CONTROL_TYPES: Final = frozenset({"PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"})


def arms_of_interventions(record: RecordText) -> tuple[frozenset[int], ...]:
    """For each intervention, the numbers of the arms that list it or that it lists."""
    by_label = {arm.label.strip().lower(): number for number, arm in enumerate(record.arms)}
    by_name: dict[str, set[int]] = {}
    for number, arm in enumerate(record.arms):
        for listed in arm.intervention_names:
            # "Biological: UC-MSC", or the bare name
            by_name.setdefault(listed.partition(": ")[2].strip().lower(), set()).add(number)
            by_name.setdefault(listed.strip().lower(), set()).add(number)
    return tuple(
        frozenset(
            by_name.get(intervention.name.strip().lower(), set())
            | {
                by_label[label.strip().lower()]
                for label in intervention.arm_group_labels
                if label.strip().lower() in by_label
            }
        )
        for intervention in record.interventions
    )


def control_arms_for(
    record: RecordText, listing_cells: set[int], naming_cells: set[int], called_control: set[int]
) -> frozenset[int]:
    """Numbers of the arms that are controls.

    ``listing_cells``: arms that list a cell intervention; ``naming_cells``: arms whose own words
    name cells as given; ``called_control``: arms labelled placebo, sham or control.
    """
    every = range(len(record.arms))
    untreated = {number for number in every if record.arms[number].type == "NO_INTERVENTION"}
    cells = (listing_cells - untreated) | (naming_cells - called_control)
    controls = {
        number
        for number in every
        if number not in cells
        and (record.arms[number].type in CONTROL_TYPES or number in called_control)
    }
    experimental = {number for number in cells if record.arms[number].type == "EXPERIMENTAL"}
    without_cells = {number for number in every if number not in cells}
    if experimental and not without_cells:
        controls |= {number for number in every if record.arms[number].type == "ACTIVE_COMPARATOR"}
    return frozenset(controls | _called_control_beside(record, called_control, cells))


def _called_control_beside(
    record: RecordText, called_control: set[int], cells: set[int]
) -> set[int]:
    others = cells - called_control
    if not others:
        return set()
    return {n for n in called_control if record.arms[n].type != "EXPERIMENTAL"}
