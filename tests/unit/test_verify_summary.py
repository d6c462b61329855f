"""The sentences on a number: plain, neutral, and true of the checks."""

import re

import pytest

from stemcheck.services.claim_checks import check_cells, check_condition, check_route
from stemcheck.services.place_checks import check_country, standing_for
from stemcheck.services.show import in_full
from stemcheck.services.summing_up import summary_for, summary_without_record
from stemcheck.trial.status import STATUSES
from stemcheck.trial.terms import Product, Route
from stemcheck.trial.trial import Status, Trial
from stemcheck.trial.verification import Check, Expectations
from tests.unit.test_guidance_reading_level import NAMES, grade_of
from tests.unit.trials_made_up import STALE, a_reading, a_trial, of_day

HIGHEST_GRADE = 8.0
LONGEST = 25


def grade(words: str) -> float:
    for name, plain in ({"NCT90000001": "It"} | NAMES).items():
        words = words.replace(name, plain)
    return grade_of(words)


def sentence(*checks: Check, status: str = "RECRUITING") -> str:
    return sentence_on(a_trial(status=status), *checks)


def sentence_on(trial: Trial, *checks: Check) -> str:
    standing = standing_for(in_full(trial, None), Expectations())
    return summary_for(trial.nct_id, trial, checks, standing)


def test_it_names_what_agrees_what_differs_and_what_is_open() -> None:
    trial = a_trial()
    words = sentence(
        check_condition("stroke", trial),
        check_route("intravenous", trial),
        check_country("Mexico", in_full(trial, None)),
    )
    assert words == (
        "NCT90000001 is in the registry. Its record agrees on the illness and how they are given. "
        "The record says something else on the country. Its record says that it is open to new participants "
        "(Recruiting; confirmed 2026-03)."
    )


def test_two_claims_of_a_kind_are_told_apart() -> None:
    trial = a_trial()
    words = sentence(check_cells("allogeneic", trial), check_cells("autologous", trial))
    assert 'agrees on the cells ("allogeneic")' in words
    assert 'something else on the cells ("autologous")' in words


def test_what_an_option_and_the_text_say_alike_is_told_once() -> None:
    trial = a_trial()
    stated = check_condition("stroke", trial)
    read = stated.model_copy(update={"text_quote": "we treat stroke"})
    assert sentence(stated, read).count("the illness") == 1
    other = check_condition("ictus", trial)
    assert 'the illness ("stroke", "ictus")' in sentence(stated, other)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("RECRUITING", "its record said that it was open to new participants;"),
        ("NOT_YET_RECRUITING", "its record said that it was not open to new participants;"),
        ("AVAILABLE", "a doctor could request it, outside a trial;"),
        ("UNKNOWN", "no one had said for some time whether it was open;"),
    ],
)
def test_saved_data_speak_of_then(status: str, said: str) -> None:
    words = sentence_on(of_day(a_trial(status=status)))
    assert words.startswith("NCT90000001 is in saved data. On 13 Oct 2022, ")
    assert said in words
    assert "now" not in words.split()


def test_a_status_that_nobody_confirmed_for_long_is_told_with_its_date() -> None:
    assert sentence_on(a_trial(signals=(STALE,))) == (
        "NCT90000001 is in the registry. In Mar 2026, its record said that it was open to new participants; "
        "that may have changed (Recruiting; last confirmed 2026-03)."
    )


def test_unknown_is_not_closed() -> None:
    status = Status(
        value="UNKNOWN",
        label="Unknown status",
        last_known="RECRUITING",
        open_to_new_participants=False,
    )
    trial = a_trial().model_copy(update={"status": status})
    standing = standing_for(in_full(trial, None), Expectations())
    words = summary_for(trial.nct_id, trial, (), standing)
    assert "No one has said lately whether it is open" in words
    assert "last known: Recruiting" in words


def test_a_record_without_cells_is_said_to_be_one() -> None:
    trial = a_trial(reading=a_reading(products=(Product.NONE,), routes=(Route.NONE,)))
    standing = standing_for(in_full(trial, None), Expectations())
    assert "No cells are given in it" in summary_for("NCT1", trial, (), standing)


@pytest.mark.parametrize("found", [True, False, None])
def test_a_number_without_a_record_is_not_judged(found: bool | None) -> None:
    words = summary_without_record("NCT90000001", found=found)
    assert ("not in the registry" in words) is (found is False)
    assert grade(words) <= HIGHEST_GRADE


@pytest.mark.parametrize("status", STATUSES)
def test_every_part_of_the_sentence_is_easy_to_read(status: str) -> None:
    trial = a_trial()
    checks = (check_condition("lupus", trial), check_route("intravenous", trial))
    given = a_trial(status=status)
    for told in (given, of_day(given)):
        words = re.sub(r" \(.*?\)", "", sentence_on(told, *checks))
        parts = re.split(r"[.;] ", words)
        assert all(grade(part) <= HIGHEST_GRADE for part in parts)
        assert all(len(part.split()) <= LONGEST for part in re.split(r"\. ", words))
