"""Claims in a clinic's text that deserve a question, each with the text's own words.

Nothing here judges a clinic. A sentence that denies a claim ("is not FDA approved", "no cure"), doubts
it, warns of it or asks about it is not that claim, and neither is a plain fact on the page of a trial or of
a hospital.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from stemcheck.guidance.claim_model import Finding, findings_on
from stemcheck.guidance.claim_signs import LANGUAGES, Page, page_of
from stemcheck.guidance.folding import Folded
from stemcheck.guidance.languages import OTHER, language_of, languages_of
from stemcheck.guidance.quotes import Clause, shortened
from stemcheck.guidance.sentences import Sentence, sentences_in
from stemcheck.words import entry_of

LONGEST_QUOTE = 250
"""Letters: a long sentence is cut around the words that count."""
_WORD = re.compile(r"[^\W\d_]+")


class Claim(NamedTuple):
    """One claim of a text: its kind, its own words, and what a reader should know of such claims."""

    kind: str
    quote: str
    note: str
    question: str
    """What a reader can ask the clinic."""
    source: str
    start: int
    """Where the quote begins in the text, in letters."""


def claims_in(text: str) -> tuple[Claim, ...]:
    """Return the claims of a text by place, each kind at most once a sentence.

    None in a language that is not read.
    """
    folded = Folded(text)
    if language_of(folded.text) == OTHER:
        return ()
    page = page_for(folded)
    found: dict[tuple[str, str], Claim] = {}
    for finding in findings_on(page):
        claim = _claim(finding, page, folded)
        found.setdefault((claim.kind, claim.quote), claim)
    return tuple(sorted(found.values(), key=lambda claim: (claim.start, claim.kind)))


def is_read(text: str) -> bool:
    """Whether a text is in a language in which claims are looked for."""
    return language_of(Folded(text).text) != OTHER


def page_for(folded: Folded) -> Page:
    """Return a text as a page of sentences, each in its language, with all their signs."""
    whole = language_of(folded.text)
    whole = whole if whole in LANGUAGES else LANGUAGES[0]
    sentences = sentences_in(folded)
    return page_of(sentences, list(_languages(sentences, whole)))


def _languages(sentences: tuple[Sentence, ...], whole: str) -> Iterator[str]:
    blocks: dict[int, list[str]] = {}
    for sentence in sentences:
        blocks.setdefault(sentence.block, []).extend(sentence.words)
    named = dict(zip(blocks, languages_of(blocks.values(), whole), strict=True))
    for sentence in sentences:
        language = named[sentence.block]
        yield language if language in LANGUAGES else whole


def _claim(finding: Finding, page: Page, folded: Folded) -> Claim:
    start, end = quote_of(finding.number, page, folded, finding)
    facts = _facts(finding.kind)
    first, last = folded.place_of(start), folded.end_of(end)
    return Claim(
        finding.kind,
        " ".join(folded.source[first:last].split()),
        facts["note"],
        facts["question"],
        entry_of(f"sources.{facts['source']}"),
        first,
    )


def quote_of(
    number: int, page: Page, folded: Folded, finding: Finding | None = None
) -> tuple[int, int]:
    """Return where the quote of a sentence stands in the folded text, around the words that count."""
    sentence = page.sentences[number]
    end = sentence.end
    if finding is not None and finding.kind == "many_conditions" and number in page.lists:
        end = page.sentences[page.lists[number]].end
    core = finding.candidate.core if finding and finding.candidate else None
    places = sentence.places
    first = places[core.first] if core else sentence.start
    last = places[core.last] if core else first
    clause = Clause(sentence.start, end, first, min(last + 20, end))
    return shortened(folded.text, clause, LONGEST_QUOTE)


@cache
def _facts(kind: str) -> dict[str, Any]:
    facts: dict[str, Any] = entry_of(f"claims.{kind}")
    return facts
