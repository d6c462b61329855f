"""The quick test of whole records: it lets every cell term pass, and most other records not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemcheck.reading import explain
from stemcheck.reading.lexicon import Lexicon
from stemcheck.reading.passages import Part, Passage
from stemcheck.reading.quick import CellTest, may_name_cells
from stemcheck.reading.scan import scan_passages
from stemcheck.trial.terms import Product
from stemcheck.trial.text import InterventionText, RecordText

PHRASES = [
    "bone marrow cell",
    "stem|stromal ( MSC )",
    "very? small _ like?",
    "intra+cellular",
    "*HSC graft*",
    "fat _? old?",
    ", exosome*",
]
WORDS = (
    "bone marrow cell stem stromal MSC msc very small like intra cellular intracellular hHSC grafted fat old "
    "exosomes and of , ( ) . - \n \u2022 \\ & &amp; ce\\ll st&#101;m &#77;SC MS\u0301C fat\u00a0old bone/cell"
)
TEXTS = st.lists(st.sampled_from(WORDS.split(" ")), max_size=12).map(" ".join)


def passages_of(*texts: str) -> list[Passage]:
    return [Passage("briefSummary", text, Part.BRIEF_SUMMARY) for text in texts]


@given(st.lists(st.sampled_from(PHRASES), min_size=1, max_size=3), st.lists(TEXTS, max_size=3))
def test_where_the_test_finds_nothing_no_term_stands(phrases: list[str], texts: list[str]) -> None:
    lexicon = Lexicon([("a.toml", {"cell": {"seen": {"rule": phrases}}})])
    passages = passages_of(*texts)
    scans = scan_passages(passages, {}, lexicon)
    is_found = any(any(scan.of("cell")) for scan in scans)
    plain = [sentence.text for scan in scans for sentence in scan.sentences]
    assert CellTest(lexicon).may_be_in(plain) or not is_found


@given(TEXTS)
def test_any_words_of_the_vocabularies_pass_as_they_are_found(text: str) -> None:
    passages = passages_of(text)
    is_found = any(any(scan.of("cell")) for scan in scan_passages(passages))
    assert may_name_cells(passages) or not is_found


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("Aspirin after a stroke", False),
        ("marrow of the bone", False),
        ("A cell", True),
        ("MS&#67;", True),
        ("(MSC)", True),
        ("bone-marrow/aspirate", True),
        ("", False),
    ],
)
def test_a_record_passes_only_with_all_words_of_a_term(text: str, may: bool) -> None:
    assert may_name_cells(passages_of(text)) is may


def test_a_record_that_fails_gives_nothing_and_has_no_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("stemcheck.reading.reader.Record", None)  # it is not even looked into
    record = RecordText(interventions=(InterventionText("DRUG", "Aspirin"),), brief_title="Stroke")
    reading, steps = explain(record)
    assert (reading.products, steps) == ((Product.NONE,), ())


def test_pieces_are_forgotten_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stemcheck.reading.quick.MEMORY", 3)
    test = CellTest(Lexicon([("a.toml", {"cell": {"seen": {"rule": ["stem cell"]}}})]))
    assert test.may_be_in(["one two three four five stem six seven cell"])
    assert not test.may_be_in(["one two three four five stem six seven"])
    assert 0 < len(test._memory) <= 3
