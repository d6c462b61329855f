"""A record read as a careful reviewer would: products, tissue, donor and route, each with its words."""

from typing import Final

from stemcheck.reading.attribution import bind_words
from stemcheck.reading.cells import find_given
from stemcheck.reading.codes import read_codes
from stemcheck.reading.donor import read_donor
from stemcheck.reading.passages import read_passages
from stemcheck.reading.route import read_routes
from stemcheck.reading.scanner import scan_passages
from stemcheck.reading.step import QUOTES_FOR_EACH, Step
from stemcheck.reading.tissue import read_tissue
from stemcheck.trial.reading import (
    Donor,
    Evidence,
    Intravenous,
    Product,
    Reading,
    Route,
    Tissue,
)
from stemcheck.trial.text import RecordText

RULES_VERSION: Final = "2026-11-25"
UNKNOWN_ROUTES: Final = frozenset({Route.INFUSION_UNSPECIFIED, Route.NOT_STATED})


def read(text: RecordText) -> Reading:
    """Read what is given, from which tissue, from whom and how; never raises on any text."""
    return _read(text, is_traced=False)[0]


def explain(text: RecordText) -> tuple[Reading, tuple[Step, ...]]:
    """Return the same reading, and what each rule took or refused on the way."""
    return _read(text, is_traced=True)


def _read(text: RecordText, *, is_traced: bool) -> tuple[Reading, tuple[Step, ...]]:
    scans = scan_passages(read_passages(text), read_codes(text))
    given, steps = find_given(text, scans, is_traced=is_traced)
    if given.products == (Product.NONE,):
        return _nothing_given(), steps
    told = bind_words(scans, given)
    tissue, tissue_steps = read_tissue(scans, given, told["tissue"])
    donor, donor_steps = read_donor(scans, given, told["donor"], tissue)
    routes, route_steps = read_routes(scans, given, is_traced=is_traced)
    trace = (*steps, *tissue_steps, *donor_steps, *route_steps)
    reading = Reading(
        products=given.products,
        tissue=tissue,
        donor=donor,
        routes=routes,
        intravenous=_intravenous(routes),
        evidence=_evidence(trace),
        rules_version=RULES_VERSION,
    )
    return reading, trace


def _nothing_given() -> Reading:
    return Reading(
        products=(Product.NONE,),
        tissue=(Tissue.NONE,),
        donor=(Donor.NONE,),
        routes=(Route.NONE,),
        intravenous=Intravenous.NO,
        evidence=(),
        rules_version=RULES_VERSION,
    )


def _intravenous(routes: tuple[Route, ...]) -> Intravenous:
    if Route.INTRAVENOUS in routes:
        return Intravenous.YES
    if set(routes) <= UNKNOWN_ROUTES:
        return Intravenous.NOT_STATED
    return Intravenous.NO


def _evidence(trace: tuple[Step, ...]) -> tuple[Evidence, ...]:
    """Gather the first words taken for each value, without repeats."""
    taken: dict[tuple[str, str], list[Step]] = {}
    for step in trace:
        if step.decision == "took":
            steps = taken.setdefault((step.claim, step.value), [])
            if len(steps) < QUOTES_FOR_EACH:
                steps.append(step)
    quotes = dict.fromkeys(
        (step.claim, step.value, step.field, step.quote)
        for steps in taken.values()
        for step in steps
    )
    return tuple(
        Evidence(claim=claim, value=value, field=field, quote=quote)
        for claim, value, field, quote in quotes
    )
