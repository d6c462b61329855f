"""What a leaflet shows, as numbers: signs of each sentence, and of the page as a whole.

Nothing is decided here. A sentence may hold words of a claim and a "not" before them; a page may offer a
treatment
or warn of one. `stemcheck.guidance.claim_model` weighs these signs.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from stemcheck.guidance.patterns import BARRIERS, Match, Patterns
from stemcheck.guidance.sentences import Sentence, key_of
from stemcheck.tables import read_table

LANGUAGES = ("en", "es", "de")
TIERS = ("sure", "plain", "faint")
"""How clearly a phrase makes a claim by itself."""
MANY = "many_conditions"
_OFFICIAL = frozenset({"fda_status", "other_licence", "ethics_stamp"})
"""Kinds whose phrases have no "no" of their own."""
_EFFECTS = frozenset({"cure", "homing"})
"""Kinds of which a phrase can hold a denial between its words: "we cannot cure it"."""
_CLAUSE_ENDS = (BARRIERS | {"and", "y", "und"}) - {"(", ")"}
_LIST_WORDS = frozenset({"a", "an", "the", "or", "nor", "any", "o", "ni", "oder"})
_BUT = frozenset({"but", "pero", "aber"})
_REACH_BEFORE, _REACH_AFTER = 9, 4
"""Words before and after a phrase among which a denial of it can stand."""
_MANY_ILLNESSES = 4
_LONGEST_ANSWER = 2
"""Words of an answer that stands in the sentence of its question."""
_SHORT, _LONG = 6, 35
"""Words of a short and of a long sentence."""
_MOST_OF_ONE_SIGN = 3
_LEAST_WORDS = 60
"""A page shorter than this counts as if it had so many words."""


class Vocabulary:
    """All phrases of one language."""

    def __init__(self, table: dict[str, Any]) -> None:
        lists = table["lists"]
        self.kinds = {
            kind: {tier: Patterns(rows.get(tier, ()), lists) for tier in TIERS}
            for kind, rows in table["kinds"].items()
        }
        self.page = {sign: Patterns(rows, lists) for sign, rows in table["page"].items()}
        self.context = {name: Patterns(rows, lists) for name, rows in table["context"].items()}
        self.illness = Patterns(["<illness>"], lists)
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._beginnings: dict[str, set[str]] = defaultdict(set)
        for name, entries in lists.items():
            for entry in entries:
                if entry.endswith("*"):
                    self._beginnings[entry[:-1]].add(name)
                else:
                    self._exact[entry].add(name)
        self._classes: dict[str, tuple[str, ...]] = {}

    def classes_of(self, word: str) -> tuple[str, ...]:
        """Return the names of the lists that a word stands in: of the body, of mending, of money."""
        found = self._classes.get(word)
        if found is None:
            names = set(self._exact.get(word, ()))
            for length in range(2, len(word) + 1):
                names |= self._beginnings.get(word[:length], set())
            found = self._classes[word] = tuple(sorted(names))
        return found


@cache
def vocabulary(language: str) -> Vocabulary:
    """Return the phrases of a language, compiled once."""
    return Vocabulary(read_table(Path(__file__).parent / "claim_phrases" / f"{language}.toml"))


@dataclass(slots=True)
class Candidate:
    """One kind of claim that a sentence may make, with all that speaks for it and against it."""

    kind: str
    number: int
    """Of the sentence on the page."""
    signs: dict[str, float]
    core: Match | None
    """The words that count; None where no phrase was found."""
    is_offered_list: bool = False
    """Illnesses one a line, under a line such as "What we treat": an offer by its shape."""


@dataclass(slots=True)
class Page:
    """The signs of a whole text."""

    sentences: tuple[Sentence, ...]
    languages: tuple[str, ...]
    """Of each sentence."""
    candidates: dict[tuple[int, str], Candidate] = field(default_factory=dict)
    bases: list[dict[str, float]] = field(default_factory=list)
    """The signs of each sentence that do not depend on the kind of claim."""
    signs: list[float] = field(default_factory=list)
    lists: dict[int, int] = field(default_factory=dict)
    """Where illnesses are listed one a line: number of the first line, and of the last."""


def page_of(sentences: Sequence[Sentence], languages: Sequence[str]) -> Page:
    """Return the signs of a text, each sentence read in its own language."""
    page = Page(tuple(sentences), tuple(languages))
    page.lists = dict(_illness_lists(page))
    for number, sentence in enumerate(page.sentences):
        _add_sentence(page, number, sentence, vocabulary(page.languages[number]))
    _add_neighbours(page)
    page.signs = _page_signs(page)
    return page


def _add_sentence(page: Page, number: int, sentence: Sentence, words: Vocabulary) -> None:
    after = page.sentences[number + 1] if number + 1 < len(page.sentences) else None
    base = _base_signs(sentence, after, words)
    page.bases.append(base)
    illnesses = _illnesses_in(page, number, words)
    for kind, tiers in words.kinds.items():
        found = {tier: list(tiers[tier].matches_in(sentence)) for tier in TIERS}
        if not any(found.values()) and not (kind == MANY and illnesses >= _MANY_ILLNESSES):
            continue
        candidate = Candidate(kind, number, dict(base), None)
        _add_matches(candidate, sentence, found, words)
        if kind == MANY and illnesses >= _MANY_ILLNESSES:
            candidate.signs["sure1"] = 1.0
            candidate.signs["sure2"] = float(illnesses > _MANY_ILLNESSES)
            candidate.core = candidate.core or Match(0, len(sentence.words) - 1)
            candidate.is_offered_list = number in page.lists and _leads(sentence, words, "treating")
        page.candidates[number, kind] = candidate


def _base_signs(sentence: Sentence, after: Sentence | None, vocab: Vocabulary) -> dict[str, float]:
    context, words = vocab.context, sentence.words
    place = max((number for number, word in enumerate(words) if word == "?"), default=-1)
    is_asked = place >= 0 and place >= len(words) - _LONGEST_ANSWER - 1
    if is_asked and context["yes"].is_in(sentence, place + 1):
        is_asked = False
    refused = context["refusals"].is_in(sentence) or (
        after is not None and context["refusals"].is_in(after)
    )
    studied = len({match.first for match in context["studied"].matches_in(sentence)})
    return {
        "question": float(is_asked),
        "leading": float(is_asked and context["leading"].is_in(sentence)),
        "refused": float(refused),
        "studied": float(min(_MOST_OF_ONE_SIGN, studied)),
        "ours": float(context["ours"].is_in(sentence)),
        "yours": float(context["yours"].is_in(sentence)),
        "soft": float(context["soft"].is_in(sentence)),
        "others": float(context["others"].is_in(sentence)),
        "report": float(vocab.page["report"].is_in(sentence)),
        "negated": float(context["denials"].is_in(sentence)),
        "speech": float(sentence.is_speech),
        "heading": float(sentence.is_heading),
        "item": float(sentence.is_item),
        "number": float(any(word[0].isdigit() for word in words)),
        "short": float(len(words) < _SHORT),
        "long": float(len(words) > _LONG),
        "exclaim": float("!" in words),
        "lead_warned": float(sentence.is_item and _leads(sentence, vocab, "warnings")),
    }


def _leads(sentence: Sentence, vocab: Vocabulary, name: str) -> bool:
    """Whether the line that leads a sentence in holds words of a context."""
    lead = sentence.lead
    if not lead:
        return False
    keys = tuple(key_of(word) for word in lead)
    line = Sentence(0, 0, lead, (), keys, frozenset(keys), 0)
    return vocab.context[name].is_in(line)


def _add_matches(
    candidate: Candidate, sentence: Sentence, found: dict[str, list[Match]], vocab: Vocabulary
) -> None:
    signs, context = candidate.signs, vocab.context
    standing: dict[str, list[Match]] = {}
    for tier in TIERS:
        standing[tier] = found[tier]
        if tier != "faint":
            standing[tier] = [
                m
                for m in found[tier]
                if not _is_denied(
                    sentence,
                    m,
                    vocab,
                    is_inner=candidate.kind in _OFFICIAL
                    or (candidate.kind in _EFFECTS and not m.denies),
                )
            ]
            signs[f"{tier}_denied"] = float(bool(found[tier]) and not standing[tier])
        places = {match.first for match in standing[tier]}
        signs[f"{tier}1"], signs[f"{tier}2"] = float(bool(places)), float(len(places) > 1)
    every = [
        *standing["sure"],
        *standing["plain"],
        *found["sure"],
        *found["plain"],
        *found["faint"],
    ]
    if not every:
        return
    core = every[0]
    candidate.core = core
    start = _clause_start(sentence.words, core.first)
    signs["doubted"] = float(context["doubts"].is_in(sentence, start, core.first))
    signs["warned"] = float(context["warnings"].is_in(sentence, 0, core.first))
    turn = max((n + 1 for n in range(core.first) if sentence.words[n] in _BUT), default=0)
    signs["ruled_out"] = float(context["rules_out"].is_in(sentence, turn, core.last + 1))


def _is_denied(
    sentence: Sentence, match: Match, vocab: Vocabulary, *, is_inner: bool = False
) -> bool:
    """Whether an odd number of denials stands around a phrase: two make a claim again.

    ``is_inner``: those between its words count, too ("the FDA has not approved it").
    """
    words, context = sentence.words, vocab.context
    start = max(_clause_start(words, match.first), match.first - _REACH_BEFORE)
    harmless = {m.first for m in context["no_denials"].matches_in(sentence, start, match.first)}
    before = {m.first for m in context["denials"].matches_in(sentence, start, match.first)}
    end = match.last + 1
    while end < min(len(words), match.last + 1 + _REACH_AFTER) and words[end] not in _CLAUSE_ENDS:
        end += 1
    after = context["denials_after"].is_in(sentence, match.last + 1, end)
    inside = is_inner and context["denials"].is_in(sentence, match.first + 1, match.last + 1)
    return (len(before - harmless) + after + inside) % 2 == 1


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


def _illness_lists(page: Page) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line of each list that names an illness a line."""
    first: int | None = None
    for number in range(len(page.sentences) + 1):
        sentence = page.sentences[number] if number < len(page.sentences) else None
        names = (
            sentence is not None
            and len(sentence.words) <= _SHORT
            and vocabulary(page.languages[number]).illness.is_in(sentence)
        )
        if names and first is None:
            first = number
        elif not names and first is not None:
            if number - first >= _MANY_ILLNESSES:
                yield first, number - 1
            first = None


