"""Past answers: asked about instead of asked for again, and never passed off as live."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from stemcheck.errors import AnswerUnreadableError, RegistryRefusedError, RegistryUnreachableError
from stemcheck.registry.client import Registry
from stemcheck.registry.connection import Ladder
from stemcheck.registry.past import PastAnswers
from stemcheck.saved import STORE_FILE
from stemcheck.saved.answers import AnswerStore
from stemcheck.trial.study import Unreadable
from tests.contract.made_up import (
    QUERY,
    HurriedClock,
    made_up_studies,
    made_up_study,
    numbers_in,
    quick_settings,
)
from tests.standin import Fault, StandIn
from tests.standin.answers import Answer


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(made_up_studies(25)) as registry:
        yield registry


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "memory"


def opened(standin: StandIn, folder: Path, **changes: Any) -> Registry:
    settings = quick_settings(standin, **changes)
    return Registry(settings, store=AnswerStore(folder), clock=HurriedClock())


def search(standin: StandIn, folder: Path, **changes: Any) -> tuple[list[str], Registry]:
    """Search once; return the numbers found and the closed client."""
    with opened(standin, folder, **changes) as registry:
        return numbers_in(list(registry.search(QUERY))), registry


def said(registry: Registry) -> str:
    """The notice that this answer could not be kept."""
    (notice,) = registry.notices()
    assert notice.id == "not_kept"
    assert "\n" not in notice.text
    return notice.text


def kept(standin: StandIn, folder: Path) -> PastAnswers:
    """What was kept of the registry's answers."""
    return PastAnswers(AnswerStore(folder), quick_settings(standin))


def change(folder: Path, statement: str, *values: object) -> int:
    """Change what is kept, behind everybody's back; return how many answers that were."""
    with closing(sqlite3.connect(folder / STORE_FILE)) as store, store:
        return store.execute(statement, values).rowcount


def set_dates(folder: Path, moment: str) -> None:
    """Make every kept answer one of another day."""
    change(folder, "UPDATE answers SET retrieved_at = ?", moment)


def test_the_second_time_the_registry_is_asked_whether_it_still_holds(
    standin: StandIn, folder: Path
) -> None:
    first, _ = search(standin, folder)
    standin.asked.clear()
    second, registry = search(standin, folder)
    assert second == first
    assert registry.last_crawl.is_complete
    assert all("if-none-match" in asked.headers for asked in standin.pages_asked)


def test_a_confirmed_answer_is_of_now(standin: StandIn, folder: Path) -> None:
    search(standin, folder)
    set_dates(folder, "2026-01-01T00:00:00+00:00")
    _, registry = search(standin, folder)
    assert registry.last_crawl.retrieved_at is not None
    assert registry.last_crawl.retrieved_at[:10] == datetime.now(UTC).date().isoformat()
    past = kept(standin, folder).find_search(QUERY)
    assert past is not None
    assert past.retrieved_at[:10] == datetime.now(UTC).date().isoformat()


def test_new_data_replace_the_old(standin: StandIn, folder: Path) -> None:
    search(standin, folder)
    standin.replace_records(made_up_studies(12))
    standin.data_timestamp = "2026-11-23T14:00:00"
    found, _ = search(standin, folder)
    assert len(found) == 12
    past = kept(standin, folder).find_search(QUERY)
    assert past is not None
    assert len(numbers_in(list(past.pages()))) == 12


def test_refresh_asks_for_everything_and_keeps_it(standin: StandIn, folder: Path) -> None:
    search(standin, folder)
    standin.asked.clear()
    search(standin, folder, is_refresh=True)
    assert not any("if-none-match" in asked.headers for asked in standin.asked)
    assert kept(standin, folder).find_search(QUERY) is not None


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DOWN_503, Fault.EDGE_403_ALL], ids=str)
def test_a_registry_that_does_not_answer_is_never_replaced_quietly(
    standin: StandIn, folder: Path, fault: Fault
) -> None:
    search(standin, folder)
    standin.always = fault
    Ladder.refused_in_process.clear()
    with pytest.raises((RegistryUnreachableError, RegistryRefusedError)):
        search(standin, folder, timeout_seconds=0.5)
    Ladder.refused_in_process.clear()


def test_what_was_kept_can_be_found_and_says_of_when_it_is(standin: StandIn, folder: Path) -> None:
    found, _ = search(standin, folder)
    set_dates(folder, "2026-01-02T03:04:05+00:00")
    past = kept(standin, folder).find_search(QUERY)
    assert past is not None
    assert past.retrieved_at == "2026-01-02T03:04:05+00:00"
    assert past.data_date == "2026-11-20"
    assert numbers_in(list(past.pages())) == found
    assert past.crawl.is_complete


def test_a_search_of_which_a_page_is_missing_is_not_found(standin: StandIn, folder: Path) -> None:
    search(standin, folder)
    assert change(folder, "DELETE FROM answers WHERE url LIKE '%pageToken%'") == 2
    assert kept(standin, folder).find_search(QUERY) is None


