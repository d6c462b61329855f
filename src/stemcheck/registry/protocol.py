"""What a record says of its plan and its papers, from the registry's words to ours, for the long form.

Reads modules as they come and never raises; what does not fit reads as missing (see `parts`). Contacts and
investigators are personal data and are not read.
"""

import re
from typing import Final
from urllib.parse import quote

from stemcheck.registry.parts import Part
from stemcheck.trial import protocol

PUBMED_URL: Final = "https://pubmed.ncbi.nlm.nih.gov/"
DOI_URL: Final = "https://doi.org/"

_DOI = re.compile(r"(?<![\w.])10\.\d{4,9}/[^\s\"<>]+")
_CUT_SICI = re.compile(r"\(sici\)|\.co;2-", re.IGNORECASE)
"""A DOI of this old kind holds angle brackets, and the registry takes out what stands between them."""
_NOT_OF_A_DOI: Final = ".,;:]}'\u2019"
"""What a sentence may put behind a DOI."""


def arms_of(module: object) -> tuple[protocol.Arm, ...]:
    """Return the arms of an ``armsInterventionsModule``."""
    return tuple(
        protocol.Arm(
            label=arm.text("label"),
            type=arm.text("type"),
            description=arm.text("description"),
            interventions=arm.texts("interventionNames"),
        )
        for arm in Part(module, "armsInterventionsModule").parts("armGroups")
    )


def interventions_of(module: object) -> tuple[protocol.InterventionInFull, ...]:
    """Return the interventions of an ``armsInterventionsModule``."""
    return tuple(
        protocol.InterventionInFull(
            type=item.text("type"),
            name=item.text("name") or "",
            description=item.text("description"),
            other_names=item.texts("otherNames"),
            arms=item.texts("armGroupLabels"),
        )
        for item in Part(module, "armsInterventionsModule").parts("interventions")
    )


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


def publications_of(module: object) -> tuple[protocol.Publication, ...]:
    """Return the papers of a ``referencesModule``: one for each reference, in the record's order."""
    return tuple(
        _publication(item) for item in Part(module, "referencesModule").parts("references")
    )


def _publication(reference: Part) -> protocol.Publication:
    pmid, citation = reference.text("pmid"), reference.text("citation")
    doi = doi_in(citation)
    retractions = list(reference.parts("retractions"))
    return protocol.Publication(
        pmid=pmid,
        doi=doi,
        type=reference.text("type"),
        citation=citation,
        url=_address_of(pmid, doi),
        retracted=reference.holds("retractions"),
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
