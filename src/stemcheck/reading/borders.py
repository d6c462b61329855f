"""Where the sentences and clauses of a text begin."""

from collections.abc import Sequence
from itertools import compress
from typing import Final

from stemcheck.reading.tokens import BORDER, LINE_END, PUNCTUATION

ABBREVIATIONS: Final = frozenset(
    {"e", "g", "i", "v", "vs", "dr", "approx", "ca", "no", "fig", "st", "al"}
)
"""Words after which a full stop seldom ends a sentence."""
OPENING: Final = frozenset("([")
CLOSING: Final = frozenset(")]")
CLAUSE_ENDS: Final = frozenset(";:•")
SENTENCE_ENDS: Final = frozenset({"!", "?", BORDER})
DIVIDING: Final = frozenset(PUNCTUATION - {","})
BLANKS: Final = " \t\r"
Border = tuple[int, int, int]
"""A token that divides, and the number of the sentence and of the clause after it."""


def borders_in(text: str, words: Sequence[str]) -> list[Border]:
    """Tell where sentences and clauses begin; a bracket is a clause, then the outer one goes on.

    ``words``: the tokens of the text.
    """
    borders: list[Border] = []
    sentence = clause = clauses = 0
    stop = line = -1
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
                # every stop and every line's end is a token: they come in the same order
                if mark == ".":
                    stop = text.index(".", stop + 1)
                    if not _stop_ends_sentence(text, stop, words[number - 1] if number else ""):
                        continue
                elif mark == LINE_END:
                    line = text.index("\n", line + 1)
                    if text[line + 1 : line + 9].lstrip(BLANKS)[:1].islower():
                        continue
                sentence += 1
                outer.clear()
            clauses += 1
            clause = clauses
        borders.append((number, sentence, clause))
    return borders


def _stop_ends_sentence(text: str, stop: int, previous: str) -> bool:
    """Whether the full stop at this place, after this word, ends a sentence."""
    if previous.lower() in ABBREVIATIONS:
        return False
    rest = text[stop + 1 : stop + 9]
    following = rest.lstrip(BLANKS)
    if not following:
        return True
    if rest[0].isspace():
        return not following[0].islower()
    # "given.The next": no blank after the stop, yet a new sentence; unlike "Allo.MSC"
    return following[0].isupper() and following[1:2].islower() and previous[-1:].islower()
