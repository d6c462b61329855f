"""Decides by which route the given cells reach the participant.

Every route word of the record is judged on its own: does it name a way into the body here, and is it the way
of the given cells? Words that pass are then ranked by their field (interventions, arms and titles before
summary and keywords, these before the detailed description) and by how plain they are (plain routes before
places, places before carriers, carriers before "infusion" alone).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from typing import Final, Literal, NamedTuple

from stemcheck.reading.context import Effect, distance, effects_on
from stemcheck.reading.given import Given
from stemcheck.reading.passages import PROSE, Part, Tier
from stemcheck.reading.quotes import QUOTES_FOR_EACH, Step, quote_of
from stemcheck.reading.record import Record
from stemcheck.reading.scan import Mark, Scan, Sentence
from stemcheck.reading.wording import NO_ROUTE, gives, giving, wording, words_of
from stemcheck.trial.terms import Product, Route

WAYS: Final = frozenset({"route", "letters", "site", "form", "infusion"})
LOCAL: Final = Route.LOCAL_INJECTION.value
LOOSE_RULES: Final = frozenset({"local", "organs"})
"""Rules of the local routes that are vaguer than any named route."""
LESION: Final = "lesion"
"""Rule of the words for a wound, an ulcer or a fistula."""
DESCRIPTIONS: Final = frozenset({Part.INTERVENTION_DESCRIPTION, Part.ARM_DESCRIPTION})
PLAIN_WAYS: Final = ("route", "letters", "site")
GRAFTS: Final = "grafts"
"""Rule of the words for a graft."""
OTHER_MEANINGS: Final = {
    ("route", "local_injection", "anywhere"): ("intracerebral", "intraspinal"),
    ("route", "local_injection", "local"): ("intracerebral", "intraspinal"),
    ("site", "local_injection", "lesion"): ("intracerebral", "intraspinal"),
    ("route", "topical", "words"): ("ocular",),
    ("form", "topical", "forms"): ("ocular",),
    ("letters", "intra_arterial", "letters"): ("intra_articular",),
    ("letters", "intrathecal", "letters"): ("local_injection",),
    ("letters", "intracoronary", "letters"): ("local_injection",),
}
"""Kind, value and key of rules whose words may mean the diseased organ, with the possible routes."""
DISEASE_FIELDS: Final = frozenset({Part.BRIEF_TITLE, Part.OFFICIAL_TITLE, Part.CONDITIONS})
AFTERWARDS: Final = 4
"""The most words from a route to a later drug that owns it: "intravenous methylprednisolone"."""
SAMPLE_REACH: Final = 4
"""The most words between a route and the sample or examination that owns it."""
TOGETHER: Final = 3
"""The most words between cells and a placebo or cell-free product named with them: "MSC or placebo"."""
SENTENCES_BACK: Final = 3
"""How many sentences back to search for the last thing named."""
FAR: Final = 999
MOST_STEPS: Final = 500
"""The most steps for one record; only text made to cause trouble has more."""


class Weight(IntEnum):
    """How plainly a word names the route."""

    INFUSION = 0
    FORM = 1
    PLACE = 2
    ROUTE = 3


WEIGHTS: Final = {
    "route": Weight.ROUTE,
    "letters": Weight.ROUTE,
    "site": Weight.ROUTE,
    "form": Weight.FORM,
    "infusion": Weight.INFUSION,
}
PLAINEST: Final = (-Weight.ROUTE, 0)
"""The rank of a plain route in an intervention, an arm or a title."""
TIERS_OF_ROUTES: Final = {Tier.HEADLINE: 0, Tier.SUMMARY: 1, Tier.KEYWORDS: 1, Tier.DETAIL: 2}
VEIN_OR_UNKNOWN: Final = frozenset({"intravenous", "infusion_unspecified"})
AIM: Final = frozenset({"route", "study", "giving"})
"""Kinds of words that a sentence about the study's own giving must have."""
UNTIED: Final = 3
"""Tier of words with no link to the cells, used only if the record says nothing more."""


class Word(NamedTuple):
    """A route word of the record, and the decision about it."""

    mark: Mark
    value: str
    refusal: str = ""
    """Why it does not count; empty if it does."""
    weight: Weight = Weight.INFUSION
    tier: int = 0
    is_of_partner: bool = False
    """It is about a cell-free product that is given together with the cells."""
    is_aim: bool = False
    """It is a plain route in a sentence about how this study gives the cells."""

    @property
    def rank(self) -> tuple[int, int]:
        """The order of trust: lower is better.

        Prose does not outweigh the intervention: a place in prose counts after a carrier in an intervention
        ("MSC on a scaffold"), and a carrier in prose after an infusion there.
        """
        weight: int = self.weight
        if self.tier == UNTIED:
            return 0, self.tier + (weight < Weight.PLACE)
        if self.tier > 0 and weight in {Weight.PLACE, Weight.FORM}:
            weight -= 1
        return -weight, self.tier


