"""Phrases written for readers of TOML, each compiled to one regular expression over the words of a sentence.

``a|b`` is either word, ``cur*`` any ending, ``?`` after a word leaves it out if it is not there, ``#`` a
number, ``~`` up to three words between (``~~`` up to six), ``<name>`` any word of a list. A gap does
not reach over the marks and words that part clauses.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stemcheck.guidance.sentences import KEY, Sentence, key_of

BARRIERS = frozenset(
    {",", ";", ":", "-", "(", ")", "?", "!", "|", "•", "but", "because", "pero", "porque", "aber"}
)
_GAP_WORD = r"(?:(?!(?:but|because|pero|porque|aber) )[^ ,;:()?!|•-]+ )"
_GAP = 3
_DENYING = re.compile(
    r"\b(?:no|not|none|never|nothing|nobody|cannot|without|sin|nada|nadie|nunca|ning\w+|kein\w*|nicht\w*|nie|ohne)\b|n't"
)


class Match(NamedTuple):
    """A phrase found in a sentence: the numbers of its first and of its last word."""

    first: int
    last: int
    denies: bool = False
    """Whether the phrase has a "no" of its own."""


@dataclass(slots=True)
class _Phrase:
    source: str
    """Of its regular expression, which is compiled when it is first tried: most texts need few."""
    denies: bool
    needs: frozenset[str]
    """Keys of which a sentence must hold one; none where any sentence will do."""
    compiled: re.Pattern[str] | None = None

    @property
    def pattern(self) -> re.Pattern[str]:
        if self.compiled is None:
            self.compiled = re.compile(self.source)
        return self.compiled


class Patterns:
    """Many phrases, kept by how their first word begins so that few are tried at each word."""

    def __init__(self, phrases: Iterable[str], lists: Mapping[str, Sequence[str]]) -> None:
        self._by_key: dict[str, list[_Phrase]] = {}
        for written in phrases:
            parts = _parts(written, lists)
            source = "".join(part.pattern for part in parts)
            phrase = _Phrase(source, bool(_DENYING.search(written)), _needs(parts))
            for key in dict.fromkeys(key_of(word.removesuffix("*")) for word in parts[0].words):
                self._by_key.setdefault(key, []).append(phrase)

    def is_in(self, sentence: Sentence, start: int = 0, end: int | None = None) -> bool:
        """Whether any of the phrases begins in a sentence, or in the words from ``start`` to ``end``."""
        return next(self.matches_in(sentence, start, end), None) is not None

    def matches_in(
        self, sentence: Sentence, start: int = 0, end: int | None = None
    ) -> Iterator[Match]:
        """Yield each phrase found, by its first word."""
        line, offsets, keys = sentence.line, sentence.offsets, sentence.keys
        last = len(keys) if end is None else end
        for number in range(start, last):
            for phrase in self._by_key.get(keys[number], ()):
                if phrase.needs and phrase.needs.isdisjoint(keys):
                    continue
                found = phrase.pattern.match(line, offsets[number])
                if found:
                    yield Match(number, number + found[0].count(" ") - 1, phrase.denies)


class _Part(NamedTuple):
    is_optional: bool
    words: tuple[str, ...]
    """The words that can stand here; of the first part, they are the keys."""
    pattern: str


def _needs(parts: Sequence[_Part]) -> frozenset[str]:
    """Return the keys of the last words of a phrase that must be there."""
    words = next((part.words for part in reversed(parts[1:]) if not part.is_optional), ())
    if any(
        not word or (word.endswith("*") and len(word) <= KEY and word != "0*") for word in words
    ):
        return frozenset()
    return frozenset(key_of(word.removesuffix("*")) for word in words)


def _parts(written: str, lists: Mapping[str, Sequence[str]]) -> list[_Part]:
    """Return the parts of a phrase. Raises KeyError for a list that is not there."""
    parts: list[_Part] = []
    gap = ""
    for piece in written.split():
        if set(piece) == {"~"}:
            gap = f"{_GAP_WORD}{{0,{_GAP * len(piece)}}}?"
            continue
        is_optional = piece.endswith("?") and piece != "?"
        words = tuple(_words(piece.removesuffix("?") if is_optional else piece, lists))
        choice = f"(?:{'|'.join(map(_word_pattern, words))}) "
        pattern = gap + (f"(?:{choice})?" if is_optional else choice)
        parts.append(_Part(is_optional, words, pattern))
        gap = ""
    return parts


def _words(piece: str, lists: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for choice in piece.split("|"):
        if choice.startswith("<"):
            for word in lists[choice[1:-1]]:
                yield from _words(word, lists)
        elif choice == "#":
            yield "0*"
            yield from lists["numbers"]
        else:
            yield choice.replace("_", " ")


def _word_pattern(word: str) -> str:
    if word == "0*":
        return r"\d[\d.,]*(?: k)?(?: \d[\d.,]*)?"
    escaped = re.escape(word.removesuffix("*"))
    return escaped + (r"[^ ]*" if word.endswith("*") else "")
