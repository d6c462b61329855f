"""Reads a record as a careful reviewer would: products, tissue, donor and route, each with a quote."""

from collections.abc import Iterable, Sequence
from typing import Final

from stemcheck.reading.passages import PROSE, Part, read_passages
from stemcheck.reading.products import find_given
from stemcheck.reading.quick import may_name_cells
from stemcheck.reading.quotes import QUOTES_FOR_EACH, Step
from stemcheck.reading.record import Record, without_endless_lists
from stemcheck.reading.route import read_routes
from stemcheck.reading.source import read_source
from stemcheck.trial.reading import Evidence, Reading
from stemcheck.trial.terms import Donor, Intravenous, Product, Route, Tissue, intravenous_for
from stemcheck.trial.text import RecordText

RULES_VERSION: Final = "2026-12-01"


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
    if reading == NOTHING_GIVEN and shortened != text:
        return NOTHING_SAID, steps  # the part that was cut off may give cells
    return reading, steps


def _read_whole(text: RecordText, *, is_traced: bool) -> tuple[Reading, Sequence[Step]]:
    passages = read_passages(text)
    if not any(passage.part in TELLING for passage in passages):
        return NOTHING_SAID, ()
    if not may_name_cells(passages):
        return NOTHING_GIVEN, ()
    record = Record(text, passages)
    try:
        return _judged(record, is_traced=is_traced)
    finally:
        for scan in record.scans:
            scan.take_apart()


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
