"""Tests quickly whether a whole record has all the words of any cell term, in any order and place.

Most records of the registry name no cells. A record that fails the test has no cell term; one that passes is
read in full.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final

from stemcheck.reading.lexicon import FREE, MEMORY, Lexicon, load_lexicon
from stemcheck.reading.passages import Passage, plain
from stemcheck.reading.scan import WORD


class _Memory(dict[str, frozenset[int]]):
    """The word classes that cell terms need, for each piece of text between spaces."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon = lexicon
        self._asked: Final = frozenset[int]().union(*lexicon.cell_terms)

    def __missing__(self, piece: str) -> frozenset[int]:
        if len(self) >= MEMORY:
            self.clear()
        shapes = self._lexicon.shapes_of(WORD.findall(piece))
        known = self[piece] = self._asked.intersection(
            [symbol for shape in shapes for symbol in shape.symbols]
        )
        return known


class CellTest:
    """The test for one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._memory: Final = _Memory(lexicon)
        self._by_class: Final[dict[int, list[frozenset[int]]]] = {}
        """The classes that each cell term needs, grouped by one of them; by `FREE` if it needs none."""
        for needed in lexicon.cell_terms:
            self._by_class.setdefault(max(needed, default=FREE), []).append(needed)

    def may_be_in(self, texts: Iterable[str]) -> bool:
        """Return whether these texts may contain a cell term; False is certain."""
        pieces = {*" ".join(texts).split()}
        held = frozenset([FREE]).union(*filter(None, map(self._memory.__getitem__, pieces)))
        asked = held & self._by_class.keys()
        return any(needed <= held for one in asked for needed in self._by_class[one])


@cache
def _cell_test() -> CellTest:
    return CellTest(load_lexicon())


def may_name_cells(passages: Iterable[Passage]) -> bool:
    """Return whether passages may contain a cell term; False is certain."""
    return _cell_test().may_be_in(plain(passage.verbatim) for passage in passages)
