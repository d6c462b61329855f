"""Whatever a text holds, its words are found where they stand, and quotes are pieces of it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from stemcheck.reading.passages import Part, Passage, plain
from stemcheck.reading.quotes import LONGEST_QUOTE_WORDS, quote_around
from stemcheck.reading.scan import WORD, scan_passages

SIGNS = "()[],;:!?.|_-/%\\&;\u2022\u00b4\u0301\u00b2\ufb01\uff0c\u2003\ud800\u00df\u00e9\u4e2d\n\t"
PIECES = st.sampled_from(
    [
        "a",
        "cell",
        "cells",
        "Cell",
        "MSC",
        "hUC-MSC",
        "i.v.",
        "1.5",
        "10\\^6",
        "&#39;",
        "&lt;",
        *SIGNS,
    ]
)
TEXTS = st.one_of(
    st.lists(st.one_of(PIECES, st.just(" ")), max_size=40).map("".join),
    st.text(max_size=40),
    st.text(st.characters(max_codepoint=127), max_size=60),
)


@given(TEXTS)
def test_no_sign_moves_when_escapes_are_undone(text: str) -> None:
    assert len(plain(text)) == len(text)
    assert plain(text) == text or "\\" in text or "&" in text


@given(TEXTS)
def test_the_words_of_the_sentences_are_those_of_the_text(text: str) -> None:
    (scan,) = scan_passages([Passage("briefTitle", text, Part.BRIEF_TITLE)])
    words = [word for sentence in scan.sentences for word in sentence.words]
    assert words == WORD.findall(plain(text))
    for sentence in scan.sentences:
        for number, word in enumerate(sentence.words):
            start, end = sentence.span(number, number)
            assert plain(text)[start:end] == word


@given(TEXTS, st.integers(0, 60), st.integers(1, 20))
def test_a_quote_is_a_short_piece_of_the_text(text: str, start: int, length: int) -> None:
    if not re.search(r"\S", text[start : start + length]):
        return
    quote = quote_around(Passage("briefTitle", text, Part.BRIEF_TITLE), start, start + length)
    assert quote in text
    assert len(quote.split()) <= LONGEST_QUOTE_WORDS
