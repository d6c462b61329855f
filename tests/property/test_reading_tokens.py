"""Whatever a text holds, its words are the same, and are found where they stand."""

import re

from hypothesis import given
from hypothesis import strategies as st

from stemcheck.reading.passages import Part, Passage
from stemcheck.reading.scanner import scan_passages
from stemcheck.reading.step import quote_around, quote_of
from stemcheck.reading.tokens import LINE_END, MOST_INSIDE, span_of, spans_in, tokens_in

SIGNS = "()[],;:!?.|_-/%\u2022\u00b4\u0301\u00b2\ufb01\uff0c\u2003\ud800\u00df\u00e9\u4e2d\n\t"
PIECES = st.sampled_from(
    ["a", "cell", "cells", "Cell", "MSC", "hUC-MSC", "i.v.", "1.5", "10^6", *SIGNS]
)
TEXTS = st.one_of(
    st.lists(st.one_of(PIECES, st.just(" ")), max_size=40).map("".join),
    st.text(max_size=40),
    st.text(st.characters(max_codepoint=127), max_size=60),
).map(lambda text: text.replace("\0", " "))
WORD = re.compile(r"[^\W_]+|[.,;:()\[\]\n\u2022!?]")


@given(TEXTS)
def test_the_tokens_are_the_words_and_the_dividing_marks(text: str) -> None:
    assert tokens_in(text) == [LINE_END if word == "\n" else word for word in WORD.findall(text)]


@given(TEXTS)
def test_tokens_are_found_where_they_stand_one_by_one_and_all_at_once(text: str) -> None:
    tokens = tokens_in(text)
    starts, ends = spans_in(text)
    for first, token in enumerate(tokens):
        assert text[starts[first] : ends[first]] == token.replace(LINE_END, "\n")
        for last in range(first, min(first + 4, len(tokens))):
            assert span_of(text, tokens, first, last) == (starts[first], ends[last])


@given(st.text("ab ,-()\u2022.", min_size=1, max_size=200))
def test_a_short_passage_is_quoted_as_any_other(text: str) -> None:
    passage = Passage("briefTitle", text, Part.BRIEF_TITLE)
    (scan,) = scan_passages([passage], {})
    assert not scan.of_kind("route")
    for token in range(len(tokens_in(text))):
        assert quote_of(scan, token, token) == quote_around(passage, *scan.span(token, token))


def test_a_word_inside_too_many_others_is_not_searched_for_one_by_one() -> None:
    text = "xa " * (MOST_INSIDE + 1) + "a"
    assert span_of(text, tokens_in(text), MOST_INSIDE + 1, MOST_INSIDE + 1) is None
    assert span_of(text[3:], tokens_in(text[3:]), MOST_INSIDE, MOST_INSIDE) is not None
