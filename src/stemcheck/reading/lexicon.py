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
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from stemcheck.reading.borders import DIVIDING
from stemcheck.reading.tokens import PUNCTUATION
from stemcheck.tables import read_tables

PIECE: Final = re.compile(r"\*?[^\W_]+\*?|[.,;:()\[\]]")
"""One token as a vocabulary writes it."""
HEAD: Final = 3
"""Letters by which most words are known to begin as nothing that is looked for."""
FREE: Final = -1
"""In a path: any one word."""
MEMORY: Final = 30_000
"""Word forms remembered at most; then the memory starts anew."""
NEIGHBOURS: Final = 3_000
"""Shapes remembered at most as following another one; then that memory starts anew."""


Table = Mapping[str, Mapping[str, Any]]
"""One vocabulary file: kind, value, rule, phrases; and ``places``: name, words."""


Plain = tuple[str, str, str, str]
"""What a phrase stands for: kind, value, the key of the rule in its table (how strong or of which sort the
words are), and where the rule stands: file, table and key. Python takes a bare tuple apart four times as
fast as a named one."""


class Node:
    """A place in the trie of phrases."""

    __slots__ = ("edges", "ends")

    def __init__(self) -> None:
        self.edges: dict[int, Node] = {}
        """Where the words of a class lead, and any one word by `FREE`."""
        self.ends: tuple[Plain, ...] = ()
        """What ends here."""


class State:
    """All places that the words so far may have led to; made when first reached, then kept."""

    __slots__ = ("after", "ending", "ends", "nodes", "pool")

    def __init__(self, nodes: tuple[Node, ...], pool: "dict[frozenset[Node], State]") -> None:
        self.nodes = tuple(node for node in nodes if node.edges)
        self.ends = tuple(sorted(term for node in nodes for term in node.ends))
        self.pool = pool
        """The states made so far: there are no more than sets of places ever reached."""
        self.ending: dict[int, tuple[Phrase, ...]] = {}
        self.after: dict[Shape, State | Literal[False]] = {}
        """Where words seen before led, by their shape; False for nowhere."""

    def phrases(self, more: int) -> "tuple[Phrase, ...]":
        """List what ends here, so many words after the first."""
        known = self.ending.get(more)
        if known is None:
            known = self.ending[more] = tuple((more, *term) for term in self.ends)
        return known

    def go_on(self, shape: "Shape") -> "State | Literal[False]":
        """Find where a word of this shape leads from here; False for nowhere."""
        symbols = shape.symbols if shape.is_punctuation else (*shape.symbols, FREE)
        reached = [
            node.edges[symbol] for node in self.nodes for symbol in symbols if symbol in node.edges
        ]
        return bool(reached) and state_of(tuple(reached), self.pool)


def state_of(nodes: tuple[Node, ...], pool: dict[frozenset[Node], State]) -> State:
    """Find or make the state of these places."""
    key = frozenset(nodes)
    known = pool.get(key)
    if known is None:
        known = pool[key] = State(nodes, pool)
    return known


Phrase = tuple[int, str, str, str, str]
"""How many words follow the first, and what the phrase stands for."""
Start = tuple[tuple[Phrase, ...], State | None, bool]
"""What one or two words stand for, the longer phrase first; where phrases of more words go on; whether the
first word is a mark that may end a sentence or a clause."""


class Shape(dict["Shape", Start | None]):
    """What the vocabularies know of a word; words of one shape are read alike.

    As a dict: what the word begins with the next one, by the next one's shape, and None for nothing;
    looked up when the two are first met in a row.
    """

    __slots__ = ("begun", "divides", "is_punctuation", "starts", "symbols")
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __init__(
        self, symbols: tuple[int, ...], begun: State | None, *, is_punctuation: bool, divides: bool
    ) -> None:
        super().__init__()
        self.symbols = symbols
        """The word classes it belongs to; most words belong to none."""
        self.begun = begun
        """Where the word leads that stands for something or begins something."""
        self.is_punctuation = is_punctuation
        self.divides = divides
        """It may end a sentence or a clause."""
        self.starts: dict[State | Literal[False], Start | None] = {}
        """What it begins, by where the next word leads: most next words lead nowhere, and share it."""

    def __missing__(self, following: "Shape") -> Start | None:
        state = self.begun is not None and self.begun.go_on(following)
        if state not in self.starts:
            self.starts[state] = self._start(state)
        if len(self) >= NEIGHBOURS:
            self.clear()
        start = self[following] = self.starts[state]
        return start

    def _start(self, state: State | Literal[False]) -> Start | None:
        found: tuple[Phrase, ...] = () if self.begun is None else self.begun.phrases(0)
        longer: State | None = None
        if state:
            found = (*state.phrases(1), *found)
            longer = state if state.nodes else None
        return (found, longer, self.divides) if found or longer or self.divides else None


class Memory(dict[str, Shape]):
    """Words looked up before and their shape; a new one is looked up when asked for."""

    def __init__(self, look_up: Callable[[str], Shape]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, word: str) -> Shape:
        if len(self) >= MEMORY:
            self.clear()
        shape = self[word] = self._look_up(word)
        return shape


