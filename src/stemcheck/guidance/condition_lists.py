"""Lists of unrelated conditions in a text that offers one treatment for all of them."""

import re
from collections.abc import Iterator, Sequence
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
            if len(unrelated_systems_for(text[a:b] for a, b in items)) < _rules()["systems"]:
                continue
            near = [item for item in sentences if item.start >= start - _NEAR and item.end <= end]
            if _is_offer(near):
                yield _trimmed(text, items[0][0], items[-1][1])


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


def _is_offer(near: Sequence[Sentence]) -> bool:
    words = tuple(word for sentence in near for word in (*sentence.words, ";"))
    treating = _book("treating").matches_in(words)
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
