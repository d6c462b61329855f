"""One plain form of the letters of a text, with the way back to each letter's own place.

Text from web pages and scans is full of look-alikes: full-width letters, Cyrillic letters that look
Latin, signs
without width, six kinds of dash. Phrases and numbers are looked for in the plain form; quotes are cut
from the text.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache

_STRANGE = re.compile(r"[^\x20-\x7e\n]+")
_DASHES = frozenset({"Pd", "Sm"})
"""Unicode categories: dashes, and the minus sign among the signs of mathematics."""
_QUOTES = {
    **dict.fromkeys("“”„‟«»〝〞＂″", '"'),
    **dict.fromkeys("‘’‚‛`´ʼʹ′", "'"),
}
_MARKS = {
    "\t": " ",
    "\v": "\n",
    "\f": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
    "\x85": "\n",
    "…": "...",
}
_OTHERS = {"₤": "£", "￥": "¥", "©": "", "®": "", "™": ""}
_LOOK_ALIKE = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеѕіјорсухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧονι",
        "ABESIJKMHOPCTYXaesijopcyxhdqwABEZHIKMNOPTYXovi",
        strict=True,
    )
)
"""Cyrillic and Greek letters that cannot be told from Latin ones by eye."""
_FEW_STRANGERS = 0.2
"""Share of letters of another script up to which they are look-alikes in a text of Latin letters."""


class Folded:
    """A text in plain letters: same words, same lines, no accents."""

    __slots__ = ("_places", "_starts", "source", "text")

    def __init__(self, source: str) -> None:
        self.source = source
        has_strangers = _has_few_strangers(source)
        pieces: list[str] = []
        # Where a piece begins in the plain text, and in the source: letters between keep their distance.
        self._starts, self._places = [0], [0]
        length = last = 0
        for run in _STRANGE.finditer(source):
            pieces.append(source[last : run.start()])
            length += run.start() - last
            for place, char in enumerate(run[0], run.start()):
                plain = _LOOK_ALIKE.get(char) if has_strangers else None
                plain = plain or plain_of(char)
                pieces.append(plain)
                length += len(plain)
                if len(plain) != 1:
                    for extra in range(len(plain) - 1, 0, -1):
                        self._mark(length - extra, place)
                    self._mark(length, place + 1)
            last = run.end()
        pieces.append(source[last:])
        self.text = "".join(pieces)

    def _mark(self, start: int, place: int) -> None:
        if self._starts[-1] == start:
            self._places[-1] = place
        else:
            self._starts.append(start)
            self._places.append(place)

    def place_of(self, number: int) -> int:
        """Return where a letter of the plain text stands in the source."""
        piece = bisect_right(self._starts, number) - 1
        return self._places[piece] + number - self._starts[piece]

    def quote(self, start: int, end: int) -> str:
        """Return the source's own words for a piece of the plain text."""
        return self.source[self.place_of(start) : self.end_of(end)]

    def end_of(self, end: int) -> int:
        """Return where a piece of the plain text ends in the source."""
        return self.place_of(end - 1) + 1 if end else 0


@lru_cache(maxsize=8192)
def plain_of(char: str) -> str:
    """Return the plain form of one character: nothing for an invisible one."""
    for table in (_MARKS, _QUOTES, _OTHERS):
        if char in table:
            return table[char]
    category = unicodedata.category(char)
    if category in {"Cf", "Cc", "Mn", "Me", "Cs", "Co", "Cn"}:
        return ""
    if category in _DASHES:
        return "-"
    if char.isspace():
        return " "
    if category == "So" and char != "★":
        return "•"
    plain = str(unicodedata.decimal(char, "")) or unicodedata.normalize("NFKD", char)
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("ß", "ss") or char


def _has_few_strangers(source: str) -> bool:
    """Whether letters of another script are so few that they stand for Latin ones."""
    if source.isascii():
        return False
    strangers = sum(source.count(char) for char in _LOOK_ALIKE)
    latin = sum(map(str.isascii, filter(str.isalpha, source[:20_000])))
    return 0 < strangers <= _FEW_STRANGERS * max(1, latin) * max(1, len(source) / 20_000)
