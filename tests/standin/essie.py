"""As much of the registry's query language, Essie, as questions are sent in.

Tightest first: words side by side; NOT and AREA[...]; AND, also written as a comma or as nothing; OR.
Operators count in upper case only. A value that cannot be read is refused in the registry's own words;
an operator that no question of ours holds is not served.
"""

import math
import re
from collections.abc import Callable
from typing import NamedTuple

from tests.standin.records import BY_PATH, CONTRACT, PIECES, Piece, Record, RefusedError, words_of

Test = Callable[[Record], bool]
"""Whether a study is found."""

_OPERATORS = ("AREA", "COVER", "COVERAGE", "RANGE", "DISTANCE", "SEARCH", "EXPANSION", "TILT")
_KEYWORDS = ("AND", "OR", "NOT", "ALL", "MISSING", "MIN", "MAX", *_OPERATORS)
_EXPECTED = (
    "{<EOF>, '(', ',', 'NOT', 'AND', 'OR', 'SEARCH', 'AREA', 'MISSING', 'ALL', WORD, STRING}"
)
_TOKEN = re.compile(
    rf"""(?P<space>\s+) | (?P<string>"(?:[^"\\]|\\.)*") | (?P<mark>[()\[\],"])
      | (?P<operator>(?:{"|".join(_OPERATORS)})\[[^\]]*\]) | (?P<word>[^\s"()\[\],]+)""",
    re.VERBOSE | re.DOTALL,
)
_OR, _AND = ("keyword", "OR"), (("keyword", "AND"), ("mark", ","))
_COVERAGES = ("FullMatch", "StartsWith", "EndsWith", "Contains")
_MOST_BRACKETS = 50
_DAYS = {"year": 365.25, "month": 30.4375, "week": 7, "day": 1, "hour": 1 / 24, "minute": 1 / 1440}


class UnreadableError(Exception):
    """The value is no expression; the registry tells in which search box it stood."""


class Token(NamedTuple):
    """A piece of a value: its kind (space, string, mark, operator, keyword, word, end) and its text."""

    kind: str
    text: str


def read_query(value: str, name: str) -> Test:
    """The test that the value of a parameter makes of a study. Raises `RefusedError`."""
    areas = CONTRACT["areas"]
    try:
        return _Reader(value).read(areas.get(name, areas["query.term"]))
    except UnreadableError as error:
        label = CONTRACT["labels"][name]
        raise RefusedError(f"Error parsing query in {label}: {error}") from error


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


def _tokens(value: str) -> list[Token]:
    found = [Token(str(match.lastgroup), match[0]) for match in _TOKEN.finditer(value)]
    return [Token("keyword", t.text) if t.text in _KEYWORDS else t for t in found]


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


