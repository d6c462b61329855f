"""One pass over a passage: which words of the vocabularies stand where, in which clause.

Linear in the length of the text: every token is looked up once, most are in no vocabulary and are
skipped at the speed of the interpreter's own loops, and only phrases already begun are carried on.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress
from operator import attrgetter
from typing import Final, NamedTuple

from stemcheck.reading.lexicon import Entry, Lexicon, Term, load_lexicon, split_tokens
from stemcheck.reading.passages import Passage

ABBREVIATIONS: Final = frozenset(
    {"e", "g", "i", "v", "vs", "dr", "approx", "ca", "no", "fig", "st", "al"}
)
"""Words after which a full stop seldom ends a sentence."""
OPENING: Final = frozenset("([")
CLOSING: Final = frozenset(")]")
CLAUSE_ENDS: Final = frozenset(";:•")
SENTENCE_ENDS: Final = frozenset("!?\0")
BORDER: Final = "\n\0\n"
"""Between the texts of two passages."""
OWN_NAME: Final = "name of an intervention"
"""In place of a rule: the words are the record's own name of a product."""


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
        """Return the marks of these kinds, in order."""
        return [mark for mark in self.marks if mark.kind in kinds]


def marks_between(marks: Sequence[Mark], first: Mark, second: Mark) -> Sequence[Mark]:
    """Return the marks that begin between two others; ``marks`` are in order of their start."""
    low = bisect_right(marks, first.start, key=attrgetter("start"))
    return marks[low : bisect_left(marks, second.start, lo=low, key=attrgetter("start"))]


Found = tuple[int, int, Term, int, int]
"""A phrase found: its first token, its last token negated (so that the longest sorts first), what it
stands for, and the sentence and clause it began in."""
_BEGINS: Final = attrgetter("begins")


def scan_passages(
    passages: Sequence[Passage],
    codes: Mapping[str, int] | None = None,
    lexicon: Lexicon | None = None,
) -> tuple[Scan, ...]:
    """Mark the words of every passage; ``codes`` are the record's own product names.

    All passages are one text with borders that no phrase crosses: far cheaper than many small ones.
    Numbers of tokens, sentences and clauses run on through the record.
    """
    words = lexicon or load_lexicon()
    own = {
        code: words.entry(code)._replace(
            single=(Term("code", str(number), code, OWN_NAME),), begins=True
        )
        for code, number in (codes or {}).items()
        if not words.entry(code).symbols
    }
    marked = _marked([passage.text for passage in passages], words, own)
    return tuple(map(Scan, passages, marked))


def scan_text(text: str, lexicon: Lexicon) -> tuple[Mark, ...]:
    """Mark the words of one text; of one kind, the longest phrase wins and none overlap."""
    return _marked([text], lexicon, {})[0]


def _marked(
    texts: Sequence[str], lexicon: Lexicon, own: Mapping[str, Entry]
) -> list[tuple[Mark, ...]]:
    whole = BORDER.join(texts)
    pieces = split_tokens(whole)
    words = pieces[1::2]
    try:
        entries = [lexicon.memory[word] for word in words]
    except KeyError:
        entries = [lexicon.entry(word) for word in words]
    if own and not own.keys().isdisjoint(words):
        entries = [own.get(word, entry) for word, entry in zip(words, entries, strict=True)]
    ends = list(accumulate(map(len, pieces)))[1::2]
    found = _phrases_found(words, entries, _Place(whole, words, ends))
    found.sort()
    begins = list(accumulate((len(text) + len(BORDER) for text in texts), initial=0))
    return _longest(found, words, ends, begins)


def _phrases_found(words: Sequence[str], entries: Sequence[Entry], place: "_Place") -> list[Found]:
    found: list[Found] = []
    sentence = clause = 0
    for number in compress(range(len(words)), map(_BEGINS, entries)):
        _, _, single, state, is_punctuation, _ = entries[number]
        if is_punctuation:
            place.pass_by(number)
            sentence, clause = place.sentence, place.clause
        if single:
            found += [(number, -number, term, sentence, clause) for term in single]
        following = number
        while state is not None:
            following += 1
            if following == len(entries):
                break
            entry = entries[following]
            here = state
            try:
                state = here.after[entry.shape]
            except KeyError:
                state = here.go_on(entry)
            if state is not None and state.ends:
                found += [(number, -following, term, sentence, clause) for term in state.ends]
    return found


class _Place:
    """Which sentence and clause the pass is in."""

    __slots__ = ("clause", "clauses", "ends", "outer", "sentence", "text", "words")

    def __init__(self, text: str, words: Sequence[str], ends: Sequence[int]) -> None:
        self.text = text
        self.words = words
        self.ends = ends
        self.sentence = self.clause = self.clauses = 0
        self.outer: list[int] = []

    def pass_by(self, number: int) -> None:
        """Go past a mark of punctuation, the token of this number."""
        mark = self.words[number]
        if mark == ",":
            return
        if mark in OPENING:
            self.outer.append(self.clause)
            self._begin_clause()
        elif mark in CLOSING:
            if self.outer:
                self.clause = self.outer.pop()
        elif mark in CLAUSE_ENDS:
            self._begin_clause()
        elif mark in SENTENCE_ENDS or self._ends_sentence(mark, number):
            self.sentence += 1
            self._begin_clause()
            self.outer.clear()

    def _ends_sentence(self, mark: str, number: int) -> bool:
        end = self.ends[number]
        rest = self.text[end : end + 8]
        following = rest.lstrip(" \t\r")
        if mark == "\n":
            return not following[:1].islower()
        previous = self.words[number - 1] if number else ""
        if previous.lower() in ABBREVIATIONS:
            return False
        if not following:
            return True
        if rest[0].isspace():
            return not following[0].islower()
        # "given.The next": no blank after the stop, yet a new sentence; unlike "Allo.MSC"
        return following[0].isupper() and following[1:2].islower() and previous[-1:].islower()

    def _begin_clause(self) -> None:
        self.clauses += 1
        self.clause = self.clauses


def _longest(
    found: Sequence[Found], words: Sequence[str], ends: Sequence[int], begins: Sequence[int]
) -> list[tuple[Mark, ...]]:
    """Keep the longest phrases of each kind, as marks, text by text; ``begins`` has one more."""
    covered: dict[str, int] = {}
    texts: list[list[Mark]] = [[] for _ in begins[1:]]
    number = breaks = 0
    for token, negated, term, sentence, clause in found:
        kind, value, key, rule = term
        if covered.get(kind, -1) >= token:
            continue
        last = covered[kind] = -negated
        if kind == "break":
            breaks += 1
        end = ends[last]
        while end > begins[number + 1]:
            number += 1
        begin = begins[number]
        start = ends[token] - len(words[token]) - begin
        place = clause * 1000 + breaks % 1000
        mark = Mark(kind, value, key, rule, start, end - begin, token, last, sentence, place)
        texts[number].append(mark)
    return [tuple(marks) for marks in texts]
