"""Words held against words: what a leaflet calls a condition or a place, and what a record calls it.

Case, accents, possessives, plurals, hyphens and British spelling are evened out, and phrases for one and
the same thing stand for each other (``claim_words.toml``).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from stemcheck.tables import read_table

_SHORT_WORD = 3
_SLACK = 3
"""How many other words may stand between the words of a claim: "failure of the left heart"."""


@cache
def read_claim_words() -> dict[str, Any]:
    """Return the content of ``claim_words.toml``. It is shared: do not change it."""
    return read_table(Path(__file__).with_name("claim_words.toml"))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text as it is compared."""

    plain: tuple[str, ...]
    """Its words."""
    named: tuple[str, ...]
    """Its words, with a phrase of ``claim_words.toml`` taken as one word."""

    def stands_in(self, other: "Phrase") -> bool:
        """Return whether all that this text says stands close together in the other one."""
        return _is_near(_telling(self.plain), other.plain) or _is_near(
            _telling(self.named), other.named
        )

    def is_wider_than(self, other: "Phrase") -> bool:
        """Return whether the other text says all that this one says, and more."""
        telling = _telling(self.named)
        return bool(telling) and telling <= {*other.plain, *other.named}


@lru_cache(maxsize=4096)
def phrase(text: str, kind: str = "conditions") -> Phrase:
    """Return a text as it is compared; ``kind`` names the phrases that stand for each other."""
    words = words_of(text)
    line = f" {' '.join(words)} "
    for alias, name in _aliases(kind):
        if alias in line:
            line = line.replace(alias, name)
    return Phrase(words, tuple(line.split()))


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, evened out."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = re.sub(r"'s\b|(?<=s)'", "", plain).replace("ae", "e").replace("oe", "e")
    plain = re.sub(r"\bnon[\s-]+(?=\w)", "non", plain).replace("our", "or")
    same = _same_words()
    words = (_singular(word) for word in re.findall(r"[^\W\d_]+|\d+", plain))
    return tuple(same.get(word, word) for word in words)


def without(words: Iterable[str], list_name: str) -> frozenset[str]:
    """Return the words that are not in a list of ``claim_words.toml``; all of them if none is left."""
    every = frozenset(words)
    return every - _folded_list(list_name) or every


def _telling(words: tuple[str, ...]) -> frozenset[str]:
    return without(words, "generic")


@cache
def _same_words() -> dict[str, str]:
    pairs: dict[str, str] = read_claim_words()["same_word"]
    return {_singular(word): _singular(other) for word, other in pairs.items()}


@cache
def _folded_list(name: str) -> frozenset[str]:
    return frozenset(word for text in read_claim_words()[name] for word in words_of(text))


@cache
def _aliases(kind: str) -> tuple[tuple[str, str], ...]:
    """Return phrase -> one word for it, the longest phrase first."""
    pairs = [
        (f" {' '.join(words_of(alias))} ", f" ={number} ")
        for number, group in enumerate(read_claim_words()["same"][kind])
        for alias in group
    ]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


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


def _singular(word: str) -> str:
    if len(word) <= _SHORT_WORD or not word.endswith("s") or word.endswith("ss"):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]