def read_routes(
    record: Record, given: Given, *, is_traced: bool = False
) -> tuple[tuple[Route, ...], list[Step]]:
    """Return the routes of the given cells, and the steps that quote them.

    The routes are ``(Route.NOT_STATED,)`` if no word names one.
    """
    words = _without_vein_of_partner(_judged_words(record, given, is_traced=is_traced))
    held = [word for word in words if not word.refusal]
    best = min((word.rank for word in held), default=None)
    chosen = [word for word in held if word.rank == best or (best == PLAINEST and word.is_aim)]
    routes = tuple(route for route in Route if any(word.value == route for word in chosen))
    steps = [_step(word) for word in (chosen[:MOST_STEPS] if is_traced else _first(chosen))]
    if is_traced:
        taken = {word.mark for word in chosen}
        others = [word for word in words if word.mark not in taken and word.value != NO_ROUTE]
        steps += [
            _step(word if word.refusal else word._replace(refusal=OUTWEIGHED))
            for word in others[:MOST_STEPS]
        ]
    return routes or (Route.NOT_STATED,), steps


def _first(words: Iterable[Word]) -> Iterator[Word]:
    """Yield the words to quote for each route."""
    quoted: Counter[str] = Counter()
    for word in words:
        quoted[word.value] += 1
        if quoted[word.value] <= QUOTES_FOR_EACH:
            yield word


def _without_vein_of_partner(words: list[Word]) -> list[Word]:
    """Refuse a vein that is only for a cell-free product, if the cells themselves go elsewhere.

    With cells into the spine and their secretome into a vein, "cells by vein" would mislead.
    """
    held = [word for word in words if not word.refusal]
    of_cells = {word.value for word in held if not word.is_of_partner}
    if not of_cells or not VEIN_OR_UNKNOWN.isdisjoint(of_cells):
        return words
    return [
        word._replace(refusal="of_cell_free")
        if word.is_of_partner and word.value == Route.INTRAVENOUS
        else word
        for word in words
    ]


def _judged_words(record: Record, given: Given, *, is_traced: bool) -> list[Word]:
    organs: Counter[str] | None = None
    words: list[Word] = []
    best: tuple[int, int] | None = None
    for scan in record.scans:
        if scan.passage.part is Part.CONDITIONS or scan.kinds.isdisjoint(WAYS):
            continue
        # if interventions, arms or titles name a plain route, prose can only add the study's own aim
        only_aims = best == PLAINEST and scan.passage.tier > Tier.HEADLINE and not is_traced
        found = list(_Passage(record, given, scan).words(only_aims=only_aims))
        for number, word in enumerate(found):
            meanings = OTHER_MEANINGS.get((word.mark.kind, word.value, word.mark.term.key))
            if meanings and not word.refusal:
                organs = organs if organs is not None else _organs(record)
                found[number] = word._replace(value=_meant(word.value, meanings, organs))
        found = _raised(found)
        best = min(
            [*([best] if best else []), *[w.rank for w in found if not w.refusal]], default=None
        )
        words += found
    return words


def _organs(record: Record) -> Counter[str]:
    """Return how often titles and conditions name each organ, as routes into them."""
    return Counter(mark.value for mark in record.marks("organ", DISEASE_FIELDS))


def _meant(value: str, meanings: Sequence[str], organs: Counter[str]) -> str:
    """Return, for an ambiguous word ("intracavitary", "IA"), the route into the diseased organ."""
    meant = max(meanings, key=lambda organ: organs[organ])
    return meant if organs[meant] else value


def _raised(words: Sequence[Word]) -> list[Word]:
    """Give a local route that is listed with another ("intramuscular and local") the same weight."""
    plain = {word.mark for word in words if not word.refusal and word.weight is Weight.ROUTE}
    return [
        word._replace(weight=Weight.ROUTE)
        if word.weight is Weight.PLACE
        and word.mark.kind == "route"
        and any(effect.trigger in plain for effect in effects_on(word.mark).get("listed", ()))
        else word
        for word in words
    ]


