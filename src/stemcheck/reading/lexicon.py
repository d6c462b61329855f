"""Compiles the vocabularies of `vocabulary/*.toml` into one automaton that reads words.

A vocabulary file has ``[kind.value]`` tables; each key in a table names a rule and lists its phrases. The id
of a rule, such as ``cells.toml cell.mesenchymal.names``, is what `explain` shows, so that a wrong reading
leads to the line to correct. How to write a phrase:

``bone marrow``      two words in a row, also with a hyphen, slash or apostrophe between them
``MSC``              a word with a capital letter matches only as written; lower case matches any case
``intrathecal*``     every word that begins like this; ``*MSC`` every word that ends like this
``intra+venous``     one word or two
``stem|stromal``     either word;  ``human?`` an optional word
``_``                any one word; ``_?`` one or none
``@cells``           any word listed under ``[places]`` in any file

Full stops, commas and brackets count as words ("i . v").
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from stemcheck.tables import read_tables

PIECE: Final = re.compile(r"\*?[^\W_]+\*?|[.,;:()\[\]]")
"""One word in the notation of a vocabulary."""
SIGNS: Final = frozenset(".,;:()[]!?•\n")
"""Marks that count as words; ``_`` matches none of them."""
MEMORY: Final = 60_000
"""The most words to remember; the memory is cleared when it is full."""
NEIGHBOURS: Final = 3_000
"""The most neighbours that a shape remembers; they are cleared when it is full."""
ORDER: Final = attrgetter("value", "key", "rule")
"""If several terms of one kind end at the same word, the first in this order counts."""
NOT_PHRASES: Final = frozenset({"places", "sorts", "context"})
"""Tables without phrases."""
Table = Mapping[str, Mapping[str, Any]]
"""One vocabulary file, as kind: value: rule: phrases, and ``places`` as name: words."""


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """The meaning of a phrase."""

    kind: str
    value: str
    key: str
    """The name of the rule in its table: how strong the words are, or of which sort."""
    rule: str
    """The full id of the rule: file, table and key."""
    sorts: frozenset[str]
    """The names that rows of the context use for it."""


def term_of(kind: str, value: str, key: str, rule: str) -> Term:
    """Return a term with its sorts."""
    return Term(
        kind, value, key, rule, frozenset({kind, f"{kind}.{value}", f"{kind}.{value}.{key}"})
    )


class _Node:
    """A node in the tree of phrases."""

    __slots__ = ("edges", "ends")

    def __init__(self) -> None:
        self.edges: dict[int, _Node] = {}
        """The next nodes by word class; `FREE` stands for any one word."""
        self.ends: list[Term] = []

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of all phrases that pass through here."""
        ending = frozenset(term.kind for term in self.ends)
        return ending.union(*(node.kinds for node in self.edges.values()))


FREE: Final = -1
"""The class of any one word."""
Start = tuple[tuple[tuple[int, Term], ...], "State | None", frozenset[str]]
"""What begins at a word: the terms of one or two words, longer first, each with its number of further words;
the state from which longer phrases continue; and the kinds of all of these."""


class State(dict["Shape", "State | None"]):
    """A set of nodes that the words so far may have reached. As a dict: the next state for each shape.

    States are built as texts are read; there are at most as many as sets of nodes that occur.
    """

    __slots__ = ("_lexicon", "_nodes", "ends", "kinds", "leads_on")

    def __init__(self, lexicon: "Lexicon", nodes: Sequence[_Node]) -> None:
        super().__init__()
        self._lexicon = lexicon
        self._nodes = nodes
        ends = sorted({term for node in nodes for term in node.ends}, key=ORDER, reverse=True)
        self.ends: Final = tuple({term.kind: term for term in ends}.values())
        """The terms that end here, one per kind."""
        self.leads_on: Final = any(node.edges for node in nodes)
        self.kinds: Final = frozenset[str]().union(*(node.kinds for node in nodes))
        """The kinds of all phrases that pass through here."""

    def __missing__(self, shape: "Shape") -> "State | None":
        nodes = [node.edges[s] for node in self._nodes for s in shape.symbols if s in node.edges]
        state = self[shape] = self._lexicon.state_of(nodes)
        return state


class Shape(dict["Shape", Start | None]):
    """What the vocabularies know about a word. Words with the same shape are treated alike.

    As a dict: what begins at the word, by the shape of the next one; None for nothing. Most words begin
    nothing, so most of a text needs only one look-up per pair of words.
    """

    __slots__ = ("_begun", "symbols")
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __init__(self, symbols: tuple[int, ...], begun: State | None) -> None:
        super().__init__()
        self.symbols: Final = symbols
        """The word classes to which it belongs."""
        self._begun = begun

    def __missing__(self, following: "Shape") -> Start | None:
        if len(self) >= NEIGHBOURS:
            self.clear()
        start = self[following] = self._start(following)
        return start

    def _start(self, following: "Shape") -> Start | None:
        begun = self._begun
        if begun is None:
            return None
        longer = begun[following]
        ends = [(1, term) for term in longer.ends] if longer is not None else []
        ends += [(0, term) for term in begun.ends]
        kinds = frozenset(term.kind for _, term in ends)
        if longer is None or not longer.leads_on:
            return (tuple(ends), None, kinds) if ends else None
        return tuple(ends), longer, kinds | longer.kinds


class _Memory(dict[str, Shape]):
    """The shapes of the words seen so far."""

    def __init__(self, lexicon: "Lexicon") -> None:
        super().__init__()
        self._lexicon = lexicon

    def __missing__(self, word: str) -> Shape:
        if len(self) >= MEMORY:
            self.clear()
        shape = self[word] = self._lexicon.look_up(word)
        return shape


