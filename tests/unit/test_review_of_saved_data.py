"""Saved data speak of their own day: what was old then, not what is old by today's clock."""

from datetime import date, timedelta

import pytest

from stemcheck.services.review import review, review_filed, review_kept, review_saved
from stemcheck.services.sources import day_of, not_live_notices, today
from stemcheck.trial.answer import Source, SourceKind
from stemcheck.trial.study import Study
from stemcheck.trial.text import RecordText
from stemcheck.trial.trial import Dates
from tests.unit.trials_made_up import a_trial

DAY = date(2022, 10, 13)
FRESH_THEN = a_trial().status.model_copy(update={"verified_on": "2022-09"})
TRIAL = a_trial().model_copy(update={"status": FRESH_THEN})


@pytest.mark.parametrize("made", ["kept", "sample"])
def test_a_status_that_was_fresh_on_the_day_of_the_data_is_not_called_old(made: str) -> None:
    study = Study(trial=TRIAL, text=RecordText())
    reviewed = review_kept(study, day=DAY) if made == "kept" else review_saved(TRIAL, day=DAY)
    ids = {signal.id for signal in reviewed.signals}
    assert "status-not-verified" not in ids
    assert reviewed.status.as_of == "2022-10-13"
    assert reviewed.status.open_to_new_participants
    assert "saved-status" in reviewed.cautions
    assert reviewed.status.meaning == (
        "This was the status on 13 Oct 2022. Ask the registry how things stand now."
    )


def test_the_same_record_from_the_registry_is_old_today() -> None:
    reviewed = review(Study(trial=TRIAL, text=RecordText()), today=date(2026, 11, 22))
    assert "status-not-verified" in {signal.id for signal in reviewed.signals}
    assert reviewed.status.as_of is None
    assert "saved-status" not in reviewed.cautions


@pytest.mark.parametrize(
    ("data", "retrieved", "day"),
    [
        ("2022-10-13", None, DAY),
        ("2022-10-13T09:00:05", "2026-11-01T10:00:00Z", DAY),
        (None, "2022-10-13T10:00:00Z", DAY),
    ],
)
def test_the_day_of_saved_data_is_that_of_the_data_else_of_the_asking(
    data: str | None, retrieved: str | None, day: date
) -> None:
    source = Source(
        kind="saved", registry="ClinicalTrials.gov", data_timestamp=data, retrieved_at=retrieved
    )
    assert day_of(source) == day


def test_what_comes_today_speaks_of_today() -> None:
    source = Source(kind="live", registry="-", data_timestamp="2022-10-13")
    assert source.saved_day is None
    assert day_of(source) == today()


@pytest.mark.parametrize(
    ("data", "saved_day"),
    [
        ("2022-10-13", "2022-10-13"),
        (f"{today()}", None),
        (f"{today() + timedelta(days=3)}", f"{today() + timedelta(days=3)}"),
        (None, "an unknown day"),
    ],
)
def test_a_file_speaks_of_its_records_day(data: str | None, saved_day: str | None) -> None:
    assert Source(kind="file", registry="-", data_timestamp=data).saved_day == saved_day


@pytest.mark.parametrize(
    ("data", "as_of"),
    [
        ("2022-10-13", "2022-10-13"),
        ("2026-11-22", None),  # the day of the clock
        ("2026-12-24", "2026-12-24"),  # the clock is behind
        (None, None),
    ],
)
def test_a_record_of_a_file_speaks_of_its_own_day(data: str | None, as_of: str | None) -> None:
    study = Study(trial=TRIAL, text=RecordText(), data_date=data)
    reviewed = review_filed(study, today=date(2026, 11, 22))
    assert reviewed.status.as_of == as_of
    is_of_today = data == "2026-11-22"
    assert ("You can ask to join" in reviewed.status.meaning) is is_of_today
    if data is None:
        assert "do not say on which day" in reviewed.status.meaning


def test_of_a_record_without_a_day_nothing_is_called_old_by_todays_clock() -> None:
    trial = TRIAL.model_copy(update={"dates": Dates(last_update_posted="2022-10-01")})
    reviewed = review_filed(Study(trial=trial, text=RecordText()), today=date(2036, 1, 1))
    assert "status-not-verified" not in {signal.id for signal in reviewed.signals}


@pytest.mark.parametrize("why", [None, "The registry did not answer."])
@pytest.mark.parametrize("kind", ["saved", "sample"])
def test_saved_statuses_always_come_with_a_notice(kind: SourceKind, why: str | None) -> None:
    source = Source(kind=kind, registry="-", data_timestamp="2022-10-13", why_not_live=why)
    texts = {notice.id: notice.text for notice in not_live_notices(source)}
    assert "13 Oct 2022" in texts["saved_statuses"]
    assert ("not_live" in texts) is (why is not None)
