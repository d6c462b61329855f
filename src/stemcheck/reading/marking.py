"""One pass over a text: which words of the vocabularies stand where, in which clause.

Linear in the length of the text: every token is looked up once, most are in no vocabulary and are
skipped at the speed of the interpreter's own loops, and only phrases already begun are carried on.
"""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import dataclass
from itertools import accumulate, compress, repeat
from typing import Final, cast

from stemcheck.reading.borders import Borders
from stemcheck.reading.lexicon import Lexicon, Plain, Shape, Start, carried_on
from stemcheck.reading.tokens import BORDER, LINE_END, tokens_in

PAUSES: Final = {",": 4, ";": 9, LINE_END: 9}
"""Words that these tokens count for where nearness is counted in words."""
NEAR: Final = 30
"""Words that are counted one by one."""
CODE: Final = "code"
"""Kind of the marks for the record's own names of products."""


@dataclass(slots=True, eq=False, init=False)
class Mark:
    """One phrase of a vocabulary found in a passage.

    Made empty and then filled: there are 130 of them a record, and a call with eight arguments takes
    twice as long.
    """

    kind: str
    value: str
    key: str
    """Key of the rule in its table."""
    rule: str
    token: int
    last_token: int
    """Numbers of its first and last token in the text that was scanned."""
    sentence: int
    clause: int
    """A bracket is a clause of its own; after it, the outer clause goes on."""

    def meaning(self, kind: str, value: str) -> "Mark":
        """Return a mark of the same words that stands for something else."""
        mark = copy(self)
        mark.kind, mark.value = kind, value
        return mark


Marked = tuple[list[Mark], dict[str, list[Mark]]]
"""The marks of one text in order, and the same by kind: most rules ask for one kind."""


class MarkedText:
    """One or several passages that are scanned together, when first asked for what is in them."""

    def __init__(self, lexicon: Lexicon, own: Mapping[str, Plain]) -> None:
        self._lexicon = lexicon
        self._own = own
        self._texts: list[str] = []
        self._marked: list[Marked] | None = None
        self.tokens: list[str] = []
        """Of all passages together; there once anything was asked."""
        self._along: list[int] | None = None
        self._begins: list[int] | None = None
        self._shapes: list[Shape] = []
        """Those of the words, and two more that no phrase goes past."""
        self._starts: list[Start] = []
        """What each word begins; None where that is nothing, for these are passed over at once."""
        self._told: dict[str, set[str]] | None = None

    @property
    def is_marked(self) -> bool:
        """Whether it was scanned."""
        return self._marked is not None

    def add(self, text: str) -> int:
        """Take a passage in, as long as nothing was scanned, and return its number."""
        self._texts.append(text.replace(BORDER, " "))
        return len(self._texts) - 1

    def words_between(self, first: int, end: int) -> int:
        """Count the words of a piece; commas and the ends of clauses count for more."""
        if end - first > NEAR:
            # a sum of all pieces from the start, so that many long ones take no longer than one
            if self._along is None:
                steps = map(PAUSES.get, self.tokens, repeat(1))
                self._along = list(accumulate(steps, initial=0))
            return self._along[end] - self._along[first]
        words = self.tokens[first:end]
        if PAUSES.keys().isdisjoint(words):
            return len(words)
        return sum(map(PAUSES.get, words, repeat(1)))

    def tokens_of(self, number: int) -> tuple[int, list[str]]:
        """Give the tokens of a passage, and the number of the first of them in the text."""
        if self._begins is None:
            begins = [0]
            for _ in self._texts[1:]:
                begins.append(self.tokens.index(BORDER, begins[-1]) + 1)
            self._begins = [*begins, len(self.tokens) + 1]
        first = self._begins[number]
        return first, self.tokens[first : self._begins[number + 1] - 1]

    def may_tell(self, kind: str, values: AbstractSet[str] | None) -> bool:
        """Whether a phrase of this kind, and of these values, stands anywhere in the texts."""
        if self._told is None:
            told = self._told = defaultdict(set)
            starts, shapes = self._looked_up(), self._shapes
            for first, (found, state, divides) in compress(enumerate(starts), starts):
                if state is not None and state.after.get(shapes[first + 2]) is not False:
                    found = carried_on(found, state, first, shapes)  # noqa: PLW2901
                    starts[first] = found, None, divides  # so that it need not be done again
                for _, found_kind, value, _, _ in found:
                    told[found_kind].add(value)
        if kind not in self._told:
            return False
        return values is None or not values.isdisjoint(self._told[kind])

    def marked(self, number: int) -> Marked:
        """Return the marks of a passage: of one kind, the longest phrase wins and none overlap."""
        if self._marked is None:
            self._marked = self._mark()
        return self._marked[number]

    def _looked_up(self) -> list[Start]:
        if not self._shapes:
            memory = self._lexicon.memory
            self.tokens = tokens_in(f" {BORDER} ".join(self._texts))
            self._shapes = [*map(memory.__getitem__, self.tokens), memory[BORDER], memory[BORDER]]
            found = map(dict.__getitem__, self._shapes, self._shapes[1:-1])
            self._starts = cast("list[Start]", [*found])
            for number, term in self._own_names().items():
                self._starts[number] = ((0, *term),), None, False
        return self._starts

    def _mark(self) -> list[Marked]:
        starts = self._looked_up()
        shapes = self._shapes
        borders = Borders(BORDER.join(self._texts), self.tokens)
        answer: list[Marked] = [([], defaultdict(list)) for _ in self._texts]
        texts = iter(answer)
        marks, by_kind = next(texts)
        breaks = sentence = place = 0
        covered = dict.fromkeys((*self._lexicon.kinds, CODE), -1)
        for first, (found, state, divides) in compress(enumerate(starts), starts):
            if divides:
                borders.cross(first)
                sentence, place = borders.sentence, borders.clause * 1000 + breaks % 1000
                if self.tokens[first] == BORDER:
                    marks, by_kind = next(texts)
            if state is not None and state.after.get(shapes[first + 2]) is not False:
                found = carried_on(found, state, first, shapes)  # noqa: PLW2901
            for more, kind, value, key, rule in found:
                if covered[kind] < first:
                    covered[kind] = last = first + more
                    if kind == "break":
                        breaks += 1
                        place = borders.clause * 1000 + breaks % 1000
                    mark = Mark()
                    mark.kind = kind
                    mark.value = value
                    mark.key = key
                    mark.rule = rule
                    mark.token = first
                    mark.last_token = last
                    mark.sentence = sentence
                    mark.clause = place
                    marks.append(mark)
                    by_kind[kind].append(mark)
        return answer

    def _own_names(self) -> dict[int, Plain]:
        """Find the record's own names of products, by the number of the word."""
        own, words = self._own, self.tokens
        if not own or own.keys().isdisjoint(words):
            return {}
        return {place: own[word] for place, word in enumerate(words) if word in own}
