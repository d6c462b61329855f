"""The stand-in's faults of paging: what a client meets that follows tokens without looking."""

from collections.abc import Iterator

import httpx
import pytest

from tests.standin import Fault, StandIn, read_fixtures

PAGE_SIZE = 10
IDS = [s["protocolSection"]["identificationModule"]["nctId"] for s in read_fixtures()]


@pytest.fixture
def registry() -> Iterator[StandIn]:
    with StandIn() as registry:
        yield registry


@pytest.fixture
def client(registry: StandIn) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=registry.base_url, trust_env=False) as client:
        yield client


def crawl(client: httpx.Client, most_pages: int = 12) -> tuple[list[str], list[dict[str, object]]]:
    """Ids and pages as a client meets them that follows tokens without looking."""
    ids: list[str] = []
    pages: list[dict[str, object]] = []
    parameters = {"pageSize": str(PAGE_SIZE), "countTotal": "true", "fields": "NCTId"}
    while len(pages) < most_pages:
        page = client.get("/studies", params=parameters).json()
        pages.append(page)
        ids += [s["protocolSection"]["identificationModule"]["nctId"] for s in page["studies"]]
        if not isinstance(page.get("nextPageToken"), str) or not page["nextPageToken"]:
            break
        parameters["pageToken"] = page["nextPageToken"]
    return ids, pages


def test_an_undisturbed_crawl_finds_everything_once(client: httpx.Client) -> None:
    ids, pages = crawl(client)
    assert ids == IDS
    assert pages[0]["totalCount"] == len(IDS)


def test_an_empty_page_loses_nothing(registry: StandIn, client: httpx.Client) -> None:
    registry.trouble(Fault.EMPTY_PAGE, page=2)
    ids, pages = crawl(client)
    assert ids == IDS
    assert pages[1]["studies"] == []


def test_a_repeated_token_leads_back_to_its_own_page(
    registry: StandIn, client: httpx.Client
) -> None:
    registry.always = Fault.REPEATED_TOKEN
    _, pages = crawl(client, most_pages=4)
    assert pages[1] == pages[2] == pages[3] != pages[0]


def test_a_loop_of_tokens_goes_back_and_forth(registry: StandIn, client: httpx.Client) -> None:
    registry.always = Fault.TOKEN_LOOP
    _, pages = crawl(client, most_pages=6)
    assert pages[1] == pages[3] == pages[5]
    assert pages[2] == pages[4] != pages[1]


@pytest.mark.parametrize(
    ("fault", "token"),
    [(Fault.TOKEN_LOST, None), (Fault.TOKEN_EMPTY, ""), (Fault.TOKEN_NOT_TEXT, PAGE_SIZE)],
)
def test_a_token_is_lost(
    registry: StandIn, client: httpx.Client, fault: Fault, token: object
) -> None:
    registry.always = fault
    ids, pages = crawl(client)
    assert pages[0].get("nextPageToken") == token
    assert ids == IDS[:PAGE_SIZE]


@pytest.mark.parametrize(
    ("fault", "total"),
    [
        (Fault.TOTAL_TOO_LARGE, len(IDS) + 7),
        (Fault.TOTAL_TOO_SMALL, len(IDS) - 1),
        (Fault.TOTAL_MISSING, None),
        (Fault.TOTAL_NOT_A_NUMBER, "many"),
    ],
)
def test_the_total_is_wrong(
    registry: StandIn, client: httpx.Client, fault: Fault, total: object
) -> None:
    registry.always = fault
    ids, pages = crawl(client)
    assert ids == IDS
    assert pages[0].get("totalCount") == total


def test_studies_are_lost_or_come_twice(registry: StandIn, client: httpx.Client) -> None:
    registry.trouble(Fault.STUDY_LOST, page=2, times=1)
    lost, _ = crawl(client)
    registry.trouble(Fault.DUPLICATED_STUDIES, page=2, times=1)
    doubled, _ = crawl(client)
    assert len(lost) == len(set(lost)) == len(IDS) - 1
    assert sorted(set(doubled)) == sorted(IDS)
    assert len(doubled) == len(IDS) + 1


def test_the_data_is_refreshed_between_two_looks(registry: StandIn, client: httpx.Client) -> None:
    registry.always = Fault.DATA_REFRESHED
    before = client.get("/version").json()
    crawl(client, most_pages=1)
    assert client.get("/version").json() != before


def test_trouble_keeps_to_its_occasion(registry: StandIn, client: httpx.Client) -> None:
    registry.trouble(503, path="/version", times=1)
    registry.trouble(Fault.CUT_JSON, page=3)
    assert client.get("/studies").status_code == 200
    assert [client.get("/version").status_code for _ in range(2)] == [503, 200]
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        crawl(client)
    assert len(registry.pages_asked) == 1 + 3
