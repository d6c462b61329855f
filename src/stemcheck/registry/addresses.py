"""Addresses of the registry's API, built once for asking and for finding what was kept."""

from collections.abc import Sequence
from urllib.parse import urlencode

from stemcheck.registry.parameters import ids_parameters, parameters_for, study_parameters
from stemcheck.trial.query import TrialQuery


class Addresses:
    """What lies where under one base address."""

    def __init__(self, base_url: str, *, page_size: int) -> None:
        self._base_url = base_url.rstrip("/")
        self._page_size = page_size

    @property
    def version(self) -> str:
        """The registry about itself."""
        return self._address("/version")

    def page(self, query: TrialQuery, *, token: str | None) -> str:
        """One page of a search; ``token`` None: the first. Raises UsageError for a query that cannot be."""
        return self._address(
            "/studies",
            parameters_for(
                query,
                page_size=self._page_size,
                page_token=token,
                # The registry counts for the first page only.
                count_total=token is None,
            ),
        )

    def study(self, number: str) -> str:
        """One study in full. ``number`` has to be in the registry's own form."""
        return self._address(f"/studies/{number}", study_parameters())

    def studies(self, numbers: Sequence[str]) -> str:
        """Several studies in full."""
        return self._address("/studies", ids_parameters(numbers))

    def _address(self, path: str, parameters: tuple[tuple[str, str], ...] = ()) -> str:
        # Built without httpx, which finding what was kept has no other need to import.
        query = f"?{urlencode(parameters)}" if parameters else ""
        return f"{self._base_url}{path}{query}"
