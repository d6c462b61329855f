"""Learn the weights by which claims are told from other sentences, from labelled texts, and measure them.

    python tools/train_claims.py TEXTS... --write       learn from all, and write guidance/claim_weights
    python tools/train_claims.py TEXTS... --folds 6     measure by cross-validation; nothing is written

TEXTS are files like ``fixtures/claims/*.txt`` (a sentence a line, with its kinds) or JSON lists of
texts with ``id``, ``language``, ``honest``, ``text``, ``claims`` and ``maybe``.
Needs scikit-learn, which the product does not.
"""

import argparse
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from stemcheck.guidance import claim_model
from stemcheck.guidance.claim_model import (
    ANY,
    FEWEST_ODDS,
    gate_signs,
    heard_at,
    is_offer,
    is_ruled_out,
    offer_signs,
    page_odds,
    page_signs,
    page_words,
    word_signs,
)
from stemcheck.guidance.claim_signs import LANGUAGES, Page, vocabulary
from stemcheck.guidance.claims import page_for
from stemcheck.guidance.folding import Folded
from stemcheck.services.leaflet import read_leaflet

WEIGHTS = Path(claim_model.__file__).parent / "claim_weights"
KINDS = tuple(vocabulary("en").kinds)
FAMILIES = (
    {"cure", "stop_treatment", "homing"}, {"guarantee", "success_rate"}, {"no_risk", "no_rejection"},
    {"fda_status", "no_approval_needed", "other_licence"},
    {"price", "financing"}, {"testimonial", "celebrity"},
)  # fmt: skip
FAMILY = {kind: next((i for i, f in enumerate(FAMILIES) if kind in f), kind) for kind in KINDS}
LEAST_OFFER = 0.0
"""Odds above which a page with claims counts as an offer."""
LEAST_WEIGHT = 0.06
"""Weights of words below this are not kept."""
INNER_FOLDS = 5


@dataclass
class Text:
    """One labelled text, ready to learn from."""

    id: str
    language: str
    is_honest: bool | None
    """None: a sentence that stands by itself, which says nothing on pages."""
    page: Page
    labels: list[dict[str, Any]] = field(default_factory=list)
    of_sentence: list[list[int]] = field(default_factory=list)
    """For each sentence the numbers of the labels that it touches."""
    maybe: list[set[str]] = field(default_factory=list)
    _words: dict[int, dict[str, float]] = field(default_factory=dict)

    def words(self, number: int) -> dict[str, float]:
        """Return what the words model knows of a sentence."""
        if number not in self._words:
            own = self.page.sentences[number].words
            self._words[number] = dict.fromkeys(word_signs(own, self.page.languages[number]), 1.0)
        return self._words[number]

    def kinds(self, number: int) -> set[str]:
        return {self.labels[label]["kind"] for label in self.of_sentence[number]}


def narrow(found: Any) -> Any:
    """Return a sparse table with the small numbers of rows and columns that liblinear wants."""
    found.indices, found.indptr = found.indices.astype(np.int32), found.indptr.astype(np.int32)
    return found


def squeezed(text: str) -> str:
    """Return only letters and digits, in one case: line breaks and marks do not matter."""
    return "".join(char for char in Folded(text).text.casefold() if char.isalnum())


def spans(needle: str, hay: str) -> Iterator[tuple[int, int]]:
    """Yield where one text stands in the other."""
    start = hay.find(needle) if needle else -1
    while start >= 0:
        yield start, start + len(needle)
        start = hay.find(needle, start + 1)


def labelled(item: dict[str, Any]) -> Text:
    """Return a text with the labels of each of its sentences."""
    words = read_leaflet(item["text"].encode()).words
    folded = Folded(words)
    page = page_for(folded)
    text = Text(item["id"], item["language"], item["honest"], page, item["claims"])
    hay = squeezed(words)

    def places(label: dict[str, Any]) -> list[tuple[int, int]]:
        plain = re.sub("<[^>]*>", " ", label["quote"]).replace("&amp;", "&")
        return list(spans(squeezed(plain), hay))

    gold = [places(label) for label in item["claims"]]
    maybe = [(label["kind"], places(label)) for label in item.get("maybe", ())]
    at = 0
    for sentence in page.sentences:
        own = squeezed(folded.text[sentence.start : sentence.end])
        start = max(0, hay.find(own, at))
        at = start + len(own)

        def touches(found: list[tuple[int, int]], start: int = start, end: int = at) -> bool:
            return any(start < b and a < end for a, b in found)

        text.of_sentence.append([i for i, found in enumerate(gold) if touches(found)])
        text.maybe.append(
            {kind for kind, found in maybe if touches(found)}
            - text.kinds(len(text.of_sentence) - 1)
        )
    return text


