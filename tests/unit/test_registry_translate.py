"""A record of the registry becomes a study in our words, with nothing added and nothing padded."""

import json
from typing import Any

import pytest

from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import read_study
from stemcheck.trial.details import Details, FdaNotice, Paper, PostedDocument, Site
from stemcheck.trial.status import STATUSES
from stemcheck.trial.study import Study, Unreadable
from stemcheck.trial.text import ArmText, InterventionText, RecordText
from stemcheck.trial.trial import (
    Dates,
    Design,
    Eligibility,
    Enrollment,
    Intervention,
    Oversight,
    Sites,
    Sponsor,
    Status,
    Trial,
)
from tests.unit.records_made_up import NCT_ID, a_full_record, a_record


def translated(record: dict[str, Any], *, with_details: bool = False) -> Study:
    read = read_study(json.dumps(record).encode())
    assert not isinstance(read, Unreadable)
    return study_for(read, with_details=with_details)


def test_every_field_finds_its_place() -> None:
    assert translated(a_full_record()).trial == Trial(
        nct_id=NCT_ID,
        aliases=("NCT90000099",),
        url=f"https://clinicaltrials.gov/study/{NCT_ID}",
        brief_title="Cord Cells After Stroke",
        official_title="A Made-up Trial of Cord Cells After Stroke",
        acronym="CORD",
        status=Status(
            value="UNKNOWN",
            label="Unknown status",
            last_known="RECRUITING",
            verified_on="2023-05",
            why_stopped="Money",
            open_to_new_participants=None,
        ),
        study_type="INTERVENTIONAL",
        phases=("PHASE1", "PHASE2"),
        conditions=("Stroke",),
        keywords=("cells", "cord"),
        interventions=(
            Intervention(type="BIOLOGICAL", name="cord cells"),
            Intervention(type="OTHER", name=""),
        ),
        sponsor=Sponsor(name="Example University", class_="OTHER"),
        collaborators=(Sponsor(name="Example Inc.", class_="INDUSTRY"),),
        enrollment=Enrollment(count=0, type="ACTUAL"),
        dates=Dates(
            start="2021",
            primary_completion="2022-06",
            completion="2022-12-31",
            first_submitted="2021-01-02",
            last_update_posted="2023-06-07",
            results_posted="2024-02-03",
        ),
        countries=("Portugal", "Austria"),
        sites=Sites(total=3, recruiting=1),
        eligibility=Eligibility(
            sex="ALL", minimum_age="18 Years", maximum_age=None, healthy_volunteers=False
        ),
        oversight=Oversight(
            fda_regulated_drug=False, fda_regulated_device=None, data_monitoring_committee=True
        ),
        design=Design(
            allocation="RANDOMIZED",
            intervention_model="PARALLEL",
            masking="DOUBLE",
            primary_purpose="TREATMENT",
            arms=2,
            control_arms=1,
        ),
        has_results=False,
    )


def test_the_words_of_the_record_stay_verbatim() -> None:
    study = translated(a_full_record())
    assert study.text == RecordText(
        nct_id=NCT_ID,
        study_type="INTERVENTIONAL",
        brief_title="Cord Cells After Stroke",
        official_title="A Made-up Trial of Cord Cells After Stroke",
        conditions=("Stroke",),
        keywords=("cells", "cord"),
        interventions=(
            InterventionText(
                type="BIOLOGICAL",
                name="cord cells",
                other_names=("UC-MSC",),
                description="One infusion.",
                arm_group_labels=("Cells",),
            ),
            InterventionText(type="OTHER"),
        ),
        arms=(
            ArmText(
                label="Cells",
                type="EXPERIMENTAL",
                description="Cells by vein.",
                intervention_names=("Biological: cord cells",),
            ),
            ArmText(label="Saline", type="PLACEBO_COMPARATOR"),
        ),
        brief_summary="In short.",
        detailed_description="In full.",
        eligibility_criteria="Inclusion Criteria:\n\n* Stroke",
    )
    assert study.condition_terms == ("Stroke", "Cerebrovascular Disorders")
    assert study.details is None


@pytest.mark.parametrize(
    "text", ["a\\>b  \\[c\\]", "  &lt; 5\u00a0ml \n", "\x1b[31m", "�", "e\u0301"]
)
def test_text_is_not_cleaned_here(text: str) -> None:
    record = a_record(
        descriptionModule={"briefSummary": text}, conditionsModule={"conditions": [text]}
    )
    study = translated(record)
    assert study.text.brief_summary == text
    assert study.trial.conditions == (text,)


def test_the_smallest_record_says_nothing_and_nothing_is_said_of_it() -> None:
    study = translated(a_record(), with_details=True)
    assert study.text == RecordText(nct_id=NCT_ID)
    assert study.condition_terms == ()
    assert study.details == Details()
    assert study.trial == Trial(
        nct_id=NCT_ID,
        url=f"https://clinicaltrials.gov/study/{NCT_ID}",
        brief_title=None,
        official_title=None,
        acronym=None,
        status=Status(value=None, label="Status not stated", open_to_new_participants=None),
        study_type=None,
        sponsor=None,
        enrollment=None,
        dates=Dates(),
        sites=Sites(total=0, recruiting=None),
        eligibility=Eligibility(),
        oversight=Oversight(),
        design=Design(),
        has_results=None,
    )