class _Passage:
    """Judges the route words of one passage."""

    def __init__(self, record: Record, given: Given, scan: Scan) -> None:
        self.record = record
        self.given = given
        self.scan = scan
        self.part = scan.passage.part
        self.is_mixed = Product.CELL_FREE in given.products and len(given.products) > 1
        self.is_of_cells = self._is_of_cells()

    def _is_of_cells(self) -> bool:
        passage = self.scan.passage
        if passage.intervention is not None:
            return passage.intervention in self.given.interventions
        if passage.arm is not None:
            return passage.arm in self.given.arms
        return self.part not in PROSE

    def words(self, *, only_aims: bool = False) -> Iterator[Word]:
        """Judge each route word, or only those in sentences that may state the study's aim."""
        for number, sentence in enumerate(self.scan.sentences):
            if sentence.kinds.isdisjoint(WAYS) or (only_aims and not sentence.kinds >= AIM):
                continue
            for kind, marks in sentence.by_kind.items():
                if kind in WAYS:
                    for mark in marks:
                        yield self._judged(mark, number)

    def _judged(self, mark: Mark, number: int) -> Word:
        tier = TIERS_OF_ROUTES[self.scan.passage.tier]
        if mark.value == NO_ROUTE:
            return Word(mark, mark.value, f"no route ({mark.term.key.replace('_', ' ')})")
        if self.given.is_control(self.scan):
            return Word(mark, mark.value, "of_control")
        refusal, is_loose = wording(mark)
        weight = Weight.PLACE if is_loose and tier else _weight_of(mark)
        if not refusal and mark.kind in {"route", "site"} and self._is_in_name(mark):
            refusal = "product_name"
        if mark.term.key == GRAFTS and Product.HEMATOPOIETIC in self.given.products:
            refusal = "graft"
        if not refusal:
            refusal = self._binding(mark, number)
            if refusal is UNTIED_WHY and self._may_stand_untied(mark):
                refusal, tier = "", UNTIED
        if refusal:
            return Word(mark, mark.value, refusal, weight, tier)
        if self._is_own_place(mark):
            weight = Weight.ROUTE
        is_plain = mark.kind == "route" and weight is Weight.ROUTE
        is_aim = is_plain and self._is_aim(mark.sentence)
        return Word(mark, mark.value, "", weight, tier, self._is_of_partner(mark), is_aim)

    def _is_own_place(self, mark: Mark) -> bool:
        """Return whether a sentence says that the cells go into a lesion and nowhere else.

        Next to "intravenous infusion", "the cells are injected into the lesions" is a second route.
        """
        if self.part not in DESCRIPTIONS or (mark.kind, mark.term.key) != ("site", LESION):
            return False
        sentence = mark.sentence
        named = {one.value for kind in PLAIN_WAYS for one in sentence.of(kind)}
        return (
            named <= {LOCAL, NO_ROUTE}
            and bool(self.given.mentions(sentence))
            and any(given.first < mark.first for given in giving(sentence))
        )

    def _is_aim(self, sentence: Sentence) -> bool:
        """Return whether a sentence in prose says what this study gives."""
        return (
            self.part in PROSE
            and bool(self.given.mentions(sentence))
            and sentence.holds("study")
            and gives(sentence)
            and not sentence.holds("background")
        )

    def _is_of_partner(self, mark: Mark) -> bool:
        """Return whether a cell-free product given with the cells is nearer than the cells."""
        if not self.is_mixed:
            return False
        named = self.given.mentions(mark.sentence)
        nearest = {True: FAR, False: FAR}
        for effect in effects_on(mark).get("owner", ()):
            if effect.trigger in named:
                is_partner = named[effect.trigger] is Product.CELL_FREE
                far = distance(mark, effect.trigger)
                nearest[is_partner] = min(far, nearest[is_partner])
        return nearest[True] < nearest[False]

    def _is_in_name(self, mark: Mark) -> bool:
        return any(
            name.first <= mark.first <= name.last
            and not (self.is_mixed and product is Product.CELL_FREE)
            for name, product in self.given.mentions(mark.sentence).items()
        )

    def _may_stand_untied(self, mark: Mark) -> bool:
        """Return whether a word with no link to the cells may still be all that the record says."""
        if self.part in PROSE and _weight_of(mark) is Weight.ROUTE and mark.kind != "site":
            return self._is_all_given(mark)
        if mark.kind == "form" or (mark.kind != "infusion" and self.part >= Part.BRIEF_TITLE):
            return False
        return not self.record.names_agent_beside(self.scan.passage)

    def _is_all_given(self, mark: Mark) -> bool:
        """Return whether a route is for whatever is given, with nothing else named: "treatment (IV)"."""
        sentence = mark.sentence
        return not sentence.holds("agent", "drug_name", "background", "control") and any(
            given.first > mark.last or given.last < mark.first for given in giving(sentence)
        )

    def _binding(self, mark: Mark, number: int) -> str:
        """Return why a route is not that of the given cells; empty if it is."""
        sentence = mark.sentence
        has_cells = bool(self.given.mentions(sentence))
        effects = effects_on(mark)
        refusal = (
            "negated"
            if "denied" in effects
            else self._other_owner(mark, effects.get("owner", ()), has_cells=has_cells)
            or self._other_study(sentence)
        )
        return refusal if refusal or has_cells else self._untied(mark, number)

    def _other_study(self, sentence: Sentence) -> str:
        """Return why a sentence in prose is not about this study; empty if it is."""
        background = sentence.of("background") if self.part in PROSE else ()
        if any(one.value == "animal" for one in background):
            return "laboratory"
        return "other_study" if background and not sentence.of("study") else ""

    def _untied(self, mark: Mark, number: int) -> str:
        """Return why a route is not the cells' if its sentence does not name them; empty if it is."""
        if self.is_of_cells:
            is_of_drug = self._last_named(number) == "agent"
            return "drug_before" if is_of_drug else ""
        goes_on = gives(mark.sentence) and self._goes_on_about_cells(mark, number)
        return "" if goes_on else UNTIED_WHY

    def _other_owner(self, mark: Mark, owners: Sequence[Effect], *, has_cells: bool) -> str:
        """Return why a route belongs to something other than the cells; empty if it does not."""
        closest: dict[str, tuple[int, Mark]] = {}
        for one in owners:
            owner, far = self._owner(one.trigger), distance(mark, one.trigger)
            if owner == "agent" and _goes_along(mark, one.trigger, far, has_cells=has_cells):
                continue
            if owner and (owner not in closest or far < closest[owner][0]):
                closest[owner] = far, one.trigger
        cells = closest["cells"][0] if "cells" in closest else FAR
        if "agent" in closest and closest["agent"][0] < cells:
            return "nearer_drug"
        if "sample" in closest:
            given = min((distance(mark, one) for one in giving(mark.sentence)), default=FAR)
            if closest["sample"][0] <= SAMPLE_REACH and closest["sample"][0] < min(cells, given):
                return "of_sample"
        if "placebo" in closest and closest["placebo"][0] < cells:
            beside = closest["placebo"][1]
            is_shared = beside.last < mark.first and _is_alternative(beside)
            if not is_shared and (cells == FAR or distance(beside, closest["cells"][1]) > TOGETHER):
                return "of_control"
        return ""

    def _owner(self, mark: Mark) -> str:
        """Return what a mark names: cells, agent, sample or placebo; empty if none of these."""
        if mark in self.given.mentions(mark.sentence):
            return "cells"
        if mark.kind == "drug_name":
            return "agent" if self._is_other_drug(int(mark.value)) else ""
        return AGENTS.get(mark.value, "") if mark.kind == "agent" else ""

    def _is_other_drug(self, number: int) -> bool:
        """Return whether an intervention is neither the cells nor a placebo."""
        is_placebo = any(map(self.given.is_control, self.record.interventions[number]))
        return not is_placebo and number not in self.given.interventions

    def _last_named(self, number: int) -> str:
        """Return what the sentences before this one named last."""
        for sentence in self.scan.sentences[max(0, number - SENTENCES_BACK) : number][::-1]:
            for mark in reversed(sentence.marks):
                if owner := self._owner(mark):
                    return owner
        return ""

    def _goes_on_about_cells(self, mark: Mark, number: int) -> bool:
        """Return whether the cells were named last, one or two sentences before."""
        back = 1 if mark.kind == "site" and mark.value == LOCAL else 2
        for sentence in self.scan.sentences[max(0, number - back) : number][::-1]:
            if any(self._owner(one) for one in sentence.marks):
                is_earlier = any(one.value != "animal" for one in sentence.of("background"))
                return bool(self.given.mentions(sentence)) and not is_earlier
        return False


