"""Words of a record on who pays: phrases kept in ``signals.toml``, each judged within its sentence."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from stemcheck.guidance.folding import Folded
from stemcheck.guidance.patterns import BARRIERS, Match, Patterns
from stemcheck.guidance.quotes import Clause, shortened
from stemcheck.guidance.sentences import Sentence, sentences_in
from stemcheck.guidance.texts import read_texts
from stemcheck.trial.text import RecordText

_LONGEST_QUOTE = 160
"""Characters: a clause, about twenty-five words."""
_STOP = re.compile(r"[.!?] |\n\n")
_CLAUSE_ENDS = (BARRIERS | {"and"}) - {"(", ")"}
_REACH = 6
"""Words before a phrase among which a denial of it can stand, and after it."""


class Phrase(NamedTuple):
    """A phrase that a record holds: where it stands, and the clause around it, verbatim."""

    field: str
    clause: str


class _Kind(NamedTuple):
    phrases: Patterns
    not_with: Patterns
    """Words anywhere in the sentence that make it another matter."""


@cache
def phrase_kinds() -> tuple[str, ...]:
    """Return the ids of the signals that stand when a record holds one of their phrases."""
    return tuple(_tables()["kinds"])


def find_phrases(text: RecordText) -> dict[str, Phrase]:
    """Return the first phrase of each kind that a record holds and does not deny; others are left out."""
    found: dict[str, Phrase] = {}
    for field, passage in _passages(text):
        for folded in map(Folded, _telling_parts(passage)):
            for sentence in sentences_in(folded):
                for kind, table in _kinds().items():
                    if kind not in found and (match := _told(sentence, table)):
                        found[kind] = Phrase(field, _clause(folded, sentence, match))
    return found


def _telling_parts(passage: str) -> Iterator[str]:
    """Yield the parts of a passage, about a sentence each, in which a phrase can stand at all."""
    if not _has_core(passage):
        return
    start = 0
    for end in (*(stop.start() + 1 for stop in _STOP.finditer(passage)), len(passage)):
        part = passage[start:end]
        if _has_core(part) and _first_look().search(part.replace("\u00ad", "-")):
            yield part
        start = end


def _has_core(text: str) -> bool:
    letters = text.casefold().replace("-", "").replace("\u00ad", "")
    return any(core in letters for core in _tables()["cores"])


def _told(sentence: Sentence, kind: _Kind) -> Match | None:
    """Return the first phrase of a sentence that nothing in it turns round."""
    if kind.not_with.is_in(sentence):
        return None
    for match in kind.phrases.matches_in(sentence):
        if not _is_denied(sentence, match):
            return match
    return None


def _is_denied(sentence: Sentence, match: Match) -> bool:
    """Whether a "not" stands in the clause of a phrase, before it, in it or closely after it."""
    words = sentence.words
    start = match.first
    while start > max(0, match.first - _REACH) and words[start - 1] not in _CLAUSE_ENDS:
        start -= 1
    end = match.last + 1
    while end < min(len(words), match.last + 1 + _REACH) and words[end] not in _CLAUSE_ENDS:
        end += 1
    return _denials().is_in(sentence, start, match.last + 1) or _denials_after().is_in(
        sentence, match.last + 1, end
    )


def _clause(folded: Folded, sentence: Sentence, match: Match) -> str:
    """Return the sentence around a phrase, verbatim."""
    first, last = sentence.places[match.first], sentence.places[match.last]
    clause = Clause(sentence.start, sentence.end, first, min(sentence.end, last + _REACH))
    start, end = shortened(folded.text, clause, _LONGEST_QUOTE)
    return folded.quote(start, end).strip()


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
def _tables() -> dict[str, Any]:
    tables: dict[str, Any] = read_texts("signals")["phrases"]
    return tables


@cache
def _kinds() -> dict[str, _Kind]:
    return {
        kind: _Kind(Patterns(row["words"], _tables()["lists"]), Patterns(row["not_with"], {}))
        for kind, row in _tables()["kinds"].items()
    }


@cache
def _first_look() -> re.Pattern[str]:
    """Return a search for the beginnings of words without which no phrase stands: most records have none."""
    return re.compile("|".join(_tables()["first_look"]), re.IGNORECASE)


@cache
def _denials() -> Patterns:
    return Patterns(_tables()["denials"], {})


@cache
def _denials_after() -> Patterns:
    return Patterns(_tables()["denials_after"], {})
