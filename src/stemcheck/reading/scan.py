"""Cuts passages into sentences, and marks the phrases that the vocabularies know.

The time is linear in the length of the text: every word is looked up once, and only phrases that have begun
are followed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress, islice
from operator import attrgetter
from typing import Any, Final, cast

from stemcheck.reading.lexicon import Lexicon, Start, Term, load_lexicon, longer_phrases
from stemcheck.reading.passages import Passage, plain

WORD: Final = re.compile(r"[^\W_]+|[.,;:()\[\]!?•\n]")
"""Words, and the marks that count as words; all other signs only separate words."""
SENTENCE_END: Final = re.compile(
    r"[.!?\n](?:(?<=[!?])|(?<=\n)(?![ \t\r]{0,8}[a-z])"
    r"|(?<=\.)(?<!\b[egivEGIV]\.)(?<!\b(?i:vs|dr|ca|no|st|al)\.)(?<!\b(?i:fig)\.)(?<!\b(?i:approx)\.)"
    r"(?=\s{0,8}\Z|\s{1,8}[^\sa-zß-ÿ]|(?<=[a-z]\.)[A-Z][a-z]))"
)
"""The end of a sentence, but not the stops in "i.v." and "1.5", nor the end of a wrapped line."""
LONGEST_SENTENCE: Final = 4_000
"""Longer sentences are split, so that every text takes linear time. In characters; the longest of 100,000
sentences in real records has 2,300."""
OPENING: Final = frozenset("([")
CLOSING: Final = frozenset(")]")
DIVIDING: Final = OPENING | CLOSING | frozenset(";:•")
"""Marks that begin or end a clause."""
NONE: Final = frozenset[str]()
FIRST: Final = attrgetter("first")


class Mark:
    """A phrase of a vocabulary, found in a sentence."""

    __slots__ = ("effects", "first", "kind", "last", "sentence", "term", "value")

    def __init__(self, term: Term, sentence: "Sentence", first: int, last: int) -> None:
        self.term: Final = term
        self.kind: Final = term.kind
        self.value: Final = term.value
        self.sentence: Final = sentence
        self.first: Final = first
        self.last: Final = last
        """The numbers of its first and last word in the sentence."""
        self.effects: Mapping[str, Sequence[Any]] | None = None
        """The effects of the words around it, cached by `stemcheck.reading.context`."""

    @property
    def clause(self) -> int:
        """The number of its clause. A bracket is a clause of its own; the outer one continues after it."""
        clauses = self.sentence.clauses
        return clauses[self.first] if clauses else 0

    @property
    def words(self) -> str:
        """Its words as they are in the record."""
        start, end = self.sentence.span(self.first, self.last)
        return self.sentence.passage.verbatim[start:end]


class Sentence:
    """One sentence of a passage. Its phrases are marked on first use."""

    def __init__(
        self, passage: Passage, text: str, offset: int, lexicon: Lexicon, own: Mapping[str, Term]
    ) -> None:
        self.passage: Final = passage
        self.text: Final = text
        self.offset: Final = offset
        """Where it begins in the passage."""
        self.words: Final[list[str]] = WORD.findall(text)
        self._shapes = shapes = [*lexicon.shapes_of(self.words), lexicon.end, lexicon.end]
        self._starts = [*map(dict.__getitem__, shapes, islice(shapes, 1, None))]
        self._own = {} if not own or own.keys().isdisjoint(self.words) else own
        kinds = NONE.union(*[start[2] for start in self._starts if start is not None])
        if self._own:
            kinds = kinds.union(term.kind for term in self._own.values())
        self.kinds: Final = kinds
        """The kinds of marks that may occur in it (a longer phrase can still cover a shorter one)."""
        self.said: Final[dict[Any, Any]] = {}
        """Results shared by all marks of a sort, cached by `stemcheck.reading.context`."""

    @cached_property
    def marks(self) -> list[Mark]:
        """The marks in text order. Of one kind, the longest phrase wins and none overlap."""
        marks: list[Mark] = []
        covered: dict[str, int] = {}
        shapes = self._shapes
        for first, start in compress(enumerate(self._starts), self._starts):
            ends, longer, _ = cast("Start", start)
            if longer is not None and longer[shapes[first + 2]] is not None:
                ends = (*longer_phrases(longer, shapes, first), *ends)
            for more, term in ends:
                kind = term.kind
                if kind not in covered or covered[kind] < first:
                    covered[kind] = first + more
                    marks.append(Mark(term, self, first, first + more))
        if self._own:
            own = [(number, self._own.get(word)) for number, word in enumerate(self.words)]
            marks += [Mark(term, self, number, number) for number, term in own if term is not None]
            marks.sort(key=FIRST)
        return marks

    @cached_property
    def by_kind(self) -> dict[str, list[Mark]]:
        """The marks by kind."""
        found: dict[str, list[Mark]] = {}
        for mark in self.marks:
            found.setdefault(mark.kind, []).append(mark)
        return found

    def of(self, kind: str) -> Sequence[Mark]:
        """Return the marks of this kind, in order."""
        return self.by_kind.get(kind, ()) if kind in self.kinds else ()

    def holds(self, *kinds: str) -> bool:
        """Return whether it has a mark of one of these kinds."""
        return not (self.kinds.isdisjoint(kinds) or self.by_kind.keys().isdisjoint(kinds))

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the offsets in the passage at which the words from first to last begin and end."""
        spans = self._spans
        return self.offset + spans[first][0], self.offset + spans[last][1]

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return [match.span() for match in WORD.finditer(self.text)]

    @cached_property
    def clauses(self) -> list[int]:
        """The clause number of each word; empty if the sentence is a single clause.

        Brackets are clauses of their own, and "then" or "followed by" begins a new one.
        """
        if "break" not in self.by_kind and DIVIDING.isdisjoint(self.words):
            return []
        begins = {mark.first for mark in self.of("break")}
        numbered: list[int] = []
        outer: list[int] = []
        clause = last = 0
        for number, word in enumerate(self.words):
            if word in DIVIDING or number in begins:
                if word in OPENING:
                    outer.append(clause)
                if word not in CLOSING:
                    last = clause = last + 1
                elif outer:
                    clause = outer.pop()
            numbered.append(clause)
        return numbered