class _Reader:
    """Recursive descent over the tokens of one value, from the loosest operator to the tightest."""

    def __init__(self, value: str) -> None:
        if value.count("(") > _MOST_BRACKETS:
            raise RefusedError("Too complicated query")
        self.tokens = [token for token in _tokens(value) if token.kind != "space"]
        self.tokens.append(Token("end", "<EOF>"))
        texts = [t.text for t in self.tokens if t.kind in ("word", "string")]
        self.is_long = sum(max(1, len(words_of(text))) for text in texts) > CONTRACT["most_words"]

    def read(self, pieces: list[str]) -> Test:
        test = self.any_of(pieces)
        if self.tokens[0].text == ")":
            raise UnreadableError("extraneous input ')' expecting <EOF>")
        if self.tokens[0].kind != "end":
            raise UnreadableError(f"mismatched input '{self.tokens[0].text}' expecting {_EXPECTED}")
        if self.is_long:
            raise RefusedError("Too complicated query")
        return test

    def any_of(self, pieces: list[str]) -> Test:
        tests = [self.all_of(pieces)]
        while self.tokens[0] == _OR:
            self.tokens.pop(0)
            tests.append(self.all_of(pieces))
        return lambda record: any(test(record) for test in tests)

    def all_of(self, pieces: list[str]) -> Test:
        tests = [self.one(pieces)]
        while self.tokens[0] in _AND or self.starts_another():
            if self.tokens[0] in _AND:
                self.tokens.pop(0)
            tests.append(self.one(pieces))
        return lambda record: all(test(record) for test in tests)

    def starts_another(self) -> bool:
        kind, text = self.tokens[0]
        return kind in ("word", "string", "operator") or text in ("(", "NOT", "ALL", "MISSING")

    def one(self, pieces: list[str]) -> Test:
        if not self.starts_another():
            self.refuse()
        if self.tokens[0].kind in ("word", "string"):
            return self.words(pieces)
        kind, text = self.tokens.pop(0)
        if kind == "operator":
            name, argument = text[:-1].split("[", 1)
            return self.operator(name, argument, pieces)
        if text == "NOT":
            denied = self.one(pieces)
            return lambda record: not denied(record)
        if text == "MISSING":
            return lambda record: not any(record.values(piece) for piece in pieces)
        if text == "ALL":
            return lambda _record: True
        first, inner = self.tokens[0].text, self.any_of(pieces)
        if self.tokens[0].text != ")":
            told = f"no viable alternative at input '{first}'\nmissing ')'"
            raise UnreadableError(f"{told} at '{self.tokens[0].text}'")
        self.tokens.pop(0)
        return inner

    def refuse(self) -> None:
        text = self.tokens[0].text
        if text == "DISTANCE":  # with round brackets: the registry shows what happened inside it
            raise RefusedError("java.lang.IllegalStateException: DISTANCE")
        if text == "[" or text in _OPERATORS:
            raise UnreadableError(f"mismatched input '{text}' expecting {_EXPECTED}")
        raise UnreadableError(f"no viable alternative at input '{text}'")

    def operator(self, name: str, argument: str, pieces: list[str]) -> Test:
        if name == "AREA":
            piece = PIECES.get(argument) or BY_PATH.get(argument)
            if piece is None:
                raise RefusedError(f"Unknown area name: `{argument}`")
            return self.one([piece.name])
        if name == "COVERAGE" and argument not in _COVERAGES:
            raise RefusedError(f"Invalid coverage: {argument}")
        if name == "RANGE" and len(pieces) == 1 and argument.count(",") == 1:
            least, most = (bound.strip() for bound in argument.split(","))
            return _in_range(PIECES[pieces[0]], least, most)
        raise RefusedError(f"The stand-in does not serve {name}[{argument}] here", 501)

    def words(self, pieces: list[str]) -> Test:
        texts: list[str] = []
        phrases: list[tuple[str, ...]] = []
        while self.tokens[0].kind in ("word", "string"):
            kind, text = self.tokens.pop(0)
            texts.append(_unquoted(text) if kind == "string" else text)
            # Loose words may stand anywhere: each is a phrase by itself.
            words = words_of(texts[-1])
            phrases += [words] if kind == "string" else [(word,) for word in words]
        piece = PIECES[pieces[0]] if len(pieces) == 1 else None
        if piece and (piece.enum or piece.kind in ("boolean", "date")):
            return _has_value(piece, " ".join(texts))
        if not any(phrases):
            return lambda _record: False
        return lambda record: all(_has_phrase(record, pieces, phrase) for phrase in phrases)


def _has_phrase(record: Record, pieces: list[str], phrase: tuple[str, ...]) -> bool:
    held = (words_of(value) for piece in pieces for value in record.values(piece))
    if len(phrase) == 1:
        return any(phrase[0] in words for words in held)
    size = len(phrase)
    return any(words[at : at + size] == phrase for words in held for at in range(len(words)))


def _has_value(piece: Piece, wanted: str) -> Test:
    if piece.kind == "date":
        return lambda record: any(value.startswith(wanted) for value in record.values(piece.name))
    if piece.enum and wanted not in piece.enum:
        allowed = ", ".join(f"`{value}`" for value in piece.enum)
        raise RefusedError(f"Allowed values for enum field `{piece.path}` are {allowed}")
    return lambda record: wanted in record.values(piece.name)


def _in_range(piece: Piece, least: str, most: str) -> Test:
    """Within two bounds, both included; a study without the field is not."""
    if piece.kind == "date":
        # Text compares as dates do, up to the shorter of the two: a month lies in its year.
        return lambda record: any(
            (least == "MIN" or least[: len(day)] <= day[: len(least)])
            and (most == "MAX" or day[: len(most)] <= most[: len(day)])
            for day in record.values(piece.name)
        )
    if piece.kind not in ("number", "time"):
        raise RefusedError(f"RANGE is not applicable to field `{piece.path}`")
    low = -math.inf if least == "MIN" else _amount(least)
    high = math.inf if most == "MAX" else _amount(most)
    if math.isnan(low) or math.isnan(high):
        raise RefusedError(f"Invalid range bound: {least if math.isnan(low) else most}")
    return lambda record: any(low <= _amount(value) <= high for value in record.values(piece.name))


def _amount(text: str) -> float:
    """A number, or a time in days: ``16 years`` and ``16 Years`` alike."""
    number, _, unit = text.lower().partition(" ")
    try:
        return float(number) * _DAYS.get(unit.removesuffix("s"), 1)
    except ValueError:
        return math.nan
