"""Past answers: asked about instead of asked for again, and never passed off as live."""

import gzip
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from stemcheck.errors import AnswerUnreadableError, RegistryRefusedError, RegistryUnreachableError
from stemcheck.registry.cache import AnswerCache, PastAnswer
from stemcheck.registry.client import Registry
from stemcheck.registry.ladder import Ladder
from stemcheck.registry.past import PastAnswers, open_past
from stemcheck.trial.study import Unreadable
from tests.contract.made_up import (
    QUERY,
    HastyClock,
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


def search(standin: StandIn, folder: Path, **changes: Any) -> tuple[list[str], Registry]:
    """Search once; return the numbers found and the closed client."""
    settings = quick_settings(standin, memory_dir=folder, **changes)
    with Registry(settings, clock=HastyClock()) as registry:
        return numbers_in(list(registry.search(QUERY))), registry


def kept(standin: StandIn, folder: Path) -> PastAnswers:
    """What was kept of the registry's answers."""
    past = open_past(quick_settings(standin, memory_dir=folder))
    assert past is not None
    return past


def answers(folder: Path) -> list[Path]:
    return sorted((folder / "answers").glob("*.answer"))


def test_the_second_time_the_registry_is_asked_whether_it_still_holds(
    standin: StandIn, folder: Path
) -> None:
    first, _ = search(standin, folder)
    standin.asked.clear()
    second, registry = search(standin, folder)
    assert second == first
    assert registry.last_crawl.is_complete
    assert registry.last_crawl.revalidated_pages == 3
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
    found, registry = search(standin, folder)
    assert len(found) == 12
    assert registry.last_crawl.revalidated_pages == 0
    past = kept(standin, folder).find_search(QUERY)
    assert past is not None
    assert len(numbers_in(list(past.pages()))) == 12


def test_refresh_asks_for_everything_and_keeps_it(standin: StandIn, folder: Path) -> None:
    search(standin, folder)
    standin.asked.clear()
    search(standin, folder, cache="refresh")
    assert not any("if-none-match" in asked.headers for asked in standin.asked)
    assert kept(standin, folder).find_search(QUERY) is not None


def test_off_neither_reads_nor_writes(standin: StandIn, folder: Path) -> None:
    search(standin, folder, cache="off")
    assert answers(folder) == []


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DOWN_503, Fault.EDGE_403_ALL], ids=str)
def test_a_registry_that_does_not_answer_is_never_replaced_quietly(
    standin: StandIn, folder: Path, fault: Fault
) -> None:
    search(standin, folder)
    standin.always = fault
    Ladder.forget_process()
    with pytest.raises((RegistryUnreachableError, RegistryRefusedError)):
        search(standin, folder, timeout_seconds=0.5)
    Ladder.forget_process()


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
    answers(folder)[0].unlink()
    assert kept(standin, folder).find_search(QUERY) is None


def test_a_search_given_up_half_way_is_not_found(standin: StandIn, folder: Path) -> None:
    with Registry(quick_settings(standin, memory_dir=folder)) as registry:
        next(registry.search(QUERY))
        assert kept(standin, folder).find_search(QUERY) is None


def test_a_study_is_kept_too(standin: StandIn, folder: Path) -> None:
    with Registry(quick_settings(standin, memory_dir=folder)) as registry:
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
        Registry(quick_settings(standin, memory_dir=folder)) as registry,
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
    with Registry(quick_settings(standin, memory_dir=folder)) as registry:
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


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "rubbish", "header"])
def test_a_damaged_answer_is_asked_for_again(standin: StandIn, folder: Path, damage: str) -> None:
    found, _ = search(standin, folder)
    for path in answers(folder):
        content = path.read_bytes()
        path.write_bytes(
            {
                "cut": content[:-20],
                "flip": content[:-20] + bytes([content[-20] ^ 1]) + content[-19:],
                "empty": b"",
                "rubbish": os.urandom(500),
                "header": b'{"url": 5}\n' + content,
            }[damage]
        )
    again, registry = search(standin, folder)
    assert again == found
    assert registry.last_crawl.is_complete
    assert kept(standin, folder).find_search(QUERY) is not None


def test_a_kept_bomb_does_no_harm(standin: StandIn, folder: Path) -> None:
    _, registry = search(standin, folder)
    cache = AnswerCache(folder / "answers", most_bytes=2**30)
    url = registry.last_crawl.url or ""
    bomb = gzip.compress(b" " * 40_000_000)
    cache.save(PastAnswer(url, '"x"', "2026-01-01", encoding="gzip"), content=b"", packed=bomb)
    past = cache.find(url)
    assert past is not None
    assert cache.find_body(past, most_bytes=1_000_000) is None


