"""The fields read from a study record, each with its place in the registry's JSON and its name there.

Everything else follows from this list: the fields to request, the shape that a record must have, and the
values from which `stemcheck.registry.translate` makes a trial. To read one more field, add one line.

Every field but the number is optional: an absent key, an empty module and a ``null`` all mean that the
record does not say. Enum values and dates are plain text, so that a value which the registry adds tomorrow,
or a date without a day, is kept as it is. A value of the wrong type is never repaired: the whole record
becomes `Unreadable`, with the reason. Contacts and investigators are personal data: they are neither
requested nor read.
"""

from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

Text = str | None
Flag = bool | None


class At(NamedTuple):
    """The path of a field in the registry's JSON, and its piece name (see ``/studies/metadata``)."""

    path: str
    """Dotted, from the record or list item down. ``protocolSection`` is left out before a module."""
    piece: str | None = None
    """None: its parts are requested one by one, or it comes with its parent."""
    in_full: bool = False
    """Needed only for a trial in full."""
    in_long: bool = False
    """Needed only for the long form of a trial, which only `stemcheck show` makes."""

    @property
    def steps(self) -> tuple[str, ...]:
        """The keys that lead from the record, or from a list item, down to the field."""
        steps = tuple(self.path.split("."))
        return ("protocolSection", *steps) if steps[0].endswith("Module") else steps


class Sponsor(NamedTuple):
    """One collaborator, with its class in the registry."""

    name: Annotated[Text, At("name", "CollaboratorName")]
    class_: Annotated[Text, At("class", "CollaboratorClass")]


class Arm(NamedTuple):
    """One arm group."""

    label: Annotated[Text, At("label")]
    type: Annotated[Text, At("type")]
    description: Annotated[Text, At("description")]
    intervention_names: Annotated[tuple[str, ...], At("interventionNames")]


class Intervention(NamedTuple):
    """One intervention."""

    type: Annotated[Text, At("type")]
    name: Annotated[Text, At("name")]
    description: Annotated[Text, At("description")]
    arm_group_labels: Annotated[tuple[str, ...], At("armGroupLabels")]
    other_names: Annotated[tuple[str, ...], At("otherNames")]


class Location(NamedTuple):
    """One site. It has a status of its own mostly while the study recruits."""

    status: Annotated[Text, At("status", "LocationStatus")]
    country: Annotated[Text, At("country", "LocationCountry")]
    facility: Annotated[Text, At("facility", "LocationFacility", in_full=True)]
    city: Annotated[Text, At("city", "LocationCity", in_full=True)]
    state: Annotated[Text, At("state", "LocationState", in_full=True)]
    latitude: Annotated[float | None, At("geoPoint.lat", "LocationGeoPoint", in_full=True)]
    longitude: Annotated[float | None, At("geoPoint.lon", in_full=True)]


class Reference(NamedTuple):
    """One publication."""

    pmid: Annotated[Text, At("pmid", "ReferencePMID", in_full=True)]
    type: Annotated[Text, At("type", "ReferenceType", in_full=True)]
    citation: Annotated[Text, At("citation", "ReferenceCitation", in_full=True)]
    retractions: Annotated[Any, At("retractions", "Retraction", in_full=True)]
    """Any JSON value, read by `stemcheck.registry.translate`."""


class LargeDocument(NamedTuple):
    """One protocol, analysis plan or consent form."""

    type: Annotated[Text, At("typeAbbrev", "LargeDocTypeAbbrev", in_full=True)]
    label: Annotated[Text, At("label", "LargeDocLabel", in_full=True)]
    date: Annotated[Text, At("date", "LargeDocDate", in_full=True)]
    filename: Annotated[Text, At("filename", "LargeDocFilename", in_full=True)]


class UnpostedEvent(NamedTuple):
    """One event of results that were submitted but not posted: RELEASE, RESET or UNRELEASE."""

    type: Annotated[Text, At("type")]


class Unposted(NamedTuple):
    """Results that were submitted but not posted."""

    events: Annotated[tuple[UnpostedEvent, ...], At("unpostedEvents")]


class ViolationEvent(NamedTuple):
    """One notice from the FDA under FDAAA 801."""

    type: Annotated[Text, At("type")]
    description: Annotated[Text, At("description")]
    issued_on: Annotated[Text, At("issuedDate")]
    posted_on: Annotated[Text, At("postedDate")]


class MeshTerm(NamedTuple):
    """One MeSH term that the registry derived from the record."""

    term: Annotated[Text, At("term")]


_CONDITION_TERMS = "derivedSection.conditionBrowseModule"
_ANNOTATIONS = "annotationSection.annotationModule"


