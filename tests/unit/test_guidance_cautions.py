"""The document's cautions: all of them are there, and each stands where it applies."""

import re
from typing import Any

import pytest

from stemcheck.guidance import cautions
from stemcheck.guidance.texts import checked_on
from stemcheck.trial.reading import Reading
from stemcheck.trial.status import STATUSES
from stemcheck.trial.terms import Donor, Intravenous, Product, Route, Tissue
from stemcheck.trial.trial import (
    Dates,
    Design,
    Eligibility,
    Oversight,
    Signal,
    Sites,
    Status,
    Trial,
)
from stemcheck.words import entry_of

COVERED = {
    "About stem cells": {
        "cells that become others and renew themselves": {"promise-is-not-proof"},
        "promise has made the public curious": {"promise-is-not-proof"},
    },
    "Understanding IV Stem Cell Therapy": {
        "not yet a fixed kind of cell, the body's repair": {"what-stem-cells-are"},
        "by vein: into the blood, may seek damage": {"cells-by-vein-spread"},
        "spread widely, reach several places": {"cells-by-vein-spread"},
        "often mesenchymal; marrow, fat, cord blood": {"usual-cells-by-vein"},
        "origin changes what cells do": {"cell-source-matters"},
    },
    "Scientific Evidence for Efficacy": {
        "promise, but evidence is early": {"evidence-still-early"},
        "experimental for most conditions": {"experimental-for-most"},
        "controlled trials against commercial offers": {"trial-or-offer"},
        "autoimmune, neurological, heart, kidney are studied": {"conditions-under-study"},
        "stroke and kidney disease with marrow cells": {"stroke-and-kidney-under-study"},
        "Parkinson's and MS: often direct injection": {"direct-injection-for-nerves"},
        "no definitive proof across conditions": {
            "efficacy-not-established",
            "listed-is-not-proven",
        },
        "single studies, no consensus": {"no-broad-consensus"},
        "the few approvals and what for": {"few-approvals", "approved-is-not-general"},
    },
    "Regulatory Landscape and Safety Profile": {
        "legal status matters, in the U.S. above all": {"rules-differ-by-country"},
        "most offers are not approved": {"most-offers-not-approved"},
        "biologics": {"cells-are-biologics"},
        "more than minimally manipulated, other use: approval, IND": {
            "changed-cells-need-approval"
        },
        "unapproved therapies have risks": {"unapproved-can-harm"},
        "infection": {"risk-infection"},
        "immune reactions": {"risk-immune-reaction"},
        "tumours": {"risk-tumour"},
        "cells that move astray": {"risk-cells-astray"},
        "harm by the way of giving": {"risk-of-the-drip", "risk-of-the-injection"},
        "cost, no insurance": {"cost-and-insurance"},
    },
    "Making Informed Decisions": {
        "decide with care": {"decide-with-care"},
        "doubt claims of cures": {"sceptical-of-cure-claims"},
        "see a physician first": {"talk-to-your-doctor"},
        "physicians know evidence and history": {"talk-to-your-doctor"},
        "verify the trial": {"check-the-trial"},
        "the registry helps to tell apart": {"listing-is-not-approval"},
        "outside trials and approvals: risks, no guarantee": {"no-guarantee-outside"},
        "differences protect": {"know-the-difference"},
    },
}
"""Every sentence of the source document that cautions, in our own short words, by its heading."""

READING = Reading(
    products=(Product.MESENCHYMAL,),
    tissue=(Tissue.BONE_MARROW,),
    donor=(Donor.ALLOGENEIC,),
    routes=(Route.INTRAVENOUS,),
    intravenous=Intravenous.YES,
    evidence=(),
    rules_version="test",
)

STATUS = Status(value="RECRUITING", label="Recruiting", open_to_new_participants=True)

PLAIN_TRIAL = Trial(
    nct_id="NCT00000000",
    url="",
    brief_title="A study",
    official_title=None,
    acronym=None,
    status=STATUS,
    study_type="INTERVENTIONAL",
    phases=("PHASE2",),
    conditions=("Chronic Kidney Diseases",),
    sponsor=None,
    enrollment=None,
    dates=Dates(),
    countries=("United States",),
    sites=Sites(total=1, recruiting=None),
    eligibility=Eligibility(),
    oversight=Oversight(fda_regulated_drug=True),
    design=Design(),
    has_results=False,
    reading=READING,
)


def trial(**changes: Any) -> Trial:
    return PLAIN_TRIAL.model_copy(update=changes)


def reading(**changes: Any) -> Trial:
    return trial(reading=READING.model_copy(update=changes))


def status(value: str) -> Trial:
    return trial(status=STATUS.model_copy(update={"value": value}))


def signal(name: str) -> Trial:
    return trial(signals=(Signal(id=name, text="", field="", value="", quote=None),))


