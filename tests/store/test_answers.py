"""The file of kept answers: private, bounded, whole after a kill, and shared by processes."""

import os
import resource
import sqlite3
import stat
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest

from stemcheck.saved import STORE_FILE
from stemcheck.saved.answers import AnswerStore, Facts
from stemcheck.saved.store import MIGRATIONS


def facts(url: str, moment: str = "2026-01-01T00:00:00+00:00") -> Facts:
    return (url, '"tag"', moment, "2026-01-01", None)


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path)
    store.save(("https://x/1", None, "2026-01-01", None, "token"), b"{}" * 1000)
    found = AnswerStore(tmp_path).find("https://x/1")
    assert found == ("https://x/1", None, "2026-01-01", None, "token")
    assert store.find_body("https://x/1") == b"{}" * 1000
    assert store.find("https://x/2") is None
    assert store.find_body("https://x/2") is None
    assert store.problem is None


def test_a_confirmed_answer_is_of_a_new_day_and_stays(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path)
    store.save(facts("https://x/1"), b"{}")
    store.confirm("https://x/1", etag=None, retrieved_at="2026-02-02")
    assert store.find("https://x/1") == ("https://x/1", '"tag"', "2026-02-02", "2026-01-01", None)
    assert store.days() == (1, "2026-02-02", "2026-02-02")


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    AnswerStore(folder).save(facts("https://x/1"), b"{}")
    kept = list(folder.iterdir())
    assert folder / STORE_FILE in kept
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)} == {0o700}


def test_looking_for_something_makes_no_file(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path / "none")
    assert store.find("https://x/1") is None
    assert store.days() == (0, None, None)
    assert list(tmp_path.iterdir()) == []


def test_what_was_not_used_for_the_longest_time_goes_first(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path, most_bytes=10_000)
    for number in range(20):
        store.save(facts(f"https://x/{number}"), os.urandom(1500))
        store.confirm("https://x/0", etag=None, retrieved_at="2026-02-02")
    kept = [number for number in range(20) if store.find(f"https://x/{number}")]
    assert kept == [0, 15, 16, 17, 18, 19]


def test_an_answer_larger_than_all_may_be_is_not_kept(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path, most_bytes=100)
    store.save(facts("https://x/1"), os.urandom(200))
    assert list(tmp_path.iterdir()) == []
    assert store.problem is None


def test_a_body_that_unpacks_without_end_is_not_given_back(tmp_path: Path) -> None:
    store = AnswerStore(tmp_path)
    store.save(facts("https://x/1"), b" " * (65 * 2**20))
    assert store.find_body("https://x/1") is None


def test_what_version_0_1_kept_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "0123456789abcdef.answer").write_bytes(b"{}")
    (tmp_path / "connection.json").write_text("{}")
    (tmp_path / "mine.txt").write_text("mine")
    AnswerStore(tmp_path).save(facts("https://x/1"), b"{}")
    assert {path.name for path in tmp_path.iterdir()} == {"mine.txt", STORE_FILE}


def test_each_step_of_the_file_leads_to_the_next(tmp_path: Path) -> None:
    """Every version that ever was can be brought up to the one of today."""
    for version in range(len(MIGRATIONS)):
        folder = tmp_path / str(version)
        folder.mkdir()
        with closing(sqlite3.connect(folder / STORE_FILE)) as store:
            for step in MIGRATIONS[:version]:
                store.executescript(step)
            store.execute(f"PRAGMA user_version = {version}")
        answers = AnswerStore(folder)
        answers.save(facts("https://x/1"), b"{}")
        assert answers.problem is None
        assert answers.find_body("https://x/1") == b"{}"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_store_that_may_only_be_read_is_read(tmp_path: Path) -> None:
    AnswerStore(tmp_path).save(facts("https://x/1"), b"{}")
    (tmp_path / STORE_FILE).chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        store = AnswerStore(tmp_path)
        assert store.find_body("https://x/1") == b"{}"
        store.save(facts("https://x/2"), b"{}")
        assert store.problem == "the file cannot be written"
    finally:
        tmp_path.chmod(0o700)


WRITER = textwrap.dedent(
    """
    import itertools, os, resource, sys
    from pathlib import Path
    from stemcheck.saved.answers import AnswerStore

    folder, letter, turns, size = sys.argv[1:]
    if int(size):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), int(size)))
    store = AnswerStore(Path(folder), most_bytes=60_000)
    for turn in itertools.islice(itertools.count(), int(turns) or None):
        url = f"https://x/{turn % 7}"
        body = (letter * 3000).encode() + os.urandom(2000)
        store.save((url, None, "2026-01-01", None, None), body)
        content = store.find_body(url)
        # Another process may have replaced or deleted it; a mixture of both it must not be.
        if content is not None and len(set(content[:3000])) != 1:
            raise SystemExit("mixed")
        if turn == 2:
            print("three", flush=True)
    print(store.problem)
    """
)


def writer(folder: Path, letter: str, *, turns: int = 0, size: int = 0) -> subprocess.Popen[str]:
    arguments = [str(folder), letter, str(turns), str(size)]
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_can_use_it_at_once(tmp_path: Path) -> None:
    programs = [writer(tmp_path, letter, turns=80) for letter in "ab"]
    for program in programs:
        out, err = program.communicate(timeout=120)
        assert (program.returncode, err) == (0, "")
        assert out.split() == ["three", "None"]


def test_a_process_killed_while_it_writes_leaves_nothing_half_written(tmp_path: Path) -> None:
    program = writer(tmp_path, "a")
    assert program.stdout is not None
    assert program.stdout.readline() == "three\n"
    program.kill()
    program.communicate()
    store = AnswerStore(tmp_path, most_bytes=60_000)
    store.save(facts("https://x/new"), b"{}")
    assert store.problem is None
    found = [url for number in range(3) if store.find(url := f"https://x/{number}")]
    assert found
    assert all(store.find_body(url) for url in found)


def test_a_disk_without_room_is_told_and_costs_nothing_else(tmp_path: Path) -> None:
    assert resource.RLIMIT_FSIZE is not None
    program = writer(tmp_path, "a", turns=20, size=40_000)
    out, err = program.communicate(timeout=60)
    assert (program.returncode, err) == (0, "")
    assert out.splitlines()[-1] in {"the disk is full", "the disk could not be used"}
