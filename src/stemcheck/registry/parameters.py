"""What the registry is asked: a `TrialQuery` as request parameters.

The registry is asked broadly, and its answer is read here. Where a filter looks at a field that a
record may lack (phase, country), records without it come along: they are to be counted as left out,
not hidden. So whoever shows trials filters once more.
"""

from collections.abc import Sequence

from stemcheck.registry import essie
from stemcheck.registry.checks import check
from stemcheck.registry.fields import SEARCH_FIELDS, STUDY_FIELDS
from stemcheck.registry.scope import expression_for, scope_for
from stemcheck.registry.web_search import web_url_for
from stemcheck.trial.query import TrialQuery

__all__ = [
    "check",
    "ids_parameters",
    "parameters_for",
    "quoted_conditions_of",
    "study_parameters",
    "web_url_for",
]

Parameters = tuple[tuple[str, str], ...]

IDS_PER_REQUEST = 50
"""More make the address too long for some proxies."""

_SORT = "LastUpdatePostDate:desc|StudyFirstPostDate:desc"
"""Pages hold still only in a fixed order, and the registry sorts by dates and numbers alone."""


def parameters_for(
    query: TrialQuery, *, page_size: int, page_token: str | None = None, count_total: bool
) -> Parameters:
    """Return the parameters of one page of a search. Raises `UsageError` like `check`."""
    check(query)
    wanted = {
        "query.intr": scope_for(query),
        "query.cond": essie.any_of([essie.escape(text) for text in query.conditions]),
        "query.term": (query.raw or "").strip(),
        **{name: value for asked in query.asked() for name, value in asked.parameters.items()},
        "filter.advanced": _advanced_filter_for(query),
        "fields": "|".join(SEARCH_FIELDS),
        "sort": _SORT,
        "countTotal": "true" if count_total else "",
        "pageSize": str(page_size),
        "pageToken": page_token or "",
    }
    return tuple((name, value) for name, value in wanted.items() if value)


def study_parameters() -> Parameters:
    """Return the parameters for one study by number, in full."""
    return (("fields", "|".join(STUDY_FIELDS)),)


def ids_parameters(nct_ids: Sequence[str]) -> Parameters:
    """Return the parameters for up to `IDS_PER_REQUEST` studies by number, in full, on one page."""
    if not 0 < len(nct_ids) <= IDS_PER_REQUEST:
        raise ValueError(f"between 1 and {IDS_PER_REQUEST} numbers at a time, not {len(nct_ids)}")
    return (
        ("filter.ids", "|".join(nct_ids)),
        ("fields", "|".join(STUDY_FIELDS)),
        # An alias and its study may both be asked for: one more place than numbers costs nothing.
        ("pageSize", str(2 * IDS_PER_REQUEST)),
    )


def quoted_conditions_of(query: TrialQuery) -> tuple[str, ...]:
    """Return the conditions that are searched for as a fixed phrase, which finds less.

    That is so for text that holds marks or capitals which the registry would take for operators.
    """
    return tuple(text for text in query.conditions if essie.needs_quotes(text))


def _advanced_filter_for(query: TrialQuery) -> str:
    """Return the filters that narrow the answer on the registry's side.

    They only save pages. One that would make the question "too complicated" is not sent: what it
    would have kept away is then left out here.
    """
    sent: list[str] = []
    free = essie.MOST_WORDS
    for test in (test for asked in query.asked() for test in asked.tests):
        free -= sum(map(essie.count_words, test.any_of))
        if free >= 0:
            sent.append(f"({expression_for(test)} OR AREA[{test.area}]MISSING)")
    return " AND ".join(sent)
