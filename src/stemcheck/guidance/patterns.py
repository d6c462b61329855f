"""Phrases written for readers of TOML, looked for word by word in a sentence.

``a|b`` is either word, ``cur*`` any ending, ``?`` after a word leaves it out if it is not there, ``#`` a
number, ``~`` up to three words between (``~~`` up to six), ``<name>`` any word of a list. A gap does
not reach over the marks and words that part clauses.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from stemcheck.guidance.sentences import KEY, Sentence, key_of

_MARKS = frozenset(",;:()?!|•-")
_CONJUNCTIONS = frozenset({"but", "because", "pero", "porque", "aber"})
BARRIERS = _MARKS | _CONJUNCTIONS
_GAP = 3
_NUMBER = "0*"
"""Stands for any number in figures."""
_FIGURES = re.compile(r"\d[\d.,]*")
_DENYING = re.compile(
    r"\b(?:no|not|none|never|nothing|nobody|cannot|without|sin|nada|nadie|nunca|ning\w+|kein\w*|nicht\w*|nie|ohne)\b|n't"
)


class Match(NamedTuple):
    """A phrase found in a sentence: the numbers of its first and of its last word."""

    first: int
    last: int
    denies: bool = False
    """Whether the phrase has a "no" of its own."""


class _Part(NamedTuple):
    """One place of a phrase: the words that can stand there, and the gap before it."""

    written: tuple[str, ...]
    words: frozenset[str]
    beginnings: tuple[str, ...]
    longer: tuple[tuple[str, ...], ...]
    """Those of several words."""
    is_number: bool
    is_optional: bool
    gap: int
    """Words that may stand before it."""

    def lengths_at(self, words: Sequence[str], place: int) -> Iterator[int]:
        """Yield how many words of a sentence stand for this part at a place."""
        word = words[place]
        if self.is_number and _FIGURES.fullmatch(word):
            yield from _lengths_of_number(words, place)
        if word in self.words or word.startswith(self.beginnings):
            yield 1
        for row in self.longer:
            there = words[place : place + len(row)]
            if len(there) == len(row) and all(map(_is_word, row, there)):
                yield len(row)


class _Phrase(NamedTuple):
    parts: tuple[_Part, ...]
    denies: bool
    needs: frozenset[str]
    """Keys of which a sentence must hold one; none where any sentence will do."""

    def end_at(self, words: Sequence[str], place: int, number: int = 0) -> int | None:
        """Return where the phrase, from one of its parts on, ends if it begins at a place."""
        if number == len(self.parts):
            return place
        part = self.parts[number]
        for start in range(place, min(place + part.gap, len(words)) + 1):
            if start > place and _is_barrier(words[start - 1]):
                break
            if start < len(words):
                for length in part.lengths_at(words, start):
                    end = self.end_at(words, start + length, number + 1)
                    if end is not None:
                        return end
            if part.is_optional:
                end = self.end_at(words, start, number + 1)
                if end is not None:
                    return end
        return None


class Patterns:
    """Many phrases, kept by how their first word begins so that few are tried at each word."""

    def __init__(self, phrases: Iterable[str], lists: Mapping[str, Sequence[str]]) -> None:
        self._by_key: dict[str, list[_Phrase]] = {}
        for written in phrases:
            parts = tuple(_parts(written, lists))
            phrase = _Phrase(parts, bool(_DENYING.search(written)), _needs(parts))
            for key in dict.fromkeys(key_of(word.removesuffix("*")) for word in parts[0].written):
                self._by_key.setdefault(key, []).append(phrase)

    def is_in(self, sentence: Sentence, start: int = 0, end: int | None = None) -> bool:
        """Whether any of the phrases begins in a sentence, or in the words from ``start`` to ``end``."""
        return next(self.matches_in(sentence, start, end), None) is not None

    def matches_in(
        self, sentence: Sentence, start: int = 0, end: int | None = None
    ) -> Iterator[Match]:
        """Yield each phrase found, by its first word."""
        if self._by_key.keys().isdisjoint(sentence.key_set):
            return
        words, keys = sentence.words, sentence.keys
        for number in range(start, len(keys) if end is None else end):
            for phrase in self._by_key.get(keys[number], ()):
                if phrase.needs and phrase.needs.isdisjoint(sentence.key_set):
                    continue
                behind = phrase.end_at(words, number)
                if behind is not None:
                    yield Match(number, behind - 1, phrase.denies)


def _is_word(written: str, word: str) -> bool:
    return word.startswith(written[:-1]) if written.endswith("*") else word == written


def _is_barrier(word: str) -> bool:
    return word in _CONJUNCTIONS or not _MARKS.isdisjoint(word)


def _lengths_of_number(words: Sequence[str], place: int) -> Iterator[int]:
    """Yield how many words a number in figures takes, the most first: "20 k", "20 000"."""
    length = 2 if words[place + 1 : place + 2] == ("k",) else 1
    for taken in dict.fromkeys((length, 1)):
        behind = words[place + taken : place + taken + 1]
        if behind and _FIGURES.fullmatch(behind[0]):
            yield taken + 1
        yield taken


def _needs(parts: Sequence[_Part]) -> frozenset[str]:
    """Return the keys of the last words of a phrase that must be there."""
    words = next((part.written for part in reversed(parts[1:]) if not part.is_optional), ())
    if any(
        not word or (word.endswith("*") and len(word) <= KEY and word != _NUMBER) for word in words
    ):
        return frozenset()
    return frozenset(key_of(word.removesuffix("*")) for word in words)


def _parts(written: str, lists: Mapping[str, Sequence[str]]) -> Iterator[_Part]:
    """Yield the parts of a phrase. Raises KeyError for a list that is not there."""
    gap = 0
    for piece in written.split():
        if set(piece) == {"~"}:
            gap = _GAP * len(piece)
            continue
        is_optional = piece.endswith("?") and piece != "?"
        choices = tuple(_words(piece.removesuffix("?") if is_optional else piece, lists))
        single = [word for word in choices if " " not in word and word != _NUMBER]
        yield _Part(
            written=choices,
            words=frozenset(word for word in single if not word.endswith("*")),
            beginnings=tuple(word[:-1] for word in single if word.endswith("*")),
            longer=tuple(tuple(word.split(" ")) for word in choices if " " in word),
            is_number=_NUMBER in choices,
            is_optional=is_optional,
            gap=gap,
        )
        gap = 0


def _words(piece: str, lists: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for choice in piece.split("|"):
        if choice.startswith("<"):
            for word in lists[choice[1:-1]]:
                yield from _words(word, lists)
        elif choice == "#":
            yield _NUMBER
            yield from lists["numbers"]
        else:
            yield choice.replace("_", " ")