def read_texts(path: Path) -> Iterator[Text]:
    """Yield the texts of a file of labels."""
    if path.suffix == ".json":
        for item in json.loads(path.read_text(encoding="utf-8")):
            yield labelled(item)
        return
    language = path.stem[:2]
    lines: list[str] = []
    head, count = "", 0
    for line in [*path.read_text(encoding="utf-8").splitlines(), "=="]:
        if line.startswith("=="):
            if lines:
                yield _from_lines(f"{path.stem}:{head}", language, head, lines)
            head, lines = line[2:].strip(), []
        elif line.strip() and not line.startswith("#"):
            lines.append(line)
            if not head:
                count += 1
                yield _from_lines(f"{path.stem}:{count}", language, "", lines)
                lines = []


def _from_lines(name: str, language: str, head: str, lines: Sequence[str]) -> Text:
    claims, sentences = [], []
    for line in lines:
        kinds, _, said = line.partition(": ") if not line.startswith("-") else ("", "", line[1:])
        sentences.append(said.strip())
        claims += [{"kind": kind, "quote": said.strip()} for kind in kinds.split(",") if kind]
    text = labelled(
        {
            "id": name,
            "language": language,
            "honest": head.startswith("honest"),
            "text": " ".join(sentences),
            "claims": claims,
        }
    )
    text.page.languages = (language,) * len(text.page.sentences)
    if not head:
        text.is_honest = None
    return text


Sounds = dict[str, list[dict[str, float]]]
"""For each text, by its name, what each sentence sounds like."""
Heards = dict[str, float]
"""For each text, by its name, what the whole page sounds like."""


class Judged(NamedTuple):
    """What was found in a text."""

    text: Text
    rows: list[tuple[int, str, float]]
    """The number of a sentence, a kind, and how likely the one makes a claim of the other."""
    offers: float
    weights: dict[str, Any]


