"""How the stand-in cuts text into words and when two words count as the same.

Approximate on purpose: the site's own stemming and vocabulary are not published.
"""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_SYNONYMS = Path(__file__).with_name("synonyms.toml")


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """Words without case and accents; hyphens and slashes split, a possessive s falls away."""
    plain = text.casefold()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return tuple(_WORD.findall(_POSSESSIVE.sub("", plain)))


@lru_cache(maxsize=65536)
def stem_of(word: str) -> str:
    """The word without its plural ending."""
    if len(word) <= 3 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    return word.removesuffix("s")


def stems_of(text: str) -> tuple[str, ...]:
    """The stems of all words of a text, in order."""
    return tuple(stem_of(word) for word in words_of(text))


@cache
def synonyms() -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """For each known phrase (as stems): the phrases that count as the same."""
    groups = tomllib.loads(_SYNONYMS.read_text(encoding="utf-8"))["groups"]
    known: dict[tuple[str, ...], tuple[tuple[str, ...], ...]] = {}
    for group in groups:
        phrases = tuple(stems_of(phrase) for phrase in group)
        for phrase in phrases:
            known[phrase] = tuple(other for other in phrases if other != phrase)
    return known


def concepts_in(stems: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The stems cut into known phrases, longest first, and single words."""
    known, cut, start = synonyms(), [], 0
    while start < len(stems):
        end = len(stems)
        while end > start + 1 and stems[start:end] not in known:
            end -= 1
        cut.append(stems[start:end])
        start = end
    return cut
