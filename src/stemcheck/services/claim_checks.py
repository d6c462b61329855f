"""Checks claims about the illness, the cells and the route against one record."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from stemcheck.guidance.conditions import systems_for
from stemcheck.guidance.illnesses import is_known
from stemcheck.services.said import Said, check, unknown
from stemcheck.services.words import phrase
from stemcheck.trial.reading import Reading
from stemcheck.trial.scope import OTHER_STEM_CELLS
from stemcheck.trial.terms import Donor, Product, Route, Tissue
from stemcheck.trial.trial import Trial
from stemcheck.trial.verification import Check, Result, Told

ANY_STEM_CELLS = "any"
_STEM_CELLS = OTHER_STEM_CELLS | {Product.MESENCHYMAL}
_BY_VESSEL = frozenset(
    {Route.INTRAVENOUS, Route.INTRA_ARTERIAL, Route.INTRACORONARY, Route.PORTAL_VEIN}
)
_LEFT_OPEN = frozenset({Route.NOT_STATED, Route.INFUSION_UNSPECIFIED})
_AT_THE_PLACE = frozenset({Route.LOCAL_INJECTION, Route.TOPICAL, Route.IMPLANT})
"""Routes that overlap: a gel pressed into a wound is all three."""


EXOSOMES = "exosomes"
_VESICLES = re.compile(r"exosom|\bexos?\b|vesic|\bEVs?\b", re.IGNORECASE)
"""Words that make a record with a cell-free product one about exosomes."""
_ORDER: tuple[Result, ...] = ("matches", "not_stated", "not_settled", "differs")


def checks_as_typed(
    claims: Sequence[Told], check_one: Callable[[str, Trial], Check], trial: Trial
) -> Iterator[Check]:
    """Yield one check for each claim as typed. A claim fits if any value of its words fits."""
    for claim in claims:
        made = [check_one(value, trial) for value in claim.values]
        best = min(made, key=lambda check: _ORDER.index(check.result or "differs"))
        is_own_word = claim.values == (claim.words,)
        yield best.model_copy(update={"told": None if is_own_word else claim.words})


def check_condition(claimed: str, trial: Trial, registry_terms: tuple[str, ...] = ()) -> Check:
    """Check a condition against the record's conditions, keywords, titles and the registry's own terms.

    The result is "differs" only if both names are understood: a name that stemcheck does not know may be
    another name for the same illness.
    """
    wanted = phrase(claimed, is_claim=True)
    named = "; ".join(trial.conditions) or None
    terms = (("derivedSection.conditionBrowseModule", term) for term in registry_terms)
    for field, text in chain(_condition_texts(trial), terms):
        if wanted.stands_in(phrase(text)):
            return check("condition", claimed, "matches", Said(named, field, text))
    if not trial.conditions:
        return check("condition", claimed, "not_stated")
    for number, condition in enumerate(trial.conditions):
        if phrase(condition).is_wider_than(wanted):
            said = Said(named, f"conditions[{number}]", condition)
            return check("condition", claimed, "not_stated", said)
    said = Said(named, "conditions[0]", trial.conditions[0])
    if not _are_understood(claimed, trial, registry_terms):
        return unknown("condition", claimed, said)
    return check("condition", claimed, "differs", said)


def _are_understood(claimed: str, trial: Trial, registry_terms: tuple[str, ...]) -> bool:
    """Return whether both illnesses are known well enough to say that they differ.

    They are if both are in the table of illnesses, or if they belong to different parts of the body.
    """
    recorded = (*trial.conditions, *registry_terms)
    if is_known(claimed):
        return any(map(is_known, recorded)) or bool(registry_terms) or _are_apart(claimed, recorded)
    return _are_apart(claimed, recorded)


def _are_apart(claimed: str, recorded: Sequence[str]) -> bool:
    here = systems_for(claimed)
    there = [systems_for(condition) for condition in recorded]
    return bool(here) and any(there) and all(here.isdisjoint(systems) for systems in there)


def _condition_texts(trial: Trial) -> Iterator[tuple[str, str]]:
    yield from ((f"conditions[{n}]", text) for n, text in enumerate(trial.conditions))
    yield from ((f"keywords[{n}]", text) for n, text in enumerate(trial.keywords))
    yield "briefTitle", trial.brief_title or ""
    yield "officialTitle", trial.official_title or ""


def check_route(claimed: str, trial: Trial) -> Check:
    """Check a route against the reading; ``not_stated`` if the record leaves it open."""
    reading = trial.reading
    if reading is None:
        return check("route", claimed, "not_stated")
    result = _route_result(Route(claimed), set(reading.routes))
    return check("route", claimed, result, _said(trial, reading, "route", claimed))


def _route_result(claimed: Route, said: set[Route]) -> Result:
    if claimed in said or (claimed is Route.INFUSION_UNSPECIFIED and said & _BY_VESSEL):
        return "matches"
    if claimed is Route.NOT_STATED or said & _LEFT_OPEN:
        return "not_stated"
    shades = claimed in _AT_THE_PLACE and said & _AT_THE_PLACE
    return "not_stated" if shades else "differs"


def check_cells(claimed: str, trial: Trial) -> Check:
    """Check a kind of cells, a tissue or a donor against the reading."""
    reading = trial.reading
    if reading is None:
        return check("cells", claimed, "not_stated")
    if claimed == EXOSOMES:
        return _check_exosomes(trial, reading)
    if claimed in set(Donor):
        topic, result = "donor", _plain_result(claimed, reading.donor)
    elif claimed in set(Tissue):
        topic, result = "tissue", _plain_result(claimed, reading.tissue)
    else:
        topic, result = "product", _product_result(claimed, set(reading.products))
    return check("cells", claimed, result, _said(trial, reading, topic, claimed))


def _check_exosomes(trial: Trial, reading: Reading) -> Check:
    """Check exosomes. The reading knows only "cell-free", so the record's own words decide."""
    if Product.CELL_FREE not in reading.products:
        said = _said(trial, reading, "product", EXOSOMES)
        is_silent = Product.NOT_STATED in reading.products
        return check("cells", EXOSOMES, "not_stated" if is_silent else "differs", said)
    said = _said(trial, reading, "product", Product.CELL_FREE)
    for words in reading.evidence:
        is_of_it = words.claim == "product" and words.value == Product.CELL_FREE
        if is_of_it and _VESICLES.search(words.quote):
            said = Said(said.record, words.field, words.quote)
            return check("cells", EXOSOMES, "matches", said)
    return check("cells", EXOSOMES, "not_stated", said)


