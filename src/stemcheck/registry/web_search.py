"""The same search as a page of the registry's web site, for people who want to look themselves."""

from urllib.parse import quote, urlencode

from stemcheck.registry import essie
from stemcheck.registry.checks import check
from stemcheck.registry.scope import expression_for, scope_for
from stemcheck.trial.query import TrialQuery

WEB_SEARCH = "https://clinicaltrials.gov/search"


def web_url_for(query: TrialQuery) -> str:
    """Return the address of the same search on the site. Raises `UsageError` as `check` does.

    The site leaves out records without a phase or a country; the search here gets them.
    """
    check(query)
    terms = [query.raw.strip()] if query.raw else []
    terms += [expression_for(test) for asked in query.asked() for test in asked.web_tests]
    wanted = {
        "cond": essie.any_of([essie.escape(text) for text in query.conditions]),
        "term": " AND ".join(f"({term})" for term in terms) if len(terms) > 1 else "".join(terms),
        "intr": scope_for(query),
        **{name: value for asked in query.asked() for name, value in asked.web.items()},
        "aggFilters": _ticked_boxes_for(query),
    }
    return f"{WEB_SEARCH}?" + urlencode(
        {name: value for name, value in wanted.items() if value}, quote_via=quote, safe=":,"
    )


def _ticked_boxes_for(query: TrialQuery) -> str:
    """Return the ticked boxes, as in ``status:rec not,phase:2 3``.

    A filter with a value that has no box is left out: the page then shows more, never less.
    """
    groups = (asked.boxes for asked in query.asked())
    return ",".join(f"{group}:{' '.join(ticked)}" for group, ticked in groups if ticked)
