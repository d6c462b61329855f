"""Reads a record as a careful reviewer would: products, tissue, donor and route, each with a quote."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from stemcheck.reading.passages import NAMES, PROSE, Part, Passage, read_passages
from stemcheck.reading.products import find_given
from stemcheck.reading.quick import may_name_cells
from stemcheck.reading.quotes import QUOTES_FOR_EACH, Step
from stemcheck.reading.record import Record, without_endless_lists
from stemcheck.reading.route import read_routes
from stemcheck.reading.scan import WORD
from stemcheck.reading.source import read_source
from stemcheck.reading.wording import words_of
from stemcheck.trial.reading import Evidence, Reading
from stemcheck.trial.terms import Donor, Intravenous, Product, Route, Tissue, intravenous_for
from stemcheck.trial.text import RecordText

RULES_VERSION: Final = "2026-12-01.2"


def read(text: RecordText) -> Reading:
    """Read which products are given, from which tissue and donor, and how. Never raises on any text."""
    return _read(text, is_traced=False)[0]


def explain(text: RecordText) -> tuple[Reading, tuple[Step, ...]]:
    """Return the same reading, with the steps that each rule took or refused."""
    reading, steps = _read(text, is_traced=True)
    return reading, tuple(steps)


def _read(text: RecordText, *, is_traced: bool) -> tuple[Reading, Sequence[Step]]:
    shortened = without_endless_lists(text)
    reading, steps = _read_whole(shortened, is_traced=is_traced)
    if reading == NOTHING_GIVEN and (shortened != text or _is_given_in_a_trial(shortened)):
        return NOTHING_SAID, steps  # what was not read, or did not come, may give cells
    return reading, steps


def _is_given_in_a_trial(text: RecordText) -> bool:
    """Whether a record that came without its kind of study gives cells if it is a trial."""
    if text.study_type or text.arms:
        return False
    as_a_trial = text._replace(study_type="INTERVENTIONAL")
    return _read_whole(as_a_trial, is_traced=False)[0] != NOTHING_GIVEN


def _read_whole(text: RecordText, *, is_traced: bool) -> tuple[Reading, Sequence[Step]]:
    passages = read_passages(text)
    telling = {passage.part for passage in passages if _says_something(passage)}
    if telling.isdisjoint(TELLING):
        return NOTHING_SAID, ()
    nothing = NOTHING_GIVEN if _came_whole(text, telling) else NOTHING_SAID
    if not may_name_cells(passages):
        return nothing, ()
    record = Record(text, passages)
    try:
        reading, steps = _judged(record, is_traced=is_traced)
        return (nothing if reading == NOTHING_GIVEN else reading), steps
    finally:
        for scan in record.scans:
            scan.take_apart()


def _came_whole(text: RecordText, telling: Collection[Part]) -> bool:
    """Whether the fields came that name cells if any are given.

    Every study that is not observational lists what it gives: where that is missing, it was not delivered.
    Groups without a type are those of an observational study.
    """
    of_interventions = NAMES | {Part.INTERVENTION_DESCRIPTION}
    is_observational = text.study_type == "OBSERVATIONAL" or (
        not text.study_type
        and Part.ARM_DESCRIPTION in telling
        and not any(arm.type for arm in text.arms)
    )
    return is_observational or not of_interventions.isdisjoint(telling)


def _says_something(passage: Passage) -> bool:
    """Whether a passage has a word that is no mere stand-in ("N/A", "Study product", "[Redacted]")."""
    words = (found[0].casefold() for found in WORD.finditer(passage.verbatim))
    standing_in = words_of("standing_in")
    return any(
        word.isalnum() and not word.isdecimal() and word not in standing_in for word in words
    )


def _judged(record: Record, *, is_traced: bool) -> tuple[Reading, Sequence[Step]]:
    if not any("cell" in scan.kinds for scan in record.scans):
        return NOTHING_GIVEN, ()
    given, steps = find_given(record, is_traced=is_traced)
    if given is None:
        return NOTHING_GIVEN, steps
    tissue, donor, source_steps = read_source(record, given)
    routes, route_steps = read_routes(record, given, is_traced=is_traced)
    steps = [*steps, *source_steps, *route_steps]
    reading = Reading(
        products=given.products,
        tissue=tissue,
        donor=donor,
        routes=routes,
        intravenous=intravenous_for(routes),
        evidence=_evidence(steps),
        rules_version=RULES_VERSION,
    )
    return reading, steps


def _without_evidence(
    product: Product, tissue: Tissue, donor: Donor, route: Route, vein: Intravenous
) -> Reading:
    return Reading(
        products=(product,),
        tissue=(tissue,),
        donor=(donor,),
        routes=(route,),
        intravenous=vein,
        evidence=(),
        rules_version=RULES_VERSION,
    )


NOTHING_GIVEN: Final = _without_evidence(
    Product.NONE, Tissue.NONE, Donor.NONE, Route.NONE, Intravenous.NO
)
"""The record says what is given, and it is not cells."""
NOTHING_SAID: Final = _without_evidence(
    Product.NOT_STATED,
    Tissue.NOT_STATED,
    Donor.NOT_STATED,
    Route.NOT_STATED,
    Intravenous.NOT_STATED,
)
"""The record does not say what is given."""
TELLING: Final = frozenset(part for part in Part if part <= Part.ARM_DESCRIPTION or part in PROSE)
"""Fields that say what is given; titles and keywords alone do not."""


def _evidence(steps: Iterable[Step]) -> tuple[Evidence, ...]:
    """Return the first quotes for each value, without repeats."""
    taken: dict[tuple[str, str], list[Step]] = {}
    for step in steps:
        if step.decision == "took":
            taken.setdefault((step.claim, step.value), []).append(step)
    quoted = {
        (step.claim, step.value, step.field, step.quote): None
        for steps_of_value in taken.values()
        for step in steps_of_value[:QUOTES_FOR_EACH]
    }
    return tuple(
        Evidence(claim=claim, value=value, field=field, quote=quote)
        for claim, value, field, quote in quoted
    )
