"""A record read as a careful reviewer would: products, tissue, donor and route, each with its words."""

from typing import TYPE_CHECKING, Final

from stemcheck.reading.attribution import bind_words
from stemcheck.reading.cells import find_given
from stemcheck.reading.codes import read_codes
from stemcheck.reading.donor import read_donor
from stemcheck.reading.passages import read_passages
from stemcheck.reading.route import read_routes
from stemcheck.reading.scanner import scan_passages
from stemcheck.reading.step import QUOTES_FOR_EACH, Step
from stemcheck.reading.tissue import read_tissue
from stemcheck.trial.terms import Found, Product, found_again, intravenous_for
from stemcheck.trial.text import RecordText

if TYPE_CHECKING:
    from stemcheck.trial.reading import Reading

RULES_VERSION: Final = "2026-11-25"
NOTHING_GIVEN: Final = found_again((), RULES_VERSION)


def read(text: RecordText) -> "Reading":
    """Read what is given, from which tissue, from whom and how; never raises on any text."""
    from stemcheck.trial.reading import reading_of

    return reading_of(find(text))


def explain(text: RecordText) -> "tuple[Reading, tuple[Step, ...]]":
    """Return the same reading, and what each rule took or refused on the way."""
    from stemcheck.trial.reading import reading_of

    found, steps = _find(text, is_traced=True)
    return reading_of(found), steps


def find(text: RecordText) -> Found:
    """Find what `read` tells, in plain values: no model, nor the library of models, is needed."""
    return _find(text, is_traced=False)[0]


def _find(text: RecordText, *, is_traced: bool) -> tuple[Found, tuple[Step, ...]]:
    scans = scan_passages(read_passages(text), read_codes(text))
    given, steps = find_given(text, scans, is_traced=is_traced)
    if given.products == (Product.NONE,):
        return NOTHING_GIVEN, steps
    told = bind_words(scans, given)
    tissue, tissue_steps = read_tissue(scans, given, told["tissue"])
    donor, donor_steps = read_donor(scans, given, told["donor"], tissue)
    routes, route_steps = read_routes(scans, given, is_traced=is_traced)
    trace = (*steps, *tissue_steps, *donor_steps, *route_steps)
    found = Found(
        given.products,
        tissue,
        donor,
        routes,
        intravenous_for(routes),
        _evidence(trace),
        RULES_VERSION,
    )
    return found, trace


def _evidence(trace: tuple[Step, ...]) -> tuple[tuple[str, str, str, str], ...]:
    """Gather the first words taken for each value, without repeats."""
    taken: dict[tuple[str, str], list[Step]] = {}
    for step in trace:
        if step.decision == "took":
            steps = taken.setdefault((step.claim, step.value), [])
            if len(steps) < QUOTES_FOR_EACH:
                steps.append(step)
    quotes = (
        (step.claim, step.value, step.field, step.quote)
        for steps in taken.values()
        for step in steps
    )
    return tuple(dict.fromkeys(quotes))
