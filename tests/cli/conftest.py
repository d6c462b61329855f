"""Running the program against the stand-in registry, in this process, without its pauses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from stemcheck.cli.boundary import run as run_command_line
from stemcheck.output.schema import schemas
from stemcheck.registry.connection import Ladder
from stemcheck.registry.settings import settings_from
from stemcheck.registry.waiting import Clock
from tests.standin import StandIn


class HurriedClock(Clock):
    """A clock on which every pause is over at once and yet counts; anything else takes its time."""

    def __init__(self) -> None:
        super().__init__()
        self._skipped = 0.0

    def now(self) -> float:
        return super().now() + self._skipped

    def wait(self, seconds: float) -> None:
        super().wait(0.0)
        self._skipped += max(0.0, seconds)


@dataclass(frozen=True)
class Ran:
    """What one run of the program left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command line and return its exit code and what it wrote."""

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        code = run_command_line(list(arguments))
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        assert isinstance(code, int)
        return Ran(int(code), captured.out, captured.err)

    return run


@cache
def validators() -> dict[str, Draft202012Validator]:
    """For each document the judge of what keeps to its schema, built once."""
    return {name: Draft202012Validator(schema) for name, schema in schemas().items()}


def check_schema_of(name: str, document: Any) -> None:
    """Fail unless a document is as its schema says."""
    validators()[name].validate(document)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """The stand-in with the hand-written studies; the program asks it, politely but fast."""
    monkeypatch.setattr("stemcheck.registry.client.Clock", HurriedClock)
    Ladder.refused_in_process.clear()
    with StandIn() as standin:
        monkeypatch.setenv("STEMCHECK_REGISTRY_URL", standin.base_url)
        yield standin


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for ten studies a page, so that the hand-written ones make several."""
    monkeypatch.setattr(
        "stemcheck.cli.asking.settings_from", lambda: replace(settings_from(), page_size=10)
    )