class Lexicon:
    """All phrases of all vocabularies, for look-up word by word."""

    def __init__(self, tables: Iterable[tuple[str, Table]]) -> None:
        loaded = list(tables)
        self._root = root = _Node()
        self.places: Final[dict[str, list[str]]] = {}
        """Interchangeable words, by the name of their list."""
        self._shapes: dict[tuple[int, ...], Shape] = {}
        self._memory: Final = _Memory(self)
        self._classes: dict[tuple[str, ...], int] = {}
        self._forms: dict[str, list[int]] = {}
        self._beginnings: dict[str, list[int]] = {}
        self._endings: dict[str, list[int]] = {}
        self._states: dict[frozenset[_Node], State] = {}
        self.cell_terms: Final[set[frozenset[int]]] = set()
        """For each phrase that names cells: the classes of the words that it always contains."""
        for _, table in loaded:
            self.places.update(table.get("places", {}))
        for name, table in loaded:
            for term, phrases in _rules(name, table):
                for phrase in phrases:
                    self._add(root, phrase, term)
        self._longest = max(map(len, self._beginnings), default=0)
        self._ends = tuple(self._endings)
        self._longest_ending = max(map(len, self._endings), default=0)
        self.end: Final = self._memory["\n"]
        """The shape of the end of a sentence: no phrase goes past it."""

    def shapes_of(self, words: Iterable[str]) -> Iterator[Shape]:
        """Return the shape of each word, from memory if possible."""
        return map(self._memory.__getitem__, words)

    def state_of(self, nodes: Iterable[_Node]) -> State | None:
        """Find or make the state for a set of nodes; None for an empty set."""
        key = frozenset(nodes)
        if not key:
            return None
        return self._states.get(key) or self._states.setdefault(key, State(self, tuple(key)))

    def look_up(self, word: str) -> Shape:
        """Work out the shape of a word."""
        found: set[int] = set()
        for form in {word, word.lower()}:
            found.update(self._forms.get(form, ()))
            for length in range(1, min(len(form), self._longest) + 1):
                found.update(self._beginnings.get(form[:length], ()))
            if form.endswith(self._ends):
                for start in range(max(0, len(form) - self._longest_ending), len(form)):
                    found.update(self._endings.get(form[start:], ()))
        symbols = (*sorted(found), *(() if word in SIGNS else (FREE,)))
        shape = self._shapes.get(symbols)
        if shape is None:
            edges = self._root.edges
            nodes = [edges[symbol] for symbol in symbols if symbol in edges]
            shape = self._shapes[symbols] = Shape(symbols, self.state_of(nodes))
        return shape

    def _add(self, root: _Node, phrase: str, term: Term) -> None:
        nodes = [root]
        needed: set[int] = set()
        for place in phrase.split():
            paths = self._paths_of(place.removesuffix("?"))
            paths += [[]] if place.endswith("?") else []
            nodes = [_node_at(node, path) for node in nodes for path in paths]
            if len(paths) == 1:  # a word that is neither optional nor written in several ways
                needed.update(paths[0])
        if term.kind == "cell":
            self.cell_terms.add(frozenset(needed - {FREE}))
        for node in nodes:
            if node is not root and term not in node.ends:
                node.ends.append(term)

    def _paths_of(self, place: str) -> list[list[int]]:
        """Return the ways to match one place of a phrase, each as a list of word classes."""
        if place == "_":
            return [[FREE]]
        words = self.places[place[1:]] if place.startswith("@") else place.split("|")
        if len(words) > 1:
            return [[self._class_of(*sorted({*words}))]]
        # "intra+venous" is one word or two: PIECE splits the form with a hyphen
        forms = {words[0].replace("+", ""), words[0].replace("+", "-")}
        return [[self._class_of(piece) for piece in PIECE.findall(form)] for form in sorted(forms)]

    def _class_of(self, *words: str) -> int:
        known = self._classes.get(words)
        if known is not None:
            return known
        symbol = self._classes[words] = len(self._classes)
        for word in words:
            if word[-1] == "*":
                self._beginnings.setdefault(word[:-1], []).append(symbol)
            elif word[0] == "*":
                self._endings.setdefault(word[1:], []).append(symbol)
            else:
                self._forms.setdefault(word, []).append(symbol)
        return symbol


def longer_phrases(
    state: State, shapes: Sequence[Shape], first: int
) -> tuple[tuple[int, Term], ...]:
    """Return the phrases of three and more words that begin at this word, the longest first.

    ``shapes``: those of a text's words, and two more at the end that continue no phrase.
    """
    found: tuple[tuple[int, Term], ...] = ()
    more = 1
    following: State | None = state
    while following is not None and following.leads_on:
        more += 1
        following = following[shapes[first + more]]
        if following is not None and following.ends:
            found = (*((more, term) for term in following.ends), *found)
    return found


def _node_at(node: _Node, path: Iterable[int]) -> _Node:
    """Find or make the node at the end of a path."""
    for symbol in path:
        node = node.edges.setdefault(symbol, _Node())
    return node


def _rules(name: str, table: Table) -> Iterator[tuple[Term, list[str]]]:
    for kind, values in table.items():
        if kind in NOT_PHRASES:
            continue
        for value, rules in values.items():
            for key, phrases in rules.items():
                yield term_of(kind, value, key, f"{name} {kind}.{value}.{key}"), phrases


@cache
def load_tables() -> Mapping[str, Table]:
    """Read the built-in vocabulary files, once."""
    return read_tables(Path(__file__).with_name("vocabulary"))


@cache
def load_lexicon() -> Lexicon:
    """Compile the built-in vocabularies, once."""
    return Lexicon(load_tables().items())
