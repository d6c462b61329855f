"""Decides whether a word such as "knee", "IV" or "in the eye" names a way into the body at all."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, Literal

from stemcheck.reading.context import effects_on
from stemcheck.reading.lexicon import load_tables
from stemcheck.reading.passages import PROSE, TITLES
from stemcheck.reading.scan import Mark, Sentence
from stemcheck.trial.terms import Route

NO_ROUTE: Final = "none"
"""The value of words that only look like a route."""
WITHOUT_A_WAY: Final = frozenset({"treat", "assess"})
"""Rules of giving words that do not say how something is given."""
LOOK_BACK: Final = 8
"""How many words before a place are searched: "into the right knee"."""
NEARBY: Final = 14
"""The most words from a word of giving to the place "in" or "at" which it happens."""
LISTED: Final = 6
"""The most words from a place to its word of giving in a list: "lumbar, and local injection"."""
LIST_WORDS: Final = frozenset({",", "and", "or"})


def giving(sentence: Sentence) -> Iterator[Mark]:
    """Yield the words of giving that may say how."""
    for kind in ("giving", "way"):
        for mark in sentence.of(kind):
            if mark.term.key not in WITHOUT_A_WAY:
                yield mark


def gives(sentence: Sentence) -> bool:
    """Return whether a sentence has a word of giving that may say how."""
    return any(True for _ in giving(sentence))


@cache
def words_of(name: str) -> frozenset[str]:
    """Return the words of one ``[places]`` list of the vocabularies."""
    return frozenset(
        word for table in load_tables().values() for word in table.get("places", {}).get(name, ())
    )


def wording(mark: Mark) -> tuple[str, bool]:
    """Return why a word names no way into the body (empty: it does), and whether it names only a place.

    "Into the left knee" does, "osteoarthritis of the knee" does not; "1 g IV" does, "stage IV" does not.
    """
    if mark.kind == "letters":
        return _letters(mark), False
    if mark.kind == "site":
        return _site(mark)
    return "", False


def _letters(mark: Mark) -> str:
    effects = effects_on(mark)
    is_beside_giving = "beside" in effects
    is_beside = is_beside_giving or "beside_route" in effects
    sentence = mark.sentence
    passage = sentence.passage.verbatim
    start, end = sentence.span(mark.first, mark.last)
    before, after = passage[start - 1 : start], passage[end : end + 1]
    if before == "-" or (after == "-" and not is_beside_giving):
        return "part_of_code"
    is_item = after == ")" or (before in {"", "\n"} and after == ".")
    if is_item and passage[start:end].islower():
        return "list_number"
    if is_beside or (
        mark.value == Route.INTRAVENOUS and (gives(sentence) or sentence.holds("cell", "agent"))
    ):
        return ""
    return "letters_alone"


def _site(mark: Mark) -> tuple[str, bool]:
    given = list(giving(mark.sentence))
    if any(_follows_in_a_phrase(mark, one) for one in given):
        return "", False
    if not _ends_its_phrase(mark):
        return "describes_next", False
    part = mark.sentence.passage.part
    motion = _motion_before(mark)
    if motion == "none" or (motion == "into" and (given or part not in PROSE)):
        return "place_only" if motion == "none" else "", False
    if part in TITLES and mark.sentence.words[mark.first - 1] != "the":
        return "disease_in_title", True
    is_near = any(0 < mark.first - one.last <= NEARBY for one in given)
    return "" if is_near else "nothing_given", True


def _follows_in_a_phrase(mark: Mark, given: Mark) -> bool:
    """Return True for "knee injection", "the knee will be injected", "lumbar, and local administration"."""
    gap = given.first - mark.last
    words = mark.sentence.words
    if not 0 < gap <= LISTED or not words[given.first].lower().startswith(
        tuple(words_of("after_place"))
    ):
        return False
    between = [word.lower() for word in words[mark.last + 1 : given.first]]
    if between and words_of("passive").issuperset(between):
        return True
    if len(between) <= 1:
        not_between = words_of("part_of") | words_of("ends_place") | words_of("not_past") | {","}
        return not between or between[0] not in not_between
    return between[0] in LIST_WORDS and any(
        mark.last < other.first < given.first
        for kind in ("route", "letters", "site")
        for other in mark.sentence.of(kind)
        if other.value != NO_ROUTE
    )


def _ends_its_phrase(mark: Mark) -> bool:
    """Return whether the place itself is meant, which it is not in "the brain structure"."""
    following = mark.sentence.words[mark.last + 1 : mark.last + 2]
    word = following[0].lower() if following else ""
    return not word.isalpha() or word in words_of("ends_place") or word in words_of("part_of")


def _motion_before(mark: Mark) -> Literal["into", "at", "none"]:
    words = _without_brackets(mark.sentence.words[max(0, mark.first - 3 * LOOK_BACK) : mark.first])
    for number, word in enumerate(words[:LOOK_BACK]):
        if word in words_of("into"):
            is_access = not words_of("access").isdisjoint(words[number + 1 : number + 3])
            return "none" if is_access else "into"
        if word in words_of("at"):
            return "at"
        if word == "of" and number + 1 < len(words) and words[number + 1] in words_of("part_of"):
            continue
        if word in words_of("whose") and (number == 0 or words[number - 1] == "s"):
            continue
        if word in words_of("not_past"):
            return "none"
    return "none"


def _without_brackets(words: Iterable[str]) -> list[str]:
    """Return the words of the last clause, in reverse order, without anything in round brackets."""
    kept: list[str] = []
    depth = 0
    for word in reversed([*words]):
        if word == ")":
            depth += 1
        elif word == "(" and depth:
            depth -= 1
        elif not depth:
            if word in {".", ";", ":", "(", "\n"}:
                break
            if word != ",":
                kept.append(word.lower())
    return kept
