"""What a record says of its outcomes and its papers, from the registry's words to ours, for the long form.

What may be anything is read as it comes and never raises; what does not fit reads as missing (see `parts`).
"""

import re
from typing import Final
from urllib.parse import quote

from stemcheck.registry.parts import Part
from stemcheck.registry.record import Reference
from stemcheck.trial import protocol

PUBMED_URL: Final = "https://pubmed.ncbi.nlm.nih.gov/"
DOI_URL: Final = "https://doi.org/"

_DOI = re.compile(r"(?<![\w.])10\.\d{4,9}/[^\s\"<>]+")
_CUT_SICI = re.compile(r"\(sici\)|\.co;2-", re.IGNORECASE)
"""A DOI of this old kind holds angle brackets, and the registry takes out what stands between them."""
_NOT_OF_A_DOI: Final = ".,;:]}'\u2019"
"""What a sentence may put behind a DOI."""


def outcomes_of(module: object) -> protocol.Outcomes:
    """Return the planned outcomes of an ``outcomesModule``."""
    part = Part(module, "outcomesModule")
    return protocol.Outcomes(
        primary=_planned(part, "primaryOutcomes"),
        secondary=_planned(part, "secondaryOutcomes"),
        other=_planned(part, "otherOutcomes"),
    )


def _planned(part: Part, key: str) -> tuple[protocol.PlannedOutcome, ...]:
    return tuple(
        protocol.PlannedOutcome(
            measure=item.text("measure"),
            description=item.text("description"),
            time_frame=item.text("timeFrame"),
        )
        for item in part.parts(key)
    )


def publication_for(reference: Reference) -> protocol.Publication:
    """Return a paper that a record names. Whatever stands under ``retractions`` marks it as retracted."""
    doi = doi_in(reference.citation)
    retractions = list(Part({"retractions": reference.retractions}, "").parts("retractions"))
    return protocol.Publication(
        pmid=reference.pmid,
        doi=doi,
        type=reference.type,
        citation=reference.citation,
        url=_address_of(reference.pmid, doi),
        retracted=bool(reference.retractions),
        retraction_sources=tuple(s for item in retractions if (s := item.text("source"))),
        retraction_pmids=tuple(p for item in retractions if (p := item.text("pmid"))),
    )


def doi_in(citation: str | None) -> str | None:
    """Return the DOI that a citation names. None: it names none, or one that has lost a part."""
    match = _DOI.search(citation or "")
    if match is None or _CUT_SICI.search(match.group()):
        return None
    doi = match.group().rstrip(_NOT_OF_A_DOI)
    # A bracket that was opened before the DOI is closed behind it.
    while doi.endswith(")") and doi.count("(") < doi.count(")"):
        doi = doi[:-1].rstrip(_NOT_OF_A_DOI)
    return doi


def _address_of(pmid: str | None, doi: str | None) -> str | None:
    if pmid and pmid.isascii() and pmid.isdigit():
        return f"{PUBMED_URL}{pmid}/"
    return f"{DOI_URL}{quote(doi, safe='/()')}" if doi else None
