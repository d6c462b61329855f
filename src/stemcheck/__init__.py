"""What stem-cell trials does ClinicalTrials.gov list, what is given and how, and which cautions apply.

The public Python API, in three functions: `search`, `fetch` and `read_study`. They return the same pydantic
models that the command line prints as JSON, and raise the errors of `stemcheck.errors`.
"""

from __future__ import annotations

# `stemcheck --version` imports this file alone: `typing` would be half of its time. Type checkers take
# this name for true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from stemcheck.services.choices import Texts
    from stemcheck.trial.answer import TrialsAnswer
    from stemcheck.trial.details import ShowAnswer
    from stemcheck.trial.trial import Trial

__version__ = "0.1.0"
__all__ = ["__version__", "fetch", "read_study", "search"]


def search(  # noqa: PLR0913 (one parameter a filter)
    *conditions: str,
    statuses: Texts | None = None,
    phases: Texts | None = None,
    routes: Texts | None = None,
    cells: Texts | None = None,
    countries: Texts | None = None,
    offline: bool = False,
) -> TrialsAnswer:
    """Return the answer to a search: every page is read before it comes back.

    Filters take the words of the command line (``open``, ``2``, ``iv``) and the values that stand in the
    JSON (``RECRUITING``, ``PHASE2``, ``intravenous``): one text, or several. ``cells``: None is
    ``iv_or_mesenchymal``, an empty list leaves out nothing. With ``offline``, saved data answer; otherwise
    the registry does, and nothing steps in for it. Raises `stemcheck.errors.UsageError` for an unknown word.
    """
    from stemcheck.services.filters import Names, query_from
    from stemcheck.services.search import Ask, open_search
    from stemcheck.services.settings import settings_from

    query = query_from(
        conditions=conditions,
        statuses=statuses,
        phases=phases,
        routes=routes,
        cells=cells,
        countries=countries,
        names=Names(),
    )
    ask = Ask.SAVED_ONLY if offline else Ask.REGISTRY_ONLY
    with open_search(query, ask, settings_from()) as found:
        return found.answer()


def fetch(*nct_ids: str, offline: bool = False) -> ShowAnswer:
    """Return trials in full by their numbers; a number that the registry lacks stands in ``missing``."""
    from stemcheck.services.choices import texts_in
    from stemcheck.services.search import Ask
    from stemcheck.services.settings import settings_from
    from stemcheck.services.show import checked_number, find_trials

    texts = texts_in(nct_ids, "nct_ids")
    numbers = tuple(dict.fromkeys(checked_number(nct_id) for nct_id in texts))
    ask = Ask.SAVED_ONLY if offline else Ask.REGISTRY_ONLY
    return find_trials(numbers, ask, settings_from()).answer()


def read_study(record: Mapping[str, Any] | bytes | str) -> Trial:
    """Return one study record in v2 shape as a trial with its reading; nobody is asked.

    Raises `stemcheck.errors.AnswerUnreadableError` when it is no such record.
    """
    from stemcheck.services.records import trial_from

    return trial_from(record)
