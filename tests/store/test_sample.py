"""The built-in sample: real facts, readable, complete, and no record's prose."""

import json
import lzma
from pathlib import Path

import pytest

from stemcheck.errors import StoreError
from stemcheck.guidance.illnesses import texts_on_illness
from stemcheck.saved import sample as saved_sample
from stemcheck.saved.sample import load_sample
from stemcheck.services.sources import names_test_for
from stemcheck.trial.query import TrialQuery, reason_left_out
from stemcheck.trial.trial import Trial

LONGEST_QUOTE_WORDS = 30


def numbers(*conditions: str) -> set[str]:
    """Return the numbers that an offline search shows."""
    query = TrialQuery(conditions=conditions)
    trials = load_sample().trials(names_test_for(query))
    return {trial.nct_id for trial in trials if reason_left_out(trial, query) is None}


def test_every_trial_of_the_sample_can_be_read_and_found() -> None:
    sample = load_sample()
    every = list(sample.trials())
    assert len(every) == len(sample.entries) > 1000
    assert sample.data_date == "2022-10-13"
    assert all(trial.reading for trial in every)
    assert sample.find(every[0].nct_id) == every[0]
    assert sample.find("NCT99999999") is None


def test_a_trial_is_found_by_its_older_number() -> None:
    sample = load_sample()
    trial = next(trial for trial in sample.trials() if trial.aliases)
    assert sample.find(trial.aliases[0]) == trial


def test_the_texts_by_which_a_trial_is_found_are_those_of_today() -> None:
    for kept in load_sample().entries.values():
        assert set(texts_on_illness(kept.trial())) <= set(kept.found_by)


@pytest.mark.parametrize(
    ("typed", "least"),
    [
        ("heart attack", 18), ("myocardial infarction", 18), ("infarto", 15), ("MI", 18),
        ("MS", 20), ("multiple sclerosis", 20), ("esclerosis múltiple", 20),
        ("esclerosis multiple", 20), ("T1D", 25), ("type 1 diabetes", 25), ("diabetes tipo 1", 25),
        ("SLE", 12), ("lupus", 12), ("ALS", 17), ("Lou Gehrig's disease", 17), ("MND", 17),
        ("motor neurone disease", 17), ("amyotrophic lateral sclerosis", 17), ("ELA", 17),
        ("knee arthritis", 60), ("artrosis de rodilla", 60), ("knee OA", 60), ("CKD", 15),
        ("COPD", 6), ("EPOC", 6), ("GVHD", 45), ("TBI", 4), ("ASD", 6), ("IBD", 10),
        ("ictus", 15), ("stroke", 15), ("a severe heart attack", 0),
    ],
)  # fmt: skip
def test_everyday_names_find_what_medical_ones_do(typed: str, least: int) -> None:
    assert len(numbers(typed)) >= least


def test_one_name_finds_what_another_one_does() -> None:
    assert numbers("ALS") == numbers("Lou Gehrig") == numbers("motor neuron disease")
    assert numbers("heart attack") == numbers("Heart attacks") == numbers("infarto")
    assert numbers("Sjögren") == numbers("sjogren")


def test_other_words_still_narrow_what_is_found() -> None:
    assert numbers("chronic GVHD") < numbers("GVHD")
    assert numbers("stroke") < numbers("stroke", "heart failure")
    assert not numbers("a disease nobody has")


def test_a_short_form_with_another_meaning_in_titles_is_not_looked_for() -> None:
    assert numbers("AD") == numbers("Alzheimer's disease") != set()
    assert numbers("ALL") == numbers("leukemia")


@pytest.mark.parametrize(("age", "years"), [("67", 67), ("8", 8), ("40", 40)])
@pytest.mark.parametrize("sex", ["FEMALE", "MALE"])
def test_age_and_sex_leave_out_what_the_records_exclude(age: str, years: int, sex: str) -> None:
    def is_excluded(trial: Trial) -> bool:
        limits = trial.eligibility
        numbers = [(text or "").split() for text in (limits.minimum_age, limits.maximum_age)]
        # All limits of the sample are told in years but a few, which are below two years.
        low, high = (
            (int(parts[0]) if parts[1].startswith("Year") else 0) if parts else None
            for parts in numbers
        )
        too_young = low is not None and years < low
        return too_young or (high is not None and years > high) or limits.sex not in {sex, "ALL"}

    query = TrialQuery(cells=(), age=f"{age} years", sex=sex)
    every = list(load_sample().trials())
    left = {trial.nct_id for trial in every if reason_left_out(trial, query)}
    assert left == {trial.nct_id for trial in every if is_excluded(trial)}
    assert 100 < len(left) < len(every)


def test_the_places_of_a_trial_are_known() -> None:
    sample = load_sample()
    placed = {trial.nct_id: trial.countries for trial in sample.trials() if trial.countries}
    assert len(placed) > 1000
    for number, countries in list(placed.items())[:200]:
        assert {place.country for place in sample.places_of(number)} == {*countries}


def test_the_sample_holds_facts_and_short_quotes_only() -> None:
    texts = {"brief_summary", "detailed_description", "eligibility_criteria", "contacts"}
    for kept in load_sample().entries.values():
        trial = json.loads(kept.facts)
        assert not texts & set(trial)
        quoted = (*trial["reading"]["evidence"], *trial.get("signals", ()))
        assert all(len(one["quote"].split()) <= LONGEST_QUOTE_WORDS for one in quoted)


def test_a_damaged_sample_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for content in (b"", b"no packing", lzma.compress(b"no json\n"), lzma.compress(b"{}\n")):
        (tmp_path / "sample").write_bytes(content)
        monkeypatch.setattr(saved_sample, "FILE", tmp_path / "sample")
        load_sample.cache_clear()
        with pytest.raises(StoreError):
            load_sample()
    load_sample.cache_clear()
