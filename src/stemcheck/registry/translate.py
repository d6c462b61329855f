"""From the registry's words to ours: a wire record becomes a `Study`.

Nothing is judged or cleaned here. Text stays verbatim, because quotes have to be found again in the
record; what is absent stays ``None`` or empty; dates keep the precision they came with.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

from stemcheck.registry import shapes
from stemcheck.registry.wire import data_date_of
from stemcheck.trial import text, trial
from stemcheck.trial.status import OPEN_TO_NEW_PARTICIPANTS, label_for, takes_people
from stemcheck.trial.study import Study

_CONTROL_ARM_TYPES = frozenset(
    {"ACTIVE_COMPARATOR", "NO_INTERVENTION", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR"}
)
_STATUS_NOT_STATED = "Status not stated"

P = ParamSpec("P")
T = TypeVar("T")


def _kept(make: Callable[P, T]) -> Callable[P, T]:
    """Make a value once for all studies that have the same: nothing can change it.

    For the small parts of a trial, of which a long crawl sees a few hundred different ones.
    """
    return cast("Callable[P, T]", lru_cache(maxsize=512)(make))


_design = _kept(trial.Design)
_eligibility = _kept(trial.Eligibility)
_enrollment = _kept(trial.Enrollment)
_oversight = _kept(trial.Oversight)
_sites = _kept(trial.Sites)


def study_for(record: shapes.WireStudy, *, with_details: bool = False) -> Study:
    """Return the study that a record describes; ``with_details`` for what `stemcheck show` adds."""
    details = None
    if with_details:
        from stemcheck.registry.translate_details import details_for

        details = details_for(record)
    browse = (record.get("derivedSection") or {}).get("conditionBrowseModule") or {}
    return Study(
        trial=_trial_for(record),
        text=_text_for(record),
        details=details,
        condition_terms=_terms_of(browse.get("meshes")) + _terms_of(browse.get("ancestors")),
        data_date=data_date_of(record),
    )


def _trial_for(record: shapes.WireStudy) -> trial.Trial:
    section = record["protocolSection"]
    identity = section["identificationModule"]
    nct_id = identity["nctId"]
    status = section.get("statusModule") or {}
    design = section.get("designModule") or {}
    conditions = section.get("conditionsModule") or {}
    sponsors = section.get("sponsorCollaboratorsModule") or {}
    arms = section.get("armsInterventionsModule") or {}
    sites = (section.get("contactsLocationsModule") or {}).get("locations") or []
    collaborators = (_sponsor_for(item) for item in sponsors.get("collaborators") or ())
    return trial.Trial(
        nct_id=nct_id,
        aliases=tuple(identity.get("nctIdAliases") or ()),
        url=trial.STUDY_URL + nct_id,
        brief_title=identity.get("briefTitle"),
        official_title=identity.get("officialTitle"),
        acronym=identity.get("acronym"),
        status=_status_for(status),
        study_type=design.get("studyType"),
        phases=tuple(design.get("phases") or ()),
        conditions=tuple(conditions.get("conditions") or ()),
        keywords=tuple(conditions.get("keywords") or ()),
        interventions=tuple(
            trial.Intervention(type=item.get("type"), name=item.get("name") or "")
            for item in arms.get("interventions") or ()
        ),
        sponsor=_sponsor_for(sponsors.get("leadSponsor")),
        collaborators=tuple(sponsor for sponsor in collaborators if sponsor),
        enrollment=_enrollment_for(design.get("enrollmentInfo")),
        dates=_dates_for(status),
        countries=tuple(
            dict.fromkeys(country for site in sites if (country := site.get("country")))
        ),
        sites=_sites_for(sites),
        eligibility=_eligibility_for(section.get("eligibilityModule") or {}),
        oversight=_oversight_for(section.get("oversightModule") or {}),
        design=_design_for(design.get("designInfo") or {}, arms.get("armGroups") or []),
        has_results=record.get("hasResults"),
    )


def _status_for(module: shapes.WireStatus) -> trial.Status:
    value = module.get("overallStatus")
    return trial.Status(
        value=value,
        label=label_for(value) if value else _STATUS_NOT_STATED,
        last_known=module.get("lastKnownStatus"),
        verified_on=module.get("statusVerifiedDate"),
        why_stopped=module.get("whyStopped"),
        open_to_new_participants=takes_people(value),
    )


def _sponsor_for(sponsor: shapes.WireSponsor | None) -> trial.Sponsor | None:
    name = sponsor.get("name") if sponsor else None
    if sponsor is None or name is None:
        return None
    return trial.Sponsor(name=name, class_=sponsor.get("class"))


def _enrollment_for(enrollment: shapes.WireEnrollment | None) -> trial.Enrollment | None:
    if not enrollment:
        return None
    return _enrollment(count=enrollment.get("count"), type=enrollment.get("type"))


def _date_of(struct: shapes.WireDate | None) -> str | None:
    return struct.get("date") if struct else None


def _dates_for(module: shapes.WireStatus) -> trial.Dates:
    return trial.Dates(
        start=_date_of(module.get("startDateStruct")),
        primary_completion=_date_of(module.get("primaryCompletionDateStruct")),
        completion=_date_of(module.get("completionDateStruct")),
        first_submitted=module.get("studyFirstSubmitDate"),
        last_update_posted=_date_of(module.get("lastUpdatePostDateStruct")),
        results_posted=_date_of(module.get("resultsFirstPostDateStruct")),
    )


def _sites_for(sites: list[shapes.WireLocation]) -> trial.Sites:
    statuses = [status for site in sites if (status := site.get("status"))]
    recruiting = sum([status in OPEN_TO_NEW_PARTICIPANTS for status in statuses])
    return _sites(total=len(sites), recruiting=recruiting if statuses else None)


def _eligibility_for(module: shapes.WireEligibility) -> trial.Eligibility:
    return _eligibility(
        sex=module.get("sex"),
        minimum_age=module.get("minimumAge"),
        maximum_age=module.get("maximumAge"),
        healthy_volunteers=module.get("healthyVolunteers"),
    )


def _oversight_for(module: shapes.WireOversight) -> trial.Oversight:
    return _oversight(
        fda_regulated_drug=module.get("isFdaRegulatedDrug"),
        fda_regulated_device=module.get("isFdaRegulatedDevice"),
        data_monitoring_committee=module.get("oversightHasDmc"),
    )


def _design_for(design: shapes.WireDesignInfo, arms: list[shapes.WireArm]) -> trial.Design:
    types = [type_ for arm in arms if (type_ := arm.get("type"))]
    controls = sum([type_ in _CONTROL_ARM_TYPES for type_ in types])
    return _design(
        allocation=design.get("allocation"),
        intervention_model=design.get("interventionModel"),
        masking=(design.get("maskingInfo") or {}).get("masking"),
        primary_purpose=design.get("primaryPurpose"),
        observational_model=design.get("observationalModel"),
        time_perspective=design.get("timePerspective"),
        arms=len(arms) or None,
        # The groups of an observational study have no type: then nothing is said of controls.
        control_arms=controls if types else None,
    )


def _text_for(record: shapes.WireStudy) -> text.RecordText:
    section = record["protocolSection"]
    identity = section["identificationModule"]
    conditions = section.get("conditionsModule") or {}
    arms = section.get("armsInterventionsModule") or {}
    words = section.get("descriptionModule") or {}
    eligibility = section.get("eligibilityModule") or {}
    browse = (record.get("derivedSection") or {}).get("interventionBrowseModule") or {}
    return text.RecordText(
        nct_id=identity["nctId"],
        study_type=(section.get("designModule") or {}).get("studyType") or "",
        brief_title=identity.get("briefTitle") or "",
        official_title=identity.get("officialTitle") or "",
        acronym=identity.get("acronym") or "",
        conditions=tuple(conditions.get("conditions") or ()),
        keywords=tuple(conditions.get("keywords") or ()),
        interventions=tuple(
            _intervention_text_for(item) for item in arms.get("interventions") or ()
        ),
        arms=tuple(_arm_text_for(arm) for arm in arms.get("armGroups") or ()),
        brief_summary=words.get("briefSummary") or "",
        detailed_description=words.get("detailedDescription") or "",
        eligibility_criteria=eligibility.get("eligibilityCriteria") or "",
        intervention_mesh_terms=_terms_of(browse.get("meshes")),
    )


def _intervention_text_for(item: shapes.WireIntervention) -> text.InterventionText:
    return text.InterventionText(
        type=item.get("type") or "",
        name=item.get("name") or "",
        other_names=tuple(item.get("otherNames") or ()),
        description=item.get("description") or "",
        arm_group_labels=tuple(item.get("armGroupLabels") or ()),
    )


def _arm_text_for(arm: shapes.WireArm) -> text.ArmText:
    return text.ArmText(
        label=arm.get("label") or "",
        type=arm.get("type") or "",
        description=arm.get("description") or "",
        intervention_names=tuple(arm.get("interventionNames") or ()),
    )


def _terms_of(meshes: list[shapes.WireMesh] | None) -> tuple[str, ...]:
    return tuple(term for mesh in meshes or () if (term := mesh.get("term")))
