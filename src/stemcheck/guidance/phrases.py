"""Phrases written for readers of TOML, looked up in rows of words.

``a|b`` is either word, ``cur*`` any ending, ``#`` a number, ``~`` up to three words between (``~~`` up to
six), ``@name`` any word of a list. A gap does not reach over the marks and words that part clauses.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

BARRIERS = frozenset({",", ";", ":", "\u2013", "\u2014", "(", ")", "?", "!", "but", "because"})
_GAP = 3
_NUMBER_WORDS = frozenset(
    {"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fifteen"}
    | {"twenty", "thirty", "forty", "fifty", "sixty", "eighty", "ninety", "hundred", "thousand"}
)


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a phrase, and how many words may stand before it."""

    gap: int
    whole: frozenset[str]
    beginnings: tuple[str, ...]
    is_number: bool

    def fits(self, word: str) -> bool:
        """Whether a word of the text can stand here."""
        if word in self.whole or (self.beginnings and word.startswith(self.beginnings)):
            return True
        return self.is_number and (word[0].isdigit() or word in _NUMBER_WORDS)


Phrase = tuple[Part, ...]


class PhraseBook:
    """Many phrases, kept by their first word so that few are tried at each place."""

    def __init__(
        self, phrases: Iterable[str], lists: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._by_word: dict[str, list[Phrase]] = {}
        self._others: list[Phrase] = []
        for written in phrases:
            phrase = compile_phrase(written, lists or {})
            first = phrase[0]
            for word in first.whole:
                self._by_word.setdefault(word, []).append(phrase)
            if first.beginnings or first.is_number:
                self._others.append(phrase)

    def is_in(self, words: Sequence[str]) -> bool:
        """Whether any of the phrases is found."""
        return next(self.matches_in(words), None) is not None

    def matches_in(self, words: Sequence[str]) -> Iterator[tuple[int, ...]]:
        """Yield, for each phrase found, the places of its own words (not of those in its gaps)."""
        for place, word in enumerate(words):
            for phrase in self._by_word.get(word, ()):
                if found := _match(phrase, words, place):
                    yield found
            for phrase in self._others:
                is_new = word not in phrase[0].whole and phrase[0].fits(word)
                if is_new and (found := _match(phrase, words, place)):
                    yield found


def compile_phrase(written: str, lists: Mapping[str, Sequence[str]]) -> Phrase:
    """Return a phrase ready to be looked up. Raises `KeyError` for a list that is not there."""
    parts: list[Part] = []
    gap = 0
    for piece in written.split():
        if set(piece) == {"~"}:
            gap = _GAP * len(piece)
            continue
        choices = [
            word
            for choice in piece.split("|")
            for word in (lists[choice[1:]] if choice.startswith("@") else [choice])
        ]
        parts.append(
            Part(
                gap=gap,
                whole=frozenset(choice for choice in choices if not choice.endswith(("*", "#"))),
                beginnings=tuple(choice[:-1] for choice in choices if choice.endswith("*")),
                is_number="#" in choices,
            )
        )
        gap = 0
    return tuple(parts)


def _match(phrase: Phrase, words: Sequence[str], start: int) -> tuple[int, ...] | None:
    """Return the places of a phrase that begins at ``start``, each word as near as can be."""
    found = [start]
    for part in phrase[1:]:
        place = _next_fit(part, words, found[-1] + 1)
        if place is None:
            return None
        found.append(place)
    return tuple(found)


def _next_fit(part: Part, words: Sequence[str], start: int) -> int | None:
    for place in range(start, min(start + part.gap + 1, len(words))):
        if part.fits(words[place]):
            return place
        if words[place] in BARRIERS:
            return None
    return None
