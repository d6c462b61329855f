"""One pass over a text: which words of the vocabularies stand where, in which clause.

Linear in the length of the text: every token is looked up once, most are in no vocabulary and are
skipped at the speed of the interpreter's own loops, and only phrases already begun are carried on.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import accumulate, compress
from typing import Final, NamedTuple

from stemcheck.reading.borders import borders_in
from stemcheck.reading.lexicon import Lexicon, Plain, split_tokens

BORDER: Final = "\0"
"""Between the texts of two passages."""
CODE: Final = "code"
"""Kind of the marks for the record's own names of products."""


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


Marked = tuple[list[Mark], dict[str, list[Mark]]]
"""The marks of one text, together and by kind."""
Found = tuple[int, Sequence[Plain]]
"""The last word of a phrase, and what the phrase stands for."""


class MarkedText:
    """One or several passages that are scanned together."""

    def __init__(self, lexicon: Lexicon, own: Mapping[str, Plain]) -> None:
        self._lexicon = lexicon
        self._own = own
        self._texts: list[str] = []

    def add(self, text: str) -> int:
        """Take a passage in, as long as nothing was scanned, and return its number."""
        self._texts.append(text)
        return len(self._texts) - 1

    @cached_property
    def _whole(self) -> str:
        return BORDER.join(self._texts)

    @cached_property
    def _pieces(self) -> list[str]:
        return split_tokens(self._whole)

    @cached_property
    def _numbers(self) -> list[int]:
        """The numbers of the words' shapes, and one more that no phrase goes past."""
        numbers = list(map(self._lexicon.memory.__getitem__, self._pieces[1::2]))
        numbers.append(self._lexicon.memory[BORDER])
        return numbers

    @property
    def is_marked(self) -> bool:
        """Whether it was scanned."""
        return "marked" in self.__dict__

    @cached_property
    def _distinct(self) -> frozenset[int]:
        return frozenset(self._numbers)

    def may_tell(self, kind: str, values: AbstractSet[str] | None) -> bool:
        """Whether a phrase of this kind, and of these values, stands anywhere in the texts."""
        numbers, begun = self._numbers, self._lexicon.values_begun(kind)
        hopeful = [n for n in self._distinct if begun[n]]
        if values is not None:
            hopeful = [n for n in hopeful if not begun[n].isdisjoint(values)]
        if not hopeful:
            return False
        return any(
            kind == found_kind and (values is None or value in values)
            for first in compress(range(len(numbers)), map(set(hopeful).__contains__, numbers))
            for _, terms in _phrases_at(first, numbers, self._lexicon)
            for found_kind, value, _, _ in terms
        )

    @cached_property
    def marked(self) -> list[Marked]:  # noqa: C901, PLR0912 (one loop: a call a word costs more than the word)
        """The marks of each passage: of one kind, the longest phrase wins and none overlap."""
        numbers, texts, lexicon = self._numbers, self._texts, self._lexicon
        singles, states = lexicon.singles, lexicon.starts
        words = self._pieces[1::2]
        places = list(accumulate(map(len, self._pieces)))
        starts, ends = places[::2], places[1::2]
        borders = [*borders_in(self._whole, words, ends), (len(words), 0, 0)][::-1]
        border = borders[-1][0]
        named = self._own_names(words)
        answer: list[Marked] = [([], {}) for _ in texts]
        marks, by_kind = answer[0]
        text = begin = breaks = sentence = clause = place = 0
        end = len(texts[0])
        covered = dict.fromkeys((*lexicon.kinds, CODE), -1)
        # past the constructor in Python, which costs more than all the rest
        new_mark = tuple.__new__
        for first in self._beginnings(named):
            number = numbers[first]
            state = states[number]
            found: list[Found]
            if named and first in named:
                found = [(first, (named[first],))]
            elif state is not None and state.after.get(numbers[first + 1]) is not False:
                found = _phrases_at(first, numbers, lexicon)
            elif single := singles[number]:
                found = [(first, single)]
            else:
                continue
            if border <= first:
                while border <= first:
                    _, sentence, clause = borders.pop()
                    border = borders[-1][0]
                while starts[first] > end:
                    text, begin = text + 1, end + len(BORDER)
                    end = begin + len(texts[text])
                    marks, by_kind = answer[text]
                place = clause * 1000 + breaks % 1000
            start = starts[first] - begin
            for last, terms in found:
                for kind, value, key, rule in terms:
                    if covered[kind] >= first:
                        continue
                    covered[kind] = last
                    if kind == "break":
                        breaks += 1
                        place = clause * 1000 + breaks % 1000
                    stop = ends[last] - begin
                    mark = new_mark(
                        Mark, (kind, value, key, rule, start, stop, first, last, sentence, place)
                    )
                    marks.append(mark)
                    if kind in by_kind:
                        by_kind[kind].append(mark)
                    else:
                        by_kind[kind] = [mark]
        return answer

    def _own_names(self, words: Sequence[str]) -> dict[int, Plain]:
        """Find the record's own names of products, by the number of the word."""
        own = self._own
        if not own or own.keys().isdisjoint(words):
            return {}
        return {place: own[word] for place, word in enumerate(words) if word in own}

    def _beginnings(self, named: Mapping[int, Plain]) -> Iterable[int]:
        """Count up the words that stand for something or begin something."""
        begins = map(self._lexicon.begins.__getitem__, self._numbers)
        places = compress(range(len(self._numbers)), begins)
        return sorted({*named, *places}) if named else places


def _phrases_at(first: int, numbers: Sequence[int], lexicon: Lexicon) -> list[Found]:
    """Find the phrases that begin with a word, the longest first."""
    state = lexicon.starts[numbers[first]]
    found: list[Found] = [(first, lexicon.singles[numbers[first]])]
    last = first
    while state is not None:
        last += 1
        following = state.after.get(numbers[last])
        if following is None:
            following = state.go_on(lexicon.shapes[numbers[last]])
        if following is False:
            break
        state = following
        if state.ends:
            found.append((last, state.ends))
    found.reverse()
    return found
