"""What the contract tests of the client share: made-up studies, quick settings, a fresh ladder."""

from collections.abc import Sequence
from typing import Any

from stemcheck.registry.settings import Settings
from stemcheck.registry.waiting import Clock
from stemcheck.trial.query import TrialQuery
from tests.standin import StandIn

QUERY = TrialQuery(conditions=("stroke",))


def made_up_study(number: int, **status: Any) -> dict[str, Any]:
    """A study about stroke and stem cells, as the registry would send it."""
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": f"NCT{90000000 + number}",
                "briefTitle": f"Mesenchymal Stem Cells for Stroke, {number}",
            },
            "statusModule": {"overallStatus": "RECRUITING", **status},
            "conditionsModule": {"conditions": ["Stroke"]},
            "armsInterventionsModule": {
                "interventions": [{"type": "BIOLOGICAL", "name": "mesenchymal stem cells"}]
            },
        },
        "derivedSection": {"miscInfoModule": {"versionHolder": "2026-11-20"}},
        "hasResults": False,
    }


def made_up_studies(count: int) -> list[dict[str, Any]]:
    """So many of them."""
    return [made_up_study(number) for number in range(1, count + 1)]


def quick_settings(registry: StandIn, **changes: Any) -> Settings:
    """Settings for a stand-in: small pages, no polite pause, little patience."""
    settings: dict[str, Any] = {
        "registry_url": registry.base_url,
        "page_size": 10,
        "pause_seconds": 0.0,
        "timeout_seconds": 10.0,
    }
    return Settings(**settings | changes)


class HurriedClock(Clock):
    """A clock on which every pause is over at once and yet counts; anything else takes its time."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0.0
        """How many seconds it was told to wait."""

    def now(self) -> float:
        return super().now() + self.skipped

    def wait(self, seconds: float) -> None:
        super().wait(0.0)
        self.skipped += max(0.0, seconds)


def numbers_in(pages: Sequence[Any]) -> list[str]:
    """The NCT numbers of the studies on pages, in order."""
    return [item.trial.nct_id for page in pages for item in page.items]
