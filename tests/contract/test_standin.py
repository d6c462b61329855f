"""The few facts about the stand-in that other tests rest on."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from tests.conftest import PROJECT
from tests.standin import CONTRACT, PIECES, Fault, StandIn, read_fixtures

IDS = [s["protocolSection"]["identificationModule"]["nctId"] for s in read_fixtures()]


@pytest.fixture
def registry() -> Iterator[StandIn]:
    with StandIn() as registry:
        registry.late_seconds = 0.2
        yield registry


@pytest.fixture
def client(registry: StandIn) -> Iterator[httpx.Client]:
    address, patience = registry.base_url, httpx.Timeout(1.0)
    with httpx.Client(base_url=address, verify=False, timeout=patience) as client:
        yield client


def found(client: httpx.Client, **parameters: str) -> list[int]:
    """The studies of an answer, by the last digits of their numbers; every other parameter as named."""
    named = {name.replace("_", "."): value for name, value in parameters.items()}
    answer = client.get("/studies", params={"fields": "NCTId", "pageSize": "1000"} | named)
    assert answer.status_code == 200, answer.text
    modules = [s["protocolSection"]["identificationModule"] for s in answer.json()["studies"]]
    return [int(module["nctId"][3:]) - 90_000_000 for module in modules]


def test_pages_together_are_the_whole_list_and_the_first_tells_its_length(
    client: httpx.Client,
) -> None:
    parameters = {"pageSize": "7", "countTotal": "true", "fields": "NCTId"}
    pages = [client.get("/studies", params=parameters).json()]
    while token := pages[-1].get("nextPageToken"):
        pages.append(client.get("/studies", params=parameters | {"pageToken": token}).json())
    studies = [study for page in pages for study in page["studies"]]
    assert [s["protocolSection"]["identificationModule"]["nctId"] for s in studies] == IDS
    assert list(pages[0]) == ["totalCount", "studies", "nextPageToken"]
    assert [page.get("totalCount") for page in pages] == [len(IDS)] + [None] * (len(pages) - 1)


def test_a_number_is_found_in_any_form_and_an_older_one_leads_on(client: httpx.Client) -> None:
    study = client.get("/studies/nct090000036", params={"fields": "NCTId"}).json()
    assert study == {"protocolSection": {"identificationModule": {"nctId": "NCT90000036"}}}
    older = client.get("/studies/NCT90000136", params={"fields": "NCTId"})
    assert older.status_code == 301
    assert older.headers["location"] == "/api/v2/studies/NCT90000036?fields=NCTId"
    assert found(client, filter_ids="NCT90000136") == [36]
    absent = client.get("/studies/nct99999999")
    assert (absent.status_code, absent.text) == (404, "NCT number NCT99999999 not found")


REFUSALS = [
    ("/studies", {"filter.phase": "PHASE1"}, "`filter.phase` is unknown parameter"),
    (
        "/studies",
        {"filter.overallStatus": "RECRUITING|NO"},
        "Invalid value in parameter `overallStatus`: `NO`",
    ),
    ("/studies/04506073", {}, "Parameter `nctId` has incorrect format"),
    (
        "/studies",
        {"filter.ids": "NCT90000001,90000002"},
        "Item 2 in parameter `filter.ids` has incorrect format",
    ),
    ("/studies", {"fields": "NCTId|X"}, "Parameter 'fields' contains invalid field name: 'X'"),
    ("/studies", {"sort": "BriefTitle"}, "Unsupported sort field type: text"),
    (
        "/studies",
        {"query.term": "early) onset"},
        "Error parsing query in Other terms: extraneous input ')' expecting <EOF>",
    ),
    ("/studies", {"query.cond": "-".join("abcdefghijklm")}, "Too complicated query"),
    ("/studies", {"pageToken": "abracadabra"}, "Parameter `pageToken` has incorrect format"),
]


@pytest.mark.parametrize(("path", "parameters", "sentence"), REFUSALS)
def test_a_refusal_is_plain_text_in_the_registrys_words(
    client: httpx.Client, path: str, parameters: dict[str, str], sentence: str
) -> None:
    answer = client.get(path, params=parameters)
    assert (answer.status_code, answer.text) == (400, sentence)
    assert answer.headers["content-type"] == "text/plain; charset=UTF-8"


def test_words_phrases_and_operators_find_what_they_say(client: httpx.Client) -> None:
    everything, strokes = found(client), found(client, query_cond="stroke")
    assert {1, 19, 26, 32, 45} <= {*strokes} < {*everything}
    assert strokes == found(client, query_cond="STROKES")
    assert 1 in found(client, query_cond="stroke subacute")
    assert found(client, query_cond='"stroke ischemic"') == []
    assert {*found(client, query_cond="NOT stroke")} == {*everything} - {*strokes}
    assert {*found(client, query_cond="stroke OR autism")} == {*strokes} | {8, 30}
    by_vein = found(client, query_intr="intravenous")
    both = found(client, query_cond="stroke", query_intr="intravenous")
    assert {*both} == {*strokes} & {*by_vein}
    assert found(client, filter_overallStatus="WITHHELD|SUSPENDED") == [6, 15]


@pytest.mark.parametrize(
    ("clause", "inside", "outside"),
    [
        ("AREA[StartDate]RANGE[2024-01-01,MAX]", {1}, {37}),
        ("AREA[StartDate]RANGE[2024-01-01,MAX] OR AREA[StartDate]MISSING", {1, 11, 15, 34}, {37}),
        ("AREA[StartDate]RANGE[2009-06-01,2009-06-30]", {37}, {1}),
        (
            "AREA[MinimumAge]RANGE[MIN, 3 years] AND AREA[MaximumAge]RANGE[3 years, MAX]",
            {4, 30},
            {1},
        ),
        ('AREA[Sex]"ALL"', {1}, {35}),
        ("AREA[Sex]ALL", {1, 35}, set()),
        ("AREA[Phase](PHASE1 OR PHASE2) AND NOT AREA[LocationCountry]Canada", {2}, {1}),
        ('AREA[LeadSponsorName]"palm cove"', {18}, {1}),
    ],
)
def test_a_filter_keeps_what_it_says(
    client: httpx.Client, clause: str, inside: set[int], outside: set[int]
) -> None:
    kept = {*found(client, filter_advanced=clause)}
    assert inside <= kept
    assert outside.isdisjoint(kept)


def test_a_distance_counts_any_site(client: httpx.Client) -> None:
    assert {1, 4, 46} <= {*found(client, filter_geo="distance(42.36,-71.06,30km)")}
    assert 2 not in found(client, filter_geo="distance(42.36,-71.06,18mi)")


def test_an_answer_is_tagged_with_the_date_of_the_data(
    registry: StandIn, client: httpx.Client
) -> None:
    answer = client.get("/version")
    assert answer.json() == {"apiVersion": "2.0.5", "dataTimestamp": registry.data_timestamp}
    tagged = {"if-none-match": answer.headers["etag"]}
    assert client.get("/studies", headers=tagged).status_code == 304
    registry.data_timestamp = "2026-11-21T14:00:05"
    assert client.get("/studies", headers=tagged).status_code == 200


UNSEEN = {Fault.EDGE_403_UNLESS_TOKEN, Fault.TOKEN_LOOP, Fault.REPEATED_TOKEN}
"""What a first page asked for by httpx does not show: they are seen by the ladder, or on later pages."""


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault not in UNSEEN])
def test_every_fault_is_seen_by_who_asks_and_over_with_it(
    registry: StandIn, client: httpx.Client, fault: Fault
) -> None:
    def look() -> object:
        body = b""
        try:
            with client.stream("GET", "/studies", params={"countTotal": "true"}) as answer:
                for piece in answer.iter_bytes():
                    body += piece
                    if body == b"  " or len(body) > 2**20:
                        break  # it drips, or does not end
        except httpx.HTTPError as error:
            return type(error)
        return answer.status_code, answer.headers.get("location"), body, type_of(answer)

    def type_of(answer: httpx.Response) -> tuple[str, str]:
        return answer.headers["content-type"], registry.data_timestamp

    whole = look()
    registry.faults = [fault]
    started = time.monotonic()
    assert (look() != whole) or (fault.family == "slow" and time.monotonic() - started > 0.15)
    registry.data_timestamp = "2026-11-20T14:00:05"
    assert look() == whole


def test_trouble_keeps_to_its_occasion_and_scripted_faults_come_first(
    registry: StandIn, client: httpx.Client
) -> None:
    registry.trouble(503, path="/version", times=1)
    registry.trouble(Fault.STATUS_418, page=3)
    registry.always = Fault.DOWN_500
    registry.faults = [None, 403]
    statuses = [client.get(path).status_code for path in ("/studies", "/studies", "/version")]
    assert statuses == [200, 403, 503]
    assert client.get("/version").status_code == 500
    registry.always = None
    token = client.get("/studies").json()["nextPageToken"]
    token = client.get("/studies", params={"pageToken": token}).json()["nextPageToken"]
    assert client.get("/studies", params={"pageToken": token}).status_code == 418


def test_it_can_be_served_by_hand() -> None:
    command = [sys.executable, "-m", "tests.standin", "--repeat", "2", "--fault", "503"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        address = program.stdout.readline().strip().removeprefix("export STEMCHECK_REGISTRY_URL=")
        assert httpx.get(address + "/version", trust_env=False).status_code == 503
        program.terminate()


def test_the_facts_are_those_of_the_published_contract(shared: Path) -> None:
    document = yaml.safe_load((shared / "ctg-oas-v2.yaml").read_text(encoding="utf-8"))
    assert document["info"]["version"] == CONTRACT["version"]
    for path, table in (("/studies", "search"), ("/studies/{nctId}", "study")):
        published = document["paths"][path]["get"]["parameters"]
        schemas = {p["name"]: p["schema"] for p in published if p["in"] == "query"}
        assert schemas.keys() == CONTRACT[table].keys()
        for name, schema in schemas.items():
            if "pattern" in schema:
                assert f"^{CONTRACT[table][name]}$" == schema["pattern"]
            if table == "search" and "pattern" in schema.get("items", {}):
                assert f"^{CONTRACT['items'][name]}$" == schema["items"]["pattern"]
            if "enum" in schema:
                assert CONTRACT[table][name].replace("\\", "").split("|") == schema["enum"]
    for name, values in CONTRACT["enums"].items():
        assert values == document["components"]["schemas"][name]["enum"]
    rows = (shared / "ctgov-piece-paths.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert [row.split("\t")[:2] for row in rows] == [[p.name, p.path] for p in PIECES.values()]