def test_kept_answers_are_for_their_owner_alone(standin: StandIn, folder: Path) -> None:
    search(standin, folder)
    assert {path.stat().st_mode & 0o777 for path in answers(folder)} == {0o600}
    assert (folder / "answers").stat().st_mode & 0o777 == 0o700


def test_the_oldest_answers_go_when_there_is_too_much(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, most_bytes=10_000)
    packed = os.urandom(1500)
    for number in range(20):
        past = PastAnswer(f"https://x/{number}", None, "2026-01-01", encoding="gzip")
        cache.save(past, content=b"", packed=packed)
        for path in tmp_path.glob("*.answer"):
            # An hour older each turn: file systems tell moments apart only so well.
            moment = path.stat().st_mtime - 3600
            os.utime(path, (moment, moment))
    held = sum(path.stat().st_size for path in tmp_path.glob("*.answer"))
    assert held <= 10_000
    assert cache.find("https://x/19") is not None
    assert cache.find("https://x/0") is None


def test_an_answer_larger_than_the_cache_is_not_kept(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path, most_bytes=100)
    past = PastAnswer("https://x/", None, "2026-01-01", encoding="gzip")
    cache.save(past, content=b"", packed=os.urandom(200))
    assert list(tmp_path.iterdir()) == []
    assert cache.problem is None


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_folder_is_a_notice_and_no_failure(standin: StandIn, folder: Path) -> None:
    folder.mkdir(mode=0o500)
    found, registry = search(standin, folder)
    assert len(found) == 25
    assert registry.cache_problem == "Permission denied"


def test_a_file_in_place_of_the_folder_is_a_notice_and_no_failure(
    standin: StandIn, folder: Path
) -> None:
    folder.write_text("not a folder")
    found, registry = search(standin, folder)
    assert len(found) == 25
    assert registry.cache_problem is not None


def test_a_full_disk_is_a_notice_and_leaves_no_rubbish(
    standin: StandIn, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    found, registry = search(standin, folder)
    assert len(found) == 25
    assert registry.cache_problem == "No space left on device"
    assert list((folder / "answers").iterdir()) == []


WRITER = textwrap.dedent(
    """
    import os, sys
    from pathlib import Path
    from stemcheck.registry.cache import AnswerCache, PastAnswer

    cache = AnswerCache(Path(sys.argv[1]), most_bytes=60_000)
    for turn in range(150):
        url = f"https://x/{turn % 7}"
        body = (sys.argv[2] * 3000).encode() + os.urandom(2000)
        cache.save(PastAnswer(url, None, "2026-01-01", encoding=""), content=body, packed=b"")
        past = cache.find(url)
        content = past and cache.find_body(past, most_bytes=10**6)
        # The other process may have replaced or deleted it; a mixture of both it must not be.
        if content is not None and len(set(content[:3000])) != 1:
            raise SystemExit("mixed")
    assert cache.problem is None, cache.problem
    """
)


def test_two_processes_can_use_it_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    programs = [
        subprocess.Popen([*command, letter], stderr=subprocess.PIPE, text=True) for letter in "ab"
    ]
    for program in programs:
        _, err = program.communicate(timeout=60)
        assert (program.returncode, err) == (0, "")
    assert not list(tmp_path.glob(".new-*"))


def test_a_process_killed_while_it_writes_leaves_nothing_half_written(tmp_path: Path) -> None:
    endless = WRITER.replace("range(150)", "itertools.count()").replace(
        "import os", "import itertools, os"
    )
    program = subprocess.Popen([sys.executable, "-c", endless, str(tmp_path), "a"])
    while len(list(tmp_path.glob("*.answer"))) < 3:
        assert program.poll() is None
    program.kill()
    program.wait()
    cache = AnswerCache(tmp_path, most_bytes=60_000)
    for number in range(3):
        past = cache.find(f"https://x/{number}")
        if past is not None:
            assert cache.find_body(past, most_bytes=10**6) is not None


def set_dates(folder: Path, moment: str) -> None:
    """Make every kept answer one of another day."""
    import json

    for path in answers(folder):
        header, _, body = path.read_bytes().partition(b"\n")
        facts = json.loads(header) | {"retrieved_at": moment}
        path.write_bytes(json.dumps(facts).encode() + b"\n" + body)
