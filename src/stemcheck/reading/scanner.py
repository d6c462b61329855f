"""The passages of a record and the words of the vocabularies in them, each scanned when asked for."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from operator import attrgetter
from typing import Final

from stemcheck.reading.lexicon import Lexicon, load_lexicon
from stemcheck.reading.marking import CODE, Mark, Marked, MarkedText
from stemcheck.reading.passages import EVERY_PART, PROSE, Part, Passage
from stemcheck.reading.tokens import span_of, spans_in

FEW: Final = 40
"""Words of one passage that are searched for; from then on it is known where all of them stand."""
BY_TOKEN: Final = attrgetter("token")
NONE: Final[Sequence[Mark]] = ()
OWN_NAME: Final = "name of an intervention"
"""In place of a rule: the words are the record's own name of a product."""


class Scan:
    """A passage and its marks, looked for when first asked for."""

    __slots__ = ("_marked", "_number", "_own", "_searches", "_spans", "_text", "passage")

    def __init__(self, passage: Passage, text: MarkedText) -> None:
        self.passage: Final = passage
        self._text = text
        self._number = text.add(passage.text)
        self._marked: Marked | None = None
        self._own: tuple[int, Sequence[str]] | None = None
        self._spans: tuple[list[int], list[int]] | None = None
        self._searches = 0

    def _look(self) -> Marked:
        marked = self._marked = self._text.marked(self._number)
        return marked

    def may_hold(self, kinds: Iterable[str]) -> bool:
        """Whether it holds marks of one of these kinds, or was not scanned yet."""
        return not self._text.is_marked or self.has_any(kinds)

    @property
    def tokens(self) -> Sequence[str]:
        """The words and dividing marks that the numbers in marks count."""
        return self._text.tokens

    def words_between(self, first: Mark, second: Mark) -> int:
        """Count the words between two marks, with what commas and clause borders add."""
        return self._text.words_between(first.last_token + 1, second.token)

    def span(self, token: int, last_token: int) -> tuple[int, int]:
        """Tell where the words of these numbers begin and end in the passage's text."""
        if self._own is None:
            self._own = self._text.tokens_of(self._number)
        first, tokens = self._own
        token, last_token = token - first, last_token - first
        text = self.passage.text
        if self._spans is None:
            self._searches += 1
            if self._searches <= FEW and (span := span_of(text, tokens, token, last_token)):
                return span
            self._spans = spans_in(text)
        starts, ends = self._spans
        return starts[token], ends[last_token]

    def words_of(self, mark: Mark) -> str:
        """Return the words of a mark, verbatim."""
        start, end = self.span(mark.token, mark.last_token)
        return self.passage.text[start:end]

    def between(self, first: Mark, second: Mark) -> str:
        """Return what stands between two marks, verbatim; empty where they overlap."""
        if second.token <= first.last_token:
            return ""
        start, end = self.span(first.last_token, second.token)
        start += len(self.tokens[first.last_token])
        return self.passage.text[start : end - len(self.tokens[second.token])]

    @property
    def kinds(self) -> Iterable[str]:
        """The kinds of its marks."""
        _, by_kind = self._marked or self._look()
        return by_kind

    def of_kind(self, kind: str) -> Sequence[Mark]:
        """Return the marks of this kind, in order."""
        _, by_kind = self._marked or self._look()
        return by_kind.get(kind, NONE)

    def of_kinds(self, kinds: AbstractSet[str]) -> Sequence[Mark]:
        """Return the marks of these kinds, in the order of the text."""
        marks, by_kind = self._marked or self._look()
        if by_kind.keys() <= kinds:
            return marks
        return [mark for mark in marks if mark.kind in kinds]

    def has_any(self, kinds: Iterable[str]) -> bool:
        """Whether there is a mark of one of these kinds."""
        _, by_kind = self._marked or self._look()
        return not by_kind.keys().isdisjoint(kinds)

    def may_tell(self, kind: str, values: AbstractSet[str] | None = None) -> bool:
        """Whether there are words of this kind that stand for one of the values, or for any.

        Does not scan what was not scanned yet: all phrases of a text are found once, without marks,
        sentences and clauses. So a longer phrase may still cover what is told.
        """
        if self._text.is_marked:
            marks = self.of_kind(kind)
            return bool(marks) if values is None else any(mark.value in values for mark in marks)
        return self._text.may_tell(kind, values)


class Scans(tuple[Scan, ...]):  # noqa: SLOT001 (it keeps an index beside its items)
    """All passages of a record, in order of trust."""

    def holding(self, *kinds: str, parts: AbstractSet[Part] = EVERY_PART) -> list[tuple[int, Scan]]:
        """List the passages of these parts, with their numbers, that hold marks of one of these kinds.

        A passage that was not scanned yet is listed, too, and may hold none.
        """
        held = self._held_by_short_passages
        numbers = set().union(*[held[kind] for kind in kinds if kind in held])
        if not parts.isdisjoint(PROSE):
            numbers |= {number for number, scan in self._long_passages if scan.may_hold(kinds)}
        return [(n, self[n]) for n in sorted(numbers) if self[n].passage.part in parts]

    @cached_property
    def _long_passages(self) -> list[tuple[int, Scan]]:
        return [(n, scan) for n, scan in enumerate(self) if scan.passage.part in PROSE]

    @cached_property
    def _held_by_short_passages(self) -> dict[str, list[int]]:
        held: defaultdict[str, list[int]] = defaultdict(list)
        for number, scan in enumerate(self):
            if scan.passage.part not in PROSE:
                for kind in scan.kinds:
                    held[kind].append(number)
        return held


def marks_between(marks: Sequence[Mark], first: Mark, second: Mark) -> Sequence[Mark]:
    """Return the marks that begin between two others; ``marks`` are in order of their start."""
    low = bisect_right(marks, first.token, key=BY_TOKEN)
    return marks[low : bisect_left(marks, second.token, lo=low, key=BY_TOKEN)]


def scan_passages(
    passages: Sequence[Passage],
    codes: Mapping[str, int] | None = None,
    lexicon: Lexicon | None = None,
) -> Scans:
    """Mark the words of every passage; ``codes`` are the record's own product names.

    All short passages are one text with borders that no phrase crosses: far cheaper than many small
    ones. Numbers of tokens, sentences and clauses run on through such a text. Each long passage is a
    text of its own, scanned when somebody asks for its marks.
    """
    words = lexicon or load_lexicon()
    own = {
        code: (CODE, str(number), code, OWN_NAME)
        for code, number in (codes or {}).items()
        if not words.memory[code].symbols
    }
    short = MarkedText(words, own)
    return Scans(
        Scan(passage, MarkedText(words, own) if passage.part in PROSE else short)
        for passage in passages
    )
