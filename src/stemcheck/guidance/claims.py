"""Claims in a clinic's text that deserve a question, each with the text's own words.

Nothing here judges a clinic. A sentence that denies a claim ("is not FDA approved", "no cure"), doubts it,
warns of it or asks about it is not that claim.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from stemcheck.guidance.condition_lists import condition_lists_in
from stemcheck.guidance.denials import is_turned, said_words
from stemcheck.guidance.phrases import PhraseBook
from stemcheck.guidance.quotes import Clause, shortened
from stemcheck.guidance.sentences import Sentence, sentences_in
from stemcheck.guidance.texts import read_texts

_LONGEST_QUOTE = 280
"""Characters: a long sentence is cut around the words that count."""
_SPEECH = re.compile(r"[\"“„«][^\"“”„«»]{15,600}[\"”“»]")
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]y|[Mm]e)\b")
_ASKING = re.compile(r"\b(?:ask|say|asked)\W*$", re.IGNORECASE)


class Claim(NamedTuple):
    """One claim of a text: its kind, its own words, and what a reader should know of such claims."""

    kind: str
    quote: str
    note: str
    source: str
    start: int
    """Where the quote begins in the text, in characters."""


@dataclass(frozen=True, slots=True)
class _Kind:
    id: str
    note: str
    source: str
    phrases: PhraseBook
    not_with: PhraseBook
    is_doubtful: bool = True
    groups: tuple[PhraseBook, ...] = field(default=())
    """Found in this order, over a sentence and the next one, they are the claim too."""


def claims_in(text: str) -> tuple[Claim, ...]:
    """Return the claims of a text by place, each kind at most once a sentence."""
    sentences = sentences_in(text)
    found: dict[tuple[str, int], Claim] = {}
    for number, sentence in enumerate(sentences):
        following = sentences[number + 1] if number + 1 < len(sentences) else None
        words = said_words(sentence.words, following.words if following else ())
        for kind in _kinds():
            clause = _clause_in(kind, sentence, words) or _grouped_clause(kind, sentence, following)
            if clause:
                claim = _claim(kind, text, clause)
                found.setdefault((kind.id, claim.start), claim)
    for claim in _claims_by_shape(text, sentences):
        if not any(_overlaps(claim, other) for other in found.values()):
            found[claim.kind, claim.start] = claim
    return tuple(sorted(found.values(), key=lambda claim: (claim.start, claim.kind)))


def _clause_in(kind: _Kind, sentence: Sentence, words: Sequence[str]) -> Clause | None:
    """Return the sentence and in it the first phrase that nothing turns."""
    match = _first_claim(kind, kind.phrases, words, sentence.lead)
    if match is None or kind.not_with.is_in(words):
        return None
    first, last = sentence.places[match[0]], sentence.places[match[-1]]
    return Clause(sentence.start, sentence.end, first[0], last[1])


def _grouped_clause(kind: _Kind, sentence: Sentence, following: Sentence | None) -> Clause | None:
    """Return a sentence, or it and the next, in which all groups of a kind are found."""
    if not kind.groups or not kind.groups[0].is_in(sentence.words):
        return None
    pair = [sentence] if following is None else [sentence, following]
    for count in range(1, len(pair) + 1):
        words = tuple(word for part in pair[:count] for word in (*part.words, ";"))
        books = kind.groups[1:]
        if not kind.not_with.is_in(words) and all(
            _first_claim(kind, book, words, sentence.lead) for book in books
        ):
            return Clause(sentence.start, pair[count - 1].end, sentence.start, sentence.end)
    return None


def _first_claim(
    kind: _Kind, book: PhraseBook, words: Sequence[str], lead: Sequence[str]
) -> tuple[int, ...] | None:
    for match in book.matches_in(words):
        if not is_turned(words, match, lead=lead, is_doubtful=kind.is_doubtful):
            return match
    return None


def _claims_by_shape(text: str, sentences: Sequence[Sentence]) -> Iterator[Claim]:
    """Yield the claims that show in how a text is laid out: lists of conditions, people's own words."""
    kinds = {kind.id: kind for kind in _kinds()}
    for start, end in condition_lists_in(text, sentences):
        yield _claim(kinds["many_conditions"], text, Clause(start, end, start, start))
    for match in _SPEECH.finditer(text):
        is_story = _FIRST_PERSON.search(match[0]) and "?" not in match[0]
        if is_story and not _ASKING.search(text, max(0, match.start() - 30), match.start()):
            start, end = match.span()
            yield _claim(kinds["testimonial"], text, Clause(start, end, start, start))


def _overlaps(claim: Claim, other: Claim) -> bool:
    return (
        claim.kind == other.kind
        and claim.start < other.start + len(other.quote)
        and other.start < claim.start + len(claim.quote)
    )


def _claim(kind: _Kind, text: str, clause: Clause) -> Claim:
    start, end = shortened(text, clause, _LONGEST_QUOTE)
    return Claim(kind.id, text[start:end], kind.note, kind.source, start)


@cache
def _kinds() -> tuple[_Kind, ...]:
    texts = read_texts("claims")
    return tuple(_kind(row, texts["sources"][row["source"]]) for row in texts["kind"])


def _kind(row: dict[str, Any], source: str) -> _Kind:
    return _Kind(
        id=row["id"],
        note=row["note"],
        source=source,
        phrases=PhraseBook(row["phrases"], read_texts("claims")["lists"]),
        not_with=PhraseBook(row.get("not_with", ())),
        is_doubtful=row.get("doubtful", True),
        groups=tuple(
            PhraseBook(group, read_texts("claims")["lists"]) for group in row.get("groups", ())
        ),
    )
