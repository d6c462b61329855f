"""Finds the numbers on a command line or in a text, including malformed ones."""

from collections.abc import Sequence

from stemcheck.guidance.numbers import MangledNumber, NumberMention, numbers_in
from stemcheck.services.show import checked_number
from stemcheck.trial.verification import NumberChecked
from stemcheck.words import words

_MOST_PIECES = 4
"""The most words of a command line that can make one number: NCT 04 506 073."""


def mentions_in(typed: Sequence[str]) -> tuple[NumberMention, ...]:
    """Return the numbers of a command line, where several words may make one number.

    Raises UsageError, which shows the right form, for a word that is not part of any number.
    """
    found: list[NumberMention] = []
    start = 0
    while start < len(typed):
        for pieces in range(1, _MOST_PIECES + 1):
            mentions = numbers_in(" ".join(typed[start : start + pieces]))
            # A number that starts in a later word does not explain the first one.
            if mentions and (pieces == 1 or mentions[0].start == 0):
                found += mentions
                start += pieces
                break
        else:
            found.append(NumberMention(typed[start], checked_number(typed[start]), 0))
            start += 1
    return tuple(found)


def mangled_number(mention: MangledNumber) -> NumberChecked:
    """Return the answer for a malformed number: it names no study, so the registry cannot be asked."""
    written = " ".join(mention.as_written.split())
    return NumberChecked(
        as_written=mention.as_written,
        nct_id=None,
        found=None,
        trial=None,
        checks=(),
        summary=words("verify.summary.digits", written=written, count=mention.digits),
    )
