import pytest

from stemcheck.reading.lexicon import MEMORY, Lexicon, load_lexicon
from stemcheck.reading.marking import CODE, Mark, MarkedText
from stemcheck.reading.passages import Part, Passage
from stemcheck.reading.scanner import Scan, scan_passages


def lexicon_of(*phrases: str, **others: str) -> Lexicon:
    rules = {"word": {"seen": {"rule": list(phrases)}}}
    rules |= {kind: {"seen": {"rule": [phrase]}} for kind, phrase in others.items()}
    places = {"places": {"cells": ["cell", "cells"]}}
    return Lexicon([("a.toml", rules), ("places.toml", places)])


def scan_text(text: str, lexicon: Lexicon) -> tuple[Mark, ...]:
    """Mark the words of one text."""
    passage = Passage("text", text, Part.BRIEF_TITLE)
    return tuple(Scan(passage, MarkedText(lexicon, {})).of_kinds({*lexicon.kinds, CODE}))


def words_found(text: str, *phrases: str) -> list[str]:
    scan = Scan(Passage("text", text, Part.BRIEF_TITLE), MarkedText(lexicon_of(*phrases), {}))
    return [scan.words_of(mark) for mark in scan.of_kind("word")]


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
    marks = scan_text("bone marrow cells", lexicon_of("bone marrow", cell="marrow cells"))
    assert [mark.kind for mark in marks] == ["word", "cell"]


def test_a_mark_names_its_rule_by_file_and_key() -> None:
    (mark,) = scan_text("a cell", lexicon_of("cell"))
    assert mark.rule == "a.toml word.seen.rule"
    assert (mark.value, mark.key) == ("seen", "rule")


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
    ],
)
def test_sentences_are_counted(text: str, sentences: list[int]) -> None:
    assert [mark.sentence for mark in scan_text(text, lexicon_of("cell"))] == sentences


def clauses_of(text: str) -> list[int]:
    return [
        m.clause
        for m in scan_text(text, lexicon_of("cell", **{"break": "then"}))
        if m.kind == "word"
    ]


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


def test_names_of_the_record_itself_are_marked() -> None:
    passage = Passage("briefTitle", "The MitoCell study. MitoCell!", Part.BRIEF_TITLE)
    (scan,) = scan_passages([passage], {"MitoCell": 2}, lexicon_of("study"))
    codes = scan.of_kind("code")
    assert [(mark.value, mark.key) for mark in codes] == [("2", "MitoCell")] * 2
    assert codes[0].sentence != codes[1].sentence


def long_passage(text: str) -> Passage:
    return Passage("detailedDescription", text, Part.DETAILED_DESCRIPTION)


def test_a_long_passage_is_scanned_when_its_marks_are_asked_for() -> None:
    scans = scan_passages([long_passage("a cell"), long_passage("a cell")], {}, lexicon_of("cell"))
    assert [scans[0].words_of(mark) for mark in scans[0].of_kind("word")] == ["cell"]
    assert [scan.may_hold(["other"]) for scan in scans] == [False, True]


@pytest.mark.parametrize(
    ("text", "values", "is_told"),
    [
        ("a bone marrow cell", None, True),
        ("a bone marrow cell", {"seen"}, True),
        ("a bone marrow cell", {"unseen"}, False),
        ("a bone cell", None, False),
        ("bone. Marrow", None, False),
        ("", None, False),
    ],
)
def test_what_a_passage_may_tell_is_known_without_a_scan(
    text: str, values: set[str] | None, is_told: bool
) -> None:
    (scan,) = scan_passages([long_passage(text)], {}, lexicon_of("bone marrow", other="cell"))
    assert scan.may_tell("word", values) == is_told
    assert scan.may_hold([])
    assert bool(scan.of_kind("word")) == (is_told or (values == {"unseen"} and "marrow" in text))
    assert scan.may_tell("word", values) == is_told


def test_passages_are_listed_by_what_they_hold_and_long_ones_until_they_are_scanned() -> None:
    title = Passage("briefTitle", "a cell", Part.BRIEF_TITLE)
    keyword = Passage("keywords[0]", "nothing", Part.KEYWORDS)
    scans = scan_passages([title, keyword, long_passage("none here")], {}, lexicon_of("cell"))
    assert [number for number, _ in scans.holding("word", "other")] == [0, 2]
    assert not scans[2].of_kind("word")
    assert [number for number, _ in scans.holding("word")] == [0]


def test_a_name_that_a_vocabulary_knows_is_not_marked_twice() -> None:
    passage = Passage("briefTitle", "Prochymal", Part.BRIEF_TITLE)
    (scan,) = scan_passages([passage], {"Prochymal": 0}, lexicon_of("prochymal"))
    assert not scan.of_kind("code")


def test_words_are_forgotten_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stemcheck.reading.lexicon.MEMORY", 3)
    lexicon = lexicon_of("cell")
    scan_text("one two three four cell five six", lexicon)
    assert 0 < len(lexicon.memory) <= 3
    assert MEMORY > 3


def test_neighbours_are_forgotten_before_they_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("stemcheck.reading.lexicon.NEIGHBOURS", 2)
    lexicon = lexicon_of("cell", other="line", more="stem")
    marks = scan_text("stem cell line, stem line (cell stem cell) line stem. cell line", lexicon)
    assert [mark.kind for mark in marks].count("other") == 4
    assert {len(shape) for shape in lexicon.memory.values()} <= {0, 1, 2}


def test_the_words_of_a_mark_are_found_again_however_often_they_stand_there() -> None:
    text = "celled cell, Cell (cell) cells cell" + " cell" * 60
    title = Passage("briefTitle", "A cell", Part.BRIEF_TITLE)
    scans = scan_passages([title, title, long_passage(text)], {}, lexicon_of("cell"))
    for scan in scans:
        marks = scan.of_kind("word")
        spans = [scan.span(mark.token, mark.last_token) for mark in marks]
        assert {scan.passage.text[start:end].lower() for start, end in spans} == {"cell"}
        assert spans == sorted(set(spans))
        assert scan.between(marks[-1], marks[0]) == ""
    first, second, third = scans[2].of_kind("word")[:3]
    assert scans[2].between(first, second) == ", "
    assert scans[2].between(second, third) == " ("


def test_words_between_are_counted_alike_near_and_far() -> None:
    text = "cell one, two; three\nfour " + "word " * 40 + "cell"
    (scan,) = scan_passages([long_passage(text)], {}, lexicon_of("cell", near="four"))
    (first, second), (near,) = scan.of_kind("word"), scan.of_kind("near")
    assert scan.words_between(first, near) == 3 + 4 + 9 + 9
    assert scan.words_between(first, second) == scan.words_between(first, near) + 41
    assert scan.words_between(second, first) <= 0


def test_the_vocabularies_load_and_are_loaded_once() -> None:
    assert load_lexicon() is load_lexicon()


def test_the_passage_without_words_has_no_marks() -> None:
    assert scan_text("", lexicon_of("cell")) == ()
    assert scan_text("—…—", lexicon_of("cell")) == ()
