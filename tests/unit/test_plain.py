"""Registry text is made harmless before anybody sees it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemcheck.output.plain import clean, clean_lines, shortened


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("plain words", "plain words"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;new title\x07after", "after"),
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b31mred", "red"),
        ("a\u202eb\u202cc", "abc"),
        ("a\u2066b\u2069", "ab"),
        ("line\nbreak\tand\x00nul", "line break and nul"),
        ("\ud800half", "half"),
        ("MSC [stem cells] [/b]", "MSC [stem cells] [/b]"),
        ("soft\u00adhyphen", "softhyphen"),
        (None, ""),
    ],
)
def test_nothing_invisible_gets_through(hostile: str | None, harmless: str) -> None:
    assert clean(hostile) == harmless


def test_scripts_that_need_joiners_stay_readable() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert clean(family) == family


@given(st.text(st.characters(codec=None)))
def test_clean_text_holds_no_character_that_a_terminal_obeys(text: str) -> None:
    cleaned = clean(text)
    forbidden = {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), *"\u202a\u202e\u2066\u2069"}
    assert not forbidden & set(cleaned)
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")


def test_paragraphs_keep_their_breaks() -> None:
    assert (
        clean_lines("Inclusion:\n\n\n* adults\x1b[1m\r\n* stroke\n")
        == "Inclusion:\n\n* adults\n* stroke"
    )


def test_cut_text_says_that_it_was_cut() -> None:
    assert shortened("safety of cord cells", 20) == "safety of cord cells"
    assert shortened("safety of cord cells in stroke", 20) == "safety of cord…"
    assert len(shortened("x" * 50, 20)) == 20
