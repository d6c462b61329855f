"""Where the sentences and clauses of a text begin."""

from collections.abc import Sequence
from itertools import compress
from typing import Final

from stemcheck.reading.lexicon import PUNCTUATION

ABBREVIATIONS: Final = frozenset(
    {"e", "g", "i", "v", "vs", "dr", "approx", "ca", "no", "fig", "st", "al"}
)
"""Words after which a full stop seldom ends a sentence."""
OPENING: Final = frozenset("([")
CLOSING: Final = frozenset(")]")
CLAUSE_ENDS: Final = frozenset(";:•")
SENTENCE_ENDS: Final = frozenset("!?\0")
DIVIDING: Final = frozenset(PUNCTUATION - {","})
Border = tuple[int, int, int]
"""A token that divides, and the number of the sentence and of the clause after it."""


def borders_in(text: str, words: Sequence[str], ends: Sequence[int]) -> list[Border]:
    """Tell where sentences and clauses begin; a bracket is a clause, then the outer one goes on."""
    borders: list[Border] = []
    sentence = clause = clauses = 0
    outer: list[int] = []
    for number in compress(range(len(words)), map(DIVIDING.__contains__, words)):
        mark = words[number]
        if mark in CLOSING:
            if not outer:
                continue
            clause = outer.pop()
        else:
            if mark in OPENING:
                outer.append(clause)
            elif mark not in CLAUSE_ENDS:
                if mark not in SENTENCE_ENDS and not _ends_sentence(text, words, ends, number):
                    continue
                sentence += 1
                outer.clear()
            clauses += 1
            clause = clauses
        borders.append((number, sentence, clause))
    return borders


def _ends_sentence(text: str, words: Sequence[str], ends: Sequence[int], number: int) -> bool:
    """Whether a full stop or the end of a line, the token of this number, ends a sentence."""
    end = ends[number]
    rest = text[end : end + 8]
    following = rest.lstrip(" \t\r")
    if words[number] == "\n":
        return not following[:1].islower()
    previous = words[number - 1] if number else ""
    if previous.lower() in ABBREVIATIONS:
        return False
    if not following:
        return True
    if rest[0].isspace():
        return not following[0].islower()
    # "given.The next": no blank after the stop, yet a new sentence; unlike "Allo.MSC"
    return following[0].isupper() and following[1:2].islower() and previous[-1:].islower()
