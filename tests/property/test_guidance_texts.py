"""Whatever text comes, reading numbers, claims and conditions out of it never fails."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemcheck.guidance.claims import claims_in
from stemcheck.guidance.conditions import systems_for, unrelated_systems_for
from stemcheck.guidance.dates import (
    day_words,
    first_day,
    last_day,
    months_between,
    years_before,
)
from stemcheck.guidance.numbers import numbers_in
from stemcheck.guidance.signals import signals_for
from stemcheck.trial.study import Study
from stemcheck.trial.text import RecordText
from stemcheck.trial.trial import Dates
from tests.unit.test_guidance_cautions import PLAIN_TRIAL

WORD_LIST = (
    "NCT 0450 6073 04506073 NCT04506073 FDA approved no not cure cures guarantee guaranteed risk "
    "safe $ 9,900 % : , ; . ! ? ( ) - 1. my I life clinicaltrials.gov listed so stroke lupus COPD "
    "autism we treat only 5 left now whether beware \u2022 \u201c \u201d \u200b \uff10 \u0130 \ud800"
)
WORDS = st.sampled_from([*WORD_LIST.split(), "\n", "\n\n", " "])
TEXTS = st.one_of(
    st.text(st.characters(), max_size=300),
    st.lists(WORDS, max_size=60).map(" ".join),
    st.lists(WORDS, max_size=60).map("".join),
)


@given(TEXTS)
@settings(deadline=None, max_examples=300)
def test_numbers_are_quoted_where_they_stand(text):
    for mention in numbers_in(text):
        assert text[mention.start : mention.start + len(mention.as_written)] == mention.as_written
        assert len(mention.nct_id) == 11
        assert mention.nct_id[3:].isascii()
        assert mention.nct_id[3:].isdigit()


@given(TEXTS)
@settings(deadline=None, max_examples=300)
def test_claims_are_quoted_where_they_stand(text):
    for claim in claims_in(text):
        assert claim.quote
        assert " ".join(text[claim.start :].split()).startswith(claim.quote)


@given(st.integers(0, 99_999_999), st.sampled_from(["", " ", "-", "#", ": ", " no. ", "\n"]))
def test_every_number_that_is_written_is_read(number, between):
    (mention,) = numbers_in(f"study NCT{between}{number:08} of ours")
    assert mention.nct_id == f"NCT{number:08}"


@given(st.lists(st.text(max_size=40), max_size=8))
def test_conditions_of_any_spelling_are_taken(conditions):
    chosen = unrelated_systems_for(conditions)
    assert len(chosen) <= len(conditions)
    assert all(set(chosen) & systems_for(item) for item in conditions if systems_for(item))


WRITTEN_DATES = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.text("0123456789-T:", max_size=12),
    st.dates().map(str),
    st.sampled_from(["9999", "9999-12", "9999-12-31", "0001", "0000-00", "2024-02-30"]),
)


@given(WRITTEN_DATES)
def test_dates_of_any_spelling_are_taken(written):
    first, last = first_day(written), last_day(written)
    assert (first is None) == (last is None)
    assert isinstance(day_words(written), str)
    if first is not None and last is not None:
        assert first <= last


@given(st.dates(), st.dates(), st.integers(0, 20_000))
def test_no_arithmetic_leaves_the_calendar(one, other, years):
    assert years_before(one, years) <= one
    assert (months_between(one, other) >= 0) == (one <= other)


@given(WRITTEN_DATES, WRITTEN_DATES, WRITTEN_DATES, st.dates())
def test_signals_take_any_date(start, submitted, ended, today):
    for value in ("RECRUITING", "COMPLETED"):
        status = PLAIN_TRIAL.status.model_copy(update={"value": value, "verified_on": ended})
        dates = Dates(start=start, first_submitted=submitted, primary_completion=ended)
        trial = PLAIN_TRIAL.model_copy(
            update={"status": status, "dates": dates, "has_results": False}
        )
        assert isinstance(signals_for(Study(trial=trial, text=RecordText()), today=today), tuple)


@pytest.mark.parametrize(
    "text",
    ["NCT" * 50_000, "0 " * 50_000, "no cure, " * 20_000, "whether cure " * 8_000, "(" * 50_000],
)
def test_long_and_odd_texts_take_no_long_time(text):
    assert isinstance(claims_in(text[:100_000]), tuple)
    assert isinstance(numbers_in(text), tuple)
