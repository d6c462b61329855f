"""What each rule did: the trace behind a reading, and the words it quotes."""

from typing import Literal, NamedTuple

from stemcheck.reading.passages import Passage

LONGEST_QUOTE_WORDS = 20
REACH = 160
"""Characters looked at on either side of the words when a quote is widened to its clause."""
CLAUSE_BOUNDARY = frozenset(".;:!?\n•")


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


def quote_around(passage: Passage, start: int, end: int) -> str:
    """Quote the words from start to end with the rest of their clause, cut to about twenty words.

    Never crosses the border between two other names of an intervention.
    """
    text = passage.text
    low = max([0, start - REACH, *(cut for cut in passage.cuts if cut <= start)])
    high = min([len(text), end + REACH, *(cut for cut in passage.cuts if cut >= end)])
    crossing = [cut for cut in passage.cuts if start < cut < end]
    if crossing:
        low, high, end = max(low, 0), crossing[0], min(end, crossing[0])
    left = start
    while left > low and not _is_boundary(text, left - 1):
        left -= 1
    right = end
    while right < high and not _is_boundary(text, right):
        right += 1
    return _trimmed(text, left, start, end, right)


def _is_boundary(text: str, place: int) -> bool:
    if text[place] not in CLAUSE_BOUNDARY:
        return False
    if text[place] in "\n•":
        return True
    # the stops in "i.v." and "1.5" end nothing
    if place > 1 and text[place - 1].isalpha() and not text[place - 2].isalnum():
        return False
    return place + 1 >= len(text) or text[place + 1].isspace()


def _trimmed(text: str, left: int, start: int, end: int, right: int) -> str:
    kept = text[start:end].split()
    if len(kept) >= LONGEST_QUOTE_WORDS:
        return _first_words(text, start, end)
    before, after = text[left:start], text[end:right]
    room = LONGEST_QUOTE_WORDS - len(kept)
    behind = min(len(after.split()), max(room // 2, room - len(before.split())))
    ahead = room - behind
    begin = start - len(_last_words(before, ahead))
    finish = end + len(_leading_words(after, behind))
    return text[begin:finish].strip()


def _first_words(text: str, start: int, end: int) -> str:
    return _leading_words(text[start:end], LONGEST_QUOTE_WORDS).strip()


def _leading_words(text: str, count: int) -> str:
    place = 0
    for _ in range(count):
        while place < len(text) and text[place].isspace():
            place += 1
        while place < len(text) and not text[place].isspace():
            place += 1
    return text[:place]


def _last_words(text: str, count: int) -> str:
    place = len(text)
    for _ in range(count):
        while place > 0 and text[place - 1].isspace():
            place -= 1
        while place > 0 and not text[place - 1].isspace():
            place -= 1
    return text[place:] if count else ""