def ids_for(given: Trial) -> set[str]:
    return {caution.id for caution in cautions.cautions_for(given)}


@pytest.mark.parametrize("section", COVERED)
def test_every_sentence_of_the_document_has_its_caution(section):
    sections = {caution.id: caution.section for caution in cautions.catalogue()}
    for sentence, ids in COVERED[section].items():
        assert {sections.get(caution) for caution in ids} == {section}, sentence
    assert set(sections.values()) == set(COVERED)


def test_ids_are_kebab_case_and_unique():
    ids = [caution.id for caution in cautions.catalogue()]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in ids)


def test_every_tag_in_use_says_why():
    used = {tag for caution in cautions.catalogue() for tag in caution.when} - {
        "background",
        "always",
    }
    assert used == set(entry_of("cautions.why"))


def test_cautions_without_a_condition_always_stand():
    always = {caution.id for caution in cautions.catalogue() if "always" in caution.when}
    assert always <= ids_for(PLAIN_TRIAL)
    assert always <= {caution.id for caution in cautions.cautions_for_search(())}
    assert {caution.id for caution in cautions.headline_cautions()} <= always


def test_headlines_are_few_and_name_the_doctor():
    headlines = cautions.headline_cautions()
    assert 4 <= len(headlines) <= 6
    assert "talk-to-your-doctor" in {caution.id for caution in headlines}


@pytest.mark.parametrize(
    ("given", "caution"),
    [
        (reading(intravenous=Intravenous.YES), "cells-by-vein-spread"),
        (reading(intravenous=Intravenous.YES), "risk-of-the-drip"),
        (reading(routes=(Route.INTRATHECAL,)), "risk-of-the-injection"),
        (reading(routes=(Route.NOT_STATED,)), "route-not-stated"),
        (reading(routes=(Route.INFUSION_UNSPECIFIED,)), "vessel-not-stated"),
        (reading(products=(Product.CELL_FREE,)), "not-cells"),
        (reading(products=(Product.UNSPECIFIED_STEM,)), "cells-not-stated"),
        (trial(conditions=("Parkinson Disease",)), "direct-injection-for-nerves"),
        (trial(conditions=("Ischemic Stroke",)), "stroke-and-kidney-under-study"),
        (trial(conditions=("Lupus Nephritis",)), "conditions-under-study"),
        (trial(conditions=("Heart Failure",)), "conditions-under-study"),
        (trial(countries=("Japan",)), "no-us-site"),
        (trial(countries=("Japan",)), "rules-differ-by-country"),
        (trial(countries=()), "cells-are-biologics"),
        (
            reading(intravenous=Intravenous.NOT_STATED, routes=(Route.INFUSION_UNSPECIFIED,)),
            "risk-of-the-drip",
        ),
        (
            reading(intravenous=Intravenous.NOT_STATED, routes=(Route.INFUSION_UNSPECIFIED,)),
            "risk-cells-astray",
        ),
        (trial(), "trial-has-risks"),
        (trial(), "state-law-is-not-approval"),
        (status("ENROLLING_BY_INVITATION"), "by-invitation"),
        (signal("approved-product"), "approved-is-not-general"),
        (trial(oversight=Oversight()), "fda-oversight-not-shown"),
        (trial(oversight=Oversight(fda_regulated_drug=False)), "fda-oversight-not-shown"),
        (trial(phases=("PHASE1", "PHASE2")), "early-phase"),
        (trial(study_type="EXPANDED_ACCESS"), "not-a-trial"),
        (trial(study_type="OBSERVATIONAL"), "watches-only"),
        (status("WITHDRAWN"), "no-one-was-treated"),
        (status("UNKNOWN"), "status-unconfirmed"),
        (status("NOT_YET_RECRUITING"), "not-open-yet"),
        (signal("participants-pay"), "participants-pay"),
        (signal("no-results-posted"), "no-results-posted"),
    ],
)
def test_caution_stands_where_it_applies(given, caution):
    assert caution in ids_for(given)


@pytest.mark.parametrize(
    "caution",
    [
        "no-us-site",
        "fda-oversight-not-shown",
        "not-a-trial",
        "not-open-to-join",
        "participants-pay",
    ],
)
def test_a_plain_recruiting_trial_in_the_us_has_no_special_caution(caution):
    assert caution not in ids_for(PLAIN_TRIAL)


@pytest.mark.parametrize("value", list(STATUSES))
def test_a_closed_study_is_called_closed_and_an_open_one_is_not(value):
    words = {"not-open-to-join", "not-open-yet", "by-invitation", "status-unconfirmed"}
    closed = words & ids_for(status(value))
    assert len(closed) <= 1
    is_open = value in {"RECRUITING", "AVAILABLE"}
    is_silent = value in {"APPROVED_FOR_MARKETING", "WITHHELD"}
    assert bool(closed) == (not is_open and not is_silent)


