"""Every fault of the stand-in does on the wire what its name says."""

import json
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.standin import Family, Fault, StandIn, read_fixtures
from tests.standin.answer_faults import ANSWER_FAULTS
from tests.standin.page_faults import PAGE_FAULTS
from tests.standin.wire_faults import WIRE_FAULTS

PATIENCE = httpx.Timeout(0.5)
PAGE_SIZE = 10
IDS = [s["protocolSection"]["identificationModule"]["nctId"] for s in read_fixtures()]


@pytest.fixture
def registry() -> Iterator[StandIn]:
    with StandIn() as registry:
        registry.late_seconds = 0.2
        yield registry


@pytest.fixture
def client(registry: StandIn) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=registry.base_url, trust_env=False, timeout=PATIENCE, headers={"user-agent": "x"}
    ) as client:
        yield client


def faults_of(family: Family) -> list[Fault]:
    return [fault for fault in Fault if fault.family is family]


def test_every_fault_is_made_in_exactly_one_place_and_has_a_family() -> None:
    made = [*ANSWER_FAULTS, *PAGE_FAULTS, *WIRE_FAULTS, Fault.DATA_REFRESHED]
    assert sorted(made) == sorted(Fault)
    assert all(fault.family for fault in Fault)


@pytest.mark.parametrize("fault", faults_of(Family.EDGE))
def test_the_edge_refuses(registry: StandIn, client: httpx.Client, fault: Fault) -> None:
    registry.always = fault
    answer = client.get("/studies")
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("fault", "agent", "status"),
    [
        (Fault.EDGE_403_UNLESS_TOKEN, "python-httpx/0.28.1 (mine)", 200),
        (Fault.EDGE_403_UNLESS_TOKEN, "mine Python-urllib/3.11", 200),
        (Fault.EDGE_403_UNLESS_TOKEN, "Mozilla/5.0", 403),
        (Fault.EDGE_403_UNLESS_URLLIB, "python-httpx/0.28.1 (mine)", 403),
        (Fault.EDGE_403_UNLESS_URLLIB, "mine Python-urllib/3.11", 200),
    ],
)
def test_the_edge_lets_some_names_through(
    registry: StandIn, client: httpx.Client, fault: Fault, agent: str, status: int
) -> None:
    registry.always = fault
    assert client.get("/version", headers={"user-agent": agent}).status_code == status


def test_the_edge_follows_a_rule_of_the_test(registry: StandIn, client: httpx.Client) -> None:
    registry.edge = lambda asked: asked.path == "/studies"
    assert client.get("/studies").status_code == 403
    assert client.get("/version").status_code == 200


@pytest.mark.parametrize(
    ("family", "statuses"),
    [
        (Family.BUSY, {429}),
        (Family.DOWN, {500, 502, 503, 504}),
        (Family.ODD_STATUS, {204, 304, 401, 404, 418}),
    ],
)
def test_a_status_is_answered(
    registry: StandIn, client: httpx.Client, family: Family, statuses: set[int]
) -> None:
    registry.faults = list(faults_of(family))
    seen = {client.get("/studies").status_code for _ in range(len(registry.faults))}
    assert seen == statuses
    assert client.get("/studies").status_code == 200


def test_retry_after_comes_as_seconds_as_a_date_as_rubbish_or_not(
    registry: StandIn, client: httpx.Client
) -> None:
    registry.faults = [429, "429-seconds", "429-date", "429-long", "429-rubbish"]
    after = [client.get("/studies").headers.get("retry-after") for _ in range(5)]
    assert after[:2] == [None, "1"]
    assert str(after[2]).endswith(" GMT")
    assert after[3:] == ["3600", "soon"]


@pytest.mark.parametrize("fault", faults_of(Family.BODY))
def test_a_body_is_no_answer(registry: StandIn, client: httpx.Client, fault: Fault) -> None:
    registry.always = fault
    with client.stream("GET", "/studies") as answer:
        assert answer.status_code == 200
        if fault is Fault.BAD_GZIP:
            with pytest.raises(httpx.DecodingError):
                answer.read()
            return
        body = answer.read()
    if answer.headers["content-type"].startswith("application/json"):
        with pytest.raises(ValueError, match=r".+"):
            json.loads(body)


@pytest.mark.parametrize("fault", faults_of(Family.SHAPE))
def test_json_is_no_page(registry: StandIn, client: httpx.Client, fault: Fault) -> None:
    registry.always = fault
    page = client.get("/studies").json()
    assert not (isinstance(page, dict) and isinstance(page.get("studies"), list))


