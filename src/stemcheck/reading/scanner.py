"""The passages of a record and the words of the vocabularies in them, each scanned when asked for."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from operator import attrgetter
from typing import Final

from stemcheck.reading.lexicon import Lexicon, load_lexicon
from stemcheck.reading.marking import CODE, Mark, MarkedText
from stemcheck.reading.passages import Part, Passage

WHEN_ASKED: Final = frozenset({Part.BRIEF_SUMMARY, Part.DETAILED_DESCRIPTION})
"""Long passages that many a reading does without."""
OWN_NAME: Final = "name of an intervention"
"""In place of a rule: the words are the record's own name of a product."""


class Scan:
    """A passage and its marks, in order of their start; looked for when first asked for."""

    __slots__ = ("_number", "_text", "by_kind", "marks", "passage")

    marks: Sequence[Mark]
    by_kind: Mapping[str, Sequence[Mark]]
    """The same marks, apart: most rules ask for one kind, and most passages hold none of it."""

    def __init__(self, passage: Passage, text: MarkedText) -> None:
        self.passage: Final = passage
        self._text = text
        self._number = text.add(passage.text)

    def __getattr__(self, name: str) -> object:
        """Fetch the marks: called only while they are not there yet."""
        if name not in {"marks", "by_kind"}:
            raise AttributeError(name)
        self.marks, self.by_kind = self._text.marked[self._number]
        return getattr(self, name)

    @property
    def is_there(self) -> bool:
        """Whether it was scanned."""
        return self._text.is_marked

    def of_kind(self, kind: str) -> Sequence[Mark]:
        """Return the marks of this kind, in order."""
        return self.by_kind.get(kind, [])

    def has_any(self, kinds: Iterable[str]) -> bool:
        """Whether there is a mark of one of these kinds."""
        return not self.by_kind.keys().isdisjoint(kinds)

    def may_tell(self, kind: str, values: AbstractSet[str] | None = None) -> bool:
        """Whether there are words of this kind that stand for one of the values, or for any.

        Does not scan what was not scanned yet: its words are looked up and the phrases of one kind
        are followed, far cheaper than all marks. So a longer phrase may still cover what is found.
        """
        if self.is_there:
            marks = self.of_kind(kind)
            return bool(marks) if values is None else any(mark.value in values for mark in marks)
        return self._text.may_tell(kind, values)


class Scans(tuple[Scan, ...]):  # noqa: SLOT001 (it keeps an index beside its items)
    """All passages of a record, in order of trust."""

    def holding(self, *kinds: str) -> list[tuple[int, Scan]]:
        """List the passages, with their numbers, that hold marks of one of these kinds.

        A passage that was not scanned yet is listed, too, and may hold none.
        """
        held = self._held_by_short_passages
        found = set[tuple[int, Scan]]().union(*(held.get(kind, ()) for kind in kinds))
        found.update(
            (number, scan)
            for number, scan in self._long_passages
            if not scan.is_there or scan.has_any(kinds)
        )
        return sorted(found)

    @cached_property
    def _long_passages(self) -> list[tuple[int, Scan]]:
        return [(n, scan) for n, scan in enumerate(self) if scan.passage.part in WHEN_ASKED]

    @cached_property
    def _held_by_short_passages(self) -> dict[str, list[tuple[int, Scan]]]:
        held: dict[str, list[tuple[int, Scan]]] = {}
        for numbered in enumerate(self):
            scan = numbered[1]
            if scan.passage.part not in WHEN_ASKED:
                for kind in scan.by_kind:
                    if kind in held:
                        held[kind].append(numbered)
                    else:
                        held[kind] = [numbered]
        return held


def marks_between(marks: Sequence[Mark], first: Mark, second: Mark) -> Sequence[Mark]:
    """Return the marks that begin between two others; ``marks`` are in order of their start."""
    low = bisect_right(marks, first.start, key=attrgetter("start"))
    return marks[low : bisect_left(marks, second.start, lo=low, key=attrgetter("start"))]


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
        if not words.shapes[words.memory[code]].symbols
    }
    short = MarkedText(words, own)
    return Scans(
        Scan(passage, MarkedText(words, own) if passage.part in WHEN_ASKED else short)
        for passage in passages
    )


def scan_text(text: str, lexicon: Lexicon) -> tuple[Mark, ...]:
    """Mark the words of one text; of one kind, the longest phrase wins and none overlap."""
    passage = Passage("text", text, Part.BRIEF_TITLE)
    return tuple(Scan(passage, MarkedText(lexicon, {})).marks)