class Model:
    """The models, learnt from some texts."""

    least = -0.7
    """The odds above which a sentence counts as a claim when it is learnt what makes an offer."""

    def __init__(
        self,
        texts: Sequence[Text],
        *,
        words_c: float = 0.3,
        gate_c: float = 0.3,
        pages_c: float = 10.0,
    ) -> None:
        self.words_c, self.gate_c, self.pages_c = words_c, gate_c, pages_c
        shuffled = random.Random(1).sample(list(texts), len(texts))
        sounds: dict[str, list[dict[str, float]]] = {}
        heard: dict[str, float] = {}
        for fold in range(INNER_FOLDS):  # what is weighed of a text was not learnt from it
            held = shuffled[fold::INNER_FOLDS]
            names = {text.id for text in held}
            self._learn_lower([text for text in texts if text.id not in names])
            sounds.update((text.id, self._sounds(text)) for text in held)
            heard.update((text.id, self._page_sounds(text)) for text in held)
        self._learn_pages(texts, heard, sounds)
        self._learn_gate(texts, heard, sounds)
        self._learn_lower(texts)

    def _learn_pages(self, texts: Sequence[Text], heard: Heards, sounds: Sounds) -> None:
        pages = [text for text in texts if text.is_honest is not None]
        rows = [page_signs(text.page, heard[text.id], sounds[text.id]) for text in pages]
        answers = [not text.is_honest for text in pages]
        self.page = LogisticRegression(C=1.0, max_iter=3000).fit(rows, answers)

    def _learn_gate(self, texts: Sequence[Text], heard: Heards, sounds: Sounds) -> None:
        """Learn which sentences are claims, and then which pages offer, by the claims found on them."""
        kept = []
        for text in texts:
            offers = page_odds(text.page, self.page_weights(), heard[text.id], sounds[text.id])
            kept.append((text, offers, list(self._signs(text, offers, sounds[text.id]))))
        rows, answers = [], []
        for text, _, own in kept:
            for number, kind, signs in own:
                if kind not in text.maybe[number]:
                    rows.append(signs)
                    answers.append(kind in text.kinds(number))
        self.gate_names = DictVectorizer()
        found = narrow(self.gate_names.fit_transform(rows))
        self.gate = LogisticRegression(C=self.gate_c, max_iter=3000).fit(found, answers)
        signs_of_offers, answers = [], []
        for text, offers, own in kept:
            if text.is_honest is not None and own:
                odds = self.gate.decision_function(
                    self.gate_names.transform([signs for *_, signs in own])
                )
                chosen = [
                    (kind, float(value))
                    for (_, kind, _), value in zip(own, odds, strict=True)
                    if value > self.least
                ]
                signs_of_offers.append(offer_signs(chosen, len(text.page.sentences), offers))
                answers.append(not text.is_honest)
        self.offer = LogisticRegression(C=1.0, max_iter=3000).fit(signs_of_offers, answers)

    def _learn_lower(self, texts: Sequence[Text]) -> None:
        self._learn_page_words([text for text in texts if text.is_honest is not None])
        self.words: dict[str, tuple[DictVectorizer, dict[str, LogisticRegression]]] = {}
        for language in LANGUAGES:
            rows, kinds = [], []
            for text in texts:
                for number in range(len(text.page.sentences)):
                    if text.page.languages[number] == language:
                        rows.append(text.words(number))
                        own = text.kinds(number)
                        kinds.append({*own, ANY} if own else own)
            names = DictVectorizer()
            found = narrow(names.fit_transform(rows))
            models = {}
            for kind in (*KINDS, ANY):
                answers = [kind in row for row in kinds]
                if sum(answers) > 1:
                    models[kind] = LogisticRegression(C=self.words_c * 4, solver="liblinear").fit(
                        found, answers
                    )
            self.words[language] = names, models

    def _learn_page_words(self, whole: Sequence[Text]) -> None:
        self.page_words: dict[str, tuple[DictVectorizer, LogisticRegression]] = {}
        for language in LANGUAGES:
            own = [text for text in whole if page_words(text.page)[0] == language]
            answers = [not text.is_honest for text in own]
            if len(set(answers)) > 1:
                names = DictVectorizer()
                found = narrow(names.fit_transform([page_words(text.page)[1] for text in own]))
                model = LogisticRegression(C=self.pages_c, solver="liblinear").fit(found, answers)
                self.page_words[language] = names, model

    def _page_sounds(self, text: Text) -> float:
        language, shares = page_words(text.page)
        if language not in self.page_words:
            return 0.0
        names, model = self.page_words[language]
        return float(model.decision_function(names.transform([shares]))[0])

    def _sounds(self, text: Text) -> list[dict[str, float]]:
        sounds: list[dict[str, float]] = [{} for _ in text.page.sentences]
        for language in set(text.page.languages):
            numbers = [n for n, own in enumerate(text.page.languages) if own == language]
            names, models = self.words[language]
            found = names.transform([text.words(n) for n in numbers])
            for kind in (*KINDS, ANY):
                odds = (
                    models[kind].decision_function(found)
                    if kind in models
                    else [-9.0] * len(numbers)
                )
                for number, value in zip(numbers, odds, strict=True):
                    sounds[number][kind] = float(value)
        return sounds

    def _signs(
        self, text: Text, offers: float, sounds: list[dict[str, float]]
    ) -> Iterator[tuple[int, str, dict[str, float]]]:
        for number, base in enumerate(text.page.bases):
            heard = heard_at(number, sounds)
            for kind in KINDS:
                candidate = text.page.candidates.get((number, kind))
                if candidate is None and sounds[number][kind] < FEWEST_ODDS:
                    continue
                if is_ruled_out(candidate.signs if candidate else base):
                    continue
                yield number, kind, gate_signs(kind, candidate, base, heard, offers)

    def page_weights(self) -> dict[str, Any]:
        return {
            "base": float(self.page.intercept_[0]),
            "weights": [round(float(w), 4) for w in self.page.coef_[0]],
        }

    def offer_weights(self) -> dict[str, Any]:
        return {
            "base": float(self.offer.intercept_[0]),
            "least": LEAST_OFFER,
            "weights": [round(float(w), 4) for w in self.offer.coef_[0]],
        }

    def judged(self, text: Text) -> Judged:
        """Return how likely each sentence and kind that was looked at is a claim, and the page an offer."""
        sounds = self._sounds(text)
        offers = page_odds(text.page, self.page_weights(), self._page_sounds(text), sounds)
        rows = list(self._signs(text, offers, sounds))
        if not rows:
            return Judged(text, [], offers, self.offer_weights())
        odds = self.gate.decision_function(
            self.gate_names.transform([signs for _, _, signs in rows])
        )
        found = [
            (number, kind, float(value))
            for (number, kind, _), value in zip(rows, odds, strict=True)
        ]
        return Judged(text, found, offers, self.offer_weights())

    def write(self, least: float) -> None:
        """Write the weights where the product reads them."""
        WEIGHTS.mkdir(exist_ok=True)
        names = self.gate_names.get_feature_names_out()
        gate = {
            str(name): round(float(w), 4) for name, w in zip(names, self.gate.coef_[0], strict=True)
        }
        whole = {
            "kinds": KINDS,
            "page": self.page_weights(),
            "offer": self.offer_weights(),
            "gate": {"base": float(self.gate.intercept_[0]), "least": least, "weights": gate},
        }
        (WEIGHTS / "gate.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
        for language, (vectorizer, models) in self.words.items():
            kinds = (*KINDS, ANY)
            rows: dict[str, list[int]] = {}
            for place, kind in enumerate(kinds):
                if kind not in models:
                    continue
                for name, weight in zip(
                    vectorizer.get_feature_names_out(), models[kind].coef_[0], strict=True
                ):
                    if abs(weight) >= LEAST_WEIGHT:
                        rows.setdefault(str(name), []).extend((place, round(100 * float(weight))))
            base = [
                round(100 * float(models[k].intercept_[0])) if k in models else -900 for k in kinds
            ]
            table = {
                "kinds": kinds,
                "base": base,
                "page": self._page_words_table(language),
                "weights": dict(sorted(rows.items())),
            }
            text = json.dumps(table, ensure_ascii=False, separators=(",", ":")).replace(
                '],"', '],\n"'
            )
            (WEIGHTS / f"words-{language}.json").write_text(text + "\n", encoding="utf-8")

    def _page_words_table(self, language: str) -> dict[str, Any]:
        if language not in self.page_words:
            return {"base": 0, "weights": {}}
        names, model = self.page_words[language]
        weights = zip(names.get_feature_names_out(), model.coef_[0], strict=True)
        return {
            "base": round(100 * float(model.intercept_[0])),
            "weights": {
                str(n): round(100 * float(w)) for n, w in weights if abs(w) >= LEAST_WEIGHT
            },
        }


def scored(judged: Sequence[Judged], least: float) -> str:
    """Return recall, precision and how often honest pages are flagged, above some odds."""
    labels = hits = family_hits = findings = right = family_right = 0
    flagged, silent = [], []
    for text, rows, offers, weights in judged:
        kinds = [label["kind"] for label in text.labels]
        chosen = [(number, kind) for number, kind, odds in rows if odds > least]
        told = [(kind, odds) for _, kind, odds in rows if odds > least]
        if not is_offer(told, len(text.page.sentences), offers, weights):
            chosen = []
        labels += len(kinds)
        touched = [(kind, i) for number, kind in chosen for i in text.of_sentence[number]]
        hits += len({i for kind, i in touched if kinds[i] == kind})
        family_hits += len({i for kind, i in touched if FAMILY[kinds[i]] == FAMILY[kind]})
        is_wrong = False
        for number, kind in chosen:
            own, maybe = text.kinds(number), text.maybe[number]
            if kind in own or kind not in maybe:
                findings += 1
                right += kind in own
                family_right += any(FAMILY[one] == FAMILY[kind] for one in own)
            is_wrong = is_wrong or not (own or maybe)
        if text.is_honest and is_wrong:
            flagged.append(text.id)
        if text.is_honest is False and not chosen:
            silent.append(text.id)
    honest = sum(text.is_honest is True for text, *_ in judged)
    return (
        f"least {least:+.2f}: recall {hits / labels:.3f} (family {family_hits / labels:.3f}), precision "
        f"{right / max(1, findings):.3f} (family {family_right / max(1, findings):.3f}), honest flagged "
        f"{len(flagged)} of {honest}, clinics silent {len(silent)} of {len(judged) - honest}"
    )


def main() -> None:
    """Learn, or measure, as the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--least", type=float, default=-0.7)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument(
        "--test", type=Path, help="learn from all texts but these, and measure on these"
    )
    args = parser.parse_args()
    texts = [text for path in args.texts for text in read_texts(path)]
    steps = np.arange(-1.5, 0.6, 0.25)
    judged: list[Judged] = []
    if args.test:
        held = list(read_texts(args.test))
        model = Model([text for text in texts if text.id not in {one.id for one in held}])
        judged = [model.judged(text) for text in held]
    if args.folds:
        measured = [text for text in texts if ":" not in text.id]
        shuffled = random.Random(0).sample(measured, len(measured))
        for fold in range(args.folds):
            held = shuffled[fold :: args.folds]
            model = Model([text for text in texts if text.id not in {one.id for one in held}])
            judged += [model.judged(text) for text in held]
    for language in ("all", *LANGUAGES) if judged else ():
        own = [row for row in judged if language in {"all", row.text.language}]
        if not own:
            continue
        print(language)
        for least in steps:
            print("  ", scored(own, least))
    if args.write:
        Model(texts).write(args.least)


if __name__ == "__main__":
    main()
