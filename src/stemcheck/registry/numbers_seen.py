"""Which studies a search has seen, in memory that a long crawl does not make larger."""

from mmap import mmap

_NUMBERS = 10**8
"""An NCT number has eight digits."""


class NumbersSeen:
    """A bit for every number that can be.

    A set of fifty thousand numbers takes 6 MB. These 12 MB are only asked for: the system gives a piece of
    such a map when something is written there, and the numbers of today lie in its first megabyte.
    """

    def __init__(self) -> None:
        self._bits = mmap(-1, _NUMBERS // 8)

    def add(self, nct_id: str) -> bool:
        """Note a number; return whether it is new."""
        place, bit = divmod(int(nct_id.removeprefix("NCT")), 8)
        byte = self._bits[place]
        self._bits[place] = byte | 1 << bit
        return not byte >> bit & 1