def test_everything_for_the_long_form_finds_its_place() -> None:
    assert translated(a_full_record(), with_details=True).details == Details(
        brief_summary="In short.",
        detailed_description="In full.",
        eligibility_criteria="Inclusion Criteria:\n\n* Stroke",
        locations=(
            Site(
                facility="Ward 1",
                city="Porto",
                state=None,
                country="Portugal",
                status="RECRUITING",
                latitude=41.0,
                longitude=-8.6,
            ),
            Site(facility="Ward 2", city="Graz", state="Styria", country="Austria", status=None),
            Site(facility=None, city=None, state=None, country="Portugal", status="COMPLETED"),
        ),
        publications=(Paper(pmid="1", type="DERIVED", citation="A paper. 2024."),),
        documents=(
            PostedDocument(
                label="Study Protocol",
                date="2025-01-01",
                url=f"https://cdn.clinicaltrials.gov/large-docs/01/{NCT_ID}/Prot%20SAP_000.pdf",
            ),
            PostedDocument(label="ICF", date=None, url=None),
        ),
        fda_notices=(
            FdaNotice(
                type="VIOLATION_IDENTIFIED",
                description="Failure to submit.",
                issued_on="2026-01-02",
                posted_on="2026-01-03",
            ),
        ),
        fdaaa801_violation=True,
        results_first_submitted="2024-01-02",
        results_submitted_not_posted=True,
        expanded_access_nct_id="NCT90000077",
        has_expanded_access=True,
        ipd_sharing="NO",
    )


@pytest.mark.parametrize("status", [*STATUSES, "PAUSED_FOR_NOW"])
def test_every_status_is_said_in_words(status: str) -> None:
    trial = translated(a_record(statusModule={"overallStatus": str(status)})).trial
    assert trial.status.value == status
    assert trial.status.label.casefold().replace(",", "").split()[0] in status.casefold()
    unsettled = status in {"UNKNOWN", "WITHHELD", "PAUSED_FOR_NOW"}
    is_open = None if unsettled else status in {"RECRUITING", "AVAILABLE"}
    assert trial.status.open_to_new_participants is is_open


@pytest.mark.parametrize(
    ("types", "controls"),
    [
        (["EXPERIMENTAL", "EXPERIMENTAL"], 0),
        (["EXPERIMENTAL", "ACTIVE_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"], 3),
        (["EXPERIMENTAL", "PLACEBO_COMPARATOR", "OTHER"], 1),
        ([None, None], None),
        ([], None),
    ],
)
def test_control_arms_are_counted_where_arms_have_types(
    types: list[str | None], controls: int | None
) -> None:
    arms = [{"label": "x"} | ({"type": type_} if type_ else {}) for type_ in types]
    design = translated(a_record(armsInterventionsModule={"armGroups": arms})).trial.design
    assert design.control_arms == controls
    assert design.arms == (len(types) or None)


@pytest.mark.parametrize(
    ("statuses", "recruiting"),
    [
        ([], None),
        ([None, None], None),
        (["RECRUITING", None, "AVAILABLE", "WITHDRAWN"], 2),
        (["COMPLETED"], 0),
    ],
)
def test_recruiting_sites_are_counted_where_sites_have_a_status(
    statuses: list[str | None], recruiting: int | None
) -> None:
    sites = [{"status": status} if status else {"city": "Graz"} for status in statuses]
    trial = translated(a_record(contactsLocationsModule={"locations": sites})).trial
    assert trial.sites == Sites(total=len(statuses), recruiting=recruiting)
    assert trial.countries == ()


@pytest.mark.parametrize(
    ("annotation", "is_waiting"),
    [
        ({}, False),
        ({"unpostedAnnotation": {}}, True),
        ({"unpostedAnnotation": {"unpostedEvents": [{"type": "RELEASE"}]}}, True),
        (
            {"unpostedAnnotation": {"unpostedEvents": [{"type": "RELEASE"}, {"type": "RESET"}]}},
            True,
        ),
        (
            {
                "unpostedAnnotation": {
                    "unpostedEvents": [{"type": "RELEASE"}, {"type": "UNRELEASE"}]
                }
            },
            False,
        ),
    ],
)
def test_results_that_were_sent_and_not_called_back_wait_for_posting(
    annotation: dict[str, Any], is_waiting: bool
) -> None:
    record = a_record() | {"annotationSection": {"annotationModule": annotation}}
    details = translated(record, with_details=True).details
    assert details is not None
    assert details.results_submitted_not_posted == is_waiting


def test_no_phase_and_the_phase_not_applicable_are_two_things() -> None:
    assert translated(a_record(designModule={})).trial.phases == ()
    assert translated(a_record(designModule={"phases": ["NA"]})).trial.phases == ("NA",)


def test_nobody_is_named() -> None:
    study = translated(a_full_record(), with_details=True)
    assert "Nobody" not in repr(study)
