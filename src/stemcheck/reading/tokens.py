"""The words of a text and the marks that divide it, without and with where they stand.

Full stops, commas and brackets are tokens of their own; hyphens, slashes and all other signs only part
words. Most texts are only ever asked for their words; where these stand is told of the few to be quoted.
"""

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

LINE_END: Final = "|"
"""The token of a line's end; in the text itself this sign only parts words, as a hyphen does."""
SIGNS: Final = ".,;:()[]!?"
"""Marks in ASCII that are tokens of their own."""
BORDER: Final = "\0"
"""The token between two passages that are read as one text; no passage may hold this sign."""
PUNCTUATION: Final = frozenset({*SIGNS, "•", LINE_END, BORDER})
"""All tokens that are no words."""
MOST_INSIDE: Final = 100
"""Places looked at where a word is only a piece of another one."""
_TOKEN: Final = re.compile(rf"([^\W_]+|[{re.escape(SIGNS)}\n•])")
"""Words and dividing marks, for finding where they stand. No repeat inside a repeat, so always linear."""
_ASCII: Final = bytes(range(128))
_PARTING: Final = bytes(
    byte for byte in _ASCII if not chr(byte).isalnum() and chr(byte) not in {*SIGNS, "\n", BORDER}
)
_BLANKS: Final = bytes.maketrans(_PARTING, b" " * len(_PARTING))
_APART: Final = [(mark.encode(), f" {mark} ".encode()) for mark in SIGNS]
_APART.append((b"\n", f" {LINE_END} ".encode()))


def tokens_in(text: str) -> list[str]:
    """List the tokens of a text: its words as written, and the marks between them.

    A few searches for single signs and one split, far cheaper than a pattern; in UTF-8, where no byte of an
    ASCII sign is part of another one.
    """
    if not text.isascii():
        foreign = text.encode(errors="surrogatepass").translate(None, _ASCII)
        for sign in {*foreign.decode(errors="surrogatepass")}:
            if not sign.isalnum():
                text = text.replace(sign, " • " if sign == "•" else " ")
    signs = text.encode().translate(_BLANKS)
    for mark, apart in _APART:
        signs = signs.replace(mark, apart)
    return signs.decode().split()


def span_of(text: str, tokens: Sequence[str], first: int, last: int) -> tuple[int, int] | None:
    """Tell where the tokens of these numbers begin and end; ``tokens`` are those of the text.

    Finds the word as often as it stands among the tokens before: for a few words of a text, far cheaper
    than `spans_in` is for all. None for a word that stands inside too many others.
    """
    sign = _written(tokens[first])
    still = tokens[:first].count(tokens[first])
    inside = 0
    start = text.index(sign)
    while True:
        if not _is_whole(text, start, start + len(sign)):
            inside += 1
            if inside > MOST_INSIDE:
                return None
        elif still:
            still -= 1
        else:
            break
        start = text.index(sign, start + 1)
    end = start + len(sign)
    for number in range(first + 1, last + 1):
        sign = _written(tokens[number])
        end = text.index(sign, end) + len(sign)
    return start, end


def _written(token: str) -> str:
    return "\n" if token == LINE_END else token


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit goes on before or after a word; a dividing mark is always whole."""
    is_part = text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()
    return not is_part or not text[start].isalnum()


def spans_in(text: str) -> tuple[list[int], list[int]]:
    """Tell where each token of `tokens_in` begins and where it ends."""
    places = list(accumulate(map(len, _TOKEN.split(text))))
    return places[::2], places[1::2]
