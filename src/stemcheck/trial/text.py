"""The words of a study record that a reviewer reads: the input of `stemcheck.reading`.

Plain values, built once per study by whoever holds a record (`stemcheck.registry.translate`). Text is
verbatim: quotes taken from it must be found again in the record.
"""

from typing import NamedTuple


class InterventionText(NamedTuple):
    """One intervention as registered."""

    type: str = ""
    name: str = ""
    other_names: tuple[str, ...] = ()
    description: str = ""
    arm_group_labels: tuple[str, ...] = ()


class ArmText(NamedTuple):
    """One arm group as registered; ``intervention_names`` are as written ("Biological: UC-MSC")."""

    label: str = ""
    type: str = ""
    description: str = ""
    intervention_names: tuple[str, ...] = ()


class RecordText(NamedTuple):
    """Everything of one record that is read for meaning."""

    nct_id: str = ""
    study_type: str = ""
    brief_title: str = ""
    official_title: str = ""
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    interventions: tuple[InterventionText, ...] = ()
    arms: tuple[ArmText, ...] = ()
    brief_summary: str = ""
    detailed_description: str = ""
    eligibility_criteria: str = ""
    """Never read for cells or route; the signals read it for words on payment."""
