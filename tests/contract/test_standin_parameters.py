"""The stand-in refuses what the registry refuses, in the registry's words."""

from collections.abc import Iterator

import httpx
import pytest

from tests.standin import StandIn
from tests.standin.parameters import LIST_PARAMETERS


@pytest.fixture(scope="module")
def registry() -> Iterator[StandIn]:
    with StandIn() as registry:
        yield registry


@pytest.fixture(scope="module")
def client(registry: StandIn) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=registry.base_url, trust_env=False) as client:
        yield client


PHASES = "`NA`, `EARLY_PHASE1`, `PHASE1`, `PHASE2`, `PHASE3`, `PHASE4`"
CONDITIONS = "Error parsing query in Conditions or disease:"
REFUSALS = {
    "unknown parameter": (
        "/studies",
        {"filter.phase": "PHASE1"},
        "`filter.phase` is unknown parameter",
    ),
    "query on stats": (
        "/stats/size",
        {"query.cond": "stroke"},
        "Invalid prefix in parameter name: query.cond",
    ),
    "bad status": (
        "/studies",
        {"filter.overallStatus": "RECRUITING|NOT_A_STATUS"},
        "Invalid value in parameter `overallStatus`: `NOT_A_STATUS`",
    ),
    "status with spaces": (
        "/studies",
        {"filter.overallStatus": "Active, not recruiting"},
        "Invalid value in parameter `overallStatus`: `Active`",
    ),
    "bare digits as number": ("/studies/04506073", {}, "Parameter `nctId` has incorrect format"),
    "bad id in a list": (
        "/studies",
        {"filter.ids": "NCT90000001,90000002"},
        "Item 2 in parameter `filter.ids` has incorrect format",
    ),
    "bad sort item": (
        "/studies",
        {"sort": "LastUpdatePostDate:down"},
        "Item 1 in parameter `sort` has incorrect format",
    ),
    "empty fields": (
        "/studies",
        {"fields": ""},
        "Item 1 in parameter `fields` has incorrect format",
    ),
    "unknown field": (
        "/studies",
        {"fields": "NCTId|StudyDesign"},
        "Parameter 'fields' contains invalid field name: 'StudyDesign'",
    ),
    "field in the wrong case": (
        "/studies",
        {"fields": "OversightHasDmc"},
        "Parameter 'fields' contains invalid field name: 'OversightHasDmc'",
    ),
    "unknown column": (
        "/studies",
        {"format": "csv", "fields": "NCTId"},
        "Parameter 'fields' contains invalid CSV column name: 'NCTId'",
    ),
    "sort on text": ("/studies", {"sort": "BriefTitle"}, "Unsupported sort field type: text"),
    "geo with a space": (
        "/studies",
        {"filter.geo": "distance(42.3, -71.0,50mi)"},
        "Parameter `filter.geo` has incorrect format",
    ),
    "geo with an exponent": (
        "/studies",
        {"filter.geo": "distance(4e1,-71.0,50mi)"},
        "Parameter `filter.geo` has incorrect format",
    ),
    "unbalanced bracket": (
        "/studies",
        {"query.cond": "(early onset"},
        f"{CONDITIONS} no viable alternative at input 'onset'\nmissing ')' at '<EOF>'",
    ),
    "closing bracket": (
        "/studies",
        {"query.term": "early) onset"},
        "Error parsing query in Other terms: extraneous input ')' expecting <EOF>",
    ),
    "operator without right side": (
        "/studies",
        {"query.intr": "cells AND"},
        "Error parsing query in Intervention / treatment: no viable alternative at input '<EOF>'",
    ),
    "unknown area": ("/studies", {"query.term": "AREA[Nowhere]x"}, "Unknown area name: `Nowhere`"),
    "bad enum in an area": (
        "/studies",
        {"filter.advanced": "AREA[Phase]PHASE9"},
        f"Allowed values for enum field `protocolSection.designModule.phases` are {PHASES}",
    ),
    "bad coverage": (
        "/studies",
        {"query.term": "COVERAGE[FullMatc]stroke"},
        "Invalid coverage: FullMatc",
    ),
    "thirteen words": ("/studies", {"query.cond": "a " * 13}, "Too complicated query"),
    "thirteen words by hyphens": (
        "/studies",
        {"query.cond": "-".join("abcdefghijklm")},
        "Too complicated query",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal_is_plain_text_in_the_registrys_words(client: httpx.Client, case: str) -> None:
    path, parameters, sentence = REFUSALS[case]
    answer = client.get(path, params=parameters)
    assert (answer.status_code, answer.text) == (400, sentence)
    assert answer.headers["content-type"] == "text/plain; charset=UTF-8"


def test_a_stray_square_bracket_is_a_mismatch(client: httpx.Client) -> None:
    answer = client.get("/studies", params={"query.cond": "stroke [acute]"})
    start = "Error parsing query in Conditions or disease: mismatched input '[' expecting {<EOF>, "
    assert answer.status_code == 400
    assert answer.text.startswith(start)


@pytest.mark.parametrize("size", ["ten", "-1", "1.5", ""])
def test_a_page_size_that_is_no_number_is_refused(client: httpx.Client, size: str) -> None:
    assert client.get("/studies", params={"pageSize": size}).status_code == 400


def test_an_invented_page_token_is_refused(client: httpx.Client) -> None:
    assert client.get("/studies", params={"pageToken": "abracadabra"}).status_code == 400


def test_an_unknown_piece_of_the_statistics_is_not_found(client: httpx.Client) -> None:
    answer = client.get("/stats/field/values", params={"fields": "BadField"})
    assert (answer.status_code, answer.text) == (404, "Unknown piece name of field path: BadField")


def test_an_absent_study_is_not_found_under_its_canonical_number(client: httpx.Client) -> None:
    answer = client.get("/studies/nct99999999")
    assert (answer.status_code, answer.text) == (404, "NCT number NCT99999999 not found")


def test_names_are_judged_before_formats_and_formats_before_values(client: httpx.Client) -> None:
    wrong = {
        "query.cond": "(",
        "fields": "Nothing",
        "filter.overallStatus": "X",
        "pageSize": "x",
        "status": "x",
    }
    sentences = []
    for name in ("status", "pageSize", "filter.overallStatus", "fields", "query.cond"):
        sentences.append(client.get("/studies", params=wrong).text)
        del wrong[name]
    assert [sentence.split("`")[0].split("'")[0] for sentence in sentences] == [
        "",
        "Parameter ",
        "Invalid value in parameter ",
        "Parameter ",
        "Error parsing query in Conditions or disease: no viable alternative at input ",
    ]


def test_absent_ids_are_no_error(client: httpx.Client) -> None:
    answer = client.get("/studies", params={"filter.ids": "NCT99999999", "countTotal": "true"})
    assert answer.json() == {"totalCount": 0, "studies": []}


def test_an_unknown_option_of_a_facet_silently_matches_nothing(client: httpx.Client) -> None:
    assert client.get("/studies", params={"aggFilters": "phase:na"}).json() == {"studies": []}
    assert client.get("/studies", params={"aggFilters": "stage:2"}).status_code == 400


def test_other_methods_are_not_allowed(client: httpx.Client) -> None:
    assert client.options("/studies").status_code == 403
    posted = client.post("/studies", content=b"{}")
    assert posted.status_code == 405
    assert posted.headers["connection"] == "close"  # the next request needs a new one, and knows it


def test_every_parameter_of_the_list_is_accepted(client: httpx.Client) -> None:
    good = {
        **dict.fromkeys((name for name in LIST_PARAMETERS if name.startswith("query.")), "stroke"),
        "filter.overallStatus": "RECRUITING,COMPLETED",
        "filter.geo": "distance(42.36,-71.06,50mi)",
        "filter.ids": "NCT90000001|nct90000002",
        "filter.advanced": "AREA[StartDate]RANGE[2020-01,MAX]",
        "filter.synonyms": "ConditionSearch:1651367",
        "aggFilters": "results:without,phase:1 2",
        "geoDecay": "func:linear,scale:100km,offset:10km,decay:0.1",
        "fields": "NCTId|@query",
        "sort": "@relevance,LastUpdatePostDate:asc",
        "countTotal": "true",
        "pageSize": "5",
        "format": "json",
        "markupFormat": "legacy",
    }
    good |= {"postFilter" + n.removeprefix("filter"): v for n, v in good.items() if "filter." in n}
    token = client.get("/studies").json()["nextPageToken"]
    good["pageToken"] = token
    assert set(good) == LIST_PARAMETERS
    for name, value in good.items():
        answer = client.get("/studies", params={name: value})
        assert answer.status_code == 200, (name, answer.text)
