"""What stem-cell trials does ClinicalTrials.gov list, what is given and how, and which cautions apply.

The public Python API, in three functions: `search`, `fetch` and `read_study`. They return the same pydantic
models that the command line prints as JSON, and raise the errors of `stemcheck.errors`.
"""

from __future__ import annotations

# `stemcheck --version` imports this file alone: `typing` would be half of its time. Type checkers take
# this name for true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from stemcheck.trial.answer import TrialsAnswer
    from stemcheck.trial.details import ShowAnswer
    from stemcheck.trial.trial import Trial

__version__ = "0.1.0"
__all__ = ["__version__", "fetch", "read_study", "search"]


def search(  # noqa: PLR0913 (one parameter a filter)
    *conditions: str,
    statuses: Iterable[str] = (),
    phases: Iterable[str] = (),
    routes: Iterable[str] = (),
    cells: Iterable[str] = ("iv_or_mesenchymal",),
    countries: Iterable[str] = (),
    offline: bool = False,
) -> TrialsAnswer:
    """Return the answer to a search: every page is read before it comes back.

    Filters take the values that stand in the JSON (``RECRUITING``, ``PHASE1``, ``intravenous``). With
    ``offline`` the built-in sample answers; otherwise the registry does, and nothing steps in for it.
    """
    from stemcheck.services.search import Ask, open_search
    from stemcheck.services.settings import settings_from
    from stemcheck.trial.query import TrialQuery

    query = TrialQuery(
        conditions=conditions,
        statuses=tuple(statuses),
        phases=tuple(phases),
        routes=tuple(routes),
        cells=tuple(cells),
        countries=tuple(countries),
    )
    ask = Ask.SAVED_ONLY if offline else Ask.REGISTRY_ONLY
    with open_search(query, ask, settings_from()) as found:
        return found.answer()


def fetch(*nct_ids: str, offline: bool = False) -> ShowAnswer:
    """Return trials in full by their numbers; a number that the registry lacks stands in ``missing``."""
    from stemcheck.services.search import Ask
    from stemcheck.services.settings import settings_from
    from stemcheck.services.show import checked_number, find_trials

    numbers = tuple(dict.fromkeys(checked_number(nct_id) for nct_id in nct_ids))
    ask = Ask.SAVED_ONLY if offline else Ask.REGISTRY_ONLY
    return find_trials(numbers, ask, settings_from()).answer()


def read_study(record: Mapping[str, Any] | bytes | str) -> Trial:
    """Return one study record in v2 shape as a trial with its reading; nobody is asked.

    Raises `stemcheck.errors.AnswerUnreadableError` when it is no such record.
    """
    from stemcheck.services.records import trial_from

    return trial_from(record)
