"""The courier: what another process exchanges is what this one would, whatever becomes of that process.

`test_client_faults.py` shows every fault by courier, too.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Timer

import pytest

from stemcheck.errors import AnswerUnreadableError, RegistryRefusedError, UsageError
from stemcheck.registry.client import Registry
from stemcheck.registry.courier import Courier
from stemcheck.registry.events import Retrying
from stemcheck.registry.exchange import Exchange, Progress, Question, Response
from stemcheck.registry.httpx_exchange import HttpxExchange
from stemcheck.registry.pacing import TransientError
from stemcheck.services.readers import begin_readers, begun, end_readers, forked
from stemcheck.services.readers import courier as begun_courier
from tests.contract.made_up import QUERY, courier, made_up_studies, numbers_in, quick_settings
from tests.standin import Fault, StandIn


def question(url: str, *, etag: str | None = None) -> Question:
    return Question(
        url,
        rung=1,
        etag=etag,
        seconds_left=3.0,
        seconds_allowed=3.0,
        connect_seconds=1.0,
        is_only_rung=False,
    )


def nothing(_progress: Progress) -> None:
    """Hear how far a question is, and do nothing with it."""


class MadeUp:
    """An exchange that does as it is told, in place of the network."""

    is_elsewhere = False

    def __init__(self, act: Callable[[], Response | None]) -> None:
        self._act = act

    def ask(self, question: Question, hear: Callable[[Progress], None]) -> Response | None:
        del question
        hear(Progress.ASKED)
        return self._act()

    def libraries(self) -> str:
        return "made up 1.0"

    def close(self) -> None:
        """Nothing is open."""


def answer_of(exchange: Exchange, asked: Question) -> tuple[int, str, dict[str, str], bytes]:
    response = exchange.ask(asked, nothing)
    assert response is not None
    try:
        body = b"".join(response.pieces)
        return response.status, response.url, dict(response.headers), body
    finally:
        response.close()


def test_an_answer_is_the_same_whoever_asked() -> None:
    own = HttpxExchange()
    with StandIn(made_up_studies(25)) as standin, courier() as other:
        for path in ("/version", "/studies?pageSize=10", "/studies?nonsense=1", "/studies/NCT1"):
            asked = question(f"{standin.base_url}{path}")
            assert answer_of(other, asked) == answer_of(own, asked)
        assert len({one.connection for one in standin.asked}) == 2, "each keeps its own open"
        assert other.libraries() == own.libraries()
    own.close()


def test_where_to_ask_instead_is_an_answer_too() -> None:
    own = HttpxExchange()
    with StandIn(made_up_studies(5)) as standin, courier() as other:
        for exchange in (own, other):
            standin.faults = [Fault.REDIRECT_LOOP] * 4
            heard: list[Progress] = []
            with pytest.raises(AnswerUnreadableError):
                exchange.ask(question(f"{standin.base_url}/studies"), heard.append)
            assert heard == [Progress.ASKED, *[Progress.SENT, Progress.ANSWERED] * 4]
    own.close()


@pytest.mark.parametrize("rung", [1, 2])
def test_a_question_has_left_only_once_there_is_a_connection(rung: int) -> None:
    """From then on the pause counts: to connect can take longer than it."""
    own = HttpxExchange()
    with StandIn(made_up_studies(5)) as standin, courier() as other:
        there = question(f"{standin.base_url}/version")._replace(rung=rung)
        for exchange in (own, other):
            heard: list[Progress] = []
            response = exchange.ask(there, heard.append)
            assert response is not None
            list(response.pieces)
            response.close()
            assert heard == [Progress.ASKED, Progress.SENT, Progress.ANSWERED]
        nowhere = there._replace(url="http://127.0.0.1:9/api/v2/version")
        for exchange in (own, other):
            heard = []
            with pytest.raises(TransientError):
                exchange.ask(nowhere, heard.append)
            assert heard == [Progress.ASKED]
    own.close()


def test_a_past_answer_is_confirmed_by_courier(tmp_path: Path) -> None:
    with StandIn(made_up_studies(25)) as standin:
        for again in (False, True):
            settings = quick_settings(standin, memory_dir=tmp_path)
            with courier() as other, Registry(settings, exchange=other) as registry:
                assert len(numbers_in(list(registry.search(QUERY)))) == 25
                assert registry.last_crawl.revalidated_pages == (3 if again else 0)


def test_the_ladder_is_climbed_by_one_courier() -> None:
    with StandIn(made_up_studies(25)) as standin, courier() as other:
        standin.always = Fault.EDGE_403_UNLESS_URLLIB
        with Registry(quick_settings(standin), exchange=other) as registry:
            assert len(numbers_in(list(registry.search(QUERY)))) == 25
        assert len(standin.pages_asked) == 1 + 3
        assert other.is_elsewhere, "a refusal is no reason to do without it"


def test_something_else_may_be_done_before_the_question_is_on_its_way() -> None:
    done: list[str] = []
    with (
        StandIn(made_up_studies(5)) as standin,
        courier() as other,
        Registry(quick_settings(standin), exchange=other) as registry,
    ):
        list(registry.search(QUERY, meanwhile=lambda: done.append("now")))
    assert done


def raising(error: Exception) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


@pytest.mark.parametrize(
    "error",
    [
        UsageError("No address.", hint="Ask for less.", facts={"length": 9}),
        RegistryRefusedError("Refused (401)."),
    ],
)
def test_an_error_comes_back_as_it_was_raised(error: UsageError | RegistryRefusedError) -> None:
    with courier(MadeUp(raising(error))) as other:
        with pytest.raises(type(error)) as raised:
            other.ask(question("http://localhost"), nothing)
        assert vars(raised.value) == vars(error)
        with pytest.raises(type(error)):  # and it goes on
            other.ask(question("http://localhost"), nothing)


def test_what_can_heal_comes_back_with_its_pause() -> None:
    failure = TransientError(RegistryRefusedError("Busy (429)."), retry_after_seconds=7.5)
    with courier(MadeUp(raising(failure))) as other, pytest.raises(TransientError) as raised:
        other.ask(question("http://localhost"), nothing)
    assert raised.value.retry_after_seconds == 7.5
    assert vars(raised.value.error) == vars(failure.error)


def test_a_rung_that_cannot_be_used_is_told() -> None:
    with courier(MadeUp(lambda: None)) as other:
        assert other.ask(question("http://localhost"), nothing) is None
        assert other.is_elsewhere


def test_a_bug_in_the_courier_is_raised_as_one() -> None:
    bug = pytest.raises(RuntimeError, match="KeyError: 'lost'")
    with courier(MadeUp(raising(KeyError("lost")))) as other, bug:
        other.ask(question("http://localhost"), nothing)


def test_a_failure_inside_a_body_is_raised_where_it_is_read() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"{"
        raise TransientError(RegistryRefusedError("Broken off."))

    made_up = MadeUp(lambda: Response(200, "http://localhost", {}, pieces(), lambda: None))
    with courier(made_up) as other:
        response = other.ask(question("http://localhost"), nothing)
        assert response is not None
        assert next(response.pieces) == b"{"
        with pytest.raises(TransientError, match="Broken off"):
            next(response.pieces)
        response.close()
        assert other.is_elsewhere, "all that it sent was heard"


def test_a_body_that_nobody_wants_ends_the_courier_and_not_the_asking() -> None:
    with StandIn(made_up_studies(25)) as standin, courier() as other:
        asked = question(f"{standin.base_url}/studies")
        response = other.ask(asked, nothing)
        assert response is not None
        response.close()
        assert not other.is_elsewhere
        assert answer_of(other, asked)[0] == 200
        other.close()


@pytest.fixture(params=[0, 2])
def process(request: pytest.FixtureRequest) -> Iterator[int]:
    """A courier that is a process of its own, with readers and without."""
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1:
        pytest.skip("a courier takes Linux and two processors")
    begin_readers(request.param)
    assert (len(begun_courier), len(begun)) == (1, request.param)
    yield forked[0]
    end_readers()
    assert not begun_courier


def test_a_process_asks_and_is_let_go(process: int) -> None:
    other = Courier(*begun_courier[0])
    with StandIn(made_up_studies(25)) as standin:
        with Registry(quick_settings(standin), exchange=other) as registry:
            assert len(numbers_in(list(registry.search(QUERY)))) == 25
            os.kill(process, signal.SIGINT)  # meant for the first process alone
            assert len(numbers_in(list(registry.search(QUERY)))) == 25
        assert other.is_elsewhere


@pytest.mark.parametrize("pages", [0, 1])
def test_where_the_process_is_killed_this_one_asks(process: int, pages: int) -> None:
    with StandIn(made_up_studies(25)) as standin:
        settings = quick_settings(standin)
        with Registry(settings, exchange=Courier(*begun_courier[0])) as registry:
            # with a limit, the next page is asked for only when it is wanted
            search = registry.search(replace(QUERY, limit=25))
            came = [next(search) for _ in range(pages)]
            os.kill(process, signal.SIGKILL)
            came += search
            assert len(numbers_in(came)) == 25
            assert registry.last_crawl.is_complete


def test_a_process_killed_inside_a_body_is_no_answer_that_ends_there(process: int) -> None:
    heard: list[object] = []
    with StandIn(made_up_studies(25)) as standin:
        standin.late_seconds = 20.0
        standin.faults = [Fault.HANG_AFTER_HEADERS]
        settings = quick_settings(standin, on_event=heard.append, timeout_seconds=20.0)
        with Registry(settings, exchange=Courier(*begun_courier[0])) as registry:
            Timer(0.5, os.kill, (process, signal.SIGKILL)).start()
            assert len(numbers_in(list(registry.search(QUERY)))) == 25
        assert isinstance(heard[0], Retrying)


def test_a_process_that_was_never_asked_is_let_go(process: int) -> None:
    assert process  # and `end_readers` does not wait for ever
