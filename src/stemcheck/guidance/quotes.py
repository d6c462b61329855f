"""Verbatim quotes: a long clause is cut at spaces, around the words that count."""

from typing import NamedTuple


class Clause(NamedTuple):
    """A clause of a text, and within it the words that count, as places in characters."""

    start: int
    end: int
    core_start: int
    core_end: int


def shortened(text: str, clause: Clause, longest: int) -> tuple[int, int]:
    """Return where the quote of a clause begins and ends: the whole, or about ``longest`` characters.

    The words that count are always in it.
    """
    start, end, core_start, core_end = clause
    if end - start <= longest:
        return start, end
    spare = max(0, longest - (core_end - core_start)) // 2
    if core_start - start > spare:
        start = text.find(" ", core_start - spare, core_start) + 1 or core_start
    if end - core_end > spare:
        cut = text.rfind(" ", core_end, core_end + spare)
        end = cut if cut > 0 else core_end
    return start, end
