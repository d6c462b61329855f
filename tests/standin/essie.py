"""As much of the registry's query language, Essie, as our own questions are written in.

Tightest first: NOT, AREA[...] and RANGE[...]; AND, also written as a comma or as nothing; OR. Operators
count in upper case only. What no question of ours holds is not served.
"""

import math
import re
from collections.abc import Callable
from typing import NamedTuple, NoReturn

from tests.standin.records import CONTRACT, PIECES, Piece, Record, RefusedError, words_of

Test = Callable[[Record], bool]
"""Whether a study is found."""

_OPERATORS = ("AREA", "COVER", "COVERAGE", "RANGE", "DISTANCE", "SEARCH", "EXPANSION", "TILT")
_KEYWORDS = ("AND", "OR", "NOT", "ALL", "MISSING", "MIN", "MAX", *_OPERATORS)
_TOKEN = re.compile(
    rf"""(?P<space>\s+) | (?P<string>"(?:[^"\\]|\\.)*") | (?P<mark>[()\[\],"])
      | (?P<operator>(?:{"|".join(_OPERATORS)})\[[^\]]*\]) | (?P<word>[^\s"()\[\],]+)""",
    re.VERBOSE | re.DOTALL,
)
_DAYS = {"year": 365.25, "month": 30.4375, "week": 7, "day": 1}


class Token(NamedTuple):
    """A piece of a value: its kind (space, string, mark, operator, keyword, word) and its text."""

    kind: str
    text: str


_OR = Token("keyword", "OR")


def _tokens(value: str) -> list[Token]:
    found = [Token(str(match.lastgroup), match[0]) for match in _TOKEN.finditer(value)]
    return [Token("keyword", t.text) if t.text in _KEYWORDS else t for t in found]


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


def read_back(value: str) -> list[str] | None:
    """The texts of a value that asks for texts alone, joined by OR; None if it holds any other operator.

    Lets a test prove that what a person typed is never taken for query language.
    """
    texts: list[str] = []
    tokens = _tokens(value)
    while tokens:
        size = tokens.index(_OR) if _OR in tokens else len(tokens)
        written, tokens = "".join(token.text for token in tokens[:size]).strip(), tokens[size + 1 :]
        if written.startswith("(") and written.endswith(")"):
            written = written[1:-1]
        kinds = [token.kind for token in _tokens(written) if token.kind != "space"]
        if kinds != ["string"] and set(kinds) != {"word"}:
            return None
        texts.append(_unquoted(written) if kinds == ["string"] else written)
    return texts


def read_query(value: str, name: str) -> Test:
    """The test that the value of a parameter makes of a study. Raises `RefusedError`."""
    tokens = [token for token in _tokens(value) if token.kind != "space"]
    texts = [token.text for token in tokens if token.kind in ("word", "string")]
    reader = _Reader(tokens, CONTRACT["labels"][name])
    test = reader.any_of(CONTRACT["areas"].get(name, CONTRACT["areas"]["query.term"]))
    if tokens:
        reader.refuse()
    if sum(max(1, len(words_of(text))) for text in texts) > CONTRACT["most_words"]:
        raise RefusedError("Too complicated query")
    return test


class _Reader:
    """Recursive descent over the tokens of one value, from the loosest operator to the tightest."""

    def __init__(self, tokens: list[Token], label: str) -> None:
        self.tokens = tokens
        self.label = label

    def refuse(self) -> NoReturn:
        text = self.tokens[0].text if self.tokens else "<EOF>"
        told = f"Error parsing query in {self.label}: mismatched input '{text}' expecting <EOF>"
        raise RefusedError(told)

    def takes(self, *texts: str) -> bool:
        """Whether one of these comes next, which is then passed."""
        comes = bool(self.tokens) and self.tokens[0].kind != "string"
        comes = comes and self.tokens[0].text in texts
        if comes:
            self.tokens.pop(0)
        return comes

    def any_of(self, pieces: list[str]) -> Test:
        tests = [self.all_of(pieces)]
        while self.takes("OR"):
            tests.append(self.all_of(pieces))
        return lambda record: any(test(record) for test in tests)

    def all_of(self, pieces: list[str]) -> Test:
        tests = [self.one(pieces)]
        while self.takes("AND", ",") or (self.tokens and self.tokens[0].text not in {"OR", ")"}):
            tests.append(self.one(pieces))
        return lambda record: all(test(record) for test in tests)

    def one(self, pieces: list[str]) -> Test:
        if self.takes("NOT"):
            denied = self.one(pieces)
            return lambda record: not denied(record)
        if self.takes("MISSING"):
            return lambda record: not any(record.values(piece) for piece in pieces)
        if self.takes("ALL"):
            return lambda _record: True
        if self.takes("("):
            inner = self.any_of(pieces)
            return inner if self.takes(")") else self.refuse()
        kind, text = self.tokens[0] if self.tokens else ("", "")
        if kind == "operator":
            self.tokens.pop(0)
            name, _, argument = text[:-1].partition("[")
            return self.operator(name, argument, pieces)
        if kind not in {"word", "string"}:
            self.refuse()
        self.tokens.pop(0)
        return _holds(
            pieces, _unquoted(text) if kind == "string" else text, is_one=kind == "string"
        )

    def operator(self, name: str, argument: str, pieces: list[str]) -> Test:
        if name == "AREA":
            if argument not in PIECES:
                raise RefusedError(f"Unknown area name: `{argument}`")
            return self.one([argument])
        if name == "RANGE" and len(pieces) == 1 and argument.count(",") == 1:
            least, most = (bound.strip() for bound in argument.split(","))
            return _in_range(PIECES[pieces[0]], least, most)
        raise RefusedError(f"The stand-in does not serve {name}[{argument}] here", 501)


def _holds(pieces: list[str], text: str, *, is_one: bool) -> Test:
    """Whether a study holds a text, its words side by side if ``is_one``; an enum has to be it."""
    piece = PIECES[pieces[0]]
    if len(pieces) == 1 and piece.enum:
        if text not in piece.enum:
            allowed = ", ".join(f"`{value}`" for value in piece.enum)
            raise RefusedError(f"Allowed values for enum field `{piece.path}` are {allowed}")
        return lambda record: text in record.values(piece.name)
    words = words_of(text)
    wanted = (" ".join(words),) if is_one else words
    phrases = [f" {phrase} " for phrase in wanted if phrase]
    return lambda record: (
        bool(phrases)
        and all(
            any(phrase in held for piece in pieces for held in record.texts(piece))
            for phrase in phrases
        )
    )


def _in_range(piece: Piece, least: str, most: str) -> Test:
    """Within two bounds, both included; a study without the field is not."""
    if piece.kind == "date":
        # Text compares as dates do, up to the shorter of the two: a month lies in its year.
        return lambda record: any(
            (least == "MIN" or least[: len(day)] <= day[: len(least)])
            and (most == "MAX" or day[: len(most)] <= most[: len(day)])
            for day in record.values(piece.name)
        )
    low = -math.inf if least == "MIN" else _amount(least)
    high = math.inf if most == "MAX" else _amount(most)
    return lambda record: any(low <= _amount(value) <= high for value in record.values(piece.name))


def _amount(text: str) -> float:
    """A number, or a time in days: ``16 years`` and ``16 Years`` alike."""
    number, _, unit = text.lower().partition(" ")
    try:
        return float(number) * _DAYS.get(unit.removesuffix("s"), 1)
    except ValueError:
        raise RefusedError(f"Invalid range bound: {text}") from None
