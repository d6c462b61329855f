"""One pass over a passage: which words of the vocabularies stand where, in which clause.

Linear in the length of the text: every token is looked up once, and only phrases already begun are
carried along.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from stemcheck.reading.lexicon import TOKEN, Lexicon, Node, Term, load_lexicon
from stemcheck.reading.passages import Passage

ABBREVIATIONS = frozenset({"e", "g", "i", "v", "vs", "dr", "approx", "ca", "no", "fig", "st", "al"})
"""Words after which a full stop seldom ends a sentence."""
OPENING, CLOSING = frozenset("(["), frozenset(")]")
CLAUSE_ENDS = frozenset(";:•")
SENTENCE_ENDS = frozenset("!?")
PUNCTUATION = frozenset(".,;:()[]\n•!?")


class Mark(NamedTuple):
    """One phrase of a vocabulary found in a passage."""

    kind: str
    value: str
    key: str
    """Key of the rule in its table."""
    rule: str
    start: int
    end: int
    """Offsets in the passage's text."""
    token: int
    last_token: int
    """Numbers of its first and last token."""
    sentence: int
    clause: int
    """A bracket is a clause of its own; after it, the outer clause goes on."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A passage and its marks, in order of their start."""

    passage: Passage
    marks: tuple[Mark, ...]

    def of_kind(self, *kinds: str) -> list[Mark]:
        """The marks of these kinds, in order."""
        return [mark for mark in self.marks if mark.kind in kinds]


class _Found(NamedTuple):
    start_token: int
    start: int
    end_token: int
    end: int
    sentence: int
    clause: int
    term: Term


def scan_passages(
    passages: Iterable[Passage],
    codes: Mapping[str, int] | None = None,
    lexicon: Lexicon | None = None,
) -> tuple[Scan, ...]:
    """Mark the words of every passage; ``codes`` are the record's own product names."""
    words = lexicon or load_lexicon()
    own = {
        code: Term("code", str(number), code, "name of an intervention")
        for code, number in (codes or {}).items()
        if not words.symbols(code)
    }
    return tuple(Scan(passage, scan_text(passage.text, words, own)) for passage in passages)


def scan_text(
    text: str, lexicon: Lexicon, own: Mapping[str, Term] | None = None
) -> tuple[Mark, ...]:
    """Mark the words of one text; of one kind, the longest phrase wins and none overlap."""
    own = own or {}
    found: list[_Found] = []
    known, symbols_of, root = lexicon.memory, lexicon.symbols, lexicon.root.edges
    walks: list[tuple[Node, int, int, int, int]] = []
    sentence = clause = clauses = 0
    outer: list[int] = []
    number = -1
    previous = ""
    for match in TOKEN.finditer(text):
        number += 1
        word = match[0]
        symbols = known.get(word)
        if symbols is None:
            symbols = symbols_of(word)
        if symbols or walks:
            begun = walks
            walks = []
            end = match.end()
            for node, token, start, own_sentence, own_clause in begun:
                if node.free is not None and word not in PUNCTUATION:
                    walks.append((node.free, token, start, own_sentence, own_clause))
                for symbol in symbols:
                    following = node.edges.get(symbol)
                    if following is not None:
                        walks.append((following, token, start, own_sentence, own_clause))
            for symbol in symbols:
                following = root.get(symbol)
                if following is not None:
                    walks.append((following, number, match.start(), sentence, clause))
            for node, token, start, own_sentence, own_clause in walks:
                for term in node.ends:
                    found.append(_Found(token, start, number, end, own_sentence, own_clause, term))
        if word in own:
            start, end = match.span()
            found.append(_Found(number, start, number, end, sentence, clause, own[word]))
        elif word in PUNCTUATION:
            if word in OPENING:
                outer.append(clause)
                clauses += 1
                clause = clauses
            elif word in CLOSING:
                if outer:
                    clause = outer.pop()
            elif word in CLAUSE_ENDS:
                clauses += 1
                clause = clauses
            elif word in SENTENCE_ENDS or _ends_sentence(text, match.end(), word, previous):
                sentence += 1
                clauses += 1
                clause = clauses
                outer.clear()
        previous = word
    return _longest(found)


def _ends_sentence(text: str, end: int, word: str, previous: str) -> bool:
    if word == ",":
        return False
    rest = text[end : end + 8]
    following = rest.lstrip(" \t\r")
    if word == "\n":
        return not following[:1].islower()
    if previous.lower() in ABBREVIATIONS:
        return False
    if not following:
        return True
    if rest[0].isspace():
        return not following[0].islower()
    # "given.The next": no blank after the stop, yet a new sentence; unlike "Allo.MSC"
    return following[0].isupper() and following[1:2].islower() and previous[-1:].islower()


def _longest(found: list[_Found]) -> tuple[Mark, ...]:
    found.sort(key=lambda one: (one.start_token, -one.end_token))
    covered: dict[str, int] = {}
    marks: list[Mark] = []
    breaks = 0
    for one in found:
        term = one.term
        if covered.get(term.kind, -1) >= one.start_token:
            continue
        covered[term.kind] = one.end_token
        if term.kind == "break":
            breaks += 1
        marks.append(
            Mark(
                term.kind,
                term.value,
                term.key,
                term.rule,
                one.start,
                one.end,
                one.start_token,
                one.end_token,
                one.sentence,
                one.clause * 1000 + breaks % 1000,
            )
        )
    return tuple(marks)
