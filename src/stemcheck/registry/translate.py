"""Translates a record from the registry's words into ours: a `Study`.

Nothing is judged or corrected here. Text stays verbatim, because quotes must match the record. A missing
value stays ``None`` or empty, and dates keep their precision. Where a record and one of our models have a
field with the same name, its value is copied.
"""

import re
from functools import cache
from typing import Any, Final, TypeVar
from urllib.parse import quote

from pydantic import BaseModel

from stemcheck.registry.record import LargeDocument, MeshTerm, Record, Reference, Unposted
from stemcheck.registry.results import Part, results_of
from stemcheck.trial import protocol, text, trial
from stemcheck.trial.details import Details, FdaNotice, LongForm, Paper, PostedDocument, Site
from stemcheck.trial.protocol import Arm, InterventionInFull, Publication
from stemcheck.trial.status import OPEN_TO_NEW_PARTICIPANTS, label_for, takes_people
from stemcheck.trial.study import Study
from stemcheck.words import words

DOCUMENT_URL = "https://cdn.clinicaltrials.gov/large-docs/"
_CONTROL_ARM_TYPES = frozenset(
    {"ACTIVE_COMPARATOR", "NO_INTERVENTION", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR"}
)

M = TypeVar("M", bound=BaseModel)


def study_for(
    record: Record, *, with_details: bool = False, is_long: bool = False, with_papers: bool = False
) -> Study:
    """Return the study that a record describes.

    ``with_details`` adds what a trial in full has, ``is_long`` what `stemcheck show` adds to that, and
    ``with_papers`` the papers that a search counts.
    """
    papers = tuple(map(publication_for, record.references)) if is_long or with_papers else None
    return Study(
        trial=_trial_for(record),
        text=_text_for(record),
        details=_details_for(record) if with_details else None,
        long_form=_long_form_for(record, papers or ()) if is_long else None,
        papers=papers,
        condition_terms=_terms_of(record.condition_meshes) + _terms_of(record.condition_ancestors),
        data_date=record.data_date,
    )


def _made(model: type[M], source: Any, **others: Any) -> M:
    """Build one of our models from the fields with the same names; ``others`` add values or replace them."""
    return model(
        **{name: getattr(source, name) for name in _shared(model, source._fields)} | others
    )


@cache
def _shared(model: type[BaseModel], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in model.model_fields)


def _trial_for(record: Record) -> trial.Trial:
    countries = (place.country for place in record.locations)
    return _made(
        trial.Trial,
        record,
        url=trial.STUDY_URL + record.nct_id,
        status=_made(
            trial.Status,
            record,
            value=record.overall_status,
            label=label_for(record.overall_status)
            if record.overall_status
            else words("registry.status_not_stated"),
            open_to_new_participants=takes_people(record.overall_status),
        ),
        interventions=tuple(
            trial.Intervention(type=item.type, name=item.name or "")
            for item in record.interventions
        ),
        sponsor=_sponsor_for(record.sponsor_name, record.sponsor_class),
        collaborators=tuple(
            sponsor
            for item in record.collaborators
            if (sponsor := _sponsor_for(item.name, item.class_))
        ),
        enrollment=_enrollment_for(record),
        dates=_made(trial.Dates, record),
        countries=tuple(dict.fromkeys(filter(None, countries))),
        sites=_sites_for(record),
        eligibility=_made(trial.Eligibility, record),
        oversight=_made(trial.Oversight, record),
        design=_design_for(record),
    )


def _sponsor_for(name: str | None, class_: str | None) -> trial.Sponsor | None:
    return None if name is None else trial.Sponsor(name=name, class_=class_)


def _enrollment_for(record: Record) -> trial.Enrollment | None:
    count, type_ = record.enrollment_count, record.enrollment_type
    return None if count is None and type_ is None else trial.Enrollment(count=count, type=type_)


def _sites_for(record: Record) -> trial.Sites:
    statuses = [place.status for place in record.locations if place.status]
    recruiting = sum(status in OPEN_TO_NEW_PARTICIPANTS for status in statuses)
    return trial.Sites(total=len(record.locations), recruiting=recruiting if statuses else None)


def _design_for(record: Record) -> trial.Design:
    types = [arm.type for arm in record.arm_groups if arm.type]
    controls = sum(type_ in _CONTROL_ARM_TYPES for type_ in types)
    # The groups of an observational study have no type: then nothing is said of controls.
    return _made(
        trial.Design,
        record,
        arms=len(record.arm_groups) or None,
        control_arms=controls if types else None,
    )


def _text_for(record: Record) -> text.RecordText:
    return text.RecordText(
        nct_id=record.nct_id,
        study_type=record.study_type or "",
        brief_title=record.brief_title or "",
        official_title=record.official_title or "",
        conditions=record.conditions,
        keywords=record.keywords,
        interventions=tuple(
            text.InterventionText(
                type=item.type or "",
                name=item.name or "",
                other_names=item.other_names,
                description=item.description or "",
                arm_group_labels=item.arm_group_labels,
            )
            for item in record.interventions
        ),
        arms=tuple(
            text.ArmText(
                label=arm.label or "",
                type=arm.type or "",
                description=arm.description or "",
                intervention_names=arm.intervention_names,
            )
            for arm in record.arm_groups
        ),
        brief_summary=record.brief_summary or "",
        detailed_description=record.detailed_description or "",
        eligibility_criteria=record.eligibility_criteria or "",
    )


def _details_for(record: Record) -> Details:
    """Return the details of a record that the list of trials leaves out."""
    return _made(
        Details,
        record,
        locations=tuple(_made(Site, place) for place in record.locations),
        publications=tuple(_made(Paper, reference) for reference in record.references),
        documents=tuple(_document_for(record.nct_id, item) for item in record.large_documents),
        fda_notices=tuple(_made(FdaNotice, event) for event in record.violation_events),
        results_submitted_not_posted=_is_waiting(record.unposted),
    )


def _long_form_for(record: Record, papers: tuple[Publication, ...]) -> LongForm:
    return _made(
        LongForm,
        record,
        interventions=tuple(
            _made(InterventionInFull, item, name=item.name or "", arms=item.arm_group_labels)
            for item in record.interventions
        ),
        arms=tuple(
            _made(Arm, arm, interventions=arm.intervention_names) for arm in record.arm_groups
        ),
        outcomes=outcomes_of(record.outcomes),
        results=results_of(record.results),
        publications=papers,
    )


def _document_for(nct_id: str, document: LargeDocument) -> PostedDocument:
    # A document is in a folder named after the last two digits of the study's number.
    name = document.filename
    return PostedDocument(
        label=document.label or document.type or words("registry.document"),
        date=document.date,
        url=f"{DOCUMENT_URL}{nct_id[-2:]}/{nct_id}/{quote(name, safe='')}" if name else None,
    )


def _is_waiting(unposted: Unposted | None) -> bool:
    """Return whether results were submitted, are not posted, and have not been withdrawn.

    Events: RELEASE (submitted), RESET (sent back by the registry's reviewers), UNRELEASE (withdrawn).
    """
    if unposted is None:
        return False
    return not unposted.events or unposted.events[-1].type != "UNRELEASE"


def _terms_of(meshes: tuple[MeshTerm, ...]) -> tuple[str, ...]:
    return tuple(mesh.term for mesh in meshes if mesh.term)


PUBMED_URL: Final = "https://pubmed.ncbi.nlm.nih.gov/"
DOI_URL: Final = "https://doi.org/"

_DOI = re.compile(r"(?<![\w.])10\.\d{4,9}/[^\s\"<>]+")
_CUT_SICI = re.compile(r"\(sici\)|\.co;2-", re.IGNORECASE)
"""These old DOIs contain angle brackets, and the registry removes the text between them."""
_NOT_OF_A_DOI: Final = ".,;:]}'\u2019"
"""Characters that a sentence may put after a DOI."""


def outcomes_of(module: object) -> protocol.Outcomes:
    """Return the planned outcomes in an ``outcomesModule``."""
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
    """Return a paper that a record cites. Any entry under ``retractions`` marks it as retracted."""
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
    """Return the DOI in a citation; None if there is none, or if the registry has cut it."""
    match = _DOI.search(citation or "")
    if match is None or _CUT_SICI.search(match.group()):
        return None
    doi = match.group().rstrip(_NOT_OF_A_DOI)
    # A closing bracket whose opening one is before the DOI does not belong to it.
    while doi.endswith(")") and doi.count("(") < doi.count(")"):
        doi = doi[:-1].rstrip(_NOT_OF_A_DOI)
    return doi


def _address_of(pmid: str | None, doi: str | None) -> str | None:
    if pmid and pmid.isascii() and pmid.isdigit():
        return f"{PUBMED_URL}{pmid}/"
    return f"{DOI_URL}{quote(doi, safe='/()')}" if doi else None
