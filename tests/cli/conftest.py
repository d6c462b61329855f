"""Running the program against the stand-in registry, in this process, with time that flies."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from stemcheck.cli.boundary import run as run_command_line
from stemcheck.reading.lexicon import load_lexicon
from stemcheck.registry.ladder import Ladder
from stemcheck.registry.pacing import Clock
from stemcheck.services.review import prepare_reviews
from tests.standin import StandIn

SPEED = 50
"""How many seconds of pauses and deadlines pass in one real second."""


class HurriedClock(Clock):
    """A clock on which polite pauses and retries take next to no time."""

    def now(self) -> float:
        return time.monotonic() * SPEED

    def wait(self, seconds: float) -> None:
        super().wait(seconds / SPEED)


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


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """The stand-in with the hand-written studies; the program asks it, politely but fast."""
    monkeypatch.setattr("stemcheck.registry.client.Clock", HurriedClock)
    Ladder.forget_process()
    # Once a process, and in time that does not fly: the first answer has a seventh of a second here.
    load_lexicon()
    prepare_reviews()
    monkeypatch.setenv("STEMCHECK_TIMEOUT", "20")
    with StandIn() as standin:
        monkeypatch.setenv("STEMCHECK_REGISTRY_URL", standin.base_url)
        yield standin


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for ten studies a page, so that the hand-written ones make several."""
    from stemcheck.services import connecting

    whole = connecting.registry_settings_for

    def small(*arguments: Any, **options: Any) -> Any:
        return replace(whole(*arguments, **options), page_size=10)

    monkeypatch.setattr(connecting, "registry_settings_for", small)
