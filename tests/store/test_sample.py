"""The built-in sample: real facts, readable, complete, and no record's prose."""

import json
import lzma
from pathlib import Path

import pytest

from stemcheck.errors import StoreError
from stemcheck.saved import sample as saved_sample
from stemcheck.saved.sample import is_named, load_sample, searched_texts, words_of

LONGEST_QUOTE_WORDS = 30


def numbers(*conditions: str) -> set[str]:
    return {found.trial.nct_id for found in load_sample().matching(conditions)}


def test_every_trial_of_the_sample_can_be_read_and_found() -> None:
    sample = load_sample()
    every = list(sample.matching(()))
    assert len(every) == len(sample.lines) > 1000
    assert sample.data_date == "2022-10-13"
    assert all(found.trial.reading for found in every)
    assert sample.find(every[0].trial.nct_id) == every[0]
    assert sample.find("NCT99999999") is None


def test_a_trial_is_found_by_its_older_number() -> None:
    sample = load_sample()
    found = next(found for found in sample.matching(()) if found.trial.aliases)
    assert sample.find(found.trial.aliases[0]) == found


def test_a_condition_is_found_by_its_words() -> None:
    stroke = numbers("stroke")
    assert len(stroke) > 15
    assert stroke == numbers("Strokes")
    assert stroke < numbers("stroke", "heart failure")
    assert not numbers("a disease nobody has")


def test_accents_do_not_hide_a_trial() -> None:
    assert numbers("Sjögren") == numbers("sjogren")
    every = [found.trial for found in load_sample().matching(())]
    for name in ("Sjögren", "Ménière", "Crohn’s disease", "Guillain-Barré", "stroke"):
        slow = {t.nct_id for t in every if is_named(words_of(name), searched_texts(t))}
        assert slow <= numbers(name)


def test_the_places_of_a_trial_are_known() -> None:
    every = list(load_sample().matching(()))
    placed = [found for found in every if found.places]
    assert len(placed) > 1000
    for found in placed:
        assert {place.country for place in found.places} == {*found.trial.countries}


def test_short_words_do_not_match_inside_longer_ones() -> None:
    assert not is_named(words_of("ALS"), ["Also a trial of children"])
    assert is_named(words_of("als"), ["Stem cells in ALS"])
    assert is_named(words_of("Ménière disease"), ["Meniere's Disease"])
    assert is_named(words_of("kidney"), ["Kidneys, chronic"])


def test_the_sample_holds_facts_and_short_quotes_only() -> None:
    texts = {"brief_summary", "detailed_description", "eligibility_criteria", "contacts"}
    for line in load_sample().lines:
        entry = json.loads(line)
        trial = entry["trial"]
        assert set(entry) == {"trial", "terms", "plain", "places"}
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
