"""Numbers of trials in any text, also when a scanner, a line break or a typing hand has mangled them.

Read as NCT numbers are ``NCT04506073``, ``nct-04506073``, ``NCT 0450 6073``, ``NTC04506073``, full-width
digits, the letter
O for a zero, invisible characters, and a number broken over two lines. Not read are telephone numbers
and prices: the
letters NCT, or the registry's name, have to stand before. Numbers of other registers are known by their
own shapes
(``registries.toml``).

An NCT number with a digit too few or too many names no study, but somebody wrote it as one: it is found, too.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from stemcheck.guidance.folding import Folded
from stemcheck.guidance.texts import read_texts


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


class OtherNumber(NamedTuple):
    """A number of another register, where stemcheck does not look."""

    as_written: str
    registry: str
    url: str
    """Where to look it up."""
    start: int


_DIGIT = "[0-9OoIl\u0417]"
_SPACED_DIGITS = rf"0?{_DIGIT}{{1,7}}(?:[ .-]{{1,6}}{_DIGIT}{{2,6}}){{1,3}}"
_SINGLE_DIGITS = rf"{_DIGIT}(?:[ .-]{_DIGIT}){{7}}"
_NUMBER = re.compile(
    rf"""(?<![A-Za-z])
    (?P<name> N[ .]?C[ .]?T | NTC | CNT(?=[ :#-]?0) | N[ .]?C[ .]?I(?=0\d) | clinical\ ?trials?\.gov )
    (?: [ \#:./()\[\]=_-]
      | (?:study|studies|trial|identifier|number|numbers|show|record|ID|No\.?)(?![a-z]) ){{0,8}}
    (?P<digits> {_DIGIT}{{8}} | {_SINGLE_DIGITS} | {_SPACED_DIGITS} | {_DIGIT}{{5,14}} )
    (?![0-9])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LETTERS_FOR_DIGITS = str.maketrans("OoIiLl\u0417\u0437", "00111133")
_PIECE = re.compile(rf"{_DIGIT}+", re.IGNORECASE)
_LENGTH = 8
_FEWEST_REAL_DIGITS = 5
_FEWEST_IN_ONE_PIECE = 6
_MOST_DIGITS = 14
_FEW_AMISS = 2
"""Digits too few or too many of a number that stands apart from its letters: "NCT No. 430001"."""
_SPACES = str.maketrans("\n\r\t", "   ")


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


def other_numbers_in(text: str) -> tuple[OtherNumber, ...]:
    """Return the numbers of other registers that a text names, each once, in order."""
    folded = Folded(text)
    plain = folded.text.translate(_SPACES)
    found: dict[str, OtherNumber] = {}
    taken: list[tuple[int, int]] = []
    for name, shape, address in _registries():
        for match in shape.finditer(plain):
            start, end = match.span("id")
            if any(a < end and start < b for a, b in taken):
                continue
            taken.append((start, end))
            written = folded.quote(start, end)
            bare = re.sub(r"[ :#]+", "", match["id"])
            mention = OtherNumber(written, name, address.format(id=bare), folded.place_of(start))
            found.setdefault(bare.upper(), mention)
    return tuple(sorted(found.values(), key=lambda mention: mention.start))


@cache
def _registries() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    return tuple(
        (
            row["name"],
            re.compile(rf"(?<![A-Za-z0-9]){row['shape']}(?![A-Za-z0-9]|-\d)", re.IGNORECASE),
            row["address"],
        )
        for row in read_texts("registries")["registry"]
    )


def _mentions(text: str) -> Iterator[NumberMention | MangledNumber]:
    folded = Folded(text)
    for match in _NUMBER.finditer(folded.text.translate(_SPACES)):
        start = folded.place_of(match.start())
        written = _first_eight(match["digits"])
        if _is_number(written, _digits_of(written)):
            end = folded.end_of(match.start("digits") + len(written))
            yield NumberMention(text[start:end], f"NCT{_digits_of(written)}", start)
            continue
        written = _mangled_part(match["digits"])
        digits = _digits_of(written)
        end = folded.end_of(match.start("digits") + len(written))
        if len(digits) > _LENGTH and not digits[:-_LENGTH].strip("0") and digits[-_LENGTH] == "0":
            # Only surplus zeros in front: NCT0004506073 is meant for NCT04506073.
            yield NumberMention(text[start:end], f"NCT{digits[-_LENGTH:]}", start)
        elif _is_mangled(match, written, digits):
            yield MangledNumber(text[start:end], len(digits), start)


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


def _is_mangled(match: re.Match[str], written: str, digits: str) -> bool:
    """Whether it was meant as a number: it begins with 0 as they all do, or follows NCT closely."""
    has_enough = sum(char.isdigit() for char in written) >= _FEWEST_REAL_DIGITS
    is_joined = match.start("digits") == match.end("name")
    is_in_one_piece = written.isdigit() and abs(len(digits) - _LENGTH) <= _FEW_AMISS
    is_named = is_in_one_piece and match["name"].isalpha()
    is_close = digits.startswith("0") or is_joined or is_named
    return len(digits) != _LENGTH and len(digits) <= _MOST_DIGITS and has_enough and is_close


def _is_number(written: str, digits: str) -> bool:
    has_enough = sum(char.isdigit() for char in written) >= _FEWEST_REAL_DIGITS
    # Pieces may be two numbers side by side; every number given out so far begins with 0.
    is_likely = len(written) == _LENGTH or digits.startswith("0")
    return len(digits) == _LENGTH and has_enough and is_likely
