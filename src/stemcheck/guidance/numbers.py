"""NCT numbers in any text, also when a scanner, a line break or a typing hand has mangled them.

Read are ``NCT04506073``, ``nct-04506073``, ``NCT 0450 6073``, ``NCT#04506073``, full-width digits, the letter
O for a zero, invisible characters, and a number broken over two lines. Not read are telephone numbers,
other registries' numbers and prices: the letters NCT, or the registry's name, have to stand before.

A number with a digit too few or too many names no study, but somebody wrote it as one: it is found, too.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class NumberMention(NamedTuple):
    """One NCT number that a text names, at its first place."""

    as_written: str
    nct_id: str
    start: int
    """Where it begins in the text, in characters."""


class MangledNumber(NamedTuple):
    """Something that a text gives as an NCT number, with too few or too many digits to be one."""

    as_written: str
    digits: int
    """How many it has."""
    start: int


_DIGIT = "[0-9OoIl]"
_SPACED_DIGITS = rf"0?{_DIGIT}{{1,7}}(?:[ .-]{{1,6}}{_DIGIT}{{2,6}}){{1,3}}"
_SINGLE_DIGITS = rf"{_DIGIT}(?:[ .-]{_DIGIT}){{7}}"
_NUMBER = re.compile(
    rf"""(?<![A-Za-z])
    (?: N[ .]?C[ .]?T | clinical\ ?trials?\.gov )
    (?: [ \#:./()\[\]=_-] | (?:study|trial|identifier|number|numbers|ID|No\.?)(?![a-z]) ){{0,8}}
    (?P<digits> {_DIGIT}{{8}} | {_SINGLE_DIGITS} | {_SPACED_DIGITS} | {_DIGIT}{{5,12}} )
    (?![0-9])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LETTERS_FOR_DIGITS = str.maketrans("OoIiLl", "001111")
_PIECE = re.compile(rf"{_DIGIT}+", re.IGNORECASE)
_LENGTH = 8
_FEWEST_REAL_DIGITS = 5
_FEWEST_IN_ONE_PIECE = 6
_MOST_DIGITS = 12
_DASHES = frozenset({"Pd", "Sm"})
"""Unicode categories: dashes, and the minus sign among the signs of mathematics."""


def numbers_in(text: str) -> tuple[NumberMention, ...]:
    """Return the NCT numbers that a text names, each once, in the order of their first mention."""
    found: dict[str, NumberMention] = {}
    for mention in _mentions(text):
        if isinstance(mention, NumberMention):
            found.setdefault(mention.nct_id, mention)
    return tuple(found.values())


def mangled_numbers_in(text: str) -> tuple[MangledNumber, ...]:
    """Return what a text gives as NCT numbers and cannot be any, each writing once, in order."""
    found: dict[str, MangledNumber] = {}
    for mention in _mentions(text):
        if isinstance(mention, MangledNumber):
            found.setdefault(mention.as_written, mention)
    return tuple(found.values())


def _mentions(text: str) -> Iterator[NumberMention | MangledNumber]:
    folded, places = _fold(text)
    for match in _NUMBER.finditer(folded):
        start = places[match.start()]
        written = _first_eight(match["digits"])
        if _is_number(written, _digits_of(written)):
            end = _end_of(match, written, places)
            yield NumberMention(text[start:end], f"NCT{_digits_of(written)}", start)
            continue
        written = _mangled_part(match["digits"])
        if _is_mangled(match[0], written, _digits_of(written)):
            end = _end_of(match, written, places)
            yield MangledNumber(text[start:end], len(_digits_of(written)), start)


def _end_of(match: re.Match[str], written: str, places: Sequence[int]) -> int:
    return places[match.start("digits") + len(written) - 1] + 1


def _digits_of(written: str) -> str:
    return "".join(_PIECE.findall(written)).translate(_LETTERS_FOR_DIGITS)


def _first_eight(written: str) -> str:
    """Return as many whole pieces as make up eight digits: what follows is another number."""
    count = 0
    for piece in _PIECE.finditer(written):
        count += len(piece[0])
        if count >= _LENGTH:
            return written[: piece.end()]
    return written


def _mangled_part(written: str) -> str:
    """Return the first piece where it is nearly a number by itself, else all pieces: one was broken."""
    first = _PIECE.match(written)
    is_nearly = first is not None and len(first[0]) >= _FEWEST_IN_ONE_PIECE
    return first[0] if first and is_nearly else written


def _is_mangled(match: str, written: str, digits: str) -> bool:
    """Whether it was meant as a number: it begins with 0 as they all do, or follows NCT closely."""
    has_enough = sum(char.isdigit() for char in written) >= _FEWEST_REAL_DIGITS
    is_joined = match[:3].upper() == "NCT" and match[3:].startswith(written)
    is_close = digits.startswith("0") or is_joined
    return len(digits) != _LENGTH and len(digits) <= _MOST_DIGITS and has_enough and is_close


def _is_number(written: str, digits: str) -> bool:
    has_enough = sum(char.isdigit() for char in written) >= _FEWEST_REAL_DIGITS
    # Pieces may be two numbers side by side; every number given out so far begins with 0.
    is_likely = len(written) == _LENGTH or digits.startswith("0")
    return len(digits) == _LENGTH and has_enough and is_likely


def _fold(text: str) -> tuple[str, list[int] | range]:
    """Return the text in plain characters, and for each of them its place in the original."""
    if text.isascii():
        return text.translate(_ASCII_SPACES), range(len(text))
    kept: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        plain = _plain_of(char)
        if plain:
            kept.append(plain)
            places.append(place)
    return "".join(kept), places


_ASCII_SPACES = str.maketrans("\t\n\v\f\r", "     ")


def _plain_of(char: str) -> str:
    """Return one plain character; nothing for an invisible one."""
    if char.isascii():
        return " " if char.isspace() else char
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    if category in _DASHES:
        return "-"
    if char.isspace():
        return " "
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char
