"""The numbers that somebody typed or that a text gives, also those that cannot be any number."""

from collections.abc import Sequence

from stemcheck.guidance.numbers import MangledNumber, NumberMention, numbers_in
from stemcheck.services.show import checked_number
from stemcheck.trial.verification import NumberChecked

_MOST_PIECES = 4
"""Words of a command line that can be one number: NCT 04 506 073."""
_COUNTS = {5: "five", 6: "six", 7: "seven", 9: "nine", 10: "ten", 11: "eleven", 12: "twelve"}


def mentions_in(words: Sequence[str]) -> tuple[NumberMention, ...]:
    """Return the numbers of a command line, where one may be typed as several words.

    Raises UsageError that shows the right form for a word that is no number and no part of one.
    """
    found: list[NumberMention] = []
    start = 0
    while start < len(words):
        for pieces in range(1, _MOST_PIECES + 1):
            mentions = numbers_in(" ".join(words[start : start + pieces]))
            # A number that begins in a later word does not explain the first one.
            if mentions and (pieces == 1 or mentions[0].start == 0):
                found += mentions
                start += pieces
                break
        else:
            checked_number(words[start])
            start += 1
    return tuple(found)


def mangled_number(mention: MangledNumber) -> NumberChecked:
    """Return the answer on what was written as a number and names none."""
    written = " ".join(mention.as_written.split())
    return NumberChecked(
        as_written=mention.as_written,
        nct_id=None,
        found=False,
        trial=None,
        checks=(),
        summary=f"{written} has {_COUNTS[mention.digits]} digits; an NCT number has eight. "
        "Ask for the right one.",
    )
