"""Trials by number: each number is answered by itself, from one source, with the oldest of its days."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest

from stemcheck.errors import ExitCode, RegistryUnreachableError
from stemcheck.services import show
from stemcheck.services.search import Ask
from stemcheck.services.settings import Settings
from stemcheck.services.show import find_trials, look_up
from stemcheck.trial.study import Missing, Study, Unreadable
from stemcheck.trial.text import RecordText
from tests.unit.trials_made_up import a_trial

ONE, TWO, THREE = "NCT90000001", "NCT90000002", "NCT90000003"


def a_study(number: str, day: str | None = None) -> Study:
    return Study(a_trial(int(number[-1])), RecordText(), data_date=day)


class Registry:
    """Gives what it was made with, and then breaks off."""

    def __init__(self, items: Sequence[Study | Unreadable | Missing]) -> None:
        self.items = items

    def fetch(
        self, numbers: Sequence[str], **_how: object
    ) -> Iterator[Study | Unreadable | Missing]:
        yield from self.items
        if len(self.items) < len(numbers):
            raise RegistryUnreachableError("The line is cut.")


class Past(NamedTuple):
    study: Study
    retrieved_at: str


class Kept:
    def __init__(self, *past: Past) -> None:
        self.past = {one.study.trial.nct_id: one for one in past}

    def find_study(self, number: str, **_how: object) -> Past | None:
        return self.past.get(number)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that says what the registry gives and what was kept."""

    def make(*items: Study | Unreadable | Missing, kept: Sequence[Past] = ()) -> None:
        @contextmanager
        def connect(*_: object, **__: object) -> Iterator[Registry]:
            yield Registry(items)

        monkeypatch.setattr(show, "connect", connect)
        monkeypatch.setattr(show, "find_past", lambda _settings: Kept(*kept))

    return make


def test_an_answer_bears_the_oldest_of_its_days(world: Any) -> None:
    world(a_study(ONE, "2026-11-20"), a_study(TWO, "2026-11-18"), a_study(THREE))
    source = look_up((ONE, TWO, THREE), Ask.REGISTRY_ONLY, Settings()).origin
    assert source.data_timestamp == "2026-11-18"


def test_kept_records_bear_the_oldest_of_their_days(world: Any) -> None:
    kept = (
        Past(a_study(ONE, "2026-11-20"), "2026-11-21T10:00:00Z"),
        Past(a_study(TWO, "2026-10-02"), "2026-10-03T10:00:00Z"),
    )
    world(kept=kept)
    found = look_up((ONE, TWO), Ask.SAVED_ONLY, Settings())
    assert found.origin.kind == "saved"
    assert found.origin.data_timestamp == "2026-10-02"
    assert found.origin.retrieved_at == "2026-10-03T10:00:00Z"
    assert [trial.status.as_of for trial in found.trials] == ["2026-11-20", "2026-10-02"]


def test_each_number_is_answered_by_itself(world: Any) -> None:
    world(a_study(ONE), Missing(TWO), Unreadable(None, "It is no record."))
    found = look_up((ONE, TWO, THREE), Ask.REGISTRY_ONLY, Settings())
    assert [trial.nct_id for trial in found.trials] == [ONE]
    assert found.missing == (TWO,)
    assert [(one.nct_id, one.reason) for one in found.unreadable] == [(THREE, "It is no record.")]
    record = found.by_number[THREE]
    assert record is not None
    assert record.exists is None


def test_an_answer_that_breaks_off_keeps_what_came_and_says_why(world: Any) -> None:
    world(a_study(ONE))
    found = look_up((ONE, TWO), Ask.REGISTRY_THEN_SAVED, Settings())
    assert list(found.by_number) == [ONE]
    assert found.origin.kind == "live"
    assert found.failure is not None
    assert found.failure.exit_code == ExitCode.UNREACHABLE
    with pytest.raises(RegistryUnreachableError):
        find_trials((ONE, TWO), Ask.REGISTRY_THEN_SAVED, Settings())


@pytest.mark.parametrize(("kept", "kind"), [(2, "saved"), (1, "live"), (0, "live")])
def test_the_source_that_answers_more_numbers_is_used_alone(
    world: Any, kept: int, kind: str
) -> None:
    past = [Past(a_study(number, "2026-10-02"), "2026-10-03T10:00:00Z") for number in (ONE, TWO)]
    world(a_study(ONE), kept=past[:kept])
    found = look_up((ONE, TWO), Ask.REGISTRY_THEN_SAVED, Settings())
    assert found.origin.kind == kind
    assert (found.failure is None) is (kind == "saved")
    assert found.origin.why_not_live == ("The line is cut." if kind == "saved" else None)


def test_a_number_of_zeros_is_never_asked_for(world: Any) -> None:
    world(a_study(ONE))
    found = look_up(("NCT00000000", ONE), Ask.REGISTRY_ONLY, Settings())
    assert found.missing == ("NCT00000000",)
    assert list(found.by_number) == ["NCT00000000", ONE]


def test_the_same_study_by_two_numbers_is_shown_once(world: Any) -> None:
    trial = a_trial(1).model_copy(update={"aliases": (TWO,)})
    world(Study(trial, RecordText()), Study(trial, RecordText()))
    found = look_up((ONE, TWO), Ask.REGISTRY_ONLY, Settings())
    assert [shown.nct_id for shown in found.trials] == [ONE]
    assert [notice.id for notice in found.answer().notices] == ["alias"]
