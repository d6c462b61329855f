"""Searching: pages come in order, as needed, once, and add up; or it is said that they do not."""

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from stemcheck.errors import AnswerUnreadableError, RegistryRefusedError, UsageError
from stemcheck.registry.client import Registry
from stemcheck.registry.waiting import Event, PageArrived
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.study import Study, Unreadable
from tests.contract.made_up import (
    QUERY,
    HurriedClock,
    made_up_studies,
    made_up_study,
    numbers_in,
    quick_settings,
)
from tests.standin import Fault, StandIn
from tests.standin.answers import Answer, Asked


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(made_up_studies(25)) as registry:
        yield registry


def test_every_page_is_read_and_adds_up(standin: StandIn) -> None:
    with Registry(quick_settings(standin)) as registry:
        pages = list(registry.search(QUERY))
        crawl = registry.last_crawl
    numbers = [numbers_in([page]) for page in pages]
    assert [len(of_page) for of_page in numbers] == [10, 10, 5]
    assert [page.is_last for page in pages] == [False, False, True]
    assert {page.total for page in pages} == {25}
    assert len({number for of_page in numbers for number in of_page}) == 25
    assert crawl.is_complete
    assert (crawl.pages, crawl.total, crawl.studies, crawl.duplicates) == (3, 25, 25, 0)
    assert crawl.url == pages[0].url
    assert crawl.retrieved_at


def test_the_total_is_asked_for_once(standin: StandIn) -> None:
    with Registry(quick_settings(standin)) as registry:
        list(registry.search(QUERY))
    asked = [page.parameters.get("countTotal") for page in standin.pages_asked]
    assert asked == ["true", None, None]


def test_all_other_parameters_stay_the_same_from_page_to_page(standin: StandIn) -> None:
    with Registry(quick_settings(standin)) as registry:
        list(registry.search(QUERY))
    kept = [
        {k: v for k, v in page.parameters.items() if k not in {"pageToken", "countTotal"}}
        for page in standin.pages_asked
    ]
    assert kept[0] == kept[1] == kept[2]


def test_one_connection_carries_the_whole_search(standin: StandIn) -> None:
    for connection in ("1", "3"):
        standin.asked.clear()
        with Registry(quick_settings(standin, connection=connection)) as registry:
            list(registry.search(QUERY))
        assert len({asked.connection for asked in standin.asked}) == 1


def test_with_a_limit_pages_are_fetched_only_as_needed(standin: StandIn) -> None:
    with Registry(quick_settings(standin)) as registry:
        pages = registry.search(replace(QUERY, limit=5))
        next(pages)
        time.sleep(0.1)
        assert len(standin.pages_asked) == 1
        next(pages)
        assert len(standin.pages_asked) == 2


def test_the_next_page_travels_while_one_is_read(standin: StandIn) -> None:
    with Registry(quick_settings(standin)) as registry:
        pages = registry.search(QUERY)
        next(pages)
        wait_until(lambda: len(standin.pages_asked) == 2)
        # One page ahead and no more: the reader sets the pace.
        time.sleep(0.1)
        assert len(standin.pages_asked) == 2


def test_pages_are_asked_a_pause_apart(standin: StandIn) -> None:
    clock = HurriedClock()
    with Registry(quick_settings(standin, pause_seconds=50.0), clock=clock) as registry:
        list(registry.search(QUERY))
    assert len(standin.pages_asked) == 3
    assert 90 < clock.skipped < 150


def test_the_version_is_asked_around_a_long_search_and_not_for_a_single_page(
    standin: StandIn,
) -> None:
    with Registry(quick_settings(standin)) as registry:
        list(registry.search(QUERY))
        assert registry.last_crawl.timestamp_before == standin.data_timestamp
        assert registry.last_crawl.timestamp_after == standin.data_timestamp
        assert not registry.last_crawl.is_data_changed
    paths = [asked.path for asked in standin.asked]
    assert paths == ["/studies", "/version", "/studies", "/studies", "/version"]
    standin.asked.clear()
    with Registry(quick_settings(standin, page_size=100)) as registry:
        list(registry.search(QUERY))
        assert registry.last_crawl.data_timestamp == "2026-11-20"
    assert [asked.path for asked in standin.asked] == ["/studies"]


def test_data_refreshed_meanwhile_is_noticed(standin: StandIn) -> None:
    standin.trouble(Fault.DATA_REFRESHED, page=2)
    with Registry(quick_settings(standin)) as registry:
        list(registry.search(QUERY))
        assert registry.last_crawl.is_data_changed
        assert registry.last_crawl.data_timestamp == standin.data_timestamp


@pytest.mark.parametrize(
    "fault", [Fault.DOWN_503, Fault.HTML_200, Fault.EDGE_403_EMPTY, Fault.STATUS_404_HTML]
)
def test_a_side_question_that_fails_spoils_nothing(standin: StandIn, fault: Fault) -> None:
    standin.trouble(fault, path="/version")
    with Registry(quick_settings(standin, connection="1")) as registry:
        assert len(numbers_in(list(registry.search(QUERY)))) == 25
        assert registry.last_crawl.is_complete
        assert registry.last_crawl.timestamp_before is None


def test_a_study_that_comes_twice_is_given_once(standin: StandIn) -> None:
    standin.trouble(Fault.DUPLICATED_STUDIES)
    with Registry(quick_settings(standin)) as registry:
        numbers = numbers_in(list(registry.search(QUERY)))
        assert len(numbers) == len(set(numbers)) == 25
        assert registry.last_crawl.duplicates == 3


