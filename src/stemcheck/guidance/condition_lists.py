"""Lists of unrelated conditions in a text that offers one treatment for all of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from stemcheck.guidance.conditions import systems_for, unrelated_systems_for
from stemcheck.guidance.denials import is_turned
from stemcheck.guidance.phrases import PhraseBook
from stemcheck.guidance.sentences import Sentence
from stemcheck.guidance.texts import read_texts

_BREAK = re.compile(r"[,;:\n•·▪|/]|\b(?:and|or|to)\b|[-–—*>][ \t]")
_LONGEST_ITEM = 48
"""Characters: the name of a condition, with a word or two around it."""
_NEAR = 120
"""How many characters before a list a heading such as "What we treat" can stand."""


def condition_lists_in(text: str, sentences: Sequence[Sentence]) -> Iterator[tuple[int, int]]:
    """Yield the places of lists, each within a paragraph, that offer to treat unrelated conditions."""
    for start, end in _paragraphs(text):
        for items in _runs(text, start, end):
            count = len(unrelated_systems_for(text[a:b] for a, b in items))
            if count < _rules()["straight_systems"]:
                continue
            near = [item for item in sentences if item.start >= start - _NEAR and item.end <= end]
            is_list = count >= _rules()["systems"] and _is_offer(near, "treating")
            if is_list or _is_told_straight(items, near):
                first = [*_in_sentences(text, items[0], near)][-1]
                last = next(_in_sentences(text, items[-1], near))
                yield _trimmed(text, first[0], last[1])


def _in_sentences(
    text: str, item: tuple[int, int], sentences: Sequence[Sentence]
) -> Iterator[tuple[int, int]]:
    """Yield the parts of an item, by sentence, that name a condition; the item when none does."""
    parts = [(max(item[0], near.start), min(item[1], near.end)) for near in sentences]
    naming = [part for part in parts if part[0] < part[1] and systems_for(text[slice(*part)])]
    yield from naming or [item]


def _is_told_straight(items: Sequence[tuple[int, int]], near: Sequence[Sentence]) -> bool:
    """Whether the words of treating stand in the sentence of the list, just before or in its first item.

    What the next sentences say then does not matter: "no side effects" is about something else.
    """
    if len(items) < _rules()["straight_illnesses"]:
        return False
    start, end = items[0]
    own = [item for item in near if item.start <= items[1][0] < item.end]
    lead = [
        replace(item, words=tuple(item.words[:last]), places=item.places[:last])
        for item in own
        for last in [sum(place < end for place, _ in item.places)]
    ]
    is_near = any(
        item.places[match[0]][0] >= start - _LONGEST_ITEM
        for item in lead
        for match in _book("told_straight").matches_in(item.words)
    )
    return is_near and _is_offer(own, "told_straight")


def _runs(text: str, start: int, end: int) -> Iterator[list[tuple[int, int]]]:
    """Yield rows of short pieces that each name a condition; one that names none may stand between."""
    run: list[tuple[int, int]] = []
    misses = 0
    for piece in _pieces(text, start, end):
        words = text[slice(*piece)].strip()
        if not words:
            continue
        if len(words) <= _LONGEST_ITEM and systems_for(words):
            run.append(piece)
            misses = 0
            continue
        misses += 1
        if misses > 1 or len(words) > _LONGEST_ITEM:
            yield run
            run, misses = [], 0
    yield run


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for stop in _BREAK.finditer(text, start, end):
        yield start, stop.start()
        start = stop.end()
    yield start, end


def _is_offer(near: Sequence[Sentence], treating_words: str) -> bool:
    words = tuple(word for sentence in near for word in (*sentence.words, ";"))
    treating = _book(treating_words).matches_in(words)
    if all(is_turned(words, match, is_doubtful=True) for match in treating):
        return False
    if _book("not_offers").is_in(words):
        return False
    return _book("ours").is_in(words) or not _book("research").is_in(words)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in re.finditer(r"\n[ \t\r]*\n", text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))


@cache
def _book(name: str) -> PhraseBook:
    return PhraseBook(_rules()[name])


@cache
def _rules() -> dict[str, Any]:
    rules: dict[str, Any] = read_texts("claims")["condition_lists"]
    return rules
