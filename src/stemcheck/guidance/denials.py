"""Whether the words around a phrase turn it round: a denial, a doubt, a question, a warning."""

from collections.abc import Sequence
from functools import cache

from stemcheck.guidance.phrases import BARRIERS, PhraseBook
from stemcheck.guidance.texts import read_texts

_REACH_BEFORE = 9
_REACH_AFTER = 4
_CLAUSE_ENDS = (BARRIERS | {"and"}) - {"(", ")"}
_LIST_WORDS = frozenset({"a", "an", "the", "or", "nor", "any"})
"""Between a comma and the next item of a list: "not a cure, a miracle or a guarantee"."""


def is_turned(
    words: Sequence[str], match: Sequence[int], *, lead: Sequence[str] = (), is_doubtful: bool
) -> bool:
    """Whether a phrase found at the places ``match`` is denied, warned of, doubted or asked about.

    ``lead``: the heading of the list that the words are an item of; a warning there counts for all items.
    """
    if _count_denials(words, match) % 2 or _is_question(words):
        return True
    if _book("warnings").is_in(words[: match[0]]) or _book("warnings").is_in(lead):
        return True
    if _book("disbelief").is_in(words) or _book("reported").is_in(_since_but(words, match[0])):
        return True
    clause = words[_clause_start(words, match[0]) : match[0]]
    return is_doubtful and _book("doubts").is_in(clause)


def said_words(words: Sequence[str], following: Sequence[str]) -> Sequence[str]:
    """Return the words of a sentence; without its question mark when the next sentence says yes."""
    is_affirmed = words[-1:] == ("?",) and bool(following) and following[0] in _answers()
    return words[:-1] if is_affirmed else words


def _count_denials(words: Sequence[str], match: Sequence[int]) -> int:
    first, last = match[0], match[-1]
    start = max(_clause_start(words, first), first - _REACH_BEFORE)
    seen = words[start : last + 1]
    own = {place - start for place in match}
    harmless = {found[0] for found in _book("no_denials").matches_in(seen)}
    before = {found[0] for found in _book("denials").matches_in(seen)} - own - harmless
    after: list[str] = []
    for word in words[last + 1 : last + 1 + _REACH_AFTER]:
        if word in _CLAUSE_ENDS:
            break
        after.append(word)
    return len(before) + _book("denials_after").is_in(after)


def _clause_start(words: Sequence[str], place: int) -> int:
    """Return where the clause of a word begins; a comma inside a list does not begin one."""
    start = place
    while start > 0:
        word = words[start - 1]
        is_list = word == "," and words[start] in _LIST_WORDS and start < place
        if word in _CLAUSE_ENDS and not is_list:
            break
        start -= 1
    return start


def _since_but(words: Sequence[str], place: int) -> Sequence[str]:
    """Return the words before a place; after a "but" it is no longer others who speak."""
    before = words[:place]
    turns = [number for number, word in enumerate(before) if word == "but"]
    return before[turns[-1] + 1 :] if turns else before


def _is_question(words: Sequence[str]) -> bool:
    is_asked = bool(words) and words[-1] == "?"
    return is_asked and not _book("leading_questions").is_in(words)


@cache
def _answers() -> frozenset[str]:
    return frozenset(read_texts("claims")["turning"]["answers_yes"])


@cache
def _book(name: str) -> PhraseBook:
    return PhraseBook(read_texts("claims")["turning"][name])
