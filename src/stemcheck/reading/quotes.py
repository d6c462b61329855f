"""The steps behind a reading: what each rule took or refused, with a quote."""

import re
from bisect import bisect_left, bisect_right
from operator import itemgetter
from typing import Final, Literal, NamedTuple

from stemcheck.reading.passages import Passage, plain
from stemcheck.reading.scan import Mark

LONGEST_QUOTE_WORDS: Final = 20
QUOTES_FOR_EACH: Final = 2
"""How many quotes are kept as evidence for each value."""
WORD: Final = re.compile(r"\S+")
REACH: Final = 160
"""How many characters on either side are searched for the borders of the clause."""
CLAUSE_END: Final = re.compile(r"[;:!?\n•.](?:(?<!\.)|(?<!\b\w\.)(?=\s|$))")
"""The end of a clause; the full stops in "i.v." and "1.5" do not count."""


class Step(NamedTuple):
    """The decision of one rule about some words of the record."""

    field: str
    quote: str
    """Verbatim, at most about twenty words: the clause that contains the words."""
    rule: str
    """The id of the rule, as in ``cells.toml cell.mesenchymal.names``."""
    decision: Literal["took", "refused"]
    why: str
    """A key of [why] in words/<language>/reading.toml."""
    claim: str
    """``product``, ``tissue``, ``donor`` or ``route``."""
    value: str


def quote_of(mark: Mark, other: Mark | None = None) -> str:
    """Quote a mark, and another one in its sentence, with the rest of their clause."""
    first, last = mark.first, mark.last
    if other is not None and other.sentence is mark.sentence:
        first, last = min(first, other.first), max(last, other.last)
    return quote_around(mark.sentence.passage, *mark.sentence.span(first, last))


def quote_around(passage: Passage, start: int, end: int) -> str:
    """Quote the words from start to end with the rest of their clause, cut to about twenty words.

    A quote never crosses the border between two other names of an intervention.
    """
    text = passage.verbatim
    low, high = max(0, start - REACH), min(len(text), end + REACH)
    number = bisect_right(passage.cuts, start)
    if number:
        low = max(low, passage.cuts[number - 1])
    if number < len(passage.cuts):
        high = min(high, passage.cuts[number])
        end = min(end, high)
    left, right = low, high
    for boundary in CLAUSE_END.finditer(plain(text[low:start])):
        left = low + boundary.end()
    boundary_after = CLAUSE_END.search(plain(text[end:high]))
    if boundary_after is not None:
        right = end + boundary_after.start()
    return _trimmed(text, left, start, end, right)


def _trimmed(text: str, left: int, start: int, end: int, right: int) -> str:
    """Return the longest allowed quote between left and right that contains start to end."""
    clause = text[left:right]
    if 0 < len(clause.split()) <= LONGEST_QUOTE_WORDS:
        return clause.strip()
    words = [match.span() for match in WORD.finditer(text, left, right)]
    first = bisect_right(words, start, key=itemgetter(1))
    last = max(first + 1, bisect_left(words, end, key=itemgetter(0)))
    room = max(0, LONGEST_QUOTE_WORDS - (last - first))
    behind = min(len(words) - last, max(room // 2, room - first))
    kept = words[max(0, first - (room - behind)) : min(last, first + LONGEST_QUOTE_WORDS) + behind]
    return text[kept[0][0] : kept[-1][1]] if kept else text[start:end]
