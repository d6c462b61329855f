"""Decides where the given cells come from: the tissue and the donor, from the words about the cells."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeVar

from stemcheck.reading.abbreviations import definitions
from stemcheck.reading.context import effects_on, words_between
from stemcheck.reading.given import Given
from stemcheck.reading.kinds import OPEN
from stemcheck.reading.passages import LABELS, TITLES, Tier
from stemcheck.reading.quotes import Step, quote_of
from stemcheck.reading.record import Record
from stemcheck.reading.scan import Mark, Sentence
from stemcheck.trial.terms import Donor, Product, Tissue

PLACES_TOLD: Final = 2
"""How many passages are quoted for one value."""
MANY_TISSUES: Final = 3
"""A sentence with this many tissues lists where such cells are found in general."""
OWN_TISSUES: Final = frozenset(
    {Tissue.BONE_MARROW, Tissue.ADIPOSE, Tissue.PERIPHERAL_BLOOD, Tissue.DENTAL, Tissue.OTHER}
)
"""Tissues that can be taken from participants for their own treatment."""
BLOOD: Final = "blood"
"""Key of the word "blood" alone."""
NO_VALUES: Final = frozenset({"not_a_source", "not_of_cells"})
"""Values of words that only look like a tissue or a donor."""
NAMING: Final = LABELS | TITLES
"""Fields that never list tissues in general."""
SHORTEST_CODE: Final = 3
"""The letters in the shortest code. Shorter ones may be an illness too: UC, AD."""
MOST_CODES: Final = 20
"""How many codes are looked up in one tier; only text made to cause trouble has more."""
BESIDE: Final = 2
"""The most words between "autologous" and the tissue that is taken."""


class Bound(NamedTuple):
    """A tissue or donor word, with the cells or the harvest that it describes."""

    word: Mark
    of: Mark
    value: str

    @property
    def tier(self) -> Tier:
        """How far its passage is trusted."""
        return self.word.sentence.passage.tier


def read_source(
    record: Record, given: Given
) -> tuple[tuple[Tissue, ...], tuple[Donor, ...], list[Step]]:
    """Return the tissues and donors of the main product, and the steps that quote them."""
    said = _said_of_cells(record, given)
    tissues = said["tissue"] or _tissue_of_harvest(record, given)
    tissue = _values(Tissue, tissues)
    donors = said["donor"] or _donor_of_harvest(record, given, tissue)
    steps = [*_steps(tissues, "tissue"), *_steps(donors, "donor")]
    return tissue or (Tissue.NOT_STATED,), _values(Donor, donors) or (Donor.NOT_STATED,), steps


Value = TypeVar("Value", Tissue, Donor)


def _values(values: type[Value], bound: Iterable[Bound]) -> tuple[Value, ...]:
    told = {one.value for one in bound}
    return tuple(value for value in values if value in told)


def _said_of_cells(record: Record, given: Given) -> dict[str, list[Bound]]:
    """Return the tissue and donor words in the most trusted passages that describe the cells."""
    taken: dict[str, list[Bound]] = {"tissue": [], "donor": []}
    for tier in Tier:
        asked = [kind for kind, bound in taken.items() if not bound]
        if not asked:
            break
        cells = [
            cell
            for scan in record.tier(tier)
            if not given.is_control(scan)
            for sentence in scan.sentences
            if not sentence.kinds.isdisjoint(asked)
            for cell in _cells(sentence, given, tier)
        ]
        for kind in asked:
            found = [
                Bound(word, cell, word.value) for cell in cells for word in _words_on(cell, kind)
            ]
            taken[kind] = _most_trusted(_without_doubtful_codes(found, record), tier)
    return taken


def _cells(sentence: Sentence, given: Given, tier: Tier) -> Iterator[Mark]:
    """Yield the terms of a sentence that name the main product, or what it is made from."""
    named = [*given.mentions(sentence).items(), *given.sources(sentence).items()]
    cells = [mark for mark, product in named if product is given.main]
    if not cells or _is_general(sentence, tier):
        return
    is_certain = tier is Tier.HEADLINE or _tells_of_giving(sentence, tier)
    yield from (mark for mark in cells if is_certain or mark.value not in OPEN)


def _tells_of_giving(sentence: Sentence, tier: Tier) -> bool:
    """Return whether a sentence says that something is given; only then does "the cells" mean the product."""
    return any(
        mark.term.key == "give" or (mark.term.key == "treat" and tier is Tier.SUMMARY)
        for mark in sentence.of("giving")
    )


def _is_general(sentence: Sentence, tier: Tier) -> bool:
    """Return whether a sentence is about such cells in general, or about other studies."""
    if any(
        mark.term.key == "ability" or tier is not Tier.HEADLINE
        for mark in sentence.of("background")
    ):
        return True
    return sentence.passage.part not in NAMING and _lists_tissues(sentence)


def _lists_tissues(sentence: Sentence) -> bool:
    tissues = {mark.value for mark in sentence.of("tissue")} - {"not_a_source", "other"}
    return len(tissues) >= MANY_TISSUES


def _words_on(cell: Mark, kind: str) -> Iterator[Mark]:
    for effect in effects_on(cell).get(kind, ()):
        if effect.trigger.value not in NO_VALUES and effect.trigger.term.key != BLOOD:
            yield effect.trigger
            for other in effects_on(effect.trigger).get("paired", ()):
                if other.trigger.value not in NO_VALUES and other.trigger.term.key != "codes":
                    yield other.trigger


def _code(one: Bound) -> str:
    """Return a code of one word; empty for other words, and for "UC" or "AD", which may be an illness."""
    word = one.word.sentence.words[one.word.first]
    is_alone = one.word.first == one.word.last and len(word) >= SHORTEST_CODE
    return word if is_alone and one.word.term.key == "codes" else ""


def _holds_tissue(code: str, tissue: str, record: Record) -> bool:
    """Return whether the words that spell a code out name its tissue. True if nothing spells it out."""
    spelled = list(definitions(record, code))
    return not spelled or any(
        mark.value == tissue and start <= mark.sentence.span(mark.first, mark.last)[0] < end
        for scan, start, end in spelled
        for mark in scan.of("tissue")
    )


def _most_trusted(bound: Sequence[Bound], tier: Tier) -> list[Bound]:
    """Return all words of the headline fields; of another tier, only those with the commonest value."""
    if not bound or tier is Tier.HEADLINE:
        return list(bound)
    counts = Counter(one.value for one in bound)
    most = max(counts.values())
    commonest = [one.value for one in bound if counts[one.value] == most]
    kept = set(commonest) if tier is Tier.KEYWORDS else {commonest[0]}
    return [one for one in bound if one.value in kept]


def _without_doubtful_codes(bound: Sequence[Bound], record: Record) -> list[Bound]:
    """Drop codes that other words contradict: "placental stromal cells (ASC)", "autologous MSC (AMSC)"."""
    codes = {(_code(one), one.value) for one in bound if _code(one)}
    doubtful = {code for code in sorted(codes)[:MOST_CODES] if not _holds_tissue(*code, record)}
    bound = [one for one in bound if (_code(one), one.value) not in doubtful]
    plain = {
        (one.of.sentence, one.of.last): one.value for one in bound if one.word.term.key != "codes"
    }
    return [
        one
        for one in bound
        if one.word.term.key != "codes"
        or plain.get((one.of.sentence, one.of.first - 2), one.value) == one.value
    ]


# ------------------------------------------------------------------------------- words of the harvest


def _harvested(record: Record, given: Given, kind: str) -> Iterator[Bound]:
    """Yield words of a kind in sentences about harvesting, anywhere in the record."""
    for scan in record.scans:
        if given.is_control(scan):
            continue
        for sentence in scan.sentences:
            if kind not in sentence.kinds or "harvest" not in sentence.kinds:
                continue
            harvest = next(iter(sentence.of("harvest")), None)
            if harvest is None or _tells_of_others(sentence) or _lists_tissues(sentence):
                continue
            for word in sentence.of(kind):
                if word.value not in NO_VALUES and not _is_sample(word, given):
                    yield Bound(word, harvest, word.value)


def _tells_of_others(sentence: Sentence) -> bool:
    """Return whether cells are taken in general ("can be obtained from") or elsewhere, not in this study."""
    background = sentence.of("background")
    is_of_people = sentence.holds("study") and sentence.holds("person")
    is_own = is_of_people and all(mark.term.key == "ability" for mark in background)
    return bool(background) and not is_own


def _is_sample(word: Mark, given: Given) -> bool:
    """Return whether blood is taken for a test, not as a source of the product."""
    if word.term.key != BLOOD:
        return False
    passage = word.sentence.passage
    is_told_of_product = passage.intervention in given.interventions or passage.arm in given.arms
    return given.main is not Product.OTHER_CELLS or not is_told_of_product


def _tissue_of_harvest(record: Record, given: Given) -> list[Bound]:
    if Product.HEMATOPOIETIC in given.products:
        return []
    found = [one for one in _harvested(record, given, "tissue") if one.value != Tissue.OTHER]
    return _best(found)[:1]


def _best(bound: Sequence[Bound]) -> list[Bound]:
    """Return the words of the most trusted tier that has any."""
    if not bound:
        return []
    tier = min(one.tier for one in bound)
    return _most_trusted([one for one in bound if one.tier is tier], tier)


def _donor_of_harvest(record: Record, given: Given, tissue: tuple[Tissue, ...]) -> list[Bound]:
    """Return from whom the cells were taken, if the record describes the harvest.

    A harvest from participants for their own treatment is autologous even without that word.
    """
    donated = [
        one
        for one in _harvested(record, given, "donor")
        if one.word.term.key in {"donors", "own"}
        or _is_of_tissue(one.word, tissue)
        or _is_taken_from(one, given)
    ]
    if donated:
        return _best(donated)
    own = OWN_TISSUES.intersection(tissue)
    taken = [
        one
        for one in _harvested(record, given, "tissue")
        if one.value in own and one.word.sentence.of("person")
    ]
    return [one._replace(value=Donor.AUTOLOGOUS.value) for one in _best(taken)[:1]]


def _is_taken_from(one: Bound, given: Given) -> bool:
    """Return whether the cells themselves are taken from a person: "T cells obtained from the patient"."""
    cells = given.mentions(one.word.sentence)
    is_after = one.of.last < one.word.first and words_between(one.of, one.word) <= BESIDE
    return (
        one.word.term.key == "taken_from"
        and is_after
        and any(
            mark.last < one.of.first and words_between(mark, one.of) <= BESIDE for mark in cells
        )
    )


def _is_of_tissue(word: Mark, tissue: tuple[Tissue, ...]) -> bool:
    """Return whether the source of the cells follows: "autologous bone marrow is aspirated"."""
    return any(
        mark.value in tissue and mark.first > word.last and words_between(word, mark) < BESIDE
        for mark in word.sentence.of("tissue")
    )


# ------------------------------------------------------------------------------- trace


def _steps(taken: Sequence[Bound], claim: str) -> Iterator[Step]:
    """Yield steps that quote the words taken, from the most trusted places for each value."""
    places: dict[str, set[str]] = {}
    for one in taken:
        field = one.word.sentence.passage.field
        seen = places.setdefault(one.value, set())
        if field not in seen and len(seen) < PLACES_TOLD:
            seen.add(field)
            quote = quote_of(one.word, one.of)
            why = "of_the_cells"
            yield Step(field, quote, one.word.term.rule, "took", why, claim, one.value)
