"""Sentences and words of a text that may be a scan, a web page or a mail: line breaks mean little."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[%$€£,;:()\u2013\u2014?!]",
)
_STOP = re.compile(
    r"""[.!?]+["'”’)]*(?=\s|$)  # the end of a sentence
    | \n[ \t\r]*\n              # an empty line
    | \n                        # a line: see _is_end
    """,
    re.VERBOSE,
)
_ITEM = re.compile(r"[ \t]*(?:[-–—*•·▪►✓✔>]|\d{1,2}[.)])[ \t]*(?=\S)")
_ABBREVIATION = re.compile(
    r"""(?: \b(?: dr|mr|mrs|ms|prof|st|no|nr|vs|e\.g|i\.e|inc|ltd|approx|u\.s|ph\.d|m\.d|a\.m|p\.m )
    | \b[A-Za-z] | ^\s*\d{1,2} )$""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_LONGEST_ABBREVIATION = 8
_SHORT_LINE = 48
"""A line this short that is followed by a capital letter stands for itself, as headings do."""

_MOST_WORDS = 120
"""A row of words without any stop is parted here, so that no text takes more than linear time."""

_LONGEST_SENTENCE = 4_000

_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00b4": "'", "`": "'", "\u02bc": "'"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, a heading or an item of a list, as a place in the text and as words."""

    start: int
    end: int
    words: tuple[str, ...]
    """Lower case; numbers, per cent and money signs and the marks that part clauses are words too."""
    places: tuple[tuple[int, int], ...]
    """Where each word stands in the text."""
    lead: tuple[str, ...] = ()
    """For an item of a list: the words that lead it in."""


def sentences_in(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a text in order."""
    folded = text.translate(_APOSTROPHES)
    found: list[Sentence] = []
    lead: tuple[str, ...] = ()
    is_item = False
    for start, end in _spans(folded):
        is_new_line = start == 0 or folded[start - 1] == "\n"
        is_item = bool(_ITEM.match(folded, start)) if is_new_line else is_item
        parts = list(_sentences(folded, start, end, lead if is_item else ()))
        found += parts
        if parts and not is_item:
            lead = parts[-1].words
    return tuple(found)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in _STOP.finditer(text):
        if _is_end(text, start, stop):
            end = stop.end()
            yield start, end
            start = end
    yield start, len(text)


def _is_end(text: str, start: int, stop: re.Match[str]) -> bool:
    mark = stop[0]
    if mark == ".":
        before = max(start, stop.start() - _LONGEST_ABBREVIATION)
        return not _ABBREVIATION.search(text[before : stop.start()])
    if mark != "\n":
        return True
    line = text[max(start, text.rfind("\n", 0, stop.start()) + 1) : stop.start()].strip()
    following = text[stop.end() : stop.end() + _SHORT_LINE].lstrip(" \t")
    is_heading = len(line) <= _SHORT_LINE and following[:1].isupper()
    return is_heading or bool(_ITEM.match(text, stop.end()))


def _sentences(text: str, start: int, end: int, lead: tuple[str, ...]) -> Iterator[Sentence]:
    """Yield the words of one span as a sentence, or as several when they are very many."""
    words = [(match[0].lower(), match.span()) for match in _WORD.finditer(text, start, end)]
    for first in range(0, len(words), _MOST_WORDS):
        part = words[first : first + _MOST_WORDS]
        left, right = part[0][1][0], part[-1][1][1]
        while right < end and not text[right].isspace() and right - left < _LONGEST_SENTENCE:
            right += 1
        while left > start and not text[left - 1].isspace() and right - left < _LONGEST_SENTENCE:
            left -= 1
        yield Sentence(
            start=left,
            end=right,
            words=tuple(word for word, _ in part),
            places=tuple(place for _, place in part),
            lead=lead,
        )
