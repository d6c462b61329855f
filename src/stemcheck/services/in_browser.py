"""Compares a search with the same search on the registry's site, and counts the differences.

If asked for a phase, the site never shows a record without one; stemcheck reads and counts such records. The
site does not read which cells are given and how, so it shows studies that stemcheck leaves out.
"""

from collections import Counter

from stemcheck.trial.account import InABrowser
from stemcheck.trial.query import FILTERS, TrialQuery
from stemcheck.trial.trial import Trial


class SiteSearch:
    """Counts, for each study that came, what the site would do with it."""

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
        """Return whether a study passes every filter that the site is asked for."""
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
