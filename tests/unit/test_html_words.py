"""The words of the pages stand in their table, and no verdict is among them."""

import re
from pathlib import Path

import pytest

from stemcheck.output.html import templating
from stemcheck.words import entry_of

TEMPLATES = sorted((Path(templating.__file__).parent / "templates").glob("*.j2"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_sentence(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]+>", "\n", source, flags=re.DOTALL)
    assert [
        line for line in source.splitlines() if re.search(r"[A-Za-z]{2,} [a-z]{2,}", line)
    ] == []


def test_no_word_of_the_page_is_a_verdict() -> None:
    words = str(entry_of("page")).lower()
    assert "before you decide" in words
    assert not re.search(r"legitimate|\bsafe\b|fraud|scam|proven|trustworthy|suspicious", words)
