"""Words of a record on who pays: plain searches for phrases kept in ``signals.toml``."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import NamedTuple

from stemcheck.guidance.quotes import Clause, shortened
from stemcheck.guidance.texts import read_texts
from stemcheck.trial.text import RecordText

_BREAKS = (". ", "\n", "; ", "! ", "? ", "• ", "* ")
_LONGEST_QUOTE = 160
"""Characters: a clause, about twenty-five words."""
_DENIAL_REACH = 24
"""How many characters before a phrase a "not" can stand to turn it round."""
_KELVIN = "\u212a"
"""The only character outside ASCII that is one letter of ASCII when lowered: a "k"."""
_Search = tuple[Callable[[bytes], Iterator[re.Match[bytes]]], dict[bytes, list[bytes]]]
"""What finds some words, and for each of them the phrases that hold it."""


class Phrase(NamedTuple):
    """A phrase that a record holds: where it stands, and the clause around it, verbatim."""

    field: str
    clause: str


@cache
def phrase_kinds() -> tuple[str, ...]:
    """Return the ids of the signals that stand when a record holds one of their phrases."""
    return tuple(_tables())


def find_phrases(text: RecordText) -> dict[str, Phrase]:
    """Return the first phrase of each kind that a record holds; a kind without one is left out."""
    passages = tuple(_passages(text))
    held = _phrases_in(_plain_bytes("\n".join([words for _, words in passages])))
    if not held:
        return {}
    tables = {
        kind: [phrase for phrase in _phrases(kind) if phrase.encode() in held]
        for kind in phrase_kinds()
    }
    found = {kind: _first_phrase(passages, phrases) for kind, phrases in tables.items()}
    return {kind: phrase for kind, phrase in found.items() if phrase is not None}


def _plain_bytes(text: str) -> bytes:
    """Return a text for a first look: lowered as bytes, an eighth of the cost of lowering letters."""
    return text.replace(_KELVIN, "k").encode("utf-8", "surrogatepass").lower()


def _phrases_in(whole: bytes) -> set[bytes]:
    """Return the phrases, of any kind, that stand anywhere in a record."""
    held: set[bytes] = set()
    for find_words, phrases in _searches():
        for word in find_words(whole):
            near = whole[max(0, word.start() - _longest_phrase()) : word.end() + _longest_phrase()]
            held.update(phrase for phrase in phrases[word[0]] if phrase in near)
    return held


def _first_phrase(passages: Iterable[tuple[str, str]], phrases: Iterable[str]) -> Phrase | None:
    for field, words in passages:
        folded = words.lower()
        if len(folded) != len(words):  # a few letters change length when lowered; keep the places
            folded = words
        for phrase in phrases:
            start = folded.find(phrase)
            if start >= 0 and not _is_denied(folded, start):
                return Phrase(field, _clause(words, start, start + len(phrase)))
    return None


def _passages(text: RecordText) -> Iterator[tuple[str, str]]:
    yield "briefTitle", text.brief_title
    yield "officialTitle", text.official_title
    yield "briefSummary", text.brief_summary
    yield "detailedDescription", text.detailed_description
    yield "eligibilityCriteria", text.eligibility_criteria
    for place, item in enumerate(text.interventions):
        yield f"interventions[{place}].description", item.description
    for place, arm in enumerate(text.arms):
        yield f"armGroups[{place}].description", arm.description


def _tables() -> dict[str, dict[str, list[str]]]:
    tables: dict[str, dict[str, list[str]]] = read_texts("signals")["phrases"]
    return tables


@cache
def _phrases(kind: str) -> tuple[str, ...]:
    return tuple(phrase for phrases in _tables()[kind].values() for phrase in phrases)


@cache
def _longest_phrase() -> int:
    return max(len(phrase) for kind in phrase_kinds() for phrase in _phrases(kind))


@cache
def _searches() -> tuple[_Search, ...]:
    """Return a search for the words of phrases, with these, for all words with the same first letter.

    Python runs from one such letter to the next and looks closer there: four words for the price of one.
    """
    table = sorted(row for rows in _tables().values() for row in rows.items())
    groups = [dict(group) for _, group in groupby(table, key=lambda row: row[0][0])]
    return tuple(_search_for(group) for group in groups)


def _search_for(group: dict[str, list[str]]) -> _Search:
    words = {
        word.encode(): [phrase.encode() for phrase in phrases] for word, phrases in group.items()
    }
    return re.compile(b"|".join(map(re.escape, words))).finditer, words


@cache
def _denials() -> tuple[str, ...]:
    return tuple(read_texts("signals")["phrase_denials"]["words"])


def _is_denied(folded: str, start: int) -> bool:
    before = folded[max(0, start - _DENIAL_REACH) : start]
    return any(word in before for word in _denials())


def _clause(words: str, start: int, end: int) -> str:
    """Return the clause around a phrase, verbatim."""
    marks = [(words.rfind(mark, 0, start), mark) for mark in _BREAKS]
    left = max((place + len(mark) for place, mark in marks if place >= 0), default=0)
    ends = [place for mark in _BREAKS if (place := words.find(mark, end)) >= 0]
    right = min(ends, default=len(words))
    return words[slice(*shortened(words, Clause(left, right, start, end), _LONGEST_QUOTE))].strip()
