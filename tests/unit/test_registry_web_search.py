"""The same search for a browser."""

from urllib.parse import parse_qs, urlsplit

import pytest

from stemcheck.errors import UsageError
from stemcheck.registry.parameters import web_url_for
from stemcheck.trial.query import TrialQuery


def shown(query: TrialQuery) -> dict[str, str]:
    address = urlsplit(web_url_for(query))
    assert (address.scheme, address.netloc, address.path) == (
        "https",
        "clinicaltrials.gov",
        "/search",
    )
    return {name: value for name, (value,) in parse_qs(address.query).items()}


def test_the_page_asks_what_we_ask() -> None:
    page = shown(
        TrialQuery(
            conditions=("stroke & <pain>", "ALL"),
            statuses=("RECRUITING", "ACTIVE_NOT_RECRUITING"),
            phases=("EARLY_PHASE1", "PHASE2", "NA"),
            countries=("South Korea",),
            raw="AREA[Sex]FEMALE",
        )
    )
    assert page.pop("intr").startswith("stem OR ")
    assert page == {
        "cond": '"stroke & <pain>" OR "ALL"',
        "term": "AREA[Sex]FEMALE",
        "locStr": "South Korea",
        "country": "South Korea",
        "aggFilters": "status:rec act,phase:0 2 NA",
    }


def test_several_countries_are_written_as_a_term() -> None:
    page = shown(TrialQuery(countries=("Chile", "Peru"), raw="mice OR men"))
    assert page["term"] == '(mice OR men) AND (AREA[LocationCountry]("Chile" OR "Peru"))'
    assert "country" not in page


def test_a_filter_that_the_page_does_not_have_is_left_out() -> None:
    query = TrialQuery(statuses=("RECRUITING", "WITHHELD"), phases=("PHASE9",))
    assert "aggFilters" not in shown(query)


def test_a_search_that_cannot_be_asked_has_no_page() -> None:
    with pytest.raises(UsageError):
        web_url_for(TrialQuery(conditions=("",)))
