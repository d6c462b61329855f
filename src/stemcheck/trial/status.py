"""The registry's status words, all fourteen, with what one of them alone can say.

Values and spelling: ClinicalTrials.gov API 2.0.5, enum ``Status``. What a status means for a person who
wants to join is text, and lives in ``guidance/glossary.toml``.
"""

from enum import StrEnum


class OverallStatus(StrEnum):
    """Every value of the registry's ``overallStatus``."""

    RECRUITING = "RECRUITING"
    NOT_YET_RECRUITING = "NOT_YET_RECRUITING"
    ENROLLING_BY_INVITATION = "ENROLLING_BY_INVITATION"
    ACTIVE_NOT_RECRUITING = "ACTIVE_NOT_RECRUITING"
    SUSPENDED = "SUSPENDED"
    TERMINATED = "TERMINATED"
    COMPLETED = "COMPLETED"
    WITHDRAWN = "WITHDRAWN"
    UNKNOWN = "UNKNOWN"
    AVAILABLE = "AVAILABLE"
    TEMPORARILY_NOT_AVAILABLE = "TEMPORARILY_NOT_AVAILABLE"
    NO_LONGER_AVAILABLE = "NO_LONGER_AVAILABLE"
    APPROVED_FOR_MARKETING = "APPROVED_FOR_MARKETING"
    WITHHELD = "WITHHELD"


STATUS_LABELS: dict[str, str] = {
    "RECRUITING": "Recruiting",
    "NOT_YET_RECRUITING": "Not yet recruiting",
    "ENROLLING_BY_INVITATION": "Enrolling by invitation",
    "ACTIVE_NOT_RECRUITING": "Active, not recruiting",
    "SUSPENDED": "Suspended",
    "TERMINATED": "Terminated",
    "COMPLETED": "Completed",
    "WITHDRAWN": "Withdrawn",
    "UNKNOWN": "Unknown status",
    "AVAILABLE": "Available",
    "TEMPORARILY_NOT_AVAILABLE": "Temporarily not available",
    "NO_LONGER_AVAILABLE": "No longer available",
    "APPROVED_FOR_MARKETING": "Approved for marketing",
    "WITHHELD": "Withheld",
}
"""The registry's own display words."""

STATUS_GROUPS: dict[str, tuple[OverallStatus, ...]] = {
    "open": (OverallStatus.RECRUITING, OverallStatus.NOT_YET_RECRUITING, OverallStatus.AVAILABLE),
    "closed": (
        OverallStatus.ENROLLING_BY_INVITATION,
        OverallStatus.ACTIVE_NOT_RECRUITING,
        OverallStatus.COMPLETED,
        OverallStatus.TEMPORARILY_NOT_AVAILABLE,
        OverallStatus.NO_LONGER_AVAILABLE,
        OverallStatus.APPROVED_FOR_MARKETING,
    ),
    "stopped": (OverallStatus.SUSPENDED, OverallStatus.TERMINATED, OverallStatus.WITHDRAWN),
}
"""Group words that ``--status`` takes beside single values. UNKNOWN and WITHHELD are in no group."""

OPEN_TO_NEW_PARTICIPANTS = frozenset({"RECRUITING", "AVAILABLE"})
"""Statuses under which a new person can ask to take part now."""


def label_for(value: str) -> str:
    """Return the registry's display words for a status; an unknown value reads as it is written."""
    return STATUS_LABELS.get(value) or value.replace("_", " ").capitalize()
