"""A quick test of a whole record: whether it has all the words of any cell term, wherever they stand.

Most records of the registry name no cells. One that fails the test has no cell term anywhere, whatever the
order of its words; one that passes it is read.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final

from stemcheck.reading.lexicon import FREE, MEMORY, Lexicon, load_lexicon
from stemcheck.reading.passages import Passage, plain
from stemcheck.reading.scan import WORD


class _Memory(dict[str, frozenset[int]]):
    """The classes of words that pieces of text between blanks hold, as far as cell terms need them."""

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
    """The test, for one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._memory: Final = _Memory(lexicon)
        self._by_class: Final[dict[int, list[frozenset[int]]]] = {}
        """The words that each cell term needs, by one of them; by `FREE` where there is none."""
        for needed in lexicon.cell_terms:
            self._by_class.setdefault(max(needed, default=FREE), []).append(needed)

    def may_be_in(self, texts: Iterable[str]) -> bool:
        """Whether these texts may hold a cell term; False is certain."""
        pieces = {*" ".join(texts).split()}
        held = frozenset([FREE]).union(*filter(None, map(self._memory.__getitem__, pieces)))
        asked = held & self._by_class.keys()
        return any(needed <= held for one in asked for needed in self._by_class[one])


@cache
def _cell_test() -> CellTest:
    return CellTest(load_lexicon())


def may_name_cells(passages: Iterable[Passage]) -> bool:
    """Whether passages may hold a cell term; False is certain."""
    return _cell_test().may_be_in(plain(passage.verbatim) for passage in passages)
