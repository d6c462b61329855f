"""The NCT numbers that were typed or stand in a text, malformed ones included."""

from collections.abc import Sequence

from stemcheck.guidance.numbers import MangledNumber, NumberMention, numbers_in
from stemcheck.services.show import checked_number
from stemcheck.trial.verification import NumberChecked
from stemcheck.words import words

_MOST_PIECES = 4
"""Words of a command line that can be one number: NCT 04 506 073."""


def mentions_in(typed: Sequence[str]) -> tuple[NumberMention, ...]:
    """Return the numbers of a command line, where one may be typed as several words.

    Raises UsageError that shows the right form for a word that is no number and no part of one.
    """
    found: list[NumberMention] = []
    start = 0
    while start < len(typed):
        for pieces in range(1, _MOST_PIECES + 1):
            mentions = numbers_in(" ".join(typed[start : start + pieces]))
            # A number that begins in a later word does not explain the first one.
            if mentions and (pieces == 1 or mentions[0].start == 0):
                found += mentions
                start += pieces
                break
        else:
            found.append(NumberMention(typed[start], checked_number(typed[start]), 0))
            start += 1
    return tuple(found)


def mangled_number(mention: MangledNumber) -> NumberChecked:
    """Return the answer for a malformed number, which cannot be looked up."""
    written = " ".join(mention.as_written.split())
    return NumberChecked(
        as_written=mention.as_written,
        nct_id=None,
        found=None,
        trial=None,
        checks=(),
        summary=words("verify.summary.digits", written=written, count=mention.digits),
    )