OUTWEIGHED: Final = "plainer_elsewhere"
UNTIED_WHY: Final = "not_the_cells"
AGENTS: Final = {"drug": "agent", "sample": "sample", "placebo": "placebo"}


def _goes_along(mark: Mark, agent: Mark, far: int, *, has_cells: bool) -> bool:
    """Return whether a drug named after the route is only given along: "intravenously, with standard ..."."""
    if agent.first < mark.first or far <= AFTERWARDS:
        return False
    words = mark.sentence.words[mark.last + 1 : agent.first]
    return has_cells or not words_of("along").isdisjoint(map(str.lower, words))


def _is_alternative(placebo: Mark) -> bool:
    """Return whether words after a placebo are about both: "MSC (1 million a kilo) or placebo by vein"."""
    before = placebo.sentence.words[max(0, placebo.first - 2) : placebo.first]
    return not words_of("either").isdisjoint(word.lower() for word in before)


def _weight_of(mark: Mark) -> Weight:
    is_loose = mark.value == LOCAL and (mark.kind == "site" or mark.term.key in LOOSE_RULES)
    return Weight.PLACE if is_loose else WEIGHTS[mark.kind]


def _step(word: Word) -> Step:
    mark = word.mark
    field = mark.sentence.passage.field
    decision: Literal["took", "refused"] = "refused" if word.refusal else "took"
    why = word.refusal or "of_the_cells"
    return Step(field, quote_of(mark), mark.term.rule, decision, why, "route", word.value)
