"""Which language a text is in, by its most common small words.

Running text is made of a third of such words. A list of names or prices has few of any language, so that
their lack
alone says something only of a long row of words.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from stemcheck.guidance.texts import read_texts

READ = ("en", "es", "de")
"""Languages in which claims are looked for."""
OTHER = "other"
_WORD = re.compile(r"[^\W\d_]{2,}(?:'[^\W\d_]+)*")
_MOST_NAMES = 40
"""Words of a text without any small word that can still be a list of names or prices."""
_LEAST_SHARE = 0.08
"""Share of small words below which a text is in no language that is known here."""
_LAST_LATIN = "\u024f"


def language_of(text: str) -> str:
    """Return ``en``, ``es``, ``de`` or ``other`` for a folded text; short ones are taken as English."""
    letters = sum(char.isalpha() for char in text)
    unlike = sum(char > _LAST_LATIN and char.isalpha() for char in text)
    if letters and unlike * 3 > letters:
        return OTHER
    return _language_of_words([word.lower() for word in _WORD.findall(text)])


def languages_of(blocks: Iterable[Sequence[str]], whole: str) -> list[str]:
    """Return the language of each block of words: its own where that is clear, else that of the whole."""
    return [_block_language(words, whole) for words in blocks]


def _block_language(words: Sequence[str], whole: str) -> str:
    counts = _counts(words)
    best = max(counts, key=lambda name: counts[name])
    is_clear = counts[best] >= 4 and counts[best] >= 2 * counts.get(whole, 0)  # noqa: PLR2004
    return best if is_clear else whole


def _language_of_words(words: Sequence[str]) -> str:
    counts = _counts(words)
    best = max(counts, key=lambda name: counts[name])
    if counts[best] and counts[best] / len(words) >= _LEAST_SHARE:
        return best
    return OTHER if len(words) > _MOST_NAMES else "en"


def _counts(words: Sequence[str]) -> dict[str, int]:
    tables = _small_words()
    return {name: sum(word in table for word in words) for name, table in tables.items()}


@cache
def _small_words() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in read_texts("languages").items()}
