"""What a phrase matches, where sentences and clauses end, and that all of it is found where it stands."""

import pytest

from stemcheck.reading.lexicon import Lexicon, load_lexicon, term_of
from stemcheck.reading.passages import Part, Passage
from stemcheck.reading.scan import Mark, Scan, scan_passages


def lexicon_of(*phrases: str, **others: str) -> Lexicon:
    rules = {"word": {"seen": {"rule": list(phrases)}}}
    rules |= {kind: {"seen": {"rule": [phrase]}} for kind, phrase in others.items()}
    places = {"places": {"cells": ["cell", "cells"]}}
    return Lexicon([("a.toml", rules), ("places.toml", places)])


def scan_of(text: str, lexicon: Lexicon) -> Scan:
    (scan,) = scan_passages([Passage("briefTitle", text, Part.BRIEF_TITLE)], {}, lexicon)
    return scan


def marks_in(text: str, lexicon: Lexicon) -> list[Mark]:
    return [mark for sentence in scan_of(text, lexicon).sentences for mark in sentence.marks]


def words_found(text: str, *phrases: str) -> list[str]:
    return [mark.words for mark in scan_of(text, lexicon_of(*phrases)).of("word")]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        (
            "bone marrow",
            "Bone-Marrow and bone/marrow, bone. marrow",
            ["Bone-Marrow", "bone/marrow"],
        ),
        ("MSC", "MSC msc hMSC MSCs", ["MSC"]),
        ("*MSC", "MSC hMSC msc", ["MSC", "hMSC"]),
        ("intrathecal*", "Intrathecally, thecal", ["Intrathecally"]),
        ("stem|stromal cell", "stem cell, stromal cell, cell", ["stem cell", "stromal cell"]),
        ("human? cell", "human cell or cell", ["human cell", "cell"]),
        ("stem @cells", "stem cells", ["stem cells"]),
        ("into _ knee", "into the knee, into knee, into (knee", ["into the knee"]),
        ("into _? knee", "into the knee, into knee", ["into the knee", "into knee"]),
        ("intra+venous", "intravenous, intra-venous, intra venous", None),
        ("i . v .", "given i.v. now", ["i.v."]),
        (", cell", "one, cell", [", cell"]),
        ("stem ( stromal )", "stem (stromal) cell", ["stem (stromal)"]),
        (
            "wharton s",
            "Wharton\u00b4s, Wharton's, Wharton \u0301s",
            ["Wharton\u00b4s", "Wharton's", "Wharton \u0301s"],
        ),
        ("CSCC ASC", "CSCC_ASC", ["CSCC_ASC"]),
    ],
)
def test_a_phrase_is_found_as_the_format_says(
    phrase: str, text: str, found: list[str] | None
) -> None:
    expected = text.split(", ") if found is None else found
    assert words_found(text, phrase) == expected


def test_the_longest_phrase_of_a_kind_wins() -> None:
    assert words_found("cord blood cells", "cord", "cord blood", "blood cells") == ["cord blood"]


def test_phrases_of_different_kinds_may_overlap() -> None:
    marks = marks_in("bone marrow cells", lexicon_of("bone marrow", cell="marrow cells"))
    assert [mark.kind for mark in marks] == ["word", "cell"]


def test_a_mark_names_its_rule_by_file_and_key() -> None:
    (mark,) = marks_in("a cell", lexicon_of("cell"))
    assert mark.term.rule == "a.toml word.seen.rule"
    assert (mark.value, mark.term.key) == ("seen", "rule")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("cell. Cell", [0, 1]),
        ("cell i.v. cell", [0, 0]),
        ("cell, e.g. cell", [0, 0]),
        ("cell 1.5 cell", [0, 0]),
        ("given cell.The cell", [0, 1]),
        ("cell Allo.MSC cell", [0, 0]),
        ("cell\nCell", [0, 1]),
        ("cell\nwrapped cell", [0, 0]),
        ("cell! cell? cell", [0, 1, 2]),
        ("cell. cell", [0, 0]),
        ("cell.", [0]),
        ("cell vs. Cell", [0, 0]),
    ],
)
def test_sentences_end_where_they_end(text: str, sentences: list[int]) -> None:
    scan = scan_of(text, lexicon_of("cell"))
    assert [n for n, one in enumerate(scan.sentences) for _ in one.of("word")] == sentences


def clauses_of(text: str) -> list[int]:
    lexicon = lexicon_of("cell", **{"break": "then"})
    return [mark.clause for mark in scan_of(text, lexicon).of("word")]


def test_a_bracket_is_a_clause_of_its_own_and_the_outer_one_goes_on() -> None:
    first, inner, after = clauses_of("cell (cell) cell")
    assert first == after != inner


def test_a_bracket_never_opened_changes_nothing() -> None:
    first, after = clauses_of("cell ) cell")
    assert first == after


def test_a_semicolon_and_a_break_word_begin_a_clause() -> None:
    assert len(set(clauses_of("cell; cell then cell: cell"))) == 4


def test_commas_do_not_begin_a_clause() -> None:
    assert len(set(clauses_of("cell, cell"))) == 1


def test_names_of_the_record_itself_are_marked_among_the_others() -> None:
    own = {"MitoCell": term_of("code", "2", "name", "own name")}
    passage = Passage("briefTitle", "The MitoCell study. MitoCell!", Part.BRIEF_TITLE)
    (scan,) = scan_passages([passage], own, lexicon_of("study"))
    assert [mark.words for mark in scan.sentences[0].marks] == ["MitoCell", "study"]
    assert [mark.value for mark in scan.of("code")] == ["2", "2"]


@pytest.mark.parametrize(
    ("text", "may", "does"),
    [
        ("a bone marrow cell", True, True),
        ("a bone cell", False, False),
        ("bone. Marrow", False, False),
        ("", False, False),
        # the first words may go on, and then do not
        ("bone marrow stem", True, True),
        ("very long bone", True, False),
    ],
)
def test_what_a_passage_may_hold_is_known_before_it_is_marked(
    text: str, may: bool, does: bool
) -> None:
    scan = scan_of(text, lexicon_of("bone marrow", "very long bone marrow"))
    assert ("word" in scan.kinds) == may
    assert not any("marks" in sentence.__dict__ for sentence in scan.sentences)
    assert scan.holds("word") == does
    assert not scan.holds("other")


def test_words_are_forgotten_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stemcheck.reading.lexicon.MEMORY", 3)
    monkeypatch.setattr("stemcheck.reading.lexicon.NEIGHBOURS", 2)
    lexicon = lexicon_of("cell", other="line", more="stem")
    text = "one two stem cell line, stem line (cell stem cell) line stem four cell line"
    assert [mark.kind for mark in marks_in(text, lexicon)].count("other") == 4
    assert 0 < len(lexicon._memory) <= 3


def test_a_mark_is_found_where_it_stands_in_the_record() -> None:
    text = "celled cell\\> Cell (cell) &lt;cell. \u0301 A cell\u00b4s cell"
    scan = scan_of(text, lexicon_of("cell"))
    assert [mark.words.lower() for mark in scan.of("word")] == ["cell"] * 6
    spans = [mark.sentence.span(mark.first, mark.last) for mark in scan.of("word")]
    assert spans == sorted({*spans})


def test_the_vocabularies_load_and_are_loaded_once() -> None:
    assert load_lexicon() is load_lexicon()


@pytest.mark.parametrize("text", ["", "—…—", "\n\n", "no word of it"])
def test_a_passage_without_its_words_has_no_marks(text: str) -> None:
    assert marks_in(text, lexicon_of("cell")) == []
