"""Words of a record on who pays: plain searches for phrases kept in ``signals.toml``."""

from collections.abc import Iterator
from functools import cache, lru_cache

from stemcheck.guidance.quotes import Clause, shortened
from stemcheck.guidance.texts import read_texts
from stemcheck.trial.text import RecordText

_BREAKS = (". ", "\n", "; ", "! ", "? ", "• ", "* ")
_LONGEST_QUOTE = 160
"""Characters: a clause, about twenty-five words."""
_DENIAL_REACH = 24
"""How many characters before a phrase a "not" can stand to turn it round."""


def find_phrase(kind: str, text: RecordText) -> tuple[str, str] | None:
    """Return field and verbatim clause of the first phrase of a kind; None when there is none."""
    whole = _folded(text)
    likely = [phrase for word, phrases in _phrases(kind) if word in whole for phrase in phrases]
    if not any(phrase in whole for phrase in likely):
        return None
    for field, words in _passages(text):
        folded = words.lower()
        if len(folded) != len(words):  # a few letters change length when lowered; keep the places
            folded = words
        for phrase in likely:
            start = folded.find(phrase)
            if start >= 0 and not _is_denied(folded, start):
                return field, _clause(words, start, start + len(phrase))
    return None


@lru_cache(maxsize=2)
def _folded(text: RecordText) -> str:
    return "\n".join(words for _, words in _passages(text)).lower()


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


@cache
def _phrases(kind: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    table: dict[str, list[str]] = read_texts("signals")["phrases"][kind]
    return tuple((word, tuple(phrases)) for word, phrases in table.items())


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
