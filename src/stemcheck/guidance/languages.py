"""Whether a text, or a part of it, is in another language than English: by its most common small words.

English running text is made of a third of such words. A list of names or prices has few of any language,
so that their lack alone says something only of a long row of words.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from stemcheck.guidance.texts import read_texts

_WORD = re.compile(r"(?<![.@])\b[^\W\d_]{2,}(?:'[^\W\d_]+)*")
"""Single letters say nothing, flyers have headings in spaced letters; nor does the end of an address."""
_PART = 60
"""Words that are looked at together: a leaflet can hold one paragraph for those who read no English."""
_FEWEST = 8
_MOST_ENGLISH = 0.10
_FEWEST_STRANGE, _LEAST_STRANGE = 3, 0.15
_LONG, _HARDLY_ANY = 40, 0.03
_LAST_LATIN = "\u024f"
_FEWEST_UNLIKE = 30
"""Letters of another script: more than the Greek ones of formulas."""


def is_in_other_language(text: str) -> bool:
    """Whether some sixty words on end, or all of a shorter text, do not look like English."""
    plain = unicodedata.normalize("NFKC", text).replace("\u2019", "'")
    return _has_other_script(plain) or any(_is_other(words) for words in _parts(plain))


def _has_other_script(plain: str) -> bool:
    letters = sum(char.isalpha() for char in plain)
    unlike = sum(char > _LAST_LATIN and char.isalpha() for char in plain)
    return unlike >= _FEWEST_UNLIKE or unlike * 3 > letters


def _is_other(words: list[str]) -> bool:
    english = sum(word.lower() in _small_words("english") for word in words) / max(1, len(words))
    if len(words) < _FEWEST or english > _MOST_ENGLISH:
        return False
    strange = sum(word.lower() in _small_words("other") or _has_accent(word) for word in words)
    is_strange = strange >= _FEWEST_STRANGE and strange / len(words) > _LEAST_STRANGE
    return is_strange or (len(words) >= _LONG and english < _HARDLY_ANY)


def _has_accent(word: str) -> bool:
    """Whether a word has letters that English lacks; a capital may begin a person's or a street's name."""
    return not word.isascii() and word.islower()


def _parts(plain: str) -> Iterator[list[str]]:
    """Yield the words in rows of sixty; the rest goes with the last row: it is often an address."""
    words = _WORD.findall(plain)
    last = max(0, (len(words) // _PART - 1) * _PART)
    yield from (words[start : start + _PART] for start in range(0, last, _PART))
    yield words[last:]


@cache
def _small_words(language: str) -> frozenset[str]:
    return frozenset(read_texts("languages")[language])