def test_a_search_given_up_half_way_is_not_found(standin: StandIn, folder: Path) -> None:
    with opened(standin, folder) as registry:
        next(registry.search(QUERY))
        assert kept(standin, folder).find_search(QUERY) is None


def test_a_study_is_kept_too(standin: StandIn, folder: Path) -> None:
    with opened(standin, folder) as registry:
        (study,) = registry.fetch(["NCT90000001"])
        past = kept(standin, folder).find_study("nct90000001")
        assert past is not None
        assert past.study == study
        assert kept(standin, folder).find_study("NCT90000002") is None


def test_a_study_fetched_by_an_older_number_is_found_by_it(folder: Path) -> None:
    study = made_up_study(1)
    study["protocolSection"]["identificationModule"]["nctIdAliases"] = ["NCT80000001"]
    with (
        StandIn([study]) as standin,
        opened(standin, folder) as registry,
    ):
        (live,) = registry.fetch(["NCT80000001"])
        past = kept(standin, folder).find_study("NCT80000001")
    assert past is not None
    assert past.study == live


def test_another_study_than_asked_for_is_not_kept(
    standin: StandIn, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = standin.registry.answer
    monkeypatch.setattr(
        standin.registry,
        "answer",
        lambda asked, fault=None: swapped(other(asked, fault)),
    )
    with opened(standin, folder) as registry:
        (item,) = registry.fetch(["NCT90000001"])
        assert isinstance(item, Unreadable)
        assert kept(standin, folder).find_study("NCT90000001") is None


def swapped(answer: Answer) -> Answer:
    answer.body = answer.body.replace(b"NCT90000001", b"NCT90000002")
    return answer


def test_what_could_not_be_read_is_not_kept(standin: StandIn, folder: Path) -> None:
    for fault in (Fault.CUT_JSON, Fault.HTML_200, Fault.WITHOUT_STUDIES, Fault.TOKEN_LOOP):
        standin.always = fault
        with pytest.raises(AnswerUnreadableError):
            search(standin, folder)
        assert kept(standin, folder).find_search(QUERY) is None


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "rubbish", "text"])
def test_a_damaged_answer_is_asked_for_again(standin: StandIn, folder: Path, damage: str) -> None:
    found, _ = search(standin, folder)
    whole = "(SELECT body FROM answers)"
    bodies = {
        "cut": f"substr({whole}, 1, length({whole}) - 20)",
        "flip": f"cast(substr({whole}, 1, length({whole}) - 20) || x'00' AS BLOB)",
        "empty": "x''",
        "rubbish": "randomblob(500)",
        "text": "'text'",
    }
    assert change(folder, f"UPDATE answers SET body = {bodies[damage]}") == 3
    assert kept(standin, folder).find_search(QUERY) is None
    again, registry = search(standin, folder)
    assert again == found
    assert registry.last_crawl.is_complete
    assert kept(standin, folder).find_search(QUERY) is not None


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_folder_is_a_notice_and_no_failure(standin: StandIn, folder: Path) -> None:
    folder.mkdir(mode=0o500)
    found, registry = search(standin, folder)
    assert len(found) == 25
    assert "Permission denied" in said(registry)


def make_file(path: Path) -> None:
    path.write_text("not a folder")


def make_folder(path: Path) -> None:
    (path / STORE_FILE).mkdir(parents=True)


def make_pipe(path: Path) -> None:
    path.mkdir()
    os.mkfifo(path / STORE_FILE)


def make_rubbish(path: Path) -> None:
    path.mkdir()
    (path / STORE_FILE).write_bytes(os.urandom(5000))


def make_newer(path: Path) -> None:
    AnswerStore(path).save_winner("x", 1, "", "")
    change(path, "PRAGMA user_version = 99")


def make_other_tables(path: Path) -> None:
    AnswerStore(path).save_winner("x", 1, "", "")
    change(path, "DROP TABLE answers")


@pytest.mark.parametrize(
    "make", [make_file, make_folder, make_pipe, make_rubbish, make_newer, make_other_tables]
)
def test_a_store_that_cannot_be_used_costs_only_the_keeping(
    standin: StandIn, folder: Path, make: Callable[[Path], None]
) -> None:
    make(folder)
    found, registry = search(standin, folder)
    assert len(found) == 25
    assert registry.last_crawl.is_complete
    assert said(registry)
    assert kept(standin, folder).find_search(QUERY) is None


def test_a_store_that_another_program_holds_costs_a_second_at_most(
    standin: StandIn, folder: Path
) -> None:
    search(standin, folder)
    standin.replace_records(made_up_studies(30))
    standin.data_timestamp = "2026-11-23T14:00:00"
    with closing(sqlite3.connect(folder / STORE_FILE, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        found, registry = search(standin, folder)
        assert time.monotonic() - started < 10
    assert len(found) == 30
    assert "another program is using the file" in said(registry)


def test_without_a_home_nothing_is_kept_and_that_is_said(standin: StandIn) -> None:
    with Registry(quick_settings(standin), store=AnswerStore(None)) as registry:
        assert len(numbers_in(list(registry.search(QUERY)))) == 25
        assert "no home folder is known" in said(registry)