class Scan:
    """A passage. It is cut into sentences on first use."""

    def __init__(self, passage: Passage, lexicon: Lexicon, own: Mapping[str, Term]) -> None:
        self.passage: Final = passage
        self._lexicon = lexicon
        self._own = own

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences of the passage, in order."""
        text = plain(self.passage.verbatim)
        ends = [match.end() for match in SENTENCE_END.finditer(text)]
        pieces = [*zip([0, *ends], [*ends, len(text)], strict=True)]
        if any(end - start > LONGEST_SENTENCE for start, end in pieces):
            pieces = [shorter for piece in pieces for shorter in _parted(text, *piece)]
        return [
            Sentence(self.passage, text[start:end], start, self._lexicon, self._own)
            for start, end in pieces
            if end > start
        ]

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of marks that may occur in it. This is far cheaper than marking."""
        return NONE.union(*[sentence.kinds for sentence in self.sentences])

    def holds(self, *kinds: str) -> bool:
        """Return whether it has a mark of one of these kinds."""
        return not self.kinds.isdisjoint(kinds) and any(s.holds(*kinds) for s in self.sentences)

    def of(self, kind: str) -> Iterable[Mark]:
        """Return the marks of this kind, in order."""
        if kind not in self.kinds:
            return ()
        return (mark for sentence in self.sentences for mark in sentence.of(kind))

    def take_apart(self) -> None:
        """Cut the references between marks and sentences, so that their memory is freed at once."""
        for sentence in self.__dict__.get("sentences", ()):
            for mark in sentence.__dict__.pop("marks", ()):
                mark.effects = None
            sentence.__dict__.pop("by_kind", None)
            sentence.said.clear()


def _parted(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split a long sentence into short enough pieces, at spaces if possible."""
    while end - start > LONGEST_SENTENCE:
        cut = text.rfind(" ", start, start + LONGEST_SENTENCE) + 1 or start + LONGEST_SENTENCE
        yield start, cut
        start = cut
    yield start, end


def scan_passages(
    passages: Iterable[Passage],
    own: Mapping[str, Term] | None = None,
    lexicon: Lexicon | None = None,
) -> list[Scan]:
    """Return a scan of every passage. ``own``: the names that occur only in this record."""
    words = lexicon or load_lexicon()
    return [Scan(passage, words, own or {}) for passage in passages]
