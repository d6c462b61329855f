"""What is wrong with a question before it is asked, in plain words and with advice."""

from stemcheck.errors import UsageError
from stemcheck.registry import essie
from stemcheck.trial.query import TrialQuery

MOST_LETTERS = 1000
"""Of the conditions, or of an expression: an address that is much longer is refused on its way."""


def check(query: TrialQuery) -> None:
    """Raise `UsageError`, with advice, when the registry could not answer as it is meant."""
    for text in query.conditions:
        _check_text(text, "condition")
    if query.raw is not None:
        _check_text(query.raw, "search expression")
    _check_length(sum(map(len, query.conditions)), "condition", _too_long_hint_for(query))
    _check_length(len(query.raw or ""), "search expression", "Ask in several searches.")
    words = sum(map(essie.count_words, map(essie.tidy, query.conditions)))
    if words > essie.MOST_WORDS:
        raise UsageError(
            f"That is {words} words for the condition; "
            f"the registry takes {essie.MOST_WORDS} at most.",
            hint=_too_long_hint_for(query),
            facts={"words": words, "most_words": essie.MOST_WORDS},
        )


def _too_long_hint_for(query: TrialQuery) -> str:
    if len(query.conditions) > 1:
        return "Ask for fewer conditions at a time, in several searches."
    return "Keep the main words only, such as the short name of the disease."


def _check_length(letters: int, what: str, hint: str) -> None:
    if letters > MOST_LETTERS:
        raise UsageError(
            f"The {what} has {letters:,} letters, and {MOST_LETTERS:,} is the most.",
            hint=hint,
            facts={"letters": letters, "most_letters": MOST_LETTERS},
        )


def _check_text(text: str, what: str) -> None:
    if not text.strip():
        raise UsageError(f"The {what} is empty.", hint='For example: --condition "stroke"')
    if essie.has_unsendable(text):
        raise UsageError(
            f"The {what} holds characters that cannot be sent.",
            hint="Type it by hand instead of pasting it.",
        )
    if not essie.has_words(text):
        raise UsageError(
            f"The {what} holds no word to search for.", hint='For example: --condition "stroke"'
        )
    if numbers := essie.nct_numbers_alone(text):
        raise UsageError(
            f"That {what} is a trial's number.",
            hint=f"To see a trial by its number: stemcheck show {' '.join(numbers)}",
        )