class Lexicon:
    """All phrases of all vocabularies, looked up token by token."""

    def __init__(self, tables: Iterable[tuple[str, Table]]) -> None:
        loaded = list(tables)
        self.root: Final = Node()
        self.memory: Final = Memory(self._shape_of)
        """The shape of each word; most are in no vocabulary."""
        self.kinds: Final = {kind for _, table in loaded for kind in table} - {"places"}
        self.places: Final[dict[str, list[str]]] = {}
        """Words that stand for one another, by the name of their place."""
        self.rules: Final[dict[str, list[tuple[str, list[str]]]]] = {}
        """Value and phrases of every rule, by kind."""
        self._classes: dict[tuple[str, ...], int] = {}
        self._paths: dict[str, list[tuple[int, ...]]] = {}
        self._shapes: dict[tuple[tuple[int, ...], bool, bool], Shape] = {}
        self._pool: dict[frozenset[Node], State] = {}
        self._forms: dict[str, tuple[int, ...]] = {}
        self._beginnings: dict[str, tuple[int, ...]] = {}
        self._endings: dict[str, tuple[int, ...]] = {}
        for _, table in loaded:
            for name, words in table.get("places", {}).items():
                self.places[name] = list(words)
        for name, table in loaded:
            for term, phrases in _rules(name, table):
                self.rules.setdefault(term[0], []).append((term[1], phrases))
                for phrase in phrases:
                    self._add(phrase, term)
        heads: defaultdict[str, set[int]] = defaultdict(set)
        for word in self._beginnings:
            heads[word[:HEAD]].add(len(word))
        # most words begin as no "word*" does; where some do, only their lengths are tried
        self._lengths = {head: tuple(lengths) for head, lengths in heads.items()}
        self._short = sorted({len(head) for head in heads if len(head) < HEAD})
        self._ends = tuple(self._endings)

    def _shape_of(self, word: str) -> Shape:
        symbols, is_punctuation, divides = (
            self._symbols(word),
            word in PUNCTUATION,
            word in DIVIDING,
        )
        key = (symbols, is_punctuation, divides)
        shape = self._shapes.get(key)
        if shape is None:
            edges = self.root.edges
            nodes = tuple(edges[symbol] for symbol in symbols if symbol in edges)
            begun = state_of(nodes, self._pool) if nodes else None
            shape = Shape(symbols, begun, is_punctuation=is_punctuation, divides=divides)
            self._shapes[key] = shape
        return shape

    def _symbols(self, word: str) -> tuple[int, ...]:
        found: set[int] = set()
        for form in {word, word.lower()}:
            found.update(self._forms.get(form, ()))
            for length in (*self._short, *self._lengths.get(form[:HEAD], ())):
                found.update(self._beginnings.get(form[:length], ()))
            if form.endswith(self._ends):
                for start in range(len(form)):
                    found.update(self._endings.get(form[start:], ()))
        return tuple(sorted(found))

    def _add(self, phrase: str, term: Plain) -> None:
        nodes = [self.root]
        for place in phrase.split():
            paths = self._paths.get(place) or self._paths_of(place)
            if len(nodes) == len(paths) == 1:
                nodes = [_node_at(nodes[0], paths[0])]
            else:
                nodes = [_node_at(node, path) for node in nodes for path in paths]
        for node in nodes:
            if node is not self.root and term not in node.ends:
                node.ends = (*node.ends, term)

    def _paths_of(self, place: str) -> list[tuple[int, ...]]:
        """List the ways through one place of a phrase, each as word classes in a row."""
        required = place.removesuffix("?")
        paths = self._paths[place] = self._required_paths(required)
        if required != place:
            paths.append(())
        return paths

    def _required_paths(self, place: str) -> list[tuple[int, ...]]:
        if place == "_":
            return [(FREE,)]
        if place.isalnum():
            return [(self._class_of(place),)]
        words = self.places[place[1:]] if place.startswith("@") else place.split("|")
        if len(words) > 1:
            return [(self._class_of(*sorted({*words})),)]
        # "intra+venous" is one word or two; "bone-marrow" is as many as the text will have
        forms = {words[0].replace("+", ""), words[0].replace("+", "-")}
        return [
            tuple(self._class_of(piece) for piece in PIECE.findall(form)) for form in sorted(forms)
        ]

    def _class_of(self, *words: str) -> int:
        known = self._classes.get(words)
        if known is not None:
            return known
        symbol = self._classes[words] = len(self._classes)
        for word in words:
            if word[-1] == "*":
                forms, form = self._beginnings, word[:-1]
            elif word[0] == "*":
                forms, form = self._endings, word[1:]
            else:
                forms, form = self._forms, word
            forms[form] = (*forms.get(form, ()), symbol)
        return symbol


def carried_on(
    found: tuple[Phrase, ...], state: State, first: int, shapes: Sequence[Shape]
) -> tuple[Phrase, ...]:
    """Add the phrases of three and more words to those that the first two stand for, the longest first.

    ``shapes``: of a text's words, and two more at its end that go on no phrase.
    """
    more = 1
    following: State | Literal[False] | None = state
    while following:
        more += 1
        shape = shapes[first + more]
        state = following
        following = state.after.get(shape)
        if following is None:
            following = state.after[shape] = state.go_on(shape)
        if following and following.ends:
            found = (*following.phrases(more), *found)
    return found


def _node_at(node: Node, path: tuple[int, ...]) -> Node:
    """Find or make the place that a path leads to."""
    for symbol in path:
        following = node.edges.get(symbol)
        if following is None:
            following = node.edges[symbol] = Node()
        node = following
    return node


def _rules(name: str, table: Table) -> Iterator[tuple[Plain, list[str]]]:
    for kind, values in table.items():
        if kind == "places":
            continue
        for value, rules in values.items():
            for rule, phrases in rules.items():
                yield (kind, value, rule, f"{name} {kind}.{value}.{rule}"), phrases


@cache
def load_lexicon() -> Lexicon:
    """Read the vocabularies that come with the program, once."""
    return Lexicon(read_tables(Path(__file__).with_name("vocabulary")).items())
