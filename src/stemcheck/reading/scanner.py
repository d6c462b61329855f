"""One pass over a passage: which words of the vocabularies stand where, in which clause.

Linear in the length of the text: every token is looked up once, most are in no vocabulary and are
skipped at the speed of the interpreter's own loops, and only phrases already begun are carried on.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate, compress, islice
from operator import attrgetter
from typing import Final, NamedTuple

from stemcheck.reading.lexicon import PUNCTUATION, Lexicon, Term, load_lexicon, split_tokens
from stemcheck.reading.passages import Passage

ABBREVIATIONS: Final = frozenset(
    {"e", "g", "i", "v", "vs", "dr", "approx", "ca", "no", "fig", "st", "al"}
)
"""Words after which a full stop seldom ends a sentence."""
OPENING: Final = frozenset("([")
CLOSING: Final = frozenset(")]")
CLAUSE_ENDS: Final = frozenset(";:•")
SENTENCE_ENDS: Final = frozenset("!?\0")
DIVIDING: Final = frozenset(PUNCTUATION - {","})
BORDER: Final = "\0"
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


class Scan(NamedTuple):
    """A passage and its marks, in order of their start."""

    passage: Passage
    marks: Sequence[Mark]
    by_kind: Mapping[str, Sequence[Mark]]
    """The same marks, apart: most rules ask for one kind, and most passages hold none of it."""

    def of_kind(self, kind: str) -> Sequence[Mark]:
        """Return the marks of this kind, in order."""
        return self.by_kind.get(kind, [])

    def has_any(self, kinds: AbstractSet[str]) -> bool:
        """Whether there is a mark of one of these kinds."""
        return not self.by_kind.keys().isdisjoint(kinds)


def marks_between(marks: Sequence[Mark], first: Mark, second: Mark) -> Sequence[Mark]:
    """Return the marks that begin between two others; ``marks`` are in order of their start."""
    low = bisect_right(marks, first.start, key=attrgetter("start"))
    return marks[low : bisect_left(marks, second.start, lo=low, key=attrgetter("start"))]


Found = tuple[int, int, Term]
"""A phrase found: its first token, its last token negated (so that the longest sorts first), what it
stands for."""
Marked = tuple[list[Mark], defaultdict[str, list[Mark]]]
"""The marks of one text, together and by kind."""
Border = tuple[int, int, int]
"""A token that divides, and the number of the sentence and of the clause after it."""


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
        code: Term("code", str(number), code, OWN_NAME)
        for code, number in (codes or {}).items()
        if not words.shapes[words.shape_of(code)].symbols
    }
    marked = _marked([passage.text for passage in passages], words, own)
    return tuple(
        Scan(passage, marks, by_kind)
        for passage, (marks, by_kind) in zip(passages, marked, strict=True)
    )


def scan_text(text: str, lexicon: Lexicon) -> tuple[Mark, ...]:
    """Mark the words of one text; of one kind, the longest phrase wins and none overlap."""
    return tuple(_marked([text], lexicon, {})[0][0])


def _marked(texts: Sequence[str], lexicon: Lexicon, own: Mapping[str, Term]) -> list[Marked]:
    whole = BORDER.join(texts)
    pieces = split_tokens(whole)
    words = pieces[1::2]
    found = _phrases_found(_shapes_of(words, lexicon), lexicon)
    if own and not own.keys().isdisjoint(words):
        found += [(place, -place, own[word]) for place, word in enumerate(words) if word in own]
    found.sort()
    ends = list(islice(accumulate(map(len, pieces)), 1, None, 2))
    begins = list(accumulate((len(text) + len(BORDER) for text in texts), initial=0))
    return _longest(found, _borders(whole, words, ends), words, ends, begins)


def _shapes_of(words: Sequence[str], lexicon: Lexicon) -> list[int]:
    try:
        return list(map(lexicon.memory.__getitem__, words))
    except KeyError:
        return list(map(lexicon.shape_of, words))


def _phrases_found(numbers: Sequence[int], lexicon: Lexicon) -> list[Found]:
    """Find all phrases; ``numbers`` are those of the words' shapes."""
    found: list[Found] = []
    shapes, length = lexicon.shapes, len(numbers)
    for first in compress(range(length), map(lexicon.begins.__getitem__, numbers)):
        _, _, _, single, state = shapes[numbers[first]]
        for term in single:
            found.append((first, -first, term))  # noqa: PERF401 - mostly one: a list costs more
        last = first
        while state is not None:
            last += 1
            if last == length:
                break
            here = state
            try:
                state = here.after[numbers[last]]
            except KeyError:
                state = here.go_on(shapes[numbers[last]])
            if state is not None and state.ends:
                found += [(first, -last, term) for term in state.ends]
    return found


def _borders(text: str, words: Sequence[str], ends: Sequence[int]) -> list[Border]:
    """Tell where sentences and clauses begin; a bracket is a clause, then the outer one goes on."""
    borders: list[Border] = []
    sentence = clause = clauses = 0
    outer: list[int] = []
    for number in compress(range(len(words)), map(DIVIDING.__contains__, words)):
        mark = words[number]
        if mark in CLOSING:
            if not outer:
                continue
            clause = outer.pop()
        else:
            if mark in OPENING:
                outer.append(clause)
            elif mark not in CLAUSE_ENDS:
                if mark not in SENTENCE_ENDS and not _ends_sentence(text, words, ends, number):
                    continue
                sentence += 1
                outer.clear()
            clauses += 1
            clause = clauses
        borders.append((number, sentence, clause))
    return borders


def _ends_sentence(text: str, words: Sequence[str], ends: Sequence[int], number: int) -> bool:
    """Whether a full stop or the end of a line, the token of this number, ends a sentence."""
    end = ends[number]
    rest = text[end : end + 8]
    following = rest.lstrip(" \t\r")
    if words[number] == "\n":
        return not following[:1].islower()
    previous = words[number - 1] if number else ""
    if previous.lower() in ABBREVIATIONS:
        return False
    if not following:
        return True
    if rest[0].isspace():
        return not following[0].islower()
    # "given.The next": no blank after the stop, yet a new sentence; unlike "Allo.MSC"
    return following[0].isupper() and following[1:2].islower() and previous[-1:].islower()


def _longest(
    found: Sequence[Found],
    borders: Sequence[Border],
    words: Sequence[str],
    ends: Sequence[int],
    begins: Sequence[int],
) -> list[Marked]:
    """Keep the longest phrases of each kind, as marks, text by text; ``begins`` has one more."""
    covered: dict[str, int] = {}
    texts: list[Marked] = [([], defaultdict(list)) for _ in begins[1:]]
    marks, by_kind = texts[0] if texts else ([], defaultdict(list))
    number = begin = breaks = sentence = clause = 0
    ahead = iter((*borders, (len(words), 0, 0)))
    border = next(ahead)
    for token, negated, term in found:
        kind, value, key, rule = term
        if covered.get(kind, -1) >= token:
            continue
        last = covered[kind] = -negated
        end = ends[last]
        if border[0] <= token:
            while border[0] <= token:
                _, sentence, clause = border
                border = next(ahead)
            while end > begins[number + 1]:
                number += 1
            begin = begins[number]
            marks, by_kind = texts[number]
        if kind == "break":
            breaks += 1
        place = clause * 1000 + breaks % 1000
        start = ends[token] - len(words[token]) - begin
        # past the constructor in Python, which costs more than all the rest of the pass
        mark = tuple.__new__(
            Mark, (kind, value, key, rule, start, end - begin, token, last, sentence, place)
        )
        marks.append(mark)
        by_kind[kind].append(mark)
    return texts
