"""What people type reaches the registry as text, never as its query language."""

import pytest

from stemcheck.registry import question


@pytest.mark.parametrize(
    "text",
    [
        "stroke",
        "heart failure",
        "Parkinson's disease",
        "Crohn’s disease",
        "COVID-19",
        "HIV/AIDS",
        "type 1 diabetes",
        "not all or and missing",
        "Sjögren",
        "脳卒中",
    ],
)
def test_ordinary_words_go_as_they_are(text: str) -> None:
    assert question.escape(text) == text
    assert not question.needs_quotes(text)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("ALL", '"ALL"'),
        ("stroke OR pain", '"stroke OR pain"'),
        ("AREA[Phase]PHASE2", '"AREA[Phase]PHASE2"'),
        ("diabetes mellitus, type 2", '"diabetes mellitus, type 2"'),
        ("stroke (ischemic)", '"stroke (ischemic)"'),
        ('say "no"', '"say \\"no\\""'),
        ("back\\slash", '"back\\\\slash"'),
        ("stroke NOT/pain", '"stroke NOT/pain"'),
        ("“stroke”", '"“stroke”"'),
    ],
)
def test_text_that_could_be_an_expression_goes_in_quotes(text: str, sent: str) -> None:
    assert question.escape(text) == sent
    assert question.needs_quotes(text)


@pytest.mark.parametrize(
    "pasted",
    ["  heart \t failure\n", "heart\u00a0failure", "\ufeffheart\u200b fail\u00adure\u200e"],
)
def test_what_comes_along_with_pasted_text_is_dropped(pasted: str) -> None:
    assert question.escape(pasted) == "heart failure"


def test_a_phrase_keeps_words_together() -> None:
    assert question.phrase("South Korea") == '"South Korea"'


@pytest.mark.parametrize(
    ("expressions", "joined"),
    [
        ([], ""),
        (["heart failure"], "heart failure"),
        (["stroke", "heart failure", '"ALL"'], 'stroke OR (heart failure) OR "ALL"'),
        (['"a b"', "c"], '"a b" OR c'),
    ],
)
def test_alternatives_are_joined_so_that_each_stays_whole(
    expressions: list[str], joined: str
) -> None:
    assert question.any_of(expressions) == joined


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("stroke", 1), ("COVID-19", 2), ("graft vs. host", 3), ("a & b", 3)],
)
def test_words_are_counted_as_the_registry_counts_them(text: str, words: int) -> None:
    assert question.count_words(text) == words


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("NCT04506073", ("NCT04506073",)),
        ("nct04506073, NCT1", ("NCT04506073", "NCT1")),
        ('"NCT04506073"', ("NCT04506073",)),
        ("stroke NCT04506073", ()),
        ("NCT", ()),
        ("NCT00000000", ()),
        ("", ()),
    ],
)
def test_a_text_of_trial_numbers_alone_is_seen(text: str, numbers: tuple[str, ...]) -> None:
    assert question.nct_numbers_alone(text) == numbers
