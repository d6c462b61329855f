"""What a reviewer reads out of a record: what is given, from whom, and how it gets into the body."""

from pydantic import BaseModel, ConfigDict

from stemcheck.trial.terms import Donor, Found, Intravenous, Product, Route, Tissue


class Evidence(BaseModel):
    """One claim and the record's own words for it."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    claim: str
    """``product``, ``tissue``, ``donor`` or ``route``."""
    value: str
    """One value of the claim's enum."""
    field: str
    """Where the words stand, in the registry's own path words, as in ``interventions[0].description``."""
    quote: str
    """Verbatim words of the record, at most about twenty."""


class Reading(BaseModel):
    """The reading of one record. Every value but ``not_stated`` and ``none`` has evidence."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    products: tuple[Product, ...]
    tissue: tuple[Tissue, ...]
    donor: tuple[Donor, ...]
    routes: tuple[Route, ...]
    intravenous: Intravenous
    evidence: tuple[Evidence, ...]
    rules_version: str


def reading_of(found: Found) -> Reading:
    """Make the model of a reading."""
    evidence = [
        {"claim": claim, "value": value, "field": field, "quote": quote}
        for claim, value, field, quote in found.evidence
    ]
    return Reading.model_validate({**found._asdict(), "evidence": evidence})
