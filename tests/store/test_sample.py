"""The built-in sample: real facts, readable, complete, and no record's prose."""

import json
import lzma
from pathlib import Path

import pytest

from stemcheck.errors import StoreError
from stemcheck.saved import sample as saved_sample
from stemcheck.saved.sample import is_named, load_sample, searched_texts, words_of

LONGEST_QUOTE_WORDS = 30


def test_every_trial_of_the_sample_can_be_read_and_found() -> None:
    sample = load_sample()
    trials = list(sample.matching(()))
    assert len(trials) == len(sample.lines) > 1000
    assert sample.data_date == "2022-10-13"
    assert all(trial.reading for trial in trials)
    assert sample.find(trials[0].nct_id) == trials[0]
    assert sample.find("NCT99999999") is None


def test_a_condition_is_found_by_its_words() -> None:
    sample = load_sample()
    stroke = list(sample.matching(("stroke",)))
    assert len(stroke) > 15
    assert {t.nct_id for t in stroke} == {t.nct_id for t in sample.matching(("Strokes",))}
    either = list(sample.matching(("stroke", "heart failure")))
    assert len(either) > len(stroke)
    assert not list(sample.matching(("a disease nobody has",)))


def test_accents_do_not_hide_a_trial() -> None:
    sample = load_sample()
    assert {t.nct_id for t in sample.matching(("Sjögren",))} == {
        t.nct_id for t in sample.matching(("sjogren",))
    }
    for words in ("Sjögren", "Ménière", "Crohn’s disease", "Guillain-Barré", "stroke"):
        slow = [t for t in sample.matching(()) if is_named(words_of(words), searched_texts(t))]
        assert {t.nct_id for t in slow} <= {t.nct_id for t in sample.matching((words,))}


def test_short_words_do_not_match_inside_longer_ones() -> None:
    assert not is_named(words_of("ALS"), ["Also a trial of children"])
    assert is_named(words_of("als"), ["Stem cells in ALS"])
    assert is_named(words_of("Ménière disease"), ["Meniere's Disease"])
    assert is_named(words_of("kidney"), ["Kidneys, chronic"])


def test_the_sample_holds_facts_and_short_quotes_only() -> None:
    for line in load_sample().lines:
        _, document, *evidence = line.split(b"\t")
        trial = json.loads(document)
        assert not {"brief_summary", "detailed_description", "eligibility_criteria"} & set(trial)
        quotes = [quote.decode()[2:] for quote in evidence]
        quotes += [s["quote"] for s in trial.get("signals", ())]
        assert all(len(quote.split()) <= LONGEST_QUOTE_WORDS for quote in quotes)


def test_a_damaged_sample_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for content in (b"", b"no packing", lzma.compress(b"no json\n"), lzma.compress(b"{}\n")):
        (tmp_path / "sample").write_bytes(content)
        monkeypatch.setattr(saved_sample, "FILE", tmp_path / "sample")
        load_sample.cache_clear()
        with pytest.raises(StoreError):
            load_sample()
    load_sample.cache_clear()
