"""Whether words, as they stand, name a way into the body: places, and letters such as IV or IA.

"Into the left knee" does, "osteoarthritis of the knee" does not; "1 g IV" does, "stage IV" does not.
"""

from functools import cache
from typing import Final, Literal

from stemcheck.reading.marking import Mark
from stemcheck.reading.nearness import OWN_FIELDS
from stemcheck.reading.scanner import Scan
from stemcheck.reading.sentence import Sentence, Verdict, nearest, others_around, word_set

BESIDE = 3
"""Words between a bare abbreviation and what makes it a route."""
LOOK_BACK = 6
"""Words looked at before a place: "into the right knee"."""
REACH = 70
"""Characters looked at before and after a place."""
NEARBY = 14
"""Words from a word of giving to a place "in" or "at" which it happens."""
LISTED = 6
"""Words from a place to its word of giving in a list: "lumbar, and local injection"."""
LIST_WORDS: Final = frozenset({",", "and", "or", "and/or", "/", "&", "vs"})
SPEAKS: Final = Verdict(holds=True, why="")


def words_say_route(scan: Scan, mark: Mark, sentence: Sentence) -> Verdict:
    """Whether the words name a way into the body at all, whosoever it is."""
    if mark.value == "none":
        return Verdict(holds=False, why=f"no route ({mark.key.replace('_', ' ')})")
    if mark.kind == "letters":
        return _letters_say_route(scan, mark, sentence)
    if mark.kind == "site":
        return _site_says_route(scan, mark, sentence)
    return SPEAKS


def _letters_say_route(scan: Scan, mark: Mark, sentence: Sentence) -> Verdict:
    is_beside_giving = nearest(scan, mark, sentence.giving) <= BESIDE
    near = others_around(mark, sentence.routes)
    others = [other for other in near if other is not mark and other.kind != "site"]
    is_beside = is_beside_giving or nearest(scan, mark, others) <= BESIDE
    text, (start, end) = scan.passage.text, scan.span(mark.token, mark.last_token)
    before, after = text[start - 1 : start], text[end : end + 1]
    if before == "-" or (after == "-" and not is_beside_giving):
        return Verdict(holds=False, why="part of a code")
    if text[start:end].islower() and (after == ")" or (before in {"", "\n"} and after == ".")):
        return Verdict(holds=False, why="number of a list")
    if mark.value == "intravenous":
        is_given = is_beside or bool(sentence.owners) or bool(sentence.giving)
        return Verdict(holds=is_given, why="letters alone, nothing is given here")
    return Verdict(holds=is_beside, why="letters without a word of giving beside them")


def _site_says_route(scan: Scan, mark: Mark, sentence: Sentence) -> Verdict:
    if _is_followed_by_giving(scan, mark, sentence):
        return SPEAKS
    text, (start, end) = scan.passage.text, scan.span(mark.token, mark.last_token)
    if not _ends_its_phrase(text, end):
        return Verdict(holds=False, why="only describes the next word")
    motion = _motion_before(text, start)
    if motion == "none":
        return Verdict(holds=False, why="a part of the body, no way into it")
    if motion == "into" and (sentence.giving or scan.passage.part in OWN_FIELDS):
        return SPEAKS
    is_given = any(
        0 < mark.token - given.last_token <= NEARBY
        for given in others_around(mark, sentence.giving)
    )
    return Verdict(holds=is_given, why="nothing is given there", is_loose=True)


def _is_followed_by_giving(scan: Scan, mark: Mark, sentence: Sentence) -> bool:
    """As in "knee injection", and in "lumbar, and local administration"."""
    acts = _acts_after_a_place()
    for given in others_around(mark, sentence.giving):
        gap = given.token - mark.last_token
        if not 0 < gap <= LISTED or not scan.tokens[given.token].lower().startswith(acts):
            continue
        words = scan.between(mark, given).replace(",", " , ").replace("-", " ").lower().split()
        is_next = gap == 1 or (len(words) == 1 and words[0] not in _not_between())
        is_listed = bool(LIST_WORDS.intersection(words[:1]))
        if is_next or (is_listed and _has_route_between(mark, given, sentence)):
            return True
    return False


def _has_route_between(mark: Mark, given: Mark, sentence: Sentence) -> bool:
    near = others_around(mark, sentence.routes)
    return any(mark.last_token < other.token < given.token for other in near)


@cache
def _acts_after_a_place() -> tuple[str, ...]:
    return tuple(word_set("after_place"))


@cache
def _not_between() -> frozenset[str]:
    return word_set("part_of") | word_set("ends_place") | word_set("not_past")


def _ends_its_phrase(text: str, end: int) -> bool:
    """Whether the place itself is meant: in "the brain structure" it is not."""
    rest = text[end : end + REACH].replace("-", " ").replace("/", " ").split()
    if not rest or text[end] in ".,;:)(]\n":
        return True
    word = rest[0].strip(".,;:()[]").lower()
    return not word.isalpha() or word in word_set("ends_place") or word in word_set("part_of")


def _without_brackets(piece: str) -> str:
    """Drop what stands in round brackets, as in "into the opening (50 %) and the tract"."""
    while (closing := piece.rfind(")")) >= 0:
        opening = max(0, piece.rfind("(", 0, closing))
        piece = piece[:opening] + " " + piece[closing + 1 :]
    return piece


def _motion_before(text: str, start: int) -> Literal["into", "at", "none"]:
    piece = _without_brackets(text[max(0, start - REACH) : start])
    for border in ".;:(\n":
        piece = piece.rpartition(border)[2]
    words = piece.lower().replace("-", " ").replace("/", " ").replace(",", " ").split()
    back = words[: -LOOK_BACK - 1 : -1]
    for number, word in enumerate(back):
        if word in word_set("into"):
            return "into"
        if word in word_set("at"):
            return "at"
        if word == "of" and number + 1 < len(back) and back[number + 1] in word_set("part_of"):
            continue
        if number == 0 and word in word_set("whose"):
            continue
        if word in word_set("not_past"):
            return "none"
    return "none"