def _illnesses_in(page: Page, number: int, vocab: Vocabulary) -> int:
    """Return how many illnesses a sentence names, or the list that begins with it."""
    last = page.lists.get(number, number)
    return len(
        {
            sentence.words[match.first]
            for sentence in page.sentences[number : last + 1]
            for match in vocab.illness.matches_in(sentence)
        }
    )


def _add_neighbours(page: Page) -> None:
    clear: dict[str, set[int]] = defaultdict(set)
    for (number, kind), candidate in page.candidates.items():
        signs = candidate.signs
        if (
            (signs["sure1"] or signs["plain1"])
            and not signs["question"]
            and not signs.get("warned")
        ):
            clear[kind].add(number)
    for (number, kind), candidate in page.candidates.items():
        candidate.signs["before"] = float(number - 1 in clear[kind])
        candidate.signs["after"] = float(number + 1 in clear[kind])


def _page_signs(page: Page) -> list[float]:
    """Return how much of the page offers, studies, cares, warns and reports, and how it speaks of claims."""
    counts: Counter[str] = Counter()
    for sentence, language in zip(page.sentences, page.languages, strict=True):
        for sign, patterns in vocabulary(language).page.items():
            places = {match.first for match in patterns.matches_in(sentence)}
            counts[sign] += min(_MOST_OF_ONE_SIGN, len(places))
    words = max(_LEAST_WORDS, sum(len(sentence.words) for sentence in page.sentences))
    clear = sure = turned = 0
    kinds, sure_kinds = set(), set()
    for (_, kind), candidate in page.candidates.items():
        signs = candidate.signs
        is_told = not (signs["question"] or signs.get("warned"))
        if is_told and signs["plain1"]:
            clear += 1
            kinds.add(kind)
        if is_told and signs["sure1"] and not (signs.get("doubted") or signs["lead_warned"]):
            sure += 1
            sure_kinds.add(kind)
        turned += bool(signs.get("sure_denied") or signs.get("warned"))
    rates = [
        math.log1p(100 * counts[sign] / words)
        for sign in ("offer", "study", "care", "warning", "report")
    ]
    return [
        *rates,
        math.log1p(len(kinds)),
        math.log1p(100 * clear / words),
        math.log1p(len(sure_kinds)),
        math.log1p(100 * sure / words),
        math.log1p(100 * turned / words),
        math.log(words),
    ]
