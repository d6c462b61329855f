"""How the signs of a leaflet are weighed: three small logistic models whose weights are data.

``page``: does this text offer a treatment, or does it inform, warn, report? ``words``: which kind of claim
do the words of a sentence sound like? ``gate``: is this sentence a claim of that kind, by its phrases, its
words, what stands around them and the page it is on? All three were learnt from labelled texts by
``tools/train_claims.py``.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from stemcheck.guidance.claim_signs import Candidate, Page

_WEIGHTS = Path(__file__).parent / "claim_weights"
_STEM = 6
"""Letters of a word that count: endings are many."""
_FEWEST_ODDS = -3.5
"""A kind of which a sentence holds no phrase is looked at only when its words sound like it."""
_WIDEST = 4.0
_KINDS_OF_AN_OFFER = 4
"""Kinds of claims on a page that offers a treatment, at least; others mention one or two."""
_SENTENCES_A_KIND = 4
"""A short text needs fewer: one kind for so many sentences."""
_SURE_OF_PAGE = 2.0
_TELLING = 8
"""Sentences from which on the signs of a page count in full."""
_SCALE = 100
"""Weights of words are kept as whole numbers of hundredths."""


class Finding(NamedTuple):
    """A sentence that makes a claim."""

    kind: str
    number: int
    candidate: Candidate | None
    odds: float


def findings_on(page: Page) -> Iterator[Finding]:
    """Yield the claims of a page, sentence by sentence; none where too few kinds are found for an offer."""
    weights = _weights()
    offers = page_odds(page, weights["page"])
    found = [
        finding
        for number in range(len(page.sentences))
        for finding in _findings_in(page, number, offers, weights)
    ]
    is_selling = is_offer({finding.kind for finding in found}, len(page.sentences), offers)
    yield from (
        one for one in found if is_selling or (one.candidate and one.candidate.is_offered_list)
    )


def is_offer(kinds: set[str], sentences: int, offers: float) -> bool:
    """Whether a page with claims of these kinds offers a treatment: honest pages touch on few by chance."""
    shown = len(kinds) + max(-_SURE_OF_PAGE, min(_SURE_OF_PAGE, offers)) / 2
    return bool(kinds) and shown >= min(_KINDS_OF_AN_OFFER, sentences / _SENTENCES_A_KIND)


def _findings_in(
    page: Page, number: int, offers: float, weights: dict[str, Any]
) -> Iterator[Finding]:
    sounds = word_odds(page.sentences[number].words, page.languages[number])
    for kind in weights["kinds"]:
        candidate = page.candidates.get((number, kind))
        if candidate is None and sounds[kind] < _FEWEST_ODDS:
            continue
        if is_ruled_out(candidate.signs if candidate else page.bases[number]):
            continue
        signs = gate_signs(kind, candidate, page.bases[number], sounds[kind], offers)
        odds = weights["gate"]["base"] + sum(
            weights["gate"]["weights"].get(name, 0.0) * value for name, value in signs.items()
        )
        if odds > weights["gate"]["least"] or (candidate and candidate.is_offered_list):
            yield Finding(kind, number, candidate, odds)


def page_odds(page: Page, weights: dict[str, Any]) -> float:
    """Return how likely a page offers a treatment, as the logarithm of the odds; few sentences say little."""
    signs = zip(weights["weights"], page.signs, strict=True)
    odds = weights["base"] + sum(weight * sign for weight, sign in signs)
    return float(max(-_WIDEST, min(_WIDEST, odds)) * min(1.0, len(page.sentences) / _TELLING))


def is_ruled_out(signs: dict[str, float]) -> bool:
    """Whether what stands around the phrases of a kind leaves no claim of it: a denial, an open question."""
    stands = signs.get("sure1", 0.0) or signs.get("plain1", 0.0)
    is_denied = signs.get("sure_denied", 0.0) or signs.get("plain_denied", 0.0)
    is_open = signs["question"] and not signs["leading"]
    is_others = signs.get("ruled_out", 0.0) or signs["lead_warned"]
    return bool((is_denied and not stands) or is_open or is_others)


def gate_signs(
    kind: str, candidate: Candidate | None, base: dict[str, float], sounds: float, offers: float
) -> dict[str, float]:
    """Return all that the gate weighs of one kind of claim in one sentence."""
    signs = dict(candidate.signs if candidate else base)
    has_phrase = signs.get("sure1", 0.0) or signs.get("plain1", 0.0)
    signs["page"] = offers / 2
    signs["page_without_phrase"] = 0.0 if has_phrase else offers / 2
    signs["page_honest"] = min(0.0, offers)
    signs["sounds"] = sounds / 2
    signs["sounds_like_it"] = max(0.0, sounds + 1)
    signs["no_phrase"] = float(candidate is None)
    signs["sure_and_sounds"] = signs.get("sure1", 0.0) * max(0.0, sounds + 2) / 2
    signs[f"is {kind}"] = 0.5
    return signs


def word_signs(words: Sequence[str]) -> set[str]:
    """Return the words of a sentence and their pairs, cut to stems, as the word model knows them."""
    stems = ["#" if word[0].isdigit() else word[:_STEM] for word in words]
    pairs = pairwise(stems)
    wider = zip(stems, stems[2:], strict=False)
    return {*stems, *(f"{a} {b}" for a, b in pairs), *(f"{a}_{b}" for a, b in wider)}


def word_odds(words: Sequence[str], language: str) -> dict[str, float]:
    """Return for each kind how much the words of a sentence sound like it."""
    table = _word_weights(language)
    kinds = table["kinds"]
    sums = list(table["base"])
    for sign in word_signs(words):
        row = table["weights"].get(sign, ())
        for place in range(0, len(row), 2):
            sums[row[place]] += row[place + 1]
    return {kind: total / _SCALE for kind, total in zip(kinds, sums, strict=True)}


@cache
def _weights() -> dict[str, Any]:
    weights: dict[str, Any] = json.loads((_WEIGHTS / "gate.json").read_text(encoding="utf-8"))
    return weights


@cache
def _word_weights(language: str) -> dict[str, Any]:
    path = _WEIGHTS / f"words-{language}.json"
    weights: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return weights
