"""The registry's JSON as it comes: shapes that mirror API v2 key by key, and none of our own words.

Everything is optional, because the registry promises nothing but the number of a study: an absent
key, an empty module and a ``null`` all mean "the record does not say". Enum values and dates are
plain text, so a value that the registry adds tomorrow, or a date of a month only, is kept as it is.
A value of the wrong kind (a list where text belongs) is never repaired: its record becomes
unreadable, and says why.

Only keys that `stemcheck.registry.translate` uses are here; others are ignored. Contacts and
investigators are personal data and are not read at all.

The shapes are typed dictionaries that pydantic validates: the keys stay the registry's own, and a
page of 1,000 studies takes a third of the time that model instances take.
"""

from typing import Annotated, Required, final

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict  # pydantic takes no other before Python 3.12

from stemcheck.registry.shapes_details import (
    WireAnnotation,
    WireDocuments,
    WireIpdSharing,
    WireReferences,
)

NCT_NUMBER = r"^NCT[0-9]{8}$"

AS_WRITTEN = ConfigDict(strict=True, allow_inf_nan=False)
"""No guessing of types: "5" is no number, 1 is not true, NaN is nothing. Holds for inner shapes too."""


class WireIdentification(TypedDict, total=False):
    """``identificationModule``. The number is the one field that a record has to have."""

    nctId: Required[Annotated[str, Field(pattern=NCT_NUMBER)]]
    nctIdAliases: list[str] | None
    briefTitle: str | None
    officialTitle: str | None
    acronym: str | None


class WireDate(TypedDict, total=False):
    """A ``…DateStruct``: the date is ``yyyy``, ``yyyy-MM`` or ``yyyy-MM-dd``."""

    date: str | None


class WireExpandedAccess(TypedDict, total=False):
    """``expandedAccessInfo``."""

    hasExpandedAccess: bool | None
    nctId: str | None


class WireStatus(TypedDict, total=False):
    """``statusModule``. ``lastKnownStatus`` exists only beside ``UNKNOWN``."""

    statusVerifiedDate: str | None
    overallStatus: str | None
    lastKnownStatus: str | None
    whyStopped: str | None
    expandedAccessInfo: WireExpandedAccess | None
    startDateStruct: WireDate | None
    primaryCompletionDateStruct: WireDate | None
    completionDateStruct: WireDate | None
    studyFirstSubmitDate: str | None
    resultsFirstSubmitDate: str | None
    resultsFirstPostDateStruct: WireDate | None
    lastUpdatePostDateStruct: WireDate | None


WireSponsor = TypedDict("WireSponsor", {"name": str | None, "class": str | None}, total=False)
"""A sponsor or collaborator with the registry's class for it."""


class WireSponsorCollaborators(TypedDict, total=False):
    """``sponsorCollaboratorsModule`` without the responsible person."""

    leadSponsor: WireSponsor | None
    collaborators: list[WireSponsor] | None


class WireOversight(TypedDict, total=False):
    """``oversightModule``: the sponsor's own ticks. Absent is not false."""

    oversightHasDmc: bool | None
    isFdaRegulatedDrug: bool | None
    isFdaRegulatedDevice: bool | None
    fdaaa801Violation: bool | None


class WireDescription(TypedDict, total=False):
    """``descriptionModule``: markdown, as long as the sponsor liked."""

    briefSummary: str | None
    detailedDescription: str | None


class WireConditions(TypedDict, total=False):
    """``conditionsModule``."""

    conditions: list[str] | None
    keywords: list[str] | None


class WireMasking(TypedDict, total=False):
    """``maskingInfo``."""

    masking: str | None


class WireDesignInfo(TypedDict, total=False):
    """``designInfo``: the first four for interventional, the last two for observational studies."""

    allocation: str | None
    interventionModel: str | None
    primaryPurpose: str | None
    maskingInfo: WireMasking | None
    observationalModel: str | None
    timePerspective: str | None


class WireEnrollment(TypedDict, total=False):
    """``enrollmentInfo``. The count may be missing, 0, or a placeholder such as 99999999."""

    count: int | None
    type: str | None


class WireDesign(TypedDict, total=False):
    """``designModule``. No ``phases`` at all is not the phase ``NA``."""

    studyType: str | None
    phases: list[str] | None
    designInfo: WireDesignInfo | None
    enrollmentInfo: WireEnrollment | None


class WireArm(TypedDict, total=False):
    """One of ``armGroups``."""

    label: str | None
    type: str | None
    description: str | None
    interventionNames: list[str] | None


class WireIntervention(TypedDict, total=False):
    """One of ``interventions``."""

    type: str | None
    name: str | None
    description: str | None
    armGroupLabels: list[str] | None
    otherNames: list[str] | None


class WireArmsInterventions(TypedDict, total=False):
    """``armsInterventionsModule``."""

    armGroups: list[WireArm] | None
    interventions: list[WireIntervention] | None


class WireEligibility(TypedDict, total=False):
    """``eligibilityModule``. Ages are text (``18 Years``); no maximum: no limit given."""

    eligibilityCriteria: str | None
    healthyVolunteers: bool | None
    sex: str | None
    minimumAge: str | None
    maximumAge: str | None


class WireGeoPoint(TypedDict, total=False):
    """``geoPoint`` of a place, in degrees."""

    lat: float | None
    lon: float | None


class WireLocation(TypedDict, total=False):
    """One of ``locations``; ``status`` is mostly there only while the study recruits."""

    facility: str | None
    status: str | None
    city: str | None
    state: str | None
    country: str | None
    geoPoint: WireGeoPoint | None


class WireLocations(TypedDict, total=False):
    """``contactsLocationsModule`` without its contacts and officials."""

    locations: list[WireLocation] | None


class WireProtocol(TypedDict, total=False):
    """``protocolSection``."""

    identificationModule: Required[WireIdentification]
    statusModule: WireStatus | None
    sponsorCollaboratorsModule: WireSponsorCollaborators | None
    oversightModule: WireOversight | None
    descriptionModule: WireDescription | None
    conditionsModule: WireConditions | None
    designModule: WireDesign | None
    armsInterventionsModule: WireArmsInterventions | None
    eligibilityModule: WireEligibility | None
    contactsLocationsModule: WireLocations | None
    referencesModule: WireReferences | None
    ipdSharingStatementModule: WireIpdSharing | None


class WireMesh(TypedDict, total=False):
    """One MeSH term that the registry derived."""

    term: str | None


class WireBrowse(TypedDict, total=False):
    """``conditionBrowseModule`` or ``interventionBrowseModule``."""

    meshes: list[WireMesh] | None
    ancestors: list[WireMesh] | None


class WireMisc(TypedDict, total=False):
    """``miscInfoModule``: the day of the data that this copy of the record belongs to."""

    versionHolder: str | None


class WireDerived(TypedDict, total=False):
    """``derivedSection``."""

    miscInfoModule: WireMisc | None
    conditionBrowseModule: WireBrowse | None
    interventionBrowseModule: WireBrowse | None


@final
@with_config(AS_WRITTEN)
class WireStudy(TypedDict, total=False):
    """One study record."""

    protocolSection: Required[WireProtocol]
    hasResults: bool | None
    derivedSection: WireDerived | None
    annotationSection: WireAnnotation | None
    documentSection: WireDocuments | None
