"""Where the sentences and clauses of a text begin."""

from collections.abc import Sequence
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
STOPS: Final = frozenset({".", LINE_END})
"""Tokens that end a sentence or not, as what stands around them says."""
DIVIDING: Final = frozenset(PUNCTUATION - {","})
"""Tokens that may end a sentence or a clause."""
BLANKS: Final = " \t\r"


class Borders:
    """Counts the sentences and clauses of a text while it is passed through.

    A bracket is a clause of its own; after it, the outer clause goes on.
    """

    __slots__ = ("_clauses", "_line", "_outer", "_stop", "_text", "_tokens", "clause", "sentence")

    def __init__(self, text: str, tokens: Sequence[str]) -> None:
        """``tokens``: those of the text."""
        self._text = text
        self._tokens = tokens
        self._outer: list[int] = []
        self._clauses = 0
        self._stop = self._line = -1
        self.sentence = 0
        """Number of the sentence that goes on after the last token crossed."""
        self.clause = 0
        """Number of its clause."""

    def cross(self, number: int) -> None:
        """Go past a dividing token; to be called for each in turn."""
        mark = self._tokens[number]
        if mark in SENTENCE_ENDS or (mark in STOPS and self._ends_sentence(mark, number)):
            self.sentence += 1
            self._outer.clear()
        elif mark in OPENING:
            self._outer.append(self.clause)
        elif mark in CLOSING and self._outer:
            self.clause = self._outer.pop()
            return
        elif mark not in CLAUSE_ENDS:
            return
        self._clauses = self.clause = self._clauses + 1

    def _ends_sentence(self, mark: str, number: int) -> bool:
        # every stop and every line's end is a token: they come in the same order
        text = self._text
        if mark == LINE_END:
            line = self._line = text.index("\n", self._line + 1)
            return not text[line + 1 : line + 9].lstrip(BLANKS)[:1].islower()
        stop = self._stop = text.index(".", self._stop + 1)
        previous = self._tokens[number - 1] if number else ""
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
