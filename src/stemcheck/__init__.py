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

    from stemcheck.services.filters import Given
    from stemcheck.trial.answer import TrialsAnswer
    from stemcheck.trial.details import ShowAnswer
    from stemcheck.trial.trial import Trial

__version__ = "0.1.0"
__all__ = ["__version__", "fetch", "read_study", "search"]


def search(*conditions: str, offline: bool = False, **filters: Given | int | None) -> TrialsAnswer:
    """Return the answer to a search: every page is read before it comes back.

    ``filters`` are those of `stemcheck.trial.query.TrialQuery`, by the names that they have there and in
    the JSON: ``statuses="open"``, ``countries=["Spain", "Italy"]``. They take the words of the command line
    (``open``, ``2``, ``iv``) and the values of the JSON (``RECRUITING``, ``PHASE2``, ``intravenous``).
    ``cells``: None is ``iv_or_mesenchymal``, an empty list leaves out nothing. With ``offline``, saved data
    answer; otherwise the registry does, and nothing steps in for it. Raises `stemcheck.errors.UsageError`
    for a word or a filter that is not known.
    """
    from stemcheck.services.filters import query_from
    from stemcheck.services.search import Ask, open_search
    from stemcheck.services.settings import settings_from

    query = query_from({"conditions": conditions, **filters})
    ask = Ask.SAVED_ONLY if offline else Ask.REGISTRY_ONLY
    with open_search(query, ask, settings_from()) as found:
        return found.answer()


def fetch(*nct_ids: str, offline: bool = False) -> ShowAnswer:
    """Return trials in full by their numbers; a number that the registry lacks stands in ``missing``."""
    from stemcheck.services.filters import texts_in
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