class Record(NamedTuple):
    """One study as the registry gives it, under our names. A name that `Trial` also has means the same."""

    nct_id: Annotated[str, At("identificationModule.nctId", "NCTId")]
    aliases: Annotated[tuple[str, ...], At("identificationModule.nctIdAliases", "NCTIdAlias")]
    brief_title: Annotated[Text, At("identificationModule.briefTitle", "BriefTitle")]
    official_title: Annotated[Text, At("identificationModule.officialTitle", "OfficialTitle")]
    acronym: Annotated[Text, At("identificationModule.acronym", "Acronym")]

    overall_status: Annotated[Text, At("statusModule.overallStatus", "OverallStatus")]
    last_known: Annotated[Text, At("statusModule.lastKnownStatus", "LastKnownStatus")]
    verified_on: Annotated[Text, At("statusModule.statusVerifiedDate", "StatusVerifiedDate")]
    why_stopped: Annotated[Text, At("statusModule.whyStopped", "WhyStopped")]
    start: Annotated[Text, At("statusModule.startDateStruct.date", "StartDate")]
    primary_completion: Annotated[
        Text, At("statusModule.primaryCompletionDateStruct.date", "PrimaryCompletionDate")
    ]
    completion: Annotated[Text, At("statusModule.completionDateStruct.date", "CompletionDate")]
    first_submitted: Annotated[
        Text, At("statusModule.studyFirstSubmitDate", "StudyFirstSubmitDate")
    ]
    last_update_posted: Annotated[
        Text, At("statusModule.lastUpdatePostDateStruct.date", "LastUpdatePostDate")
    ]
    results_posted: Annotated[
        Text, At("statusModule.resultsFirstPostDateStruct.date", "ResultsFirstPostDate")
    ]
    results_first_submitted: Annotated[
        Text, At("statusModule.resultsFirstSubmitDate", "ResultsFirstSubmitDate", in_full=True)
    ]
    has_expanded_access: Annotated[
        Flag,
        At("statusModule.expandedAccessInfo.hasExpandedAccess", "HasExpandedAccess", in_full=True),
    ]
    expanded_access_nct_id: Annotated[
        Text, At("statusModule.expandedAccessInfo.nctId", "ExpandedAccessNCTId", in_full=True)
    ]

    sponsor_name: Annotated[
        Text, At("sponsorCollaboratorsModule.leadSponsor.name", "LeadSponsorName")
    ]
    sponsor_class: Annotated[
        Text, At("sponsorCollaboratorsModule.leadSponsor.class", "LeadSponsorClass")
    ]
    collaborators: Annotated[tuple[Sponsor, ...], At("sponsorCollaboratorsModule.collaborators")]

    data_monitoring_committee: Annotated[
        Flag, At("oversightModule.oversightHasDmc", "OversightHasDMC")
    ]
    fda_regulated_drug: Annotated[
        Flag, At("oversightModule.isFdaRegulatedDrug", "IsFDARegulatedDrug")
    ]
    fda_regulated_device: Annotated[
        Flag, At("oversightModule.isFdaRegulatedDevice", "IsFDARegulatedDevice")
    ]
    fdaaa801_violation: Annotated[
        Flag, At("oversightModule.fdaaa801Violation", "FDAAA801Violation", in_full=True)
    ]

    brief_summary: Annotated[Text, At("descriptionModule.briefSummary", "BriefSummary")]
    detailed_description: Annotated[
        Text, At("descriptionModule.detailedDescription", "DetailedDescription")
    ]
    conditions: Annotated[tuple[str, ...], At("conditionsModule.conditions", "Condition")]
    keywords: Annotated[tuple[str, ...], At("conditionsModule.keywords", "Keyword")]

    study_type: Annotated[Text, At("designModule.studyType", "StudyType")]
    phases: Annotated[tuple[str, ...], At("designModule.phases", "Phase")]
    """An empty tuple is not the same as the phase ``NA``."""
    allocation: Annotated[Text, At("designModule.designInfo.allocation", "DesignAllocation")]
    intervention_model: Annotated[
        Text, At("designModule.designInfo.interventionModel", "DesignInterventionModel")
    ]
    primary_purpose: Annotated[
        Text, At("designModule.designInfo.primaryPurpose", "DesignPrimaryPurpose")
    ]
    observational_model: Annotated[
        Text, At("designModule.designInfo.observationalModel", "DesignObservationalModel")
    ]
    time_perspective: Annotated[
        Text, At("designModule.designInfo.timePerspective", "DesignTimePerspective")
    ]
    masking: Annotated[Text, At("designModule.designInfo.maskingInfo.masking", "DesignMasking")]
    intervention_model_description: Annotated[
        Text,
        At(
            "designModule.designInfo.interventionModelDescription",
            "DesignInterventionModelDescription",
            in_long=True,
        ),
    ]
    masking_description: Annotated[
        Text,
        At(
            "designModule.designInfo.maskingInfo.maskingDescription",
            "DesignMaskingDescription",
            in_long=True,
        ),
    ]
    who_is_masked: Annotated[
        tuple[str, ...],
        At("designModule.designInfo.maskingInfo.whoMasked", "DesignWhoMasked", in_long=True),
    ]
    target_duration: Annotated[
        Text, At("designModule.targetDuration", "TargetDuration", in_long=True)
    ]
    enrollment_count: Annotated[
        int | None, At("designModule.enrollmentInfo.count", "EnrollmentCount")
    ]
    """May be 0, or a placeholder such as 99999999."""
    enrollment_type: Annotated[Text, At("designModule.enrollmentInfo.type", "EnrollmentType")]

    arm_groups: Annotated[tuple[Arm, ...], At("armsInterventionsModule.armGroups", "ArmGroup")]
    interventions: Annotated[
        tuple[Intervention, ...], At("armsInterventionsModule.interventions", "Intervention")
    ]

    eligibility_criteria: Annotated[
        Text, At("eligibilityModule.eligibilityCriteria", "EligibilityCriteria")
    ]
    healthy_volunteers: Annotated[
        Flag, At("eligibilityModule.healthyVolunteers", "HealthyVolunteers")
    ]
    sex: Annotated[Text, At("eligibilityModule.sex", "Sex")]
    minimum_age: Annotated[Text, At("eligibilityModule.minimumAge", "MinimumAge")]
    maximum_age: Annotated[Text, At("eligibilityModule.maximumAge", "MaximumAge")]

    population: Annotated[
        Text, At("eligibilityModule.studyPopulation", "StudyPopulation", in_long=True)
    ]
    sampling: Annotated[
        Text, At("eligibilityModule.samplingMethod", "SamplingMethod", in_long=True)
    ]

    outcomes: Annotated[Any, At("outcomesModule", "OutcomesModule", in_long=True)]
    """Any JSON value, read by `stemcheck.registry.translate`: if it is broken, the record stays readable."""
    results: Annotated[Any, At("resultsSection", "ResultsSection", in_long=True)]
    """Any JSON value, read by `stemcheck.registry.results`."""
    locations: Annotated[tuple[Location, ...], At("contactsLocationsModule.locations")]
    references: Annotated[tuple[Reference, ...], At("referencesModule.references")]
    ipd_sharing: Annotated[
        Text, At("ipdSharingStatementModule.ipdSharing", "IPDSharing", in_full=True)
    ]

    data_date: Annotated[Text, At("derivedSection.miscInfoModule.versionHolder", "VersionHolder")]
    """The date of the data that this copy of the record belongs to (yyyy-mm-dd)."""
    condition_meshes: Annotated[
        tuple[MeshTerm, ...], At(f"{_CONDITION_TERMS}.meshes", "ConditionMeshTerm")
    ]
    condition_ancestors: Annotated[
        tuple[MeshTerm, ...], At(f"{_CONDITION_TERMS}.ancestors", "ConditionAncestorTerm")
    ]
    has_results: Annotated[Flag, At("hasResults", "HasResults")]
    unposted: Annotated[
        Unposted | None,
        At(f"{_ANNOTATIONS}.unpostedAnnotation", "UnpostedAnnotation", in_full=True),
    ]
    violation_events: Annotated[
        tuple[ViolationEvent, ...],
        At(
            f"{_ANNOTATIONS}.violationAnnotation.violationEvents",
            "ViolationAnnotation",
            in_full=True,
        ),
    ]
    large_documents: Annotated[
        tuple[LargeDocument, ...], At("documentSection.largeDocumentModule.largeDocs")
    ]


