"""The words that are the page's own: easy to read, and no verdict among them."""

import re
from pathlib import Path

import pytest

from stemcheck.output.html import templating
from tests.unit.test_guidance_reading_level import HIGHEST_GRADE, grade_of

TEMPLATES = sorted((Path(templating.__file__).parent / "templates").glob("*.j2"))
NAMES = {"ClinicalTrials.gov": "the list", "stemcheck": "it", "registry": "list"}
"""Names and the one term that a reader of the page meets everywhere, put simply before measuring."""


def sentences_of(template: Path) -> list[str]:
    """The sentences that a template says itself, between its tags and blocks."""
    source = template.read_text(encoding="utf-8")
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}|<[^>]+>", "\n", source, flags=re.DOTALL)
    source = re.sub(r"\{\{.*?\}\}", "word", source, flags=re.DOTALL)
    for name, simple in NAMES.items():
        source = source.replace(name, simple)
    lines = [" ".join(line.split()) for line in source.splitlines()]
    return [line for line in lines if re.search(r"\w+ \w+ \w+.*[.:]$", line)]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_the_sentences_of_a_page_are_easy_to_read(template: Path) -> None:
    hard = {
        sentence: grade
        for sentence in sentences_of(template)
        if (grade := grade_of(sentence)) > HIGHEST_GRADE
    }
    assert hard == {}


def test_there_are_sentences_to_measure() -> None:
    assert sum(len(sentences_of(template)) for template in TEMPLATES) > 10


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_word_of_the_page_is_a_verdict(template: Path) -> None:
    words = template.read_text(encoding="utf-8").lower()
    assert not re.search(r"legitimate|\bsafe\b|fraud|scam|proven|trustworthy|suspicious", words)
