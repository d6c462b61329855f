"""What is known of the registry, and other tests rest on, holds for the stand-in."""

import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import PROJECT
from tests.standin import Fault, StandIn, read_fixtures

IDS = [s["protocolSection"]["identificationModule"]["nctId"] for s in read_fixtures()]


@pytest.fixture
def registry() -> Iterator[StandIn]:
    with StandIn() as registry:
        yield registry


@pytest.fixture
def client(registry: StandIn) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=registry.base_url, verify=False, timeout=5.0) as client:
        yield client


def test_pages_together_are_the_whole_list_and_the_first_tells_its_length(
    client: httpx.Client,
) -> None:
    parameters = {"pageSize": "7", "countTotal": "true", "fields": "NCTId"}
    pages = [client.get("/studies", params=parameters).json()]
    while token := pages[-1].get("nextPageToken"):
        pages.append(client.get("/studies", params=parameters | {"pageToken": token}).json())
    assert [page.get("totalCount") for page in pages] == [len(IDS)] + [None] * (len(pages) - 1)
    studies = [study for page in pages for study in page["studies"]]
    assert studies == [
        {"protocolSection": {"identificationModule": {"nctId": nct_id}}} for nct_id in IDS
    ]


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ("/studies/nct090000036?fields=NCTId", 200, '{"nctId":"NCT90000036"}'),
        ("/studies/NCT90000136?fields=NCTId", 301, ""),
        ("/studies/nct99999999", 404, "NCT number NCT99999999 not found"),
        ("/studies/04506073", 400, "Parameter `nctId` has incorrect format"),
        ("/studies?filter.phase=PHASE1", 400, "`filter.phase` is unknown parameter"),
        (
            "/studies?filter.overallStatus=RECRUITING|NO",
            400,
            "Invalid value in parameter `overallStatus`: `NO`",
        ),
        (
            "/studies?filter.ids=NCT90000001,90000002",
            400,
            "Item 2 in parameter `filter.ids` has incorrect format",
        ),
        ("/studies?fields=NCTId|X", 400, "contains invalid field name: 'X'"),
        ("/studies?sort=BriefTitle", 400, "Unsupported sort field type: text"),
        ("/studies?query.cond=a-b-c-d-e-f-g-h-i-j-k-l-m", 400, "Too complicated query"),
        ("/studies?query.term=early) onset", 400, "Error parsing query in Other terms: "),
    ],
)
def test_an_answer_is_the_registrys(
    client: httpx.Client, asked: str, status: int, told: str
) -> None:
    answer = client.get(asked)
    assert answer.status_code == status
    assert told in answer.text
    if status == 301:
        assert answer.headers["location"] == "/api/v2/studies/NCT90000036?fields=NCTId"
    if status == 400:
        assert answer.headers["content-type"] == "text/plain; charset=UTF-8"


def test_an_answer_is_tagged_with_the_date_of_the_data(
    registry: StandIn, client: httpx.Client
) -> None:
    answer = client.get("/version")
    assert answer.json() == {"apiVersion": "2.0.5", "dataTimestamp": registry.data_timestamp}
    tagged = {"if-none-match": answer.headers["etag"]}
    assert client.get("/studies", headers=tagged).status_code == 304
    registry.data_timestamp = "2026-11-21T14:00:05"
    assert client.get("/studies", headers=tagged).status_code == 200


def test_scripted_faults_come_first_and_trouble_keeps_to_its_occasion(
    registry: StandIn, client: httpx.Client
) -> None:
    registry.trouble(503, path="/version", times=1)
    registry.trouble(Fault.STATUS_418, page=2)
    registry.always = Fault.DOWN_500
    registry.faults = [None, 403]
    statuses = [client.get(path).status_code for path in ("/studies", "/studies", "/version")]
    assert statuses == [200, 403, 503]
    assert client.get("/version").status_code == 500
    registry.always = None
    token = client.get("/studies").json()["nextPageToken"]
    assert client.get("/studies", params={"pageToken": token}).status_code == 418


def test_it_can_be_served_by_hand() -> None:
    command = [sys.executable, "-m", "tests.standin", "--repeat", "2", "--fault", "503"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        address = program.stdout.readline().strip().removeprefix("export STEMCHECK_REGISTRY_URL=")
        assert httpx.get(address + "/version", trust_env=False).status_code == 503
        program.terminate()