def places_in(kind: type) -> dict[str, tuple[At, object]]:
    """Return, for each field of a record or of a list item, its place and its annotated type."""
    return {
        name: (next(part for part in hint.__metadata__ if isinstance(part, At)), hint)
        for name, hint in get_type_hints(kind, include_extras=True).items()
    }


def items_in(hint: object) -> type | None:
    """Return the type of the item, or list of items, that a field holds; None for a plain value."""
    parts = get_args(get_args(hint)[0]) or get_args(hint)[:1]
    return next((part for part in parts if hasattr(part, "_fields")), None)


def _pieces_of(kind: type, *, in_full: bool = False, in_long: bool = False) -> tuple[str, ...]:
    pieces: list[str] = []
    for place, hint in places_in(kind).values():
        if place.piece and (place.in_full, place.in_long) == (in_full, in_long):
            pieces.append(place.piece)
        if inner := items_in(hint):
            pieces += _pieces_of(inner, in_full=in_full, in_long=in_long)
    return tuple(pieces)


SEARCH_FIELDS = _pieces_of(Record)
"""The fields requested in a search."""
STUDY_FIELDS = SEARCH_FIELDS + _pieces_of(Record, in_full=True)
"""The fields requested for a trial in full."""
LONG_FIELDS = STUDY_FIELDS + _pieces_of(Record, in_long=True)
"""The fields requested for the long form of a trial."""
PAPER_FIELDS = _pieces_of(Reference, in_full=True)
"""The extra fields requested in a search that counts papers."""
