"""The same search as a page of the registry's web site, for people who want to look themselves."""

from urllib.parse import quote, urlencode

from stemcheck.registry import essie
from stemcheck.registry.checks import check
from stemcheck.registry.scope import country_expression_for, scope_for
from stemcheck.trial.query import TrialQuery

WEB_SEARCH = "https://clinicaltrials.gov/search"

_STATUS_KEYS = {
    "RECRUITING": "rec",
    "NOT_YET_RECRUITING": "not",
    "ENROLLING_BY_INVITATION": "enr",
    "ACTIVE_NOT_RECRUITING": "act",
    "SUSPENDED": "sus",
    "TERMINATED": "ter",
    "COMPLETED": "com",
    "WITHDRAWN": "wit",
    "UNKNOWN": "unk",
    "AVAILABLE": "ava",
    "NO_LONGER_AVAILABLE": "nla",
    "TEMPORARILY_NOT_AVAILABLE": "tna",
    "APPROVED_FOR_MARKETING": "afm",
}
"""The site's tick boxes. It has none for WITHHELD."""

_PHASE_KEYS = {
    "EARLY_PHASE1": "0",
    "PHASE1": "1",
    "PHASE2": "2",
    "PHASE3": "3",
    "PHASE4": "4",
    "NA": "NA",
}


def web_url_for(query: TrialQuery) -> str:
    """Return the address of the same search on the site. Raises `UsageError` as `check` does.

    The site leaves out records without a phase or a country; the search here gets them.
    """
    check(query)
    terms = [query.raw.strip()] if query.raw else []
    if len(query.countries) > 1:
        terms.append(country_expression_for(query.countries))
    country = query.countries[0] if len(query.countries) == 1 else ""
    wanted = {
        "cond": essie.any_of([essie.escape(text) for text in query.conditions]),
        "term": " AND ".join(f"({term})" for term in terms) if len(terms) > 1 else "".join(terms),
        "intr": scope_for(query),
        "locStr": country,
        "country": country,
        "aggFilters": _ticked_boxes_for(query),
    }
    return f"{WEB_SEARCH}?" + urlencode(
        {name: value for name, value in wanted.items() if value}, quote_via=quote, safe=":,"
    )


def _ticked_boxes_for(query: TrialQuery) -> str:
    """Return the ticked boxes, as in ``status:rec not,phase:2 3``.

    A filter with a value that has no box is left out: the page then shows more, never less.
    """
    filters = {
        "status": [_STATUS_KEYS.get(status) for status in query.statuses],
        "phase": [_PHASE_KEYS.get(phase) for phase in query.phases],
    }
    return ",".join(
        f"{name}:{' '.join(filter(None, boxes))}"
        for name, boxes in filters.items()
        if boxes and None not in boxes
    )
