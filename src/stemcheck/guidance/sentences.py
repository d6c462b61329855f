"""Sentences of a text that may be a leaflet, a scan, a web page or a mail, with the words of each.

Lines mean little in a letter and everything in a flyer: a line goes on in the next one where the next
word would
not have fitted, or where it ends in the middle of a sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from stemcheck.guidance.folding import Folded

_WORD = re.compile(
    r"""(?:[A-Za-z]\.){2,}                  # F.D.A.
    | (?:\b[A-Z][ -]){2,}[A-Z]\b          # F D A
    | \d+(?:[.,]\d+)*
    | [^\W\d_]{2,}-\n[ ]*[a-z]+           # a word broken at the end of a line
    | [^\W\d_]+(?:'[^\W\d_]+)*
    | [%$£€¥₩₹₽₺★+=!?;:,()/"|•]
    | (?<!\S)-+(?=\s)
    """,
    re.VERBOSE,
)
_EMPTY_LINE = re.compile(r"\n[ \r]*\n")
_ITEM = re.compile(
    r"""[ ]*(?: [*•·▪►>+-]+[ ] | [•✓✔]+[ ]* | \d{1,2}[.)][ ]+ | [a-h]\)[ ] | [(]?\d{1,2}:\d{2}[)]?[ ]
    | (?:Q|A|P|R|F)[.:][ ] )""",
    re.VERBOSE,
)
_STOP = re.compile(
    r"""[.!?]+["')\]]*(?=\s|$|["¿¡(])
    | [ ]*[•|]+[ ]*
    | (?<=[.!?])["'][ ]+(?=[A-Z])
    """,
    re.VERBOSE,
)
_ABBREVIATION = re.compile(
    r"""(?: \b(?: dr|dra|mr|mrs|ms|prof|sr|sra|st|no|nr|vs|e\.g|i\.e|inc|ltd|approx|u\.s|ph\.d|m\.d|a\.m|p\.m
    |z\.b|d\.h|ca|bzw|usw|etc|ref|lic|ud|uds|aprox|art|tel|mon|min|ex|jr|dept|co|num|nro|wo|inkl|vol|fig )
    | \b[A-Za-z] | ^\s*\d{1,2} )$""",
    re.VERBOSE | re.IGNORECASE,
)
_UNFINISHED = re.compile(
    r"""(?: [,(&/-] | \b(?: a|an|the|of|and|or|to|in|on|at|for|with|by|from|your|our|is|are|be|that|which|who
    |as|no|not|we|de|del|la|el|los|las|y|o|en|con|por|para|su|sus|un|una|que|se|al|sin|es|le|les
    |der|die|das|den|dem|des|und|oder|mit|von|vom|im|am|zu|zum|zur|fur|auf|ein|eine
    |einer|ist|sind|wird|bei|nicht) )$""",
    re.VERBOSE | re.IGNORECASE,
)
_ANSWER = re.compile(
    r"[ \n]+(?:yes|no|none|never|zero|absolutely|certainly|definitely|not one"
    r"|si|ninguno|ninguna|nunca|claro|ja|nein|keine)[.!]",
    re.IGNORECASE,
)
"""An answer of one word, which belongs to its question."""
_LONGEST_ABBREVIATION = 8
_SHORT = 70
"""Letters of a heading, at most."""
_NARROW = 24
"""Letters of the narrowest column in which lines are taken to be broken by a machine."""
KEY = 3
"""Letters of a word by which phrases are looked up."""
_MOST_WORDS = 120
"""A row of words without any stop is parted here, so that no text takes more than linear time."""
_SPEECH = re.compile(r'"(?:[^"\n]|\n(?!\n)){2,1500}"')


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, a heading, a cell of a table or an item of a list: its words, and where they stand."""

    start: int
    end: int
    """In the folded text, as all places here."""
    words: tuple[str, ...]
    """In small letters; numbers and the marks that part clauses are words, too."""
    places: tuple[int, ...]
    keys: tuple[str, ...]
    """The first letters of each word, "0" for a number: by them phrases are looked up."""
    key_set: frozenset[str]
    block: int
    """Number of the paragraph it is in."""
    is_item: bool = False
    is_heading: bool = False
    is_speech: bool = False
    lead: tuple[str, ...] = field(default=())
    """The words that lead a list in, for its items; those of the heading above, for a sentence."""


@dataclass(slots=True)
class _Unit:
    """A paragraph, a heading or an item, whatever lines it stands on."""

    start: int
    end: int
    block: int
    is_item: bool
    is_short: bool


def key_of(word: str) -> str:
    """Return the letters by which phrases that begin with a word are looked up."""
    return "0" if word[0].isdigit() else word[:KEY]


def sentences_in(folded: Folded) -> tuple[Sentence, ...]:
    """Return the sentences of a text in order."""
    text = folded.text
    speeches = _speeches(text)
    found: list[Sentence] = []
    heading: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    for unit in _units(text):
        spans = list(_spans(text, unit.start, unit.end))
        parts = [part for span in spans for part in _parts(text, span, unit)]
        if not parts:
            continue
        is_heading = (
            not unit.is_item
            and unit.is_short
            and len(parts) == 1
            and not text[: unit.end].rstrip().endswith(".")
        )
        above = lead if unit.is_item else heading
        found.extend(_with_context(part, is_heading, above, speeches) for part in parts)
        if is_heading:
            heading = parts[0].words
        if not unit.is_item:
            lead = parts[-1].words
    return tuple(found)


def _with_context(
    part: Sentence, is_heading: bool, lead: tuple[str, ...], speeches: list[tuple[int, int]]
) -> Sentence:
    middle = (part.start + part.end) // 2
    is_speech = any(start <= middle < end for start, end in speeches)
    return Sentence(
        part.start, part.end, part.words, part.places, part.keys, part.key_set, part.block,
        part.is_item, is_heading, is_speech, lead,
    )  # fmt: skip


def _speeches(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _SPEECH.finditer(text)]


def _units(text: str) -> Iterator[_Unit]:
    start = 0
    widest = _width(text)
    for number, gap in enumerate([*_EMPTY_LINE.finditer(text), None]):
        end = gap.start() if gap else len(text)
        yield from _units_of(text, start, end, number, widest)
        start = gap.end() if gap else end


def _width(text: str) -> int:
    """Return the width of the column that a machine broke lines at; a great number where none did."""
    lengths = sorted(len(line.strip()) for line in text.split("\n") if line.strip())
    return lengths[-1 - len(lengths) // 20] if lengths else 0


def _units_of(text: str, start: int, end: int, block: int, width: int) -> Iterator[_Unit]:
    """Yield the units of one paragraph."""
    first = start
    is_item = False
    lines = list(_lines(text, start, end))
    for number, (left, right) in enumerate(lines):
        line = text[left:right]
        if number == 0:
            is_item = bool(_ITEM.match(line))
        following = text[slice(*lines[number + 1])] if number + 1 < len(lines) else None
        if following is not None and _goes_on(line, following, width):
            continue
        if line.strip() or first < left:
            yield _Unit(first, right, block, is_item, right - first <= _SHORT)
        if following is not None:
            first = lines[number + 1][0]
            is_item = bool(_ITEM.match(following))


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start <= end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1


def _goes_on(line: str, following: str, width: int) -> bool:
    """Whether a line goes on in the next one: that is no item, and its first word did not fit."""
    bare, following_bare = line.strip(), following.strip()
    if not bare or not following_bare or _ITEM.match(following):
        return False
    if _UNFINISHED.search(bare):
        return True
    if bare[-1] in ".!?:;" and len(bare) < width * 0.6:
        return False
    word = following_bare.split(" ", 1)[0]
    if width < _NARROW or len(bare) + 1 + len(word) <= width * 0.8:
        return following_bare[0].islower() and bare[-1].isalnum() and len(bare) > width * 0.5
    return len(bare) + 1 + len(word) > width * 0.8


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    item = _ITEM.match(text, start, end)
    scan = item.end() if item else start
    for stop in _STOP.finditer(text, scan, end):
        if stop[0][0] == ".":
            before = text[max(start, stop.start() - _LONGEST_ABBREVIATION) : stop.start()]
            if len(stop[0]) == 1 and _ABBREVIATION.search(before):
                continue
            rest = text[stop.end() : stop.end() + 3].lstrip()
            if len(stop[0]) > 1 and rest[:1].islower():
                continue
        if stop[0][0] == "?" and _ANSWER.match(text, stop.end(), end):
            continue
        if stop.end() > start:
            yield start, stop.end()
            start = stop.end()
    if start < end:
        yield start, end


def _parts(text: str, span: tuple[int, int], unit: _Unit) -> Iterator[Sentence]:
    """Yield the words of one span as a sentence, or as several when they are very many."""
    words = [(_word(match[0]), match.span()) for match in _WORD.finditer(text, *span)]
    for first in range(0, len(words), _MOST_WORDS):
        row = words[first : first + _MOST_WORDS]
        if not any(word[0].isalnum() for word, _ in row):
            continue
        plain = tuple(word for word, _ in row)
        keys = tuple(key_of(word) for word in plain)
        yield Sentence(
            start=row[0][1][0],
            end=_end(text, row[-1][1][1], span[1]),
            words=plain,
            places=tuple(place for _, (place, _) in row),
            keys=keys,
            key_set=frozenset(keys),
            block=unit.block,
            is_item=unit.is_item,
        )


def _end(text: str, last: int, end: int) -> int:
    """Return the end of a sentence with the marks that close it."""
    while last < end and text[last] in ".!?\"')]":
        last += 1
    return last


def _word(written: str) -> str:
    """Return a word in small letters; F.D.A. as FDA, U.S. apart from "us"."""
    plain = written.lower()
    if "." in plain and not plain[0].isdigit():
        plain = plain.replace(".", "")
        return "usa" if plain == "us" else plain
    return re.sub(r"[ \n-]+", "", plain) or "-"
