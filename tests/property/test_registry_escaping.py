"""No text that a person can type is ever taken for the registry's query language."""

from urllib.parse import parse_qsl

import httpx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stemcheck.errors import UsageError
from stemcheck.registry.question import RESERVED_WORDS, phrase, question_for, tidy
from stemcheck.trial.query import TrialQuery
from tests.standin import read_back

WORDS = st.sampled_from([*sorted(RESERVED_WORDS), "stroke", "or", "COVID-19", "a&b", "c=d"])
MARKS = st.sampled_from([*" \t[](){}<>\"'\\,;:|/&?#=%+*~^-_.·“”", '\\"', '")', "AREA[", "]"])
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(WORDS, MARKS, st.text(max_size=3)), max_size=14).map("".join),
    st.lists(WORDS, max_size=8).map(" ".join),
)


@settings(deadline=None)
@given(TEXTS)
def test_the_registry_reads_back_exactly_what_was_typed(text: str) -> None:
    query = TrialQuery(conditions=(text,))
    try:
        pairs = question_for(query).parameters
    except UsageError:
        return
    # Through httpx's encoding and the server's decoding, then through the server's parser.
    sent = httpx.Request("GET", "http://127.0.0.1/studies", params=pairs).url.query.decode()
    received = dict(parse_qsl(sent, strict_parsing=True))
    assert len(received) == len(pairs)
    assert read_back(received["query.cond"]) == [tidy(text)]


@settings(deadline=None)
@given(TEXTS)
def test_tidying_takes_away_nothing_that_can_be_seen(text: str) -> None:
    tidied = tidy(text)
    assert tidy(tidied) == tidied
    kept = iter(tidied)
    lost = [char for char in text if char.isprintable() and not char.isspace() and char not in kept]
    assert lost == []


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=4))
@example(["0:0:0:0:0:0", "0:0:0:0:0:¼"])
def test_each_of_several_conditions_stays_whole(texts: list[str]) -> None:
    try:
        pairs = question_for(TrialQuery(conditions=tuple(texts))).parameters
    except UsageError:
        return
    assert read_back(dict(pairs)["query.cond"]) == [tidy(text) for text in texts]


@settings(deadline=None)
@given(TEXTS)
def test_a_phrase_is_always_one_phrase(text: str) -> None:
    assert read_back(phrase(text)) == [tidy(text)]


@settings(deadline=None)
@given(TEXTS)
def test_a_search_that_can_be_asked_has_a_page(text: str) -> None:
    try:
        question = question_for(TrialQuery(conditions=(text,)))
    except UsageError:
        return
    assert question.web_url.isascii()
