"""Judges each cell term of a record by the words around it: whether it is the product."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from stemcheck.reading.abbreviations import SHORT, Spelling
from stemcheck.reading.context import Effect, Effects, effects_on, joint
from stemcheck.reading.lexicon import load_lexicon
from stemcheck.reading.passages import Part
from stemcheck.reading.record import Record
from stemcheck.reading.scan import OPENING, Mark, Scan, Sentence

WEAK: Final = "weak"
"""Key of words that count only if the text says that they are given."""
BARE: Final = "not_said_given"
"""The reason to reject such words."""
ADJECTIVE: Final = "adjective"
"""Key of words that name cells only if they share a noun: "hematopoietic and mesenchymal cells"."""
SHARED: Final = frozenset({"measured.before", "acted_on"})
"""The rows that reject both terms of "levels of MSC and HSC"."""
SHARED_REACH: Final = 3
"""The most words from the "and" to the second term."""
LONGEST_JOINT: Final = 3
JOINING: Final = frozenset("+&/")
"""Signs that join two products: "MSC + DLI", "BMAC/PRP"."""
REFUSING: Final = ("refuse", "source")
"""Effects that reject a cell term."""


@dataclass(slots=True, eq=False)
class Candidate:
    """A cell term in its place, with the reasons for and against it being the product."""

    mark: Mark
    effects: Effects
    """The effects of the words around it."""
    refusal: Effect | None
    against: str = ""
    """Why it is not the product, whatever the words around it say; empty if there is no such reason."""
    joined: str = ""
    """The kind of the term before it, if both are given together."""
    spelled_out: Mark | None = None
    """The words that spell an abbreviation out."""

    @property
    def value(self) -> str:
        """The kind of product that it names."""
        return self.mark.value

    @property
    def part(self) -> Part:
        """The part of the record in which it occurs."""
        return self.mark.sentence.passage.part

    @property
    def counts(self) -> bool:
        """Whether there is no reason to reject it."""
        return self.refusal is None and not self.against

    def has(self, effect: str) -> bool:
        """Return whether the words around it have this effect."""
        return effect in self.effects


class Candidates:
    """The cell terms of a record. A sentence is judged on first use."""

    def __init__(self, record: Record) -> None:
        self._spelling = Spelling(record)
        self._judged: dict[Sentence, list[Candidate]] = {}

    def of(self, *scans: Scan) -> list[Candidate]:
        """Return all cell terms of these passages, in order."""
        return [
            one
            for scan in scans
            if "cell" in scan.kinds
            for sentence in scan.sentences
            for one in self.in_sentence(sentence)
        ]

    def in_sentence(self, sentence: Sentence) -> Sequence[Candidate]:
        """Return the cell terms of a sentence, in order."""
        if "cell" not in sentence.kinds:
            return ()
        judged = self._judged.get(sentence)
        if judged is None:
            judged = self._judged[sentence] = self._judge(sentence)
        return judged

    def _judge(self, sentence: Sentence) -> list[Candidate]:
        judged: list[Candidate] = []
        for mark in sentence.of("cell"):
            effects = effects_on(mark)
            refusal = next((effects[name][0] for name in REFUSING if name in effects), None)
            one = Candidate(mark, effects, refusal)
            previous = judged[-1] if judged else None
            if mark.value == "false_friend":
                one.against = "means_else"
            elif mark.term.key == ADJECTIVE and "shared_noun" not in effects:
                one.against = "no_cell_follows"
            elif mark.term.key in SHORT:
                one.spelled_out = self._spelling.of(mark)
                if one.spelled_out is None:
                    one.against = "letters_unspelled"
            elif mark.value == "other_cells" and _only_describes(mark):
                one.against = "describes_next"
            elif mark.term.key == WEAK and not is_plainly_given(one):
                one.against = BARE
            if previous is not None and not one.against:
                _compare(previous, one)
            judged.append(one)
        return judged


def _compare(previous: Candidate, one: Candidate) -> None:
    """Apply what follows from the term before: a shared refusal, or that both are given together."""
    mark = one.mark
    if one.refusal is None and _shares(previous, mark):
        one.refusal = previous.refusal
    if is_in_brackets(previous.mark, mark):
        _share_refusal(previous, one)
    joined = one.effects.get("joined", ())
    if (
        one.counts
        and previous.counts
        and (
            any(effect.trigger is previous.mark for effect in joined)
            or _is_joined_by_sign(previous.mark, mark)
        )
    ):
        one.joined = previous.value


@cache
def _goes_on() -> frozenset[str]:
    return frozenset(load_lexicon().places["goes_on"])


def _only_describes(mark: Mark) -> bool:
    """Return whether the next word is the actual noun: "T-cell lymphoma"."""
    following = mark.last + 1
    words = mark.sentence.words[following : following + 1]
    if not words or not words[0].isalpha() or words[0].lower() in _goes_on():
        return False
    return all(
        one.first != following for kind in ("giving", "route") for one in mark.sentence.of(kind)
    )


def is_plainly_given(one: Candidate) -> bool:
    """Return whether words near it say that the cells are given, or are the product."""
    return one.has("object") or one.has("defined") or one.has("named")


def _is_joined_by_sign(first: Mark, second: Mark) -> bool:
    signs = joint(first, second) if second.first == first.last + 1 else ""
    return len(signs) <= LONGEST_JOINT and not JOINING.isdisjoint(signs)


def _shares(previous: Candidate, mark: Mark) -> bool:
    """Return whether a refusal of the term before also applies to this one: "levels of MSC and HSC"."""
    before = previous.mark
    return (
        previous.refusal is not None
        and previous.refusal.row.id in SHARED
        and mark.clause == before.clause
        and any(
            before.last < join.first < mark.first and mark.first - join.last <= SHARED_REACH
            for join in mark.sentence.of("join")
            if join.term.key == "words"
        )
    )


def is_in_brackets(first: Mark, second: Mark) -> bool:
    """Return whether only an opening bracket separates two terms."""
    return second.first == first.last + 2 and first.sentence.words[first.last + 1] in OPENING


def _share_refusal(first: Candidate, second: Candidate) -> None:
    """Let a term and its abbreviation in brackets share a refusal."""
    if first.against:
        return
    if first.refusal is not None and second.refusal is None:
        second.refusal = first.refusal
    elif (
        first.refusal is None
        and second.refusal is not None
        and (second.refusal.row.effect == "source" or second.refusal.row.side == "after")
    ):
        first.refusal = second.refusal
