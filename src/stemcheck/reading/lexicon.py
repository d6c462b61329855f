"""The vocabularies of `vocabulary/*.toml`, compiled into one token trie.

A vocabulary file holds ``[kind.value]`` tables; each key in one names a rule and lists its phrases.
The rule's id, ``cells.toml cell.mesenchymal.names``, is what `explain` shows, so that a wrong
reading leads to the line to mend. How a phrase is written:

``bone marrow``      two words in a row; hyphens, slashes and apostrophes between them do not matter
``MSC``              a word with a capital letter matches only as written; lower case matches any case
``intrathecal*``     every word that begins so; ``*MSC`` every word that ends so
``intra+venous``     one word or two
``stem|stromal``     either word;  ``human?`` the word may be missing
``_``                any one word; ``_?`` one or none
``@cells``           any word listed under ``[places]`` of any file

Full stops, commas and brackets are tokens of their own ("i . v").
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from stemcheck.tables import read_tables

TOKEN: Final = re.compile(r"([^\W_]+|[.,;:()\[\]\n•!?\0])")
"""Words and the marks that divide them. No repeat inside a repeat, so always linear."""
ASCII_TOKEN: Final = re.compile(r"([0-9A-Za-z]+|[.,;:()\[\]\n!?\0])")
"""The same for a text in ASCII, in two thirds of the time."""
PUNCTUATION: Final = frozenset(".,;:()[]\n•!?\0")
PIECE: Final = re.compile(r"\*?[^\W_]+\*?|[.,;:()\[\]]")
"""One token as a vocabulary writes it."""
FREE: Final = -1
"""In a path: any one word."""
MEMORY: Final = 30_000
"""Word forms remembered at most; then the memory starts anew."""


Table = Mapping[str, Mapping[str, Any]]
"""One vocabulary file: kind, value, rule, phrases; and ``places``: name, words."""


class Term(NamedTuple):
    """What one phrase of the vocabulary stands for."""

    kind: str
    value: str
    key: str
    """The key of the rule in its table: how strong or of which sort the words are."""
    rule: str
    """Where the rule stands: file, table and key."""


Plain = tuple[str, str, str, str]
"""A term as a bare tuple: Python takes one apart four times faster than a named one."""


class Node:
    """A place in the trie of phrases."""

    __slots__ = ("edges", "ends", "free")

    def __init__(self) -> None:
        self.edges: dict[int, Node] = {}
        self.free: Node | None = None
        """Where any one word leads."""
        self.ends: tuple[Term, ...] = ()
        """What ends here."""


class State:
    """All places that the words so far may have led to; made when first reached, then kept."""

    __slots__ = ("after", "ends", "nodes", "pool")

    def __init__(self, nodes: tuple[Node, ...], pool: "dict[frozenset[Node], State]") -> None:
        self.nodes = tuple(node for node in nodes if node.edges or node.free is not None)
        self.ends: tuple[Plain, ...] = tuple(
            sorted((*term,) for node in nodes for term in node.ends)
        )
        self.pool = pool
        """The states made so far: there are no more than sets of places ever reached."""
        self.after: dict[int, State | Literal[False]] = {}
        """Where words seen before led, by their shape; False for nowhere."""

    def go_on(self, shape: "Shape") -> "State | Literal[False]":
        """Find where a word of this shape leads from here; False for nowhere."""
        reached = [
            node.edges[symbol]
            for node in self.nodes
            for symbol in shape.symbols
            if symbol in node.edges
        ]
        if not shape.is_punctuation:
            reached += [node.free for node in self.nodes if node.free is not None]
        following = self.after[shape.number] = bool(reached) and state_of(tuple(reached), self.pool)
        return following


def state_of(nodes: tuple[Node, ...], pool: dict[frozenset[Node], State]) -> State:
    """Find or make the state of these places."""
    key = frozenset(nodes)
    known = pool.get(key)
    if known is None:
        known = pool[key] = State(nodes, pool)
    return known


class Shape(NamedTuple):
    """What the vocabularies know of a word; words of one shape are read alike."""

    number: int
    symbols: tuple[int, ...]
    """The word classes it belongs to; most words belong to none."""
    is_punctuation: bool


class Memory(dict[str, int]):
    """Words looked up before and the number of their shape; a new one is looked up when asked for."""

    def __init__(self, look_up: Callable[[str], int]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, word: str) -> int:
        if len(self) >= MEMORY:
            self.clear()
        number = self[word] = self._look_up(word)
        return number


class Lexicon:
    """All phrases of all vocabularies, looked up token by token."""

    def __init__(self, tables: Iterable[tuple[str, Table]]) -> None:
        loaded = list(tables)
        self.root: Final = Node()
        self.memory: Final = Memory(self._shape_of)
        """The number of each word's shape; most are in no vocabulary."""
        self.shapes: Final[list[Shape]] = []
        """All shapes met so far, by number: no more than ways to share word classes."""
        self.begins: Final[list[bool]] = []
        """Whether words of a shape stand for something or begin something, by number."""
        self.singles: Final[list[tuple[Plain, ...]]] = []
        """What a word stands for by itself, by the number of its shape."""
        self.starts: Final[list[State | None]] = []
        """Where longer phrases go on that a word begins, by the number of its shape."""
        self.kinds: Final = {kind for _, table in loaded for kind in table} - {"places"}
        self.places: Final[dict[str, list[str]]] = {}
        """Words that stand for one another, by the name of their place."""
        self._classes: dict[frozenset[str], int] = {}
        self._paths: dict[str, list[tuple[int, ...]]] = {}
        self._numbers: dict[tuple[tuple[int, ...], bool], int] = {}
        self._pool: dict[frozenset[Node], State] = {}
        self._forms: dict[str, set[int]] = {}
        self._beginnings: dict[str, set[int]] = {}
        self._endings: dict[str, set[int]] = {}
        self._begun: dict[str, _Begun] = {}
        for _, table in loaded:
            for name, words in table.get("places", {}).items():
                self.places[name] = list(words)
        for name, table in loaded:
            for term, phrase in _phrases(name, table):
                self._add(phrase, term)
        self._beginning_lengths = sorted({len(word) for word in self._beginnings})
        self._ending_lengths = sorted({len(word) for word in self._endings})

    def values_begun(self, kind: str) -> Mapping[int, frozenset[str]]:
        """Return what the phrases of this kind stand for that a word can begin, by its shape."""
        begun = self._begun.get(kind)
        if begun is None:
            begun = self._begun[kind] = _Begun(self, kind)
        return begun

    def _shape_of(self, word: str) -> int:
        return self._numbered(self._symbols(word), word in PUNCTUATION)

    def _numbered(self, symbols: tuple[int, ...], is_punctuation: bool) -> int:
        known = self._numbers.get((symbols, is_punctuation))
        if known is not None:
            return known
        edges = self.root.edges
        begun = tuple(edges[symbol] for symbol in symbols if symbol in edges)
        start = state_of(begun, self._pool) if begun else None
        number = self._numbers[symbols, is_punctuation] = len(self.shapes)
        self.shapes.append(Shape(number, symbols, is_punctuation))
        self.begins.append(start is not None)
        self.singles.append(start.ends if start else ())
        self.starts.append(start if start and start.nodes else None)
        return number

    def _symbols(self, word: str) -> tuple[int, ...]:
        found: set[int] = set()
        for form in {word, word.lower()}:
            found |= self._forms.get(form, set())
            for length in self._beginning_lengths:
                found |= self._beginnings.get(form[:length], set())
            for length in self._ending_lengths:
                found |= self._endings.get(form[-length:], set())
        return tuple(sorted(found))

    def _add(self, phrase: str, term: Term) -> None:
        nodes = [self.root]
        for place in phrase.split():
            nodes = [_node_at(node, path) for node in nodes for path in self._paths_of(place)]
        for node in nodes:
            if node is not self.root and term not in node.ends:
                node.ends = (*node.ends, term)

    def _paths_of(self, place: str) -> list[tuple[int, ...]]:
        """List the ways through one place of a phrase, each as word classes in a row."""
        known = self._paths.get(place)
        if known is None:
            required = place.removesuffix("?")
            known = self._paths[place] = self._required_paths(required)
            if required != place:
                known.append(())
        return known

    def _required_paths(self, place: str) -> list[tuple[int, ...]]:
        if place == "_":
            return [(FREE,)]
        if place.isalnum():
            return [(self._class_of(frozenset([place])),)]
        words = self.places[place[1:]] if place.startswith("@") else place.split("|")
        if len(words) > 1:
            return [(self._class_of(frozenset(words)),)]
        # "intra+venous" is one word or two; "bone-marrow" is as many as the text will have
        forms = {words[0].replace("+", ""), words[0].replace("+", "-")}
        return [
            tuple(self._class_of(frozenset([piece])) for piece in PIECE.findall(form))
            for form in sorted(forms)
        ]

    def _class_of(self, words: frozenset[str]) -> int:
        known = self._classes.get(words)
        if known is not None:
            return known
        symbol = self._classes[words] = len(self._classes)
        for word in words:
            if word.endswith("*"):
                self._beginnings.setdefault(word[:-1], set()).add(symbol)
            elif word.startswith("*"):
                self._endings.setdefault(word[1:], set()).add(symbol)
            else:
                self._forms.setdefault(word, set()).add(symbol)
        return symbol


