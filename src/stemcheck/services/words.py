"""Compares words with words: the names of conditions and places in a leaflet and in a record.

Case, accents, possessives, plurals, hyphens and British spelling do not matter, and names of the same illness
count as equal (`stemcheck.guidance.illnesses`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from stemcheck.guidance.illnesses import illnesses, words_of
from stemcheck.tables import read_table

_SLACK = 3
"""How many other words may be between the words of a claim: "failure of the left heart"."""


@cache
def read_claim_words() -> dict[str, Any]:
    """Return the content of ``claim_words.toml``. It is shared: do not change it."""
    return read_table(Path(__file__).with_name("claim_words.toml"))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text, prepared for comparison."""

    plain: tuple[str, ...]
    """Its words."""
    named: tuple[str, ...]
    """Its words, with each name of an illness as one word."""

    def stands_in(self, other: "Phrase") -> bool:
        """Return whether the other text contains all words of this one, close together."""
        return _is_near(_telling(self.plain), other.plain) or _is_near(
            _telling(self.named), other.named
        )

    def is_wider_than(self, other: "Phrase") -> bool:
        """Return whether the other text says everything that this one says, and more."""
        every = {*other.plain, *other.named}
        return any(
            telling and telling <= every for telling in map(_telling, (self.plain, self.named))
        )


@lru_cache(maxsize=4096)
def phrase(text: str, *, is_claim: bool = False) -> Phrase:
    """Prepare a text for comparison. ``is_claim``: it may use names that no record uses."""
    words = words_of(text)
    line = f" {' '.join(words)} "
    for alias, name in _aliases(is_claim=is_claim):
        if alias in line:
            line = line.replace(alias, name)
    return Phrase(words, tuple(line.split()))


def without(words: Iterable[str], list_name: str) -> frozenset[str]:
    """Return the words that are not in a list of ``claim_words.toml``; all of them if none is left."""
    every = frozenset(words)
    return every - _folded_list(list_name) or every


def is_general(name: str) -> bool:
    """Return whether a name has only words that many places share, as in ``University Hospital``."""
    return frozenset(words_of(name)) <= _folded_list("place_kinds")


def _telling(words: tuple[str, ...]) -> frozenset[str]:
    return without(words, "generic")


@cache
def _folded_list(name: str) -> frozenset[str]:
    return frozenset(word for text in read_claim_words()[name] for word in words_of(text))


@cache
def _aliases(*, is_claim: bool) -> tuple[tuple[str, str], ...]:
    """Return pairs of an illness's name and its common word, longest name first."""
    found: dict[str, str] = {}
    for column in ("names", "typed") if is_claim else ("names",):
        for number, illness in enumerate(illnesses()):
            for name in getattr(illness, column):
                found.setdefault(f" {' '.join(words_of(name))} ", f" ={number} ")
    return tuple(sorted(found.items(), key=lambda pair: -len(pair[0])))


def _is_near(wanted: frozenset[str], words: tuple[str, ...]) -> bool:
    if not wanted or not wanted <= set(words):
        return False
    words = tuple(word for word in words if word in wanted or word not in _folded_list("generic"))
    width = len(wanted) + _SLACK
    return any(
        wanted <= set(words[start : start + width])
        for start, word in enumerate(words)
        if word in wanted
    )