def _plain_result(claimed: str, said: tuple[str, ...]) -> Result:
    if claimed in said:
        return "matches"
    return "not_stated" if "not_stated" in said else "differs"


def _product_result(claimed: str, said: set[Product]) -> Result:
    means_any = claimed in {ANY_STEM_CELLS, Product.UNSPECIFIED_STEM}
    if claimed in said or (means_any and said & _STEM_CELLS):
        return "matches"
    is_stem = claimed in _STEM_CELLS
    if Product.NOT_STATED in said or (is_stem and Product.UNSPECIFIED_STEM in said):
        return "not_stated"
    return "differs"


def _said(trial: Trial, reading: Reading, topic: str, claimed: str) -> Said:
    """Return the record's words for the claimed value, or else its first words on the subject."""
    values = {
        "route": reading.routes,
        "product": reading.products,
        "tissue": reading.tissue,
        "donor": reading.donor,
    }[topic]
    record = ", ".join(values)
    on_topic = [evidence for evidence in reading.evidence if evidence.claim == topic]
    exact = (evidence for evidence in on_topic if evidence.value == claimed)
    if words := next(chain(exact, on_topic), None):
        return Said(record, words.field, words.quote)
    if set(values) == {"none"} and trial.interventions:
        # "No cells" has no quote of its own, so name what is given instead.
        return Said(record, "interventions[0].name", trial.interventions[0].name)
    return Said(record)
