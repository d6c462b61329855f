"""Which modules each kind of run loads, and that a long answer is written as it comes.

Never milliseconds: those are for `benchmarks`. Whole processes, because this one has everything loaded.
"""

import os
import subprocess
import sys
import weakref
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stemcheck.saved.answers import AnswerStore
from stemcheck.services import review, sources
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.text import RecordText
from tests.standin import Fault, StandIn

HEAVY = {"asyncio", "httpx", "jinja2", "pydantic", "rich", "sqlite3"}


def environment(**changes: str) -> dict[str, str]:
    """Return an environment without coverage, whose own start would load sqlite3."""
    return {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")} | changes


PROGRAM = """
import sys
before = set(sys.modules)
from stemcheck.__main__ import main
code = main()
sys.stderr.write("\\nloaded " + " ".join(set(sys.modules) - before))
sys.exit(code)
"""
"""``python -X importtime`` would not do: it does not see what `importlib.import_module` loads."""


def modules_of(*arguments: str, **settings: str) -> set[str]:
    """Run the program and return the modules that it loaded."""
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return set(run.stderr.rpartition("\nloaded ")[2].split())


def test_the_version_is_told_without_loading_anything() -> None:
    loaded = modules_of("--version")
    assert not loaded & (HEAVY | {"typer", "typing", "stemcheck.cli", "stemcheck.errors"})


def test_the_help_lists_commands_without_loading_them() -> None:
    loaded = modules_of("--help")
    assert "typer" in loaded
    assert not loaded & HEAVY
    assert not {name for name in loaded if name.startswith("stemcheck.cli.commands.")}


def test_the_help_of_a_command_loads_that_command_alone() -> None:
    loaded = modules_of("trials", "--help")
    assert not loaded & HEAVY
    commands = {name for name in loaded if name.startswith("stemcheck.cli.commands.")}
    assert commands == {"stemcheck.cli.commands.trials"}


def test_saved_data_are_shown_without_the_client_and_the_reading(tmp_path: Path) -> None:
    arguments = ("trials", "-c", "stroke", "--offline", "--jsonl")
    loaded = modules_of(*arguments, STEMCHECK_DATA_DIR=str(tmp_path / "none"))
    assert not loaded & (HEAVY - {"pydantic"})
    unwanted = {"client", "transport", "wire", "translate"}
    assert not loaded & {f"stemcheck.registry.{name}" for name in unwanted}
    assert not loaded & {"stemcheck.reading", "stemcheck.trial.details", "stemcheck.output.table"}


def test_looking_for_an_earlier_answer_takes_no_client(tmp_path: Path) -> None:
    arguments = ("trials", "-c", "stroke", "--offline", "--jsonl")
    loaded = modules_of(*arguments, STEMCHECK_DATA_DIR=str(tmp_path))
    assert not loaded & {"httpx", "sqlite3", "stemcheck.registry.client"}
    AnswerStore(tmp_path).save_winner("nobody", 1, "", "")
    loaded = modules_of(*arguments, STEMCHECK_DATA_DIR=str(tmp_path))
    assert {"sqlite3", "stemcheck.registry.past"} <= loaded
    assert not loaded & {"httpx", "stemcheck.registry.client", "stemcheck.registry.wire"}


def test_a_table_takes_of_rich_only_what_draws_it(tmp_path: Path) -> None:
    loaded = modules_of("trials", "-c", "stroke", "--offline", STEMCHECK_DATA_DIR=str(tmp_path))
    assert "rich.table" in loaded
    assert not loaded & {"httpx", "jinja2", "pygments", "rich.markdown", "rich.progress", "sqlite3"}


def test_a_live_answer_for_a_program_draws_nothing(tmp_path: Path) -> None:
    with StandIn() as registry:
        loaded = modules_of(
            *("trials", "-c", "stroke", "--live", "--jsonl"),
            STEMCHECK_DATA_DIR=str(tmp_path),
            STEMCHECK_REGISTRY_URL=registry.base_url,
        )
    assert not loaded & (HEAVY - {"httpx", "pydantic", "rich", "sqlite3"})
    unwanted = {"output.table", "output.summary", "saved.sample"}
    assert not loaded & {f"stemcheck.{name}" for name in unwanted}


def test_a_first_line_is_out_before_the_second_page_has_come(tmp_path: Path) -> None:
    with StandIn(repeat=30) as registry:
        registry.late_seconds = 30.0
        registry.trouble(Fault.LATE, page=2)
        program = subprocess.Popen(
            [sys.executable, "-m", "stemcheck", "trials", "--live", "--jsonl"],
            env=environment(
                STEMCHECK_DATA_DIR=str(tmp_path), STEMCHECK_REGISTRY_URL=registry.base_url
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert program.stdout is not None
            first = program.stdout.readline()
            assert first.startswith(b'{"nct_id":')
            assert program.poll() is None, "the second page cannot have come yet"
        finally:
            program.kill()
            program.communicate()


class Record:
    """Stands in for a study; unlike one, it can tell when it has been let go."""

    text = RecordText()
    details = None
    papers = None


class Pages:
    """A registry that has given one page of records."""

    def __init__(self, records: list[Record]) -> None:
        self.records = records
        self.last_crawl = SimpleNamespace(
            data_timestamp=None, retrieved_at=None, is_complete=True, is_data_changed=False,
            total=None, studies=0, duplicates=0,
        )  # fmt: skip
        self.notices = list

    def search(self, _query: TrialQuery, **_how: object) -> Iterator[SimpleNamespace]:
        """Give the page and keep nothing of it."""
        yield SimpleNamespace(items=self._items(), total=None, url=None, is_last=True)

    def _items(self) -> Iterator[Record]:
        while self.records:
            yield self.records.pop(0)


def test_a_study_that_was_used_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "review", lambda _item, today: today)
    records = [Record() for _ in range(3)]
    alive = [weakref.ref(record) for record in records]
    registry: Any = Pages(records)
    origin = sources.LiveTrials(registry, TrialQuery(), today=date(2026, 11, 22))
    items = origin.items()
    next(items)
    next(items)
    assert [reference() is not None for reference in alive] == [False, True, True]