def test_reason_is_the_closest_one():
    why = {caution.id: caution.why for caution in cautions.cautions_for(signal("participants-pay"))}
    assert why["cost-and-insurance"] == "The record says that participants pay."
    assert why["decide-with-care"] == "always"
    assert why["risk-immune-reaction"] == "The record says the cells come from a donor."


def test_a_search_gives_each_caution_once_and_says_for_how_many():
    answer = cautions.cautions_for_search((PLAIN_TRIAL, status("COMPLETED"), status("WITHDRAWN")))
    ids = [caution.id for caution in answer]
    why = {caution.id: caution.why for caution in answer}
    assert len(ids) == len(set(ids))
    assert why["not-open-to-join"].startswith("In 2 of 3 studies: ")
    assert why["risk-tumour"] == "always"
    alone = cautions.cautions_for_search((status("WITHDRAWN"),))
    assert {caution.id for caution in alone} == ids_for(status("WITHDRAWN"))
    assert not any(caution.why.startswith("In ") for caution in alone)


def test_a_trial_that_has_not_been_read_still_has_the_standing_cautions():
    assert "experimental-for-most" in ids_for(trial(reading=None))
    assert "route-not-stated" not in ids_for(trial(reading=None))


def test_a_study_abroad_is_not_held_against_the_rules_of_the_us():
    abroad = ids_for(trial(countries=("Spain",), oversight=Oversight()))
    assert {"no-us-site", "rules-differ-by-country"} <= abroad
    assert not {"fda-oversight-not-shown", "state-law-is-not-approval"} & abroad


def test_a_leaflet_has_six_cautions_of_its_own():
    ids = [caution.id for caution in cautions.leaflet_cautions()]
    assert len(ids) == 6
    assert {"cost-and-insurance", "sceptical-of-cure-claims", "trial-or-offer"} <= set(ids)


def test_what_the_document_does_not_say_is_marked_as_ours():
    ours = {caution.id for caution in cautions.catalogue() if caution.ours}
    of_document = {id_ for section in COVERED.values() for ids in section.values() for id_ in ids}
    assert not ours & of_document
    assert {"report-harm", "doubtful-offer", "state-law-is-not-approval", "not-cells"} <= ours


def test_every_caution_has_a_source_with_its_year():
    for caution in cautions.catalogue():
        assert re.search(r"20\d\d|when it is shown", caution.source), caution.id
        assert caution.short_section


def test_what_the_fda_has_approved_is_told_with_its_day():
    texts = {caution.id: caution.text for caution in cautions.catalogue()}
    day = checked_on()
    assert f"{day.day} {day:%b %Y}" in texts["few-approvals"]
    assert str(day.year) in texts["most-offers-not-approved"]


def test_texts_pass_no_verdict_and_give_no_advice_beyond_the_doctor():
    assert "An IND is not approval." in next(
        caution.text
        for caution in cautions.catalogue()
        if caution.id == "changed-cells-need-approval"
    )
    words = r"\b(scam|fraud\w*|legitimate|quack\w*|fake|is safe|are safe|we recommend|you should)\b"
    for caution in cautions.catalogue():
        assert not re.search(words, caution.text, re.IGNORECASE), caution.id


def saved(given: Trial, day: str = "2022-10-13") -> Trial:
    return given.model_copy(update={"status": given.status.model_copy(update={"as_of": day})})


@pytest.mark.parametrize("value", list(STATUSES))
def test_no_caution_beside_saved_data_speaks_of_today(value):
    ids = ids_for(saved(status(value)))
    assert "saved-status" in ids
    assert not {"not-open-yet", "not-open-to-join", "by-invitation", "status-unconfirmed"} & ids
    assert ("no-one-was-treated" in ids) == (value == "WITHDRAWN")
    past = ids_for(saved(signal("status-not-verified"))) | ids_for(
        saved(signal("no-results-posted"))
    )
    assert not {"status-unconfirmed", "no-results-posted"} & past


def test_saved_data_name_their_day_or_days():
    why = {c.id: c.why for c in cautions.cautions_for(saved(PLAIN_TRIAL))}
    assert why["saved-status"] == "The status is from 13 Oct 2022."
    days = ("2022-10-13", "2026-09-01", "2024-01-02")
    answer = cautions.cautions_for_search(saved(PLAIN_TRIAL, day) for day in days)
    why = {c.id: c.why for c in answer}
    assert why["saved-status"] == "In 3 of 3 studies: The status is from 13 Oct 2022 to 1 Sep 2026."


def test_an_answer_of_today_is_not_called_saved():
    assert "saved-status" not in ids_for(PLAIN_TRIAL)
    assert all("{" not in caution.text for caution in cautions.catalogue())