def test_an_empty_page_in_the_middle_does_not_end_the_search(standin: StandIn) -> None:
    standin.trouble(Fault.EMPTY_PAGE, page=2, times=1)
    with Registry(quick_settings(standin)) as registry:
        assert len(numbers_in(list(registry.search(QUERY)))) == 25
        assert registry.last_crawl.is_complete


@pytest.mark.parametrize("fault", [Fault.REPEATED_TOKEN, Fault.TOKEN_LOOP])
def test_pages_in_a_circle_end_with_an_error_and_not_with_an_answer(
    standin: StandIn, fault: Fault
) -> None:
    standin.trouble(fault)
    with Registry(quick_settings(standin)) as registry:
        with pytest.raises(AnswerUnreadableError, match="circle"):
            list(registry.search(QUERY))
        assert not registry.last_crawl.is_complete


def test_ever_new_empty_pages_end_too(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    count = itertools.count()

    def one_more_empty_page(_asked: Asked, _fault: Fault | None = None) -> Answer:
        body = b'{"totalCount":9,"studies":[],"nextPageToken":"t%d"}' % next(count)
        return Answer(200, body, "application/json")

    monkeypatch.setattr(standin.registry, "answer", one_more_empty_page)
    with (
        Registry(quick_settings(standin)) as registry,
        pytest.raises(AnswerUnreadableError, match="circle"),
    ):
        list(registry.search(QUERY))
    assert len(standin.pages_asked) <= 6


@pytest.mark.parametrize(
    ("fault", "came"),
    [
        (Fault.TOKEN_LOST, 10),
        (Fault.TOKEN_EMPTY, 10),
        (Fault.STUDY_LOST, 22),
        (Fault.TOTAL_TOO_LARGE, 25),
        (Fault.TOTAL_TOO_SMALL, 25),
        (Fault.TOTAL_MISSING, 25),
    ],
)
def test_an_answer_that_does_not_add_up_is_never_called_complete(
    standin: StandIn, fault: Fault, came: int
) -> None:
    standin.trouble(fault)
    with Registry(quick_settings(standin)) as registry:
        assert len(numbers_in(list(registry.search(QUERY)))) == came
        assert registry.last_crawl.is_exhausted
        assert not registry.last_crawl.is_complete


def test_a_search_given_up_half_way_is_not_complete(standin: StandIn) -> None:
    with Registry(quick_settings(standin)) as registry:
        next(registry.search(QUERY))
        assert not registry.last_crawl.is_exhausted
        assert not registry.last_crawl.is_complete


def test_what_arrived_before_a_failure_is_given_before_it_is_raised(standin: StandIn) -> None:
    standin.trouble(Fault.DOWN_503, page=3)
    with Registry(quick_settings(standin), clock=HurriedClock()) as registry:
        pages = registry.search(QUERY)
        assert len(numbers_in([next(pages), next(pages)])) == 20
        with pytest.raises(RegistryRefusedError):
            next(pages)
        assert not registry.last_crawl.is_complete


def test_a_record_that_cannot_be_read_travels_with_the_others() -> None:
    broken = made_up_study(2)
    broken["protocolSection"]["statusModule"] = "RECRUITING"
    with (
        StandIn([made_up_study(1), broken, made_up_study(3)]) as standin,
        Registry(quick_settings(standin)) as registry,
    ):
        (page,) = registry.search(QUERY)
        kinds = [type(item) for item in page.items]
        assert registry.last_crawl.unreadable == 1
        assert registry.last_crawl.is_complete
    assert (kinds.count(Study), kinds.count(Unreadable)) == (2, 1)


def test_no_such_trial_is_an_answer(standin: StandIn) -> None:
    standin.replace_records([])
    with Registry(quick_settings(standin)) as registry:
        (page,) = registry.search(QUERY)
        assert (list(page.items), page.total, page.is_last) == ([], 0, True)
        assert registry.last_crawl.is_complete


def test_a_query_that_cannot_be_is_refused_before_anything_is_sent(standin: StandIn) -> None:
    with Registry(quick_settings(standin)) as registry, pytest.raises(UsageError):
        list(registry.search(TrialQuery(conditions=("",))))
    assert standin.asked == []


def test_progress_is_told_in_the_thread_that_iterates(standin: StandIn) -> None:
    told: list[tuple[Event, str]] = []

    def listen(event: Event) -> None:
        told.append((event, threading.current_thread().name))

    with Registry(quick_settings(standin), on_event=listen) as registry:
        list(registry.search(QUERY))
    assert [event for event, _ in told] == [
        PageArrived(1, 3, 10, 25),
        PageArrived(2, 3, 20, 25),
        PageArrived(3, 3, 25, 25),
    ]
    assert {name for _, name in told} == {threading.current_thread().name}


def test_the_first_page_is_asked_for_before_anybody_waits(standin: StandIn) -> None:
    with Registry(quick_settings(standin)) as registry:
        pages = registry.search(QUERY)
        wait_until(lambda: bool(standin.pages_asked))
        list(pages)


def test_a_closed_client_leaves_no_thread_at_work(standin: StandIn) -> None:
    with Registry(quick_settings(standin)) as registry:
        list(registry.search(QUERY))
    wait_until(lambda: not any(t.name == "stemcheck-registry" for t in threading.enumerate()))


def wait_until(is_so: Any, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)
