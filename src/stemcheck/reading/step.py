"""What each rule did: the trace behind a reading, and the words it quotes."""

import re
from bisect import bisect_left, bisect_right
from operator import itemgetter
from typing import Final, Literal, NamedTuple

from stemcheck.reading.passages import Passage
from stemcheck.reading.scanner import Scan

LONGEST_QUOTE_WORDS = 20
QUOTES_FOR_EACH: Final = 2
"""Quotes kept as evidence for each value."""
WORD: Final = re.compile(r"\S+")
REACH = 160
"""Characters looked at on either side of the words when a quote is widened to its clause."""
CLAUSE_SIGN: Final = re.compile(r"[;:!?\n•.]")
"""A sign that may end a clause."""
CLAUSE_BOUNDARY: Final = re.compile(CLAUSE_SIGN.pattern + r"(?:(?<!\.)|(?<!\b\w\.)(?=\s|$))")
"""Where a clause ends; the stops in "i.v." and "1.5" end nothing.

It begins with a set of characters, not with a choice, so that the search skips all others at once.
"""


class Step(NamedTuple):
    """One rule's decision about some words of the record."""

    field: str
    quote: str
    """Verbatim, at most about twenty words: the clause that carries the words."""
    rule: str
    """File and key of the vocabulary, as in ``cells.toml cell.mesenchymal.names``."""
    decision: Literal["took", "refused"]
    why: str
    claim: str
    """``product``, ``tissue``, ``donor`` or ``route``."""
    value: str


def quote_of(scan: Scan, token: int, last_token: int) -> str:
    """Quote the words of these numbers with the rest of their clause."""
    passage = scan.passage
    if _is_one_clause(passage):
        return passage.text.strip()
    return quote_around(passage, *scan.span(token, last_token))


def _is_one_clause(passage: Passage) -> bool:
    """Whether a passage is short and nothing in it ends a clause: then it is quoted whole."""
    text = passage.text
    return (
        len(text) <= REACH
        and not passage.cuts
        and CLAUSE_SIGN.search(text) is None
        and len(text.split()) <= LONGEST_QUOTE_WORDS
    )


def quote_around(passage: Passage, start: int, end: int) -> str:
    """Quote the words from start to end with the rest of their clause, cut to about twenty words.

    Never crosses the border between two other names of an intervention.
    """
    text = passage.text
    low, high = max(0, start - REACH), min(len(text), end + REACH)
    for cut in passage.cuts:
        if cut <= start:
            low = max(low, cut)
        elif cut < end:
            high = end = min(end, cut)
        else:
            high = min(high, cut)
    left = low
    for boundary in CLAUSE_BOUNDARY.finditer(text, low, start):
        left = boundary.end()
    boundary_after = CLAUSE_BOUNDARY.search(text, end, high)
    right = boundary_after.start() if boundary_after else high
    return _trimmed(text, left, start, end, right)


def _trimmed(text: str, left: int, start: int, end: int, right: int) -> str:
    """Cut what stands between left and right to the longest quote around start to end."""
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
