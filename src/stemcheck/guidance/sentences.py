"""Sentences and words of a text that may be a scan, a web page or a mail: line breaks mean little."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[%$€£,;:()\u2013\u2014?!]")
_STOP = re.compile(
    r"[.!?]+[\"'”’)]*(?=\s|$)"  # the end of a sentence
    r"|\n[ \t\r]*\n"  # an empty line
    r"|\n(?=[ \t]*(?:[-–—*•·▪►✓✔>]|\d{1,2}[.)])[ \t]*\S)"  # the next line is an item of a list
    r"|\n"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|prof|st|no|nr|vs|e\.g|i\.e|inc|ltd|approx|u\.s|ph\.d|m\.d|a\.m|p\.m)|\b[A-Za-z])$",
    re.IGNORECASE,
)
_SHORT_LINE = 48
"""A line this short that is followed by a capital letter stands for itself, as headings do."""

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


def sentences_in(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a text in order."""
    folded = text.translate(_APOSTROPHES)
    return tuple(
        sentence for start, end in _spans(folded) if (sentence := _sentence(folded, start, end))
    )


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for stop in _STOP.finditer(text):
        if _is_end(text, start, stop):
            yield start, stop.end()
            start = stop.end()
    yield start, len(text)


def _is_end(text: str, start: int, stop: re.Match[str]) -> bool:
    mark = stop[0]
    if mark.startswith("."):
        return mark != "." or not _ABBREVIATION.search(
            text, max(start, stop.start() - 8), stop.start()
        )
    if mark == "\n":
        rest = text[stop.end() : stop.end() + 80].lstrip(" \t")
        line = text[max(start, text.rfind("\n", 0, stop.start()) + 1) : stop.start()].strip()
        is_item = bool(re.match(r"[-–—*•·▪►✓✔>]|\d{1,2}[.)]\s", rest))
        return is_item or (len(line) <= _SHORT_LINE and rest[:1].isupper())
    return True


def _sentence(text: str, start: int, end: int) -> Sentence | None:
    words = [(match[0].lower(), match.span()) for match in _WORD.finditer(text, start, end)]
    if not words:
        return None
    first, last = words[0][1][0], words[-1][1][1]
    while last < end and not text[last].isspace():
        last += 1
    while first > start and not text[first - 1].isspace():
        first -= 1
    return Sentence(
        start=first,
        end=last,
        words=tuple(word for word, _ in words),
        places=tuple(place for _, place in words),
    )
