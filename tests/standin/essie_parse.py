"""The registry's query language, Essie, read into a tree.

Precedence, tightest first: words side by side; NOT and the context operators (AREA, SEARCH,
COVERAGE, EXPANSION, TILT); AND, also written as a comma or as nothing; OR. Operators count in upper
case only, and a bracketed one needs its ``[`` at once. Error sentences follow registry-api.md 3.
"""

import re
from dataclasses import dataclass

from tests.standin.words import words_of

MOST_WORDS = 12
"""Words one value may hold: 12 are reported to pass, 14 to be refused."""

_BRACKETED = ("SEARCH", "AREA", "COVER", "COVERAGE", "EXPANSION", "RANGE", "DISTANCE", "TILT")
_PLAIN = ("AND", "OR", "NOT", "ALL", "MISSING")
_BOUNDS = ("MIN", "MAX")
_KEYWORDS = frozenset((*_BRACKETED, *_PLAIN, *_BOUNDS))
_EXPECTED = (
    "{<EOF>, '(', ',', 'NOT', 'AND', 'OR', "
    + ", ".join(f"'{word}'" for word in (*_BRACKETED, "MISSING", "ALL"))
    + ", WORD, STRING}"
)
_COVERAGES = ("FullMatch", "StartsWith", "EndsWith", "Contains")
_EXPANSIONS = ("None", "Term", "Concept", "Relaxation", "Lossy")
_TOKEN = re.compile(
    r"""(?P<space>\s+) | (?P<string>"(?:[^"\\]|\\.)*") | (?P<open>\() | (?P<close>\))
      | (?P<comma>,) | (?P<bracket>[\[\]]) | (?P<quote>") | (?P<word>[^\s"()\[\],]+)""",
    re.VERBOSE | re.DOTALL,
)


class EssieError(Exception):
    """The query cannot be read; the sentence is the registry's."""


class EssieRefusal(EssieError):  # noqa: N818 - a whole sentence of its own
    """A refusal the registry words without naming the search box."""


@dataclass(frozen=True, slots=True)
class Part:
    """A word or a quoted phrase, its escapes undone."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Term:
    """Words side by side; ``written`` is the slice of the value they stand in."""

    parts: tuple[Part, ...]
    written: str


@dataclass(frozen=True, slots=True)
class Junction:
    """AND or OR over two or more."""

    operator: str
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """NOT."""

    item: "Node"


@dataclass(frozen=True, slots=True)
class Context:
    """AREA, SEARCH, COVERAGE, EXPANSION or TILT around an expression."""

    operator: str
    argument: str
    item: "Node"


@dataclass(frozen=True, slots=True)
class Special:
    """RANGE and DISTANCE with their arguments; ALL and MISSING without."""

    operator: str
    arguments: tuple[str, ...] = ()


Node = Term | Junction | Negation | Context | Special


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # word, string, open, close, comma, bracket, keyword, context, end
    text: str
    start: int
    end: int
    argument: str = ""


def parse_query(value: str) -> Node:
    """The tree of a value. Raises EssieError with the registry's sentence."""
    node = _Reader(value).read()
    if words_in(node) > MOST_WORDS:
        raise EssieRefusal("Too complicated query")
    return node


def parse_back(value: str) -> str | None:
    """The literal text or phrase the server understood, or None when it saw any operator.

    Lets a test prove that what a person typed is never taken for query language: for every text,
    ``parse_back(escaped(text)) == text``.
    """
    try:
        node = _Reader(value).read()
    except EssieError:
        return None
    if not isinstance(node, Term) or node.written != value.strip():
        return None  # brackets around a term leave no trace in the tree
    if len(node.parts) == 1 and node.parts[0].quoted:
        return node.parts[0].text
    return None if any(part.quoted for part in node.parts) else node.written


def words_in(node: Node) -> int:
    """How many words of text the tree holds; hyphens split words."""
    match node:
        case Term(parts=parts):
            return sum(max(1, len(words_of(part.text))) for part in parts)
        case Junction(items=items):
            return sum(words_in(item) for item in items)
        case Negation(item=item) | Context(item=item):
            return words_in(item)
        case Special():
            return 0


def _tokens(value: str) -> list[_Token]:
    tokens: list[_Token] = []
    place = 0
    while place < len(value):
        found = _TOKEN.match(value, place)
        if found is None or found.lastgroup is None:  # cannot be: every character has a class
            raise EssieError(f"token recognition error at: '{value[place:]}'")
        kind, text, end = found.lastgroup, found.group(), found.end()
        if kind == "quote":
            raise EssieError(f"token recognition error at: '{value[place:]}'")
        if kind == "word" and text in _KEYWORDS:
            token = _keyword(value, text, place, end)
        else:
            token = _Token(kind, text, place, end)
        if kind != "space":
            tokens.append(token)
        place = token.end
    tokens.append(_Token("end", "<EOF>", len(value), len(value)))
    return tokens


