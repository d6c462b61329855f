"""Whether a route word speaks of the given cells: what stands nearest to it in its sentence."""

from typing import Final

from stemcheck.reading.marking import Mark
from stemcheck.reading.passages import EVERY_PART, PROSE, Part
from stemcheck.reading.scanner import Scan
from stemcheck.reading.sentence import (
    FAR,
    SENTENCES_BACK,
    Owner,
    Sentence,
    Verdict,
    distance,
    nearest,
    others_around,
    owner_of,
    word_set,
)

AFTERWARDS = 4
"""Words after a route at which another drug may own it: "intravenous methylprednisolone"."""
SAMPLE_REACH = 4
"""Words between a route and the sample or examination that owns it."""
JOINED = 3
"""Words between cells and placebo, or a cell-free product, named together: "MSC or placebo"."""
NEGATION_REACH = 2
"""Words from a "not" to the route it denies."""
OWN_FIELDS: Final = EVERY_PART - PROSE
"""Fields that speak of this study only, never of others."""
COMPANIONS: Final[dict[Owner, str]] = {
    "partner": "of the cell-free product",
    "placebo": "of the placebo or the control",
}
"""What may be named together with the cells and then shares their route, and why it is refused if not."""
LOOSEST: Final = "local_injection"
"""The route whose places are named for many other reasons."""
UNTIED: Final = "the sentence does not speak of the given cells"


def words_bind_to_cells(
    scan: Scan, mark: Mark, sentences: dict[int, Sentence], *, is_of_cells: bool
) -> Verdict:
    """Whether the route is that of the given cells.

    ``is_of_cells``: the passage is about the cells as a whole (their intervention, an arm that gets
    them, a title), so that a sentence need not name them.
    """
    sentence = sentences[mark.sentence]
    refusal = (
        _is_denied(mark, sentence)
        or _other_owner(scan, mark, sentence)
        or _other_study(scan.passage.part, sentence)
    )
    if refusal:
        return Verdict(holds=False, why=refusal)
    if sentence.has_cells:
        return Verdict(holds=True, why="nearest to the given cells")
    if is_of_cells:
        if _last_named(sentences, mark.sentence) in {"agent", "partner"}:
            return Verdict(holds=False, why="the words before are on another drug")
        return Verdict(holds=True, why="in a field on the given cells")
    if sentence.giving and _goes_on_about_cells(sentences, mark):
        return Verdict(holds=True, why="goes on from words before, on the given cells")
    return Verdict(holds=False, why=UNTIED)


def _is_denied(mark: Mark, sentence: Sentence) -> str:
    negations = others_around(mark, sentence.negations)
    gaps = (mark.token - negation.last_token - 1 for negation in negations)
    return "negated" if any(0 <= gap <= NEGATION_REACH for gap in gaps) else ""


def _other_study(part: Part, sentence: Sentence) -> str:
    if part in OWN_FIELDS:
        return ""
    if sentence.is_animal:
        return "animals or the laboratory"
    if sentence.is_earlier and not sentence.is_own_study:
        return "another or an earlier study"
    return ""


def _goes_on_about_cells(sentences: dict[int, Sentence], mark: Mark) -> bool:
    """Whether the last thing named, in the sentence before or the one before it, is the cells."""
    is_loose = mark.kind == "site" and mark.value == LOOSEST
    for before in range(mark.sentence - 1, mark.sentence - (2 if is_loose else 3), -1):
        sentence = sentences.get(before)
        if sentence is not None and sentence.owners:
            return sentence.has_cells and not sentence.is_earlier
    return False


def _last_named(sentences: dict[int, Sentence], number: int) -> Owner | None:
    for before in range(number - 1, number - 1 - SENTENCES_BACK, -1):
        sentence = sentences.get(before)
        if sentence is not None and sentence.owners:
            return owner_of(sentence.owners[-1])
    return None


def _other_owner(scan: Scan, mark: Mark, sentence: Sentence) -> str:
    """Why something else than the cells owns the route; empty when nothing does."""
    closest: dict[Owner, tuple[int, Mark]] = {}
    for other in others_around(mark, sentence.owners):
        owner, far = owner_of(other), distance(scan, mark, other)
        if owner == "agent" and _goes_along(scan, mark, other, far, sentence):
            continue
        if owner not in closest or far < closest[owner][0]:
            closest[owner] = (far, other)
    cells = closest["cells"][0] if "cells" in closest else FAR
    if "agent" in closest and closest["agent"][0] < cells:
        return "nearer to another drug"
    if "sample" in closest:
        sample = closest["sample"][0]
        if sample <= SAMPLE_REACH and sample < min(cells, nearest(scan, mark, sentence.giving)):
            return "of a sample or an examination"
    for owner, why in COMPANIONS.items():
        if owner in closest and closest[owner][0] < cells:
            companion = closest[owner][1]
            if cells == FAR or distance(scan, companion, closest["cells"][1]) > JOINED:
                return why
    return ""


def _goes_along(scan: Scan, mark: Mark, agent: Mark, far: int, sentence: Sentence) -> bool:
    """Whether a drug named after the route is only company: "intravenously, with standard ..."."""
    if agent.token < mark.token or far <= AFTERWARDS:
        return False
    if sentence.has_cells:
        return True
    return not word_set("along").isdisjoint(scan.between(mark, agent).lower().split())
