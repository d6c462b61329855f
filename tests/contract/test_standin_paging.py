"""The stand-in pages, cuts fields, redirects and validates as the registry does."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import httpx
import pytest

from tests.standin import StandIn, read_fixtures


@pytest.fixture
def registry() -> Iterator[StandIn]:
    with StandIn() as registry:
        yield registry


@pytest.fixture
def client(registry: StandIn) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=registry.base_url, trust_env=False) as client:
        yield client


def ids_in(answer: httpx.Response) -> list[str]:
    studies = answer.json()["studies"]
    return [s["protocolSection"]["identificationModule"]["nctId"] for s in studies]


def test_pages_together_are_the_whole_list(client: httpx.Client) -> None:
    parameters = {"pageSize": "7", "countTotal": "true", "sort": "LastUpdatePostDate"}
    first = client.get("/studies", params=parameters)
    page, seen, totals = first.json(), ids_in(first), [first.json().get("totalCount")]
    while token := page.get("nextPageToken"):
        answer = client.get("/studies", params=parameters | {"pageToken": token})
        page = answer.json()
        seen += ids_in(answer)
        totals.append(page.get("totalCount"))
    assert sorted(seen) == sorted(ids_in(client.get("/studies", params={"pageSize": "1000"})))
    assert totals == [len(seen)] + [None] * (len(totals) - 1)


@pytest.mark.parametrize(("asked", "given"), [(None, 10), ("0", 10), ("3", 3), ("5000", 1000)])
def test_a_page_has_the_size_asked_for_within_bounds(asked: str | None, given: int) -> None:
    with StandIn(read_fixtures(), repeat=30) as registry, httpx.Client(trust_env=False) as client:
        parameters = {"fields": "NCTId"} | ({"pageSize": asked} if asked else {})
        answer = client.get(registry.base_url + "/studies", params=parameters)
        assert len(answer.json()["studies"]) == given


def test_a_token_is_an_offset_and_nothing_else(client: httpx.Client) -> None:
    token = client.get("/studies", params={"query.cond": "stroke", "pageSize": "2"}).json()
    other = client.get("/studies", params={"pageToken": token["nextPageToken"], "pageSize": "2"})
    assert ids_in(other) == ids_in(client.get("/studies"))[2:4]


def test_a_page_keeps_its_key_order_and_one_study_a_line(client: httpx.Client) -> None:
    text = client.get("/studies", params={"countTotal": "true", "pageSize": "3"}).text
    assert list(json.loads(text)) == ["totalCount", "studies", "nextPageToken"]
    lines = text.splitlines()
    assert len(lines) == 5
    assert all(json.loads(line.rstrip(","))["protocolSection"] for line in lines[1:4])


def test_fields_leave_the_named_branches_only(client: httpx.Client) -> None:
    asked = "NCTId|protocolSection.statusModule.startDateStruct|ConditionsModule|LocationCity"
    parameters = {"fields": asked, "filter.ids": "NCT90000001"}
    (study,) = client.get("/studies", params=parameters).json()["studies"]
    assert study == {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT90000001"},
            "statusModule": {"startDateStruct": {"date": "2024-03-04", "type": "ACTUAL"}},
            "conditionsModule": {
                "conditions": ["Ischemic Stroke", "Stroke, Subacute"],
                "keywords": ["mesenchymal stem cells", "umbilical cord", "intravenous"],
            },
            "contactsLocationsModule": {
                "locations": [{"city": "Boston"}, {"city": "Houston"}, {"city": "Toronto"}]
            },
        }
    }


def test_an_area_and_the_query_name_their_fields(client: httpx.Client) -> None:
    parameters = {"query.titles": "CORD-STROKE", "fields": "@query"}
    (by_query,) = client.get("/studies", params=parameters).json()["studies"]
    (by_area,) = client.get("/studies", params=parameters | {"fields": "TitleSearch"}).json()[
        "studies"
    ]
    assert by_query == by_area
    module = by_area["protocolSection"]["identificationModule"]
    assert set(module) == {"acronym", "briefTitle", "officialTitle"}


@pytest.mark.parametrize("written", ["NCT90000036", "nct90000036", "Nct090000036"])
def test_a_number_is_found_in_any_form(client: httpx.Client, written: str) -> None:
    study = client.get(f"/studies/{written}", params={"fields": "NCTId"}).json()
    assert study == {"protocolSection": {"identificationModule": {"nctId": "NCT90000036"}}}


def test_an_older_number_redirects_to_the_study(client: httpx.Client) -> None:
    answer = client.get("/studies/NCT90000136", params={"fields": "NCTId"})
    assert answer.status_code == 301
    assert answer.headers["location"] == "/api/v2/studies/NCT90000036?fields=NCTId"
    followed = client.get("/studies/NCT90000136", follow_redirects=True)
    assert followed.json()["protocolSection"]["identificationModule"]["nctId"] == "NCT90000036"
    assert ids_in(client.get("/studies", params={"filter.ids": "NCT90000136"})) == ["NCT90000036"]


def test_a_query_of_numbers_only_ignores_the_filters(client: httpx.Client) -> None:
    parameters = {"query.id": "NCT90000001, NCT90000002", "filter.overallStatus": "WITHDRAWN"}
    assert ids_in(client.get("/studies", params={"query.id": "NCT90000001"} | {})) == [
        "NCT90000001"
    ]
    alone = client.get("/studies", params=parameters | {"query.id": "NCT90000001"})
    assert ids_in(alone) == ["NCT90000001"]
    worded = client.get("/studies", params=parameters | {"query.id": "NCT90000001 CORD"})
    assert ids_in(worded) == []


def test_the_order_follows_sort_and_puts_missing_values_last(client: httpx.Client) -> None:
    def values(sort: str) -> list[int | None]:
        parameters = {"sort": sort, "fields": "EnrollmentCount|NCTId", "pageSize": "100"}
        studies = client.get("/studies", params=parameters).json()["studies"]
        designs = [s["protocolSection"].get("designModule", {}) for s in studies]
        return [design.get("enrollmentInfo", {}).get("count") for design in designs]

    rising, falling = values("EnrollmentCount"), values("EnrollmentCount:desc")
    known = [value for value in rising if value is not None]
    assert known == sorted(known)
    assert falling[: len(known)] == sorted(known, reverse=True)
    assert set(rising[len(known) :]) == {None} == set(falling[len(known) :])


def test_dates_are_sorted_newest_first_unless_asked_otherwise(client: httpx.Client) -> None:
    parameters = {"fields": "LastUpdatePostDate", "pageSize": "100"}

    def dates(sort: str) -> list[str]:
        studies = client.get("/studies", params=parameters | {"sort": sort}).json()["studies"]
        modules = [s["protocolSection"]["statusModule"] for s in studies if "protocolSection" in s]
        return [module["lastUpdatePostDateStruct"]["date"] for module in modules]

    assert dates("LastUpdatePostDate") == sorted(dates("LastUpdatePostDate:asc"), reverse=True)


def test_relevance_puts_the_condition_before_the_title(client: httpx.Client) -> None:
    found = ids_in(
        client.get(
            "/studies", params={"query.titles": "CORD-STROKE OR frailty", "sort": "@relevance"}
        )
    )
    assert found[0] == "NCT90000001"


def test_the_tag_of_an_answer_is_the_date_of_the_data(
    registry: StandIn, client: httpx.Client
) -> None:
    answer = client.get("/version")
    stamp = answer.json()["dataTimestamp"]
    tagged = {"if-none-match": f'"{stamp}"'}
    assert answer.headers["etag"] == f'"{stamp}"'
    assert client.get("/studies", headers=tagged).status_code == 304
    registry.data_timestamp = "2026-11-21T14:00:05"
    assert client.get("/studies", headers=tagged).status_code == 200


def test_answers_are_packed_only_when_accepted(client: httpx.Client) -> None:
    plain = client.get("/studies", headers={"accept-encoding": "identity"})
    packed = client.get("/studies")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == plain.json()
    assert packed.headers["access-control-allow-origin"] == "*"


def test_requests_are_remembered_with_their_connection(
    registry: StandIn, client: httpx.Client
) -> None:
    client.get("/studies", params={"query.cond": "stroke & more"}, headers={"user-agent": "mine"})
    client.get("/version")
    first, second = registry.asked
    assert first.parameters == {"query.cond": "stroke & more"}
    assert (first.path, first.user_agent, second.path) == ("/studies", "mine", "/version")
    assert first.connection == second.connection == 1
    assert registry.pages_asked == [first]


def test_a_table_has_its_header_on_the_first_page_only(client: httpx.Client) -> None:
    parameters = {"format": "csv", "pageSize": "2", "countTotal": "true"}
    first = client.get("/studies", params=parameters)
    token = first.headers["x-next-page-token"]
    second = client.get("/studies", params=parameters | {"pageToken": token})
    assert first.text.startswith("NCT Number,Study Title,")
    assert not second.text.startswith("NCT Number")
    assert first.headers["x-total-count"] == str(len(read_fixtures()))


def test_records_served_many_times_have_numbers_of_their_own() -> None:
    with StandIn(read_fixtures(), repeat=3) as registry, httpx.Client(trust_env=False) as client:
        answer = client.get(
            registry.base_url + "/studies", params={"pageSize": "1000", "countTotal": "true"}
        )
        ids = ids_in(answer)
        assert len(set(ids)) == len(ids) == answer.json()["totalCount"] == 3 * len(read_fixtures())
        copy = client.get(f"{registry.base_url}/studies/{ids[1]}").json()
        assert copy["protocolSection"]["identificationModule"]["nctId"] == ids[1] != ids[0]


def updated(section: dict[str, Any]) -> str | None:
    date: str | None = section["statusModule"].get("lastUpdatePostDateStruct", {}).get("date")
    return date


def test_copies_stand_in_the_order_of_their_updates_each_far_from_the_next() -> None:
    with StandIn(read_fixtures(), repeat=3) as registry, httpx.Client(trust_env=False) as client:
        parameters = {"pageSize": "1000", "sort": "LastUpdatePostDate:desc"}
        studies = client.get(registry.base_url + "/studies", params=parameters).json()["studies"]
        sections = [study["protocolSection"] for study in studies]
        days = [day for section in sections if (day := updated(section))]
        titles = [section["identificationModule"]["briefTitle"] for section in sections]
        assert days == sorted(days, reverse=True)
        assert len(titles) == 3 * len(read_fixtures())
        assert sum(one == other for one, other in pairwise(titles)) < len(titles) // 3
        number = sections[1]["identificationModule"]["nctId"]
        alone = client.get(f"{registry.base_url}/studies/{number}").json()["protocolSection"]
        assert updated(alone) == days[1]


def test_other_records_can_take_their_place(registry: StandIn, client: httpx.Client) -> None:
    before = client.get("/studies", params={"query.cond": "stroke", "countTotal": "true"}).json()
    registry.replace_records(read_fixtures()[:1])
    after = client.get("/studies", params={"countTotal": "true"}).json()
    assert before["totalCount"] > 1 == after["totalCount"]
