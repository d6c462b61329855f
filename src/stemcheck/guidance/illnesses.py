"""Illnesses under all their names: everyday words, short forms, English and Spanish (``illnesses.toml``).

The registry knows the names of an illness by itself. Saved data and files do not, and neither does a claim
that is held against a record: they look for the names that stand here.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from stemcheck.tables import read_table
from stemcheck.trial.trial import Trial

_SHORT_WORD = 3
_LONGEST_SHORT_FORM = 4
_WRITTEN_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_FILLING = frozenset(
    ("a", "an", "the", "of", "in", "with", "after", "and", "from", "de", "del", "la", "el", "por")
)
"""Words around a name that need not stand in a record."""


class Illness(NamedTuple):
    """One illness."""

    names: tuple[str, ...]
    typed: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()


class Wanted(NamedTuple):
    """One way of naming what is looked for: all its words, and those that must stand side by side."""

    shown: str
    """As it is told to a person."""
    words: tuple[str, ...]
    is_typed: bool
    """It is what the person typed, and not a name from the table."""


@cache
def illnesses() -> tuple[Illness, ...]:
    """Return every illness of the table."""
    return tuple(
        Illness(*(tuple(row.get(column, ())) for column in Illness._fields))
        for row in _table()["illness"]
    )


def wanted_for(text: str) -> tuple[Wanted, ...]:
    """Return the ways in which records may name what a person typed.

    A name of the table is understood within more words, too: "severe heart attack" is looked for as "severe
    myocardial infarction". What only people type ("AD", "infarto") is not looked for itself.
    """
    typed = words_of(text)
    as_typed = Wanted(" ".join(text.split()), typed, is_typed=True)
    place = _longest_name_in(typed)
    if place is None:
        return (as_typed,)
    start, end = place
    name = typed[start:end]
    rest = tuple(word for word in (*typed[:start], *typed[end:]) if word not in _FILLING)
    found: dict[tuple[str, ...], Wanted] = {}
    if any(name in map(words_of, illness.names) for illness in _by_name()[name]):
        found[typed] = as_typed
    for illness in _by_name()[name]:
        for other in (*illness.names, *illness.narrower):
            words = (*words_of(other), *rest)
            found.setdefault(words, Wanted(" ".join((other, *rest)), words, is_typed=False))
    return tuple(found.values())


def english_for(text: str) -> str | None:
    """Return what records call an illness that only people name so ("ictus"); None where that is not sure.

    It is the registry that knows other names in English, and it is asked with the words as typed.
    """
    found = _by_name().get(words_of(text), ())
    if len(found) != 1 or words_of(text) in map(words_of, found[0].names):
        return None
    return found[0].names[0]


def is_known(text: str) -> bool:
    """Return whether a text holds a name of the table."""
    return _longest_name_in(words_of(text)) is not None


def names_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the names of illnesses stand in a text, the longest where several overlap.

    A short form ("MS") counts in capital letters only.
    """
    written = list(_WRITTEN_WORD.finditer(text))
    evened = [words_of(word[0]) for word in written]
    longest = max(map(len, _by_name()))
    start = 0
    while start < len(written):
        for end in range(min(start + longest, len(written)), start, -1):
            first, last = written[start].start(), written[end - 1].end()
            name = tuple(part for parts in evened[start:end] for part in parts)
            is_short = last - first <= _LONGEST_SHORT_FORM
            if name in _by_name() and (not is_short or text[first:last].isupper()):
                yield first, last
                start = end
                break
        else:
            start += 1


def texts_on_illness(trial: Trial, terms: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the texts that can name a trial's illness, evened out; ``terms`` are the registry's own."""
    titles = (trial.brief_title, trial.official_title, trial.acronym)
    texts = (*trial.conditions, *trial.keywords, *titles, *terms)
    return tuple(dict.fromkeys(" ".join(words_of(text)) for text in texts if text))


def is_named(wanted: Iterable[Wanted], texts: Sequence[str]) -> bool:
    """Return whether the `texts_on_illness` of a trial name any of what is wanted.

    The words that were typed may stand in several texts, and a longer one may begin a word there; a name
    of the table stands in one text as a whole.
    """
    parted = [frozenset(text.split()) for text in texts]
    every = frozenset().union(*parted)
    return any(
        _is_typed_there(one.words, every)
        if one.is_typed
        else every.issuperset(one.words) and any(text.issuperset(one.words) for text in parted)
        for one in wanted
    )


def _is_typed_there(wanted: tuple[str, ...], present: frozenset[str]) -> bool:
    return bool(wanted) and all(
        word in present
        or (len(word) > _SHORT_WORD and any(other.startswith(word) for other in present))
        for word in wanted
    )


def _longest_name_in(typed: tuple[str, ...]) -> tuple[int, int] | None:
    """Return where the longest name of the table stands in some words: its start and its end."""
    names = _by_name()
    places = (
        (start, end)
        for start in range(len(typed))
        for end in range(start + 1, len(typed) + 1)
        if typed[start:end] in names
    )
    return max(places, key=lambda place: place[1] - place[0], default=None)


@cache
def _by_name() -> dict[tuple[str, ...], tuple[Illness, ...]]:
    found: dict[tuple[str, ...], tuple[Illness, ...]] = {}
    for illness in illnesses():
        for name in (*illness.names, *illness.typed):
            words = words_of(name)
            found[words] = (*found.get(words, ()), illness)
    return found


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, evened out: case, accents, possessives, plurals, spellings."""
    return tuple(_evened_out(text))


def _evened_out(text: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = re.sub(r"'s\b|(?<=s)'", "", plain).replace("ae", "e").replace("oe", "e")
    plain = re.sub(r"\bnon[\s-]+(?=\w)", "non", plain).replace("our", "or")
    same = _same_words()
    for word in re.findall(r"[^\W\d_]+|\d+", plain):
        singular = singular_of(word)
        yield same.get(singular, singular)


def singular_of(word: str) -> str:
    """Return a word without the ending of its plural."""
    if len(word) <= _SHORT_WORD or not word.endswith("s") or word.endswith("ss"):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


@cache
def _same_words() -> dict[str, str]:
    pairs: dict[str, str] = _table()["same_word"]
    return {singular_of(word): singular_of(other) for word, other in pairs.items()}


@cache
def _table() -> dict[str, Any]:
    return read_table(Path(__file__).with_name("illnesses.toml"))
