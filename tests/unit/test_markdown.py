"""Text in markdown: nothing of a record is markup, and nothing is escaped that needs no escaping."""

import pytest

from stemcheck.output.formats.markdown import escaped


@pytest.mark.parametrize(
    "plain",
    [
        "Lupus: mesenchymal stem cells",
        "data of 20 Nov 2026 20:14 UTC",
        "age < 18 and > 5 years, 3-5 mL (n = 12)!",
        "AT&T, snake_case, 5 $ a day, ~3 weeks, [IV], {x}",
        "Trial #4 + placebo",
    ],
)
def test_what_needs_no_escaping_stays_as_it_is(plain: str) -> None:
    assert escaped(plain) == plain


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("# heading", r"\# heading"),
        ("1. item", r"1\. item"),
        ("- item", r"\- item"),
        ("> quote", r"\> quote"),
        ("*loud* and _loud_", r"\*loud\* and \_loud\_"),
        ("[x](javascript:alert(1))", r"[x\](javascript:alert(1))"),
        ("![x](https://example.org)", r"![x\](https\://example.org)"),
        ("see https://example.org", r"see https\://example.org"),
        ("www.example.org", r"www\.example.org"),
        ("mail me@example.org or @somebody", r"mail me\@example.org or \@somebody"),
        ("a | b", r"a \| b"),
        ("`code`", r"\`code\`"),
        ("$x$ and ~~y~~", r"\$x$ and \~\~y\~~"),
        ("<script>", r"\<script>"),
        ("&lt;b>", r"\<b>"),
        ("say :bomb: now", r"say \:bomb: now"),
    ],
)
def test_what_would_be_markup_is_escaped(hostile: str, harmless: str) -> None:
    assert escaped(hostile) == harmless