def _keyword(value: str, text: str, start: int, end: int) -> _Token:
    if text not in _BRACKETED:
        return _Token("keyword", text, start, end)
    if text == "DISTANCE" and value[end : end + 1] == "(":
        raise EssieError("java.lang.NumberFormatException: empty String")
    if value[end : end + 1] != "[":
        return _Token("keyword", text, start, end)
    close = value.find("]", end)
    if close < 0:
        raise EssieError("missing ']' at '<EOF>'")
    operator = "COVERAGE" if text == "COVER" else text
    return _Token("context", operator, start, close + 1, value[end + 1 : close])


class _Reader:
    """Recursive descent over the tokens of one value."""

    def __init__(self, value: str) -> None:
        self.value = value
        self.tokens = _tokens(value)
        self.place = 0
        self.depth = 0

    @property
    def ahead(self) -> _Token:
        return self.tokens[self.place]

    def take(self) -> _Token:
        token = self.tokens[self.place]
        self.place += 1
        return token

    def read(self) -> Node:
        node = self.disjunction()
        if self.ahead.kind == "close":
            raise EssieError("extraneous input ')' expecting <EOF>")
        if self.ahead.kind != "end":
            raise EssieError(f"mismatched input '{self.ahead.text}' expecting {_EXPECTED}")
        return node

    def disjunction(self) -> Node:
        items = [self.conjunction()]
        while self.ahead.kind == "keyword" and self.ahead.text == "OR":
            self.take()
            items.append(self.conjunction())
        return items[0] if len(items) == 1 else Junction("OR", tuple(items))

    def conjunction(self) -> Node:
        items = [self.unary()]
        while True:
            token = self.ahead
            if token.kind == "comma" or (token.kind == "keyword" and token.text == "AND"):
                self.take()
            elif not self.starts_operand(token):
                return items[0] if len(items) == 1 else Junction("AND", tuple(items))
            items.append(self.unary())

    @staticmethod
    def starts_operand(token: _Token) -> bool:
        if token.kind == "keyword":
            return token.text in ("NOT", "ALL", "MISSING")
        return token.kind in ("word", "string", "open", "context")

    def unary(self) -> Node:
        token = self.ahead
        self.depth += 1
        if self.depth > 200:
            raise EssieRefusal("Too complicated query")
        try:
            if token.kind == "keyword" and token.text == "NOT":
                self.take()
                return Negation(self.unary())
            if token.kind == "context" and token.text not in ("RANGE", "DISTANCE"):
                self.take()
                _check_argument(token)
                return Context(token.text, token.argument, self.unary())
            return self.primary()
        finally:
            self.depth -= 1

    def primary(self) -> Node:
        token = self.ahead
        if token.kind == "open":
            self.take()
            inner = self.disjunction()
            if self.ahead.kind != "close":
                before = self.tokens[self.place - 1]
                lines = [f"no viable alternative at input '{before.text}'"] * (
                    before.kind == "word"
                )
                raise EssieError("\n".join([*lines, f"missing ')' at '{self.ahead.text}'"]))
            self.take()
            return inner
        if token.kind == "context":
            self.take()
            return _special(token)
        if token.kind == "keyword" and token.text in ("ALL", "MISSING"):
            self.take()
            return Special(token.text)
        if token.kind in ("word", "string"):
            return self.term()
        if token.kind == "bracket" or (token.kind == "keyword" and token.text in _BRACKETED):
            raise EssieError(f"mismatched input '{token.text}' expecting {_EXPECTED}")
        raise EssieError(f"no viable alternative at input '{token.text}'")

    def term(self) -> Node:
        parts: list[Part] = []
        start = end = self.ahead.start
        while self.ahead.kind in ("word", "string"):
            token = self.take()
            end = token.end
            if token.kind == "string":
                parts.append(Part(re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL), True))
            else:
                parts.append(Part(token.text, False))
        return Term(tuple(parts), self.value[start:end])


def _check_argument(token: _Token) -> None:
    if token.text == "COVERAGE" and token.argument not in _COVERAGES:
        raise EssieRefusal(f"Invalid coverage: {token.argument}")
    if token.text == "EXPANSION" and token.argument not in _EXPANSIONS:
        raise EssieRefusal(f"Invalid expansion: {token.argument}")
    if token.text == "SEARCH" and token.argument not in ("Study", "Location"):
        raise EssieRefusal(f"Unknown document name: `{token.argument}`")


def _special(token: _Token) -> Special:
    arguments = tuple(part.strip() for part in token.argument.split(","))
    wanted = 2 if token.text == "RANGE" else 3
    if len(arguments) != wanted or not all(arguments):
        raise EssieError(f"mismatched input ']' expecting {{',', WORD, STRING}} in {token.text}")
    return Special(token.text, arguments)
