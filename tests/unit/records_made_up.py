"""Study records in the registry's own shape, made up for tests of what reads them."""

import json
from typing import Any

from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import read_record
from stemcheck.trial.details import LongForm
from stemcheck.trial.study import Unreadable

NCT_ID = "NCT90000001"


def a_record(nct_id: str = NCT_ID, /, **sections: Any) -> dict[str, Any]:
    """The smallest record there can be; ``sections`` are further keys of its ``protocolSection``."""
    return {"protocolSection": {"identificationModule": {"nctId": nct_id}, **sections}}


def long_form_of(record: dict[str, Any]) -> LongForm:
    """What a record says beyond the list of trials."""
    read = read_record(record, is_long=True)
    assert not isinstance(read, Unreadable), read
    long_form = study_for(read, with_details=True, is_long=True).long_form
    assert long_form is not None
    return long_form


def a_full_record() -> dict[str, Any]:
    """A record with every field that is read, and some that are not."""
    return {
        "protocolSection": _full_protocol(),
        "hasResults": False,
        "annotationSection": {
            "annotationModule": {
                "unpostedAnnotation": {
                    "unpostedResponsibleParty": "Example University",
                    "unpostedEvents": [{"type": "RELEASE", "date": "2026-02-03"}],
                },
                "violationAnnotation": {
                    "violationEvents": [
                        {
                            "type": "VIOLATION_IDENTIFIED",
                            "description": "Failure to submit.",
                            "creationDate": "2026-01-01",
                            "issuedDate": "2026-01-02",
                            "postedDate": "2026-01-03",
                        }
                    ]
                },
            }
        },
        "documentSection": {
            "largeDocumentModule": {
                "largeDocs": [
                    {
                        "typeAbbrev": "Prot_SAP",
                        "label": "Study Protocol",
                        "date": "2025-01-01",
                        "uploadDate": "2026-01-01T09:09",
                        "filename": "Prot SAP_000.pdf",
                    },
                    {"typeAbbrev": "ICF"},
                ]
            }
        },
        "derivedSection": {
            "miscInfoModule": {"versionHolder": "2026-11-20"},
            "conditionBrowseModule": {
                "meshes": [{"id": "D020521", "term": "Stroke"}],
                "ancestors": [{"id": "D002561", "term": "Cerebrovascular Disorders"}],
            },
            "interventionBrowseModule": {"meshes": [{"id": "C711674", "term": "remestemcel-l"}]},
        },
    }


def _full_protocol() -> dict[str, Any]:
    return {
        "identificationModule": {
            "nctId": NCT_ID,
            "nctIdAliases": ["NCT90000099"],
            "briefTitle": "Cord Cells After Stroke",
            "officialTitle": "A Made-up Trial of Cord Cells After Stroke",
            "acronym": "CORD",
        },
        "statusModule": {
            "statusVerifiedDate": "2023-05",
            "overallStatus": "UNKNOWN",
            "lastKnownStatus": "RECRUITING",
            "whyStopped": "Money",
            "expandedAccessInfo": {"hasExpandedAccess": True, "nctId": "NCT90000077"},
            "startDateStruct": {"date": "2021", "type": "ACTUAL"},
            "primaryCompletionDateStruct": {"date": "2022-06"},
            "completionDateStruct": {"date": "2022-12-31"},
            "studyFirstSubmitDate": "2021-01-02",
            "resultsFirstSubmitDate": "2024-01-02",
            "resultsFirstPostDateStruct": {"date": "2024-02-03"},
            "lastUpdatePostDateStruct": {"date": "2023-06-07"},
        },
        "sponsorCollaboratorsModule": {
            "responsibleParty": {"investigatorFullName": "Nobody"},
            "leadSponsor": {"name": "Example University", "class": "OTHER"},
            "collaborators": [{"name": "Example Inc.", "class": "INDUSTRY"}, {"class": "OTHER"}],
        },
        "oversightModule": {
            "oversightHasDmc": True,
            "isFdaRegulatedDrug": False,
            "fdaaa801Violation": True,
        },
        "descriptionModule": {"briefSummary": "In short.", "detailedDescription": "In full."},
        "conditionsModule": {"conditions": ["Stroke"], "keywords": ["cells", "cord"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE1", "PHASE2"],
            "designInfo": {
                "allocation": "RANDOMIZED",
                "interventionModel": "PARALLEL",
                "primaryPurpose": "TREATMENT",
                "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT"]},
            },
            "enrollmentInfo": {"count": 0, "type": "ACTUAL"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {
                    "label": "Cells",
                    "type": "EXPERIMENTAL",
                    "description": "Cells by vein.",
                    "interventionNames": ["Biological: cord cells"],
                },
                {"label": "Saline", "type": "PLACEBO_COMPARATOR"},
            ],
            "interventions": [
                {
                    "type": "BIOLOGICAL",
                    "name": "cord cells",
                    "description": "One infusion.",
                    "armGroupLabels": ["Cells"],
                    "otherNames": ["UC-MSC"],
                },
                {"type": "OTHER"},
            ],
        },
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion Criteria:\n\n* Stroke",
            "healthyVolunteers": False,
            "sex": "ALL",
            "minimumAge": "18 Years",
        },
        "contactsLocationsModule": {
            "centralContacts": [{"name": "Nobody", "phone": "0"}],
            "locations": [
                {
                    "facility": "Ward 1",
                    "status": "RECRUITING",
                    "city": "Porto",
                    "country": "Portugal",
                    "geoPoint": {"lat": 41, "lon": -8.6},
                },
                {"facility": "Ward 2", "city": "Graz", "state": "Styria", "country": "Austria"},
                {"country": "Portugal", "status": "COMPLETED"},
            ],
        },
        "referencesModule": {
            "references": [{"pmid": "1", "type": "DERIVED", "citation": "A paper. 2024."}]
        },
        "ipdSharingStatementModule": {"ipdSharing": "NO"},
    }


def page_of(*records: Any, **keys: Any) -> bytes:
    """The body of a list answer."""
    return json.dumps({"studies": list(records), **keys}).encode()
