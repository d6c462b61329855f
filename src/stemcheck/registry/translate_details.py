"""What only the long form of a trial shows, from the registry's words to ours.

Contacts, officials and the responsible person are never read.
"""

from urllib.parse import quote

from stemcheck.registry import shapes, shapes_details
from stemcheck.trial.details import Details, FdaNotice, PostedDocument, Publication, Site

DOCUMENT_URL = "https://cdn.clinicaltrials.gov/large-docs/"


def details_for(record: shapes.WireStudy) -> Details:
    """Return everything of a record that the list of trials leaves out."""
    section = record["protocolSection"]
    status = section.get("statusModule") or {}
    access = status.get("expandedAccessInfo") or {}
    annotation = (record.get("annotationSection") or {}).get("annotationModule") or {}
    sites = (section.get("contactsLocationsModule") or {}).get("locations") or ()
    references = (section.get("referencesModule") or {}).get("references") or ()
    return Details(
        brief_summary=(section.get("descriptionModule") or {}).get("briefSummary"),
        eligibility_criteria=(section.get("eligibilityModule") or {}).get("eligibilityCriteria"),
        locations=tuple(_site_for(site) for site in sites),
        publications=tuple(_publication_for(reference) for reference in references),
        documents=_documents_for(record),
        fda_notices=_fda_notices_for(annotation.get("violationAnnotation")),
        fdaaa801_violation=(section.get("oversightModule") or {}).get("fdaaa801Violation"),
        results_first_submitted=status.get("resultsFirstSubmitDate"),
        results_submitted_not_posted=_is_waiting(annotation.get("unpostedAnnotation")),
        expanded_access_nct_id=access.get("nctId"),
        has_expanded_access=access.get("hasExpandedAccess"),
        ipd_sharing=(section.get("ipdSharingStatementModule") or {}).get("ipdSharing"),
    )


def _site_for(site: shapes.WireLocation) -> Site:
    point = site.get("geoPoint") or {}
    return Site(
        facility=site.get("facility"),
        city=site.get("city"),
        state=site.get("state"),
        country=site.get("country"),
        status=site.get("status"),
        latitude=point.get("lat"),
        longitude=point.get("lon"),
    )


def _publication_for(reference: shapes_details.WireReference) -> Publication:
    return Publication(
        pmid=reference.get("pmid"),
        type=reference.get("type"),
        citation=reference.get("citation"),
    )


def _documents_for(record: shapes.WireStudy) -> tuple[PostedDocument, ...]:
    module = (record.get("documentSection") or {}).get("largeDocumentModule") or {}
    nct_id = record["protocolSection"]["identificationModule"]["nctId"]
    return tuple(
        PostedDocument(
            label=document.get("label") or document.get("typeAbbrev") or "Document",
            date=document.get("date"),
            url=_document_url_for(nct_id, document.get("filename")),
        )
        for document in module.get("largeDocs") or ()
    )


def _document_url_for(nct_id: str, filename: str | None) -> str | None:
    """Return where a document lies: in a folder named by the number's last two digits."""
    if not filename:
        return None
    return f"{DOCUMENT_URL}{nct_id[-2:]}/{nct_id}/{quote(filename, safe='')}"


def _fda_notices_for(violation: shapes_details.WireViolation | None) -> tuple[FdaNotice, ...]:
    return tuple(
        FdaNotice(
            type=event.get("type"),
            description=event.get("description"),
            issued_on=event.get("issuedDate"),
            posted_on=event.get("postedDate"),
        )
        for event in (violation or {}).get("violationEvents") or ()
    )


def _is_waiting(unposted: shapes_details.WireUnposted | None) -> bool:
    """Return whether results have been sent, are not public, and have not been called back.

    Events: RELEASE (sent), RESET (sent back by the registry's reviewers), UNRELEASE (called back).
    """
    if unposted is None:
        return False
    events = unposted.get("unpostedEvents")
    return not events or events[-1].get("type") != "UNRELEASE"
