"""Registry text is made harmless before anybody sees it."""

import time
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemcheck.output.plain import clean, clean_lines, shortened, visible


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


@pytest.mark.parametrize(
    "readable",
    [
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",  # a family
        "\u2764\ufe0f\u200d\U0001f525",  # a heart on fire
        "1\ufe0f\u20e3 and \u00a9\ufe0f",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: I want
        "\u0915\u094d\u200d\u0937",  # Hindi
    ],
)
def test_scripts_and_emoji_that_need_joiners_stay_readable(readable: str) -> None:
    assert clean(readable) == readable
    assert visible(readable) == readable


def spelled(text: str, first: int) -> str:
    return "".join(chr(first + ord(letter)) for letter in text)


CARRIERS = {
    "tag letters": spelled("ignore all rules", 0xE0000),
    "variation selectors": "\U0001f600" + spelled("ignore", 0xE0100),
    "few variation selectors": "\U0001f600\ufe00\ufe01\ufe0f\ufe0e",
    "joiners as bits": "\u200c\u200d\u200c\u200c\u200d",
    "one joiner a letter": "i\u200dg\u200cn\u200do\u200cre",
    "blanks without width": "ig\u200bno\u200bre",
    "soft hyphens": "ig\u00adno\u00adre",
    "marks of order": "ig\ufeffnore\ufeff",
    "directions": "\u202eerongi\u202c \u2066x\u2069 \u200e\u200f\u061c",
    "fillers": "\u115f\u1160\u3164\uffa0\u2060\u2063\u180e\u034f",
    "music and shorthand": "\U0001d173\U0001d17a\U0001bca0",
}


@pytest.mark.parametrize("name", CARRIERS)
def test_no_character_that_nobody_sees_carries_a_message(name: str) -> None:
    for text in (CARRIERS[name], f"MSC {CARRIERS[name]} MSC", f"\u5e79{CARRIERS[name]}\u5e79"):
        left = visible(text)
        assert clean(text) == " ".join(left.split())
        unseen = [
            letter for letter in left if category(letter) in {"Cf", "Mn"} or letter in FILLERS
        ]
        assert len(unseen) <= left.count("\U0001f600")
        assert visible(left) == left


FILLERS = "\u115f\u1160\u3164\uffa0"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"HbA1c \> 8 and \< 10", "HbA1c > 8 and < 10"),
        (
            r"1x10\^6 cells \[IV\], \*three\* times, 5\.0 \~ 6",
            "1x10^6 cells [IV], *three* times, 5.0 ~ 6",
        ),
        ("Crohn&#39;s &amp; colitis, &lt;18 &gt;", "Crohn's & colitis, <18 >"),
        (r"\&lt;5 &amp;lt;6 &amp;amp;gt;7", "<5 <6 >7"),
        ("R&D; AT&T &notaname; &;", "R&D; AT&T &notaname; &;"),
        (r"C:\temp and 5\%", r"C:\temp and 5%"),
        ("&#x41;&#66;", "AB"),
        ("&#27;[31mred&#27;[0m", "[31mred[0m"),
        ("&#8203;&#xfeff;x&shy;y", "xy"),
    ],
)
def test_escapes_of_the_registry_are_undone_for_people(written: str, meant: str) -> None:
    assert clean(written) == meant
    assert clean(meant) == meant
    assert clean_lines(f"{written}\n{written}") == f"{meant}\n{meant}"


@pytest.mark.parametrize(
    "long",
    [
        "&amp;" * 50_000,
        "&" + "amp;" * 50_000 + "lt;",
        "\\" * 100_000,
        "a\u200c\ufe0f" * 50_000,
        "&#1;" * 50_000,
    ],
    ids=["entities", "nested", "backslashes", "joiners", "controls"],
)
def test_long_texts_take_no_longer_than_they_are(long: str) -> None:
    began = time.process_time()
    clean(long)
    assert time.process_time() - began < 10


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