class _Begun(dict[int, frozenset[str]]):
    """What the phrases of one kind stand for, by the shape of their first word."""

    def __init__(self, lexicon: Lexicon, kind: str) -> None:
        super().__init__()
        self._lexicon = lexicon
        self._kind = kind

    def __missing__(self, number: int) -> frozenset[str]:
        edges = self._lexicon.root.edges
        symbols = self._lexicon.shapes[number].symbols
        first = [edges[symbol] for symbol in symbols if symbol in edges]
        begun = self[number] = frozenset(_values_below(first, self._kind))
        return begun


def _values_below(nodes: Sequence[Node], kind: str) -> Iterator[str]:
    for node in nodes:
        yield from (term.value for term in node.ends if term.kind == kind)
        yield from _values_below([*node.edges.values()], kind)
        if node.free is not None:
            yield from _values_below([node.free], kind)


def split_tokens(text: str) -> list[str]:
    """Split a text: what stands between tokens, a token, what stands between, a token ..."""
    return (ASCII_TOKEN if text.isascii() else TOKEN).split(text)


def _node_at(node: Node, path: tuple[int, ...]) -> Node:
    """Find or make the place that a path leads to."""
    for symbol in path:
        following = node.free if symbol == FREE else node.edges.get(symbol)
        if following is None:
            following = Node()
            if symbol == FREE:
                node.free = following
            else:
                node.edges[symbol] = following
        node = following
    return node


def _phrases(name: str, table: Table) -> Iterator[tuple[Term, str]]:
    for kind, values in table.items():
        if kind == "places":
            continue
        for value, rules in values.items():
            for rule, phrases in rules.items():
                term = Term(kind, value, rule, f"{name} {kind}.{value}.{rule}")
                for phrase in phrases:
                    yield term, phrase


@cache
def load_lexicon() -> Lexicon:
    """Read the vocabularies that come with the program, once."""
    return Lexicon(read_tables(Path(__file__).with_name("vocabulary")).items())
