"""How the signs of a leaflet are weighed: three small logistic models whose weights are data.

``page``: does this text offer a treatment, or does it inform, warn, report? ``words``: which kind of claim
do the words of a sentence sound like? ``gate``: is this sentence a claim of that kind, by its phrases, its
words, what stands around them and the page it is on? All three were learnt from labelled texts by
``tools/train_claims.py``.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from stemcheck.guidance.claim_signs import LANGUAGES, Candidate, Page, vocabulary

_WEIGHTS = Path(__file__).parent / "claim_weights"
ANY = "any"
"""Stands among the kinds of the words model for a claim of any kind."""
_NEAR = 4
"""Words after a word of a list among which one of another list is taken together with it."""
_STEM = 6
"""Letters of a word that count: endings are many."""
FEWEST_ODDS = -5.0
"""A kind of which a sentence holds no phrase is looked at only when its words sound like it."""
_WIDEST = 4.0
_KINDS_OF_AN_OFFER = 4
"""Kinds of claims on a page that offers a treatment, at least; others mention one or two."""
_SENTENCES_A_KIND = 8
"""A short text needs fewer: one kind for so many sentences."""
_SURE = 2.0
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


class Heard(NamedTuple):
    """What the words of a sentence sound like."""

    own: dict[str, float]
    """For each kind, and for ``ANY``."""
    around: float
    """How much the sentences before and after it sound like a claim of any kind."""


def findings_on(page: Page) -> Iterator[Finding]:
    """Yield the claims of a page, sentence by sentence; none where they do not make it an offer."""
    weights = _weights()
    sounds = [
        word_odds(sentence.words, language)
        for sentence, language in zip(page.sentences, page.languages, strict=True)
    ]
    offers = page_odds(page, weights["page"], page_sounds(page), sounds)
    found = [
        finding
        for number in range(len(page.sentences))
        for finding in _findings_in(page, number, offers, sounds, weights)
    ]
    odds = [(finding.kind, finding.odds) for finding in found]
    is_selling = is_offer(odds, len(page.sentences), offers, weights["offer"])
    yield from (
        one for one in found if is_selling or (one.candidate and one.candidate.is_offered_list)
    )


def is_offer(
    found: Sequence[tuple[str, float]], sentences: int, offers: float, weights: dict[str, Any]
) -> bool:
    """Whether a page with claims of these kinds, at these odds, offers a treatment.

    Honest pages touch on few kinds by chance; in a short text one or two tell.
    """
    if sentences < _TELLING:
        shown = len({kind for kind, _ in found}) + max(-_SURE, min(_SURE, offers)) / 2
        return bool(found) and shown >= min(_KINDS_OF_AN_OFFER, sentences / _SENTENCES_A_KIND)
    signs = zip(weights["weights"], offer_signs(found, sentences, offers), strict=True)
    return bool(found) and weights["base"] + sum(w * sign for w, sign in signs) > weights["least"]


def offer_signs(
    found: Sequence[tuple[str, float]], sentences: int, offers: float
) -> tuple[float, ...]:
    """Return what tells whether the claims found on a page make it an offer."""
    best: dict[str, float] = {}
    for kind, odds in found:
        best[kind] = max(odds, best.get(kind, odds))
    return (
        offers,
        math.log1p(len(best)),
        math.log1p(len(found)),
        math.log1p(20 * len(found) / max(1, sentences)),
        sum(_share(odds) for odds in best.values()) / 4,
    )


def _share(odds: float) -> float:
    """Return odds as a share of 1."""
    return 1 / (1 + math.exp(-max(-20.0, min(20.0, odds))))


def _findings_in(
    page: Page, number: int, offers: float, sounds: list[dict[str, float]], weights: dict[str, Any]
) -> Iterator[Finding]:
    for kind in weights["kinds"]:
        candidate = page.candidates.get((number, kind))
        if candidate is None and sounds[number][kind] < FEWEST_ODDS:
            continue
        if is_ruled_out(candidate.signs if candidate else page.bases[number]):
            continue
        signs = gate_signs(kind, candidate, page.bases[number], heard_at(number, sounds), offers)
        odds = weights["gate"]["base"] + sum(
            weights["gate"]["weights"].get(name, 0.0) * value for name, value in signs.items()
        )
        if odds > weights["gate"]["least"] or (candidate and candidate.is_offered_list):
            yield Finding(kind, number, candidate, odds)


def page_odds(
    page: Page, weights: dict[str, Any], heard: float, sounds: Sequence[dict[str, float]]
) -> float:
    """Return how likely a page offers a treatment, as the logarithm of the odds; few sentences say little.

    ``heard`` is what the words of the whole page sound like, ``sounds`` what those of each sentence do.
    """
    signs = zip(weights["weights"], page_signs(page, heard, sounds), strict=True)
    odds = weights["base"] + sum(weight * sign for weight, sign in signs)
    return float(max(-_WIDEST, min(_WIDEST, odds)) * min(1.0, len(page.sentences) / _TELLING))


def page_signs(page: Page, heard: float, sounds: Sequence[dict[str, float]]) -> list[float]:
    """Return all that is weighed to tell an offer from other pages."""
    shares = [_share(one[ANY]) for one in sounds]
    kinds = {kind for one in sounds for kind, odds in one.items() if odds > 0}
    return [
        *page.signs,
        heard,
        sum(shares) / max(1, len(shares)),
        math.log1p(sum(shares)),
        math.log1p(len(kinds)),
    ]


def is_ruled_out(signs: dict[str, float]) -> bool:
    """Whether what stands around the phrases of a kind leaves no claim of it: a denial, an open question."""
    stands = signs.get("sure1", 0.0) or signs.get("plain1", 0.0)
    is_denied = signs.get("sure_denied", 0.0) or signs.get("plain_denied", 0.0)
    is_open = signs["question"] and not signs["leading"]
    is_others = signs.get("ruled_out", 0.0) or signs["lead_warned"]
    return bool((is_denied and not stands) or is_open or is_others)


def heard_at(number: int, sounds: Sequence[dict[str, float]]) -> Heard:
    """Return what a sentence sounds like among its neighbours."""
    near = [*sounds[max(0, number - 1) : number], *sounds[number + 1 : number + 2]]
    return Heard(sounds[number], sum(one[ANY] for one in near) / max(1, len(near)))


def gate_signs(
    kind: str,
    candidate: Candidate | None,
    base: dict[str, float],
    heard: Heard,
    offers: float,
) -> dict[str, float]:
    """Return all that the gate weighs of one kind of claim in one sentence."""
    own = heard.own
    signs = dict(candidate.signs if candidate else base)
    has_phrase = signs.get("sure1", 0.0) or signs.get("plain1", 0.0)
    signs["page"] = offers / 2
    signs["page_without_phrase"] = 0.0 if has_phrase else offers / 2
    signs["page_honest"] = min(0.0, offers)
    signs["sounds"] = own[kind] / 2
    signs["sounds_like_it"] = max(0.0, own[kind] + 1)
    signs["sounds_most"] = float(own[kind] >= max(own[one] for one in own if one != ANY))
    signs["claims"] = own[ANY] / 2
    signs["claims_around"] = heard.around / 2
    signs["no_phrase"] = float(candidate is None)
    signs["sure_and_sounds"] = signs.get("sure1", 0.0) * max(0.0, own[kind] + 2) / 2
    signs[f"is {kind}"] = 0.5
    return signs


def word_signs(words: Sequence[str], language: str) -> set[str]:
    """Return the words of a sentence and their pairs, cut to stems, as the word model knows them.

    A word stands for its list as well ("<body>", "<mend>"), so that what is learnt of one holds for its like.
    """
    known = vocabulary(language)
    stems = [_stem(word) for word in words]
    classes = [known.classes_of(word) for word in words]
    signs = {*stems, *(f"{a} {b}" for a, b in pairwise(stems))}
    signs.update(f"{a}_{b}" for a, b in zip(stems, stems[2:], strict=False))
    for place, names in enumerate(classes):
        for name in names:
            signs.add(f"<{name}>")
            if place:
                signs.add(f"{stems[place - 1]} <{name}>")
            if place + 1 < len(stems):
                signs.add(f"<{name}> {stems[place + 1]}")
            for later in classes[place + 1 : place + 1 + _NEAR]:
                signs.update(f"<{name}> <{other}>" for other in later)
    return signs


def _stem(word: str) -> str:
    return "#" if word[0].isdigit() else word[:_STEM]


def word_odds(words: Sequence[str], language: str) -> dict[str, float]:
    """Return for each kind, and for ``ANY``, how much the words of a sentence sound like it."""
    table = _word_weights(language)
    kinds = table["kinds"]
    sums = list(table["base"])
    for sign in word_signs(words, language):
        row = table["weights"].get(sign, ())
        for place in range(0, len(row), 2):
            sums[row[place]] += row[place + 1]
    return {kind: total / _SCALE for kind, total in zip(kinds, sums, strict=True)}


def page_words(page: Page) -> tuple[str, dict[str, float]]:
    """Return the language that most of a page is in, and how much of each word stem it holds, in all 1."""
    language = Counter(page.languages).most_common(1)[0][0] if page.languages else LANGUAGES[0]
    counts = Counter(
        _stem(word) for one in page.sentences for word in one.words if word[0].isalnum()
    )
    shares = {stem: math.log1p(count) for stem, count in counts.items()}
    whole = math.sqrt(sum(share * share for share in shares.values())) or 1.0
    return language, {stem: share / whole for stem, share in shares.items()}


def page_sounds(page: Page) -> float:
    """Return how much the words of a page sound like an offer."""
    language, shares = page_words(page)
    table = _word_weights(language)["page"]
    weights = table["weights"]
    return (
        float(table["base"] + sum(weights.get(stem, 0) * part for stem, part in shares.items()))
        / _SCALE
    )


@cache
def _weights() -> dict[str, Any]:
    weights: dict[str, Any] = json.loads((_WEIGHTS / "gate.json").read_text(encoding="utf-8"))
    return weights


@cache
def _word_weights(language: str) -> dict[str, Any]:
    path = _WEIGHTS / f"words-{language}.json"
    weights: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return weights
