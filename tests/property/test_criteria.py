"""Whatever stands in a text on who may take part: nothing is lost, nothing is invented, nothing breaks."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stemcheck.reading.criteria import divide_criteria
from stemcheck.trial.protocol import Criterion

PIECES = st.sampled_from(
    [
        "Inclusion Criteria:", "Exclusion criteria", "Key Inclusion Criteria for donors:", "Mothers:",
        "People are excluded if:", "Note: inclusion/exclusion criteria apply", "Adults", "fever or cough",
        "\\>= 18", "no HIV", "* ", "  * ", "1. ", "2) ", "(3) ", "\\- ", "a) ", "\n", "\n\n", "\r\n", " ",
        "   ", "\u2028", ".", ":", "\uff1a", "(", "-", "*",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))
NAMES = re.compile(
    r"(?i)(?:no )?(?:non-)?(?:in|ex)clusion\s*/?\s*(?:exclusion)?\s*crit\w+\.?"
    r"|(?:in|ex)clusions?|(?:in|ex)cluded"
)


@given(TEXTS)
def test_every_criterion_and_every_heading_is_verbatim(text: str) -> None:
    found = divide_criteria(text)
    for criterion in (*found.inclusion, *found.exclusion, *found.other):
        assert criterion.quote in text
        assert criterion.quote.strip() == criterion.quote != ""
        assert all(heading in text for heading in criterion.headings)
        assert criterion.level >= 0


@given(TEXTS)
@example("AAA INCLUSION\rNOTE:INCLUSION/EXCLUSIONCRTAA")
def test_no_word_of_the_text_is_lost(text: str) -> None:
    found = divide_criteria(text)
    told = (*found.inclusion, *found.exclusion, *found.other)
    kept = " ".join([words for c in told for words in (c.quote, *c.headings)])
    for word in re.findall(r"[^\W\d_]{3,}", NAMES.sub(" ", text)):
        assert word in kept, f"{word!r} stands in no list"


@given(TEXTS, TEXTS)
def test_the_lists_are_in_the_order_of_the_text(first: str, second: str) -> None:
    text = f"{first}\n\n{second}"
    found = divide_criteria(text)
    for criteria in (found.inclusion, found.exclusion):
        at = 0
        for criterion in criteria:
            at = text.index(criterion.quote, at) if criterion.quote in text[at:] else -1
            assert at >= 0, f"{criterion.quote!r} stands before what came before it"


def _level_never_jumps(criteria: tuple[Criterion, ...]) -> bool:
    levels = [0, *(criterion.level for criterion in criteria)]
    return all(later <= earlier + 1 for earlier, later in pairwise(levels))


@given(TEXTS)
def test_nothing_is_nested_in_nothing(text: str) -> None:
    found = divide_criteria(f"Inclusion Criteria:\n\n{text}")
    assert _level_never_jumps(found.inclusion)


@pytest.mark.parametrize(
    "unit",
    [
        "* ", "Inclusion Criteria: ", "(", "1. 2. 3. ", "a: ", "Exclusion Criteria:\n", "x:\n", "  ",
        "x:\n* y\n", ". a b c exclusion crit", "* 1. a 2. b 3. c\n", "\n", "\\-", "i. ", "non-inclusion ",
        "a\n", "Exclusion criteria for all:\n",
    ],
)  # fmt: skip
def test_twice_the_text_takes_about_twice_the_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        begin = time.process_time()
        divide_criteria(text)
        return time.process_time() - begin

    seconds(1_000)
    small, large = seconds(40_000), seconds(160_000)
    assert large < 0.25 + 10 * small
