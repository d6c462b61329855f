"""The same search on the registry's site: how its answer differs from ours, and by how many studies.

The site never shows a record without a phase when it is asked for a phase; here such records are read, and
counted. It does not read which cells are given and how, so it shows what is left out here for them.
"""

from collections import Counter

from stemcheck.trial.account import InABrowser
from stemcheck.trial.query import FILTERS, TrialQuery
from stemcheck.trial.trial import Trial


class SiteSearch:
    """Counts, study by study, what the site would make of the studies that came."""

    def __init__(self, query: TrialQuery) -> None:
        asked = {name: FILTERS[name].asks(value) for name, value in query.in_use().items()}
        self._query = query
        self._filters = [name for name, what in asked.items() if what.is_asked_of_the_site]
        self._not_asked = tuple(
            name
            for name, what in asked.items()
            if what.is_asked_of_the_api and not what.is_asked_of_the_site
        )
        self._lacking: Counter[str] = Counter()
        self._shown = 0

    def count(self, trial: Trial, *, is_shown_here: bool) -> None:
        """Count one study that came."""
        lacking = [name for name in self._filters if FILTERS[name].lacks(trial)]
        if lacking:
            self._lacking[lacking[0]] += 1
        elif not is_shown_here and self._fits(trial):
            self._shown += 1

    def _fits(self, trial: Trial) -> bool:
        """Return whether a study has all that the site is asked for."""
        return all(
            FILTERS[name].leaves_out(trial, getattr(self._query, name)) is None
            for name in self._filters
        )

    def difference(self) -> InABrowser:
        """Return how the site's answer differs."""
        return InABrowser(
            left_out=dict(sorted(self._lacking.items())),
            shown=self._shown,
            not_asked=self._not_asked,
        )