def test_broken_items_stand_among_whole_ones(registry: StandIn, client: httpx.Client) -> None:
    registry.always = Fault.BROKEN_ITEMS
    page = client.get("/studies", params={"pageSize": "3", "countTotal": "true"}).json()
    assert len(page["studies"]) == 3 + 10
    assert page["totalCount"] == len(IDS) + 10
    assert page["studies"][3] is None


@pytest.mark.parametrize("fault", faults_of(Family.WIRE))
def test_the_connection_fails(registry: StandIn, client: httpx.Client, fault: Fault) -> None:
    registry.always = fault
    with pytest.raises(httpx.TransportError):
        read_for(client, seconds=0.5)
    registry.always = None
    assert client.get("/version").status_code == 200


def read_for(client: httpx.Client, seconds: float) -> None:
    """Read an answer; time-outs of httpx are per read, so a drip needs a clock of its own."""
    started = time.monotonic()
    with client.stream("GET", "/studies") as answer:
        for _ in answer.iter_raw():
            if time.monotonic() - started > seconds:
                raise httpx.ReadTimeout("dripping")


@pytest.mark.parametrize("fault", faults_of(Family.SLOW))
def test_the_whole_answer_comes_late(registry: StandIn, client: httpx.Client, fault: Fault) -> None:
    whole = client.get("/version").json()
    registry.always = fault
    started = time.monotonic()
    assert client.get("/version").json() == whole
    assert time.monotonic() - started >= 0.15


def test_a_byte_order_mark_stands_before_the_answer(
    registry: StandIn, client: httpx.Client
) -> None:
    registry.always = Fault.UTF8_BOM
    assert json.loads(client.get("/studies").content.decode("utf-8-sig"))["studies"]


def test_redirects_lead_round_and_round_elsewhere_and_nowhere(
    registry: StandIn, client: httpx.Client
) -> None:
    registry.always = Fault.REDIRECT_LOOP
    with pytest.raises(httpx.TooManyRedirects):
        client.get("/studies", follow_redirects=True)
    registry.always = None
    registry.faults = [Fault.REDIRECT_NOWHERE, Fault.REDIRECT_OTHER_HOST]
    assert "location" not in client.get("/studies").headers
    elsewhere = client.get("/studies").headers["location"]
    assert httpx.URL(elsewhere).host == "localhost" != httpx.URL(registry.base_url).host


@pytest.mark.parametrize(
    ("fault", "most_bytes"), [(Fault.ENDLESS_BODY, 2**22), (Fault.GZIP_BOMB, 2**26)]
)
def test_a_body_does_not_end(
    registry: StandIn, client: httpx.Client, fault: Fault, most_bytes: int
) -> None:
    registry.always = fault
    size = 0
    with client.stream("GET", "/studies") as answer:
        for piece in answer.iter_bytes():
            size += len(piece)
            if size > most_bytes:
                break
    assert size > most_bytes


def test_headers_do_not_end(registry: StandIn, client: httpx.Client) -> None:
    registry.always = Fault.ENDLESS_HEADERS
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/studies")


def test_a_length_is_promised_that_nobody_can_hold(registry: StandIn, client: httpx.Client) -> None:
    registry.always = Fault.HUGE_CONTENT_LENGTH
    with client.stream("GET", "/studies") as answer:
        assert int(answer.headers["content-length"]) == 10**15


def test_json_is_too_deep(registry: StandIn, client: httpx.Client) -> None:
    registry.always = Fault.DEEP_JSON
    with pytest.raises(RecursionError):
        client.get("/studies").json()


def test_scripted_faults_come_first_and_none_lets_one_through(
    registry: StandIn, client: httpx.Client
) -> None:
    registry.always = Fault.DOWN_500
    registry.faults = [503, None, Fault.BUSY_429]
    statuses = [client.get("/version").status_code for _ in range(4)]
    assert statuses == [503, 200, 429, 500]


def test_a_hanging_client_does_not_hold_up_the_end_of_a_test() -> None:
    started = time.monotonic()
    with (
        StandIn([], always=Fault.HANG) as registry,
        httpx.Client(trust_env=False) as client,
        pytest.raises(httpx.ReadTimeout),
    ):
        client.get(registry.base_url + "/version", timeout=0.1)
    assert time.monotonic() - started < 2
