"""What a record says of its arms, its outcomes and its papers."""

import json
from typing import Any

import pytest

from stemcheck.registry.translate import doi_in, outcomes_of
from stemcheck.trial.details import LongForm
from stemcheck.trial.protocol import Publication
from tests.conftest import PROJECT
from tests.unit.records_made_up import a_record, long_form_of

FIXTURE = PROJECT / "fixtures" / "studies" / "stopped-frostbite-results.json"
RECORD = json.loads(FIXTURE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def long_form() -> LongForm:
    return long_form_of(RECORD)


def papers_of(*references: dict[str, Any]) -> tuple[Publication, ...]:
    record = a_record(referencesModule={"references": list(references)})
    return long_form_of(record).publications


def test_arms_stand_with_what_they_get(long_form: LongForm) -> None:
    cells, placebo = long_form.arms
    assert (cells.label, cells.type) == ("Cells by vein", "EXPERIMENTAL")
    assert cells.interventions == (
        "Biological: Donor adipose mesenchymal stem cells",
        "Procedure: Usual care",
    )
    assert (placebo.type, placebo.description) == ("PLACEBO_COMPARATOR", "One infusion of saline")


def test_interventions_stand_with_their_words_and_their_arms(long_form: LongForm) -> None:
    cells, saline, care = long_form.interventions
    assert (cells.type, cells.other_names, cells.arms) == (
        "BIOLOGICAL",
        ("AD-MSC",),
        ("Cells by vein",),
    )
    assert saline.description == "Sodium chloride 0.9 %, by vein"
    assert (care.description, care.arms) == (None, ("Cells by vein", "Placebo"))


def test_outcomes_stand_by_rank_with_their_time_frames(long_form: LongForm) -> None:
    outcomes = long_form.outcomes
    assert [(o.measure, o.time_frame) for o in outcomes.primary] == [
        ("Fingers and toes taken off", "6 months")
    ]
    assert [(o.measure, o.time_frame) for o in outcomes.secondary] == [
        ("Pain", "1 and 6 months"),
        ("Grip strength", None),
    ]
    assert [o.measure for o in outcomes.other] == ["Cells in blood"]


def test_every_reference_is_one_publication_and_a_retraction_is_seen(long_form: LongForm) -> None:
    publications = long_form.publications
    assert [(p.type, p.pmid, p.doi, p.retracted) for p in publications] == [
        ("RESULT", "00000011", "10.5555/jmut.2024.001", False),
        ("BACKGROUND", "00000012", "10.5555/jmut(2017)17", True),
        ("DERIVED", None, "10.5555/warm-winter", False),
        ("BACKGROUND", None, None, False),
    ]
    assert publications[1].retraction_sources == ("J Made Up Trials. 2020 Mar;2(2):99",)
    assert publications[1].retraction_pmids == ("00000013",)
    assert [p.url for p in publications] == [
        "https://pubmed.ncbi.nlm.nih.gov/00000011/",
        "https://pubmed.ncbi.nlm.nih.gov/00000012/",
        "https://doi.org/10.5555/warm-winter",
        None,
    ]


@pytest.mark.parametrize(
    ("citation", "doi"),
    [
        ("J. 2020. doi: 10.1158/1078-0432.CCR-06-1872.", "10.1158/1078-0432.CCR-06-1872"),
        ("J. doi:10.1016/S0140-6736(20)30183-5. Epub 2020.", "10.1016/S0140-6736(20)30183-5"),
        ("(see https://doi.org/10.1177/0963721419838244)", "10.1177/0963721419838244"),
        ("10.1002/1097-0142(19900501)65:93.0.co;2-m.", None),  # it has lost what stood in <>
        ("No. 110.1234/567", None),
        ("J. 2020;10.1:3", None),
        ("", None),
        (None, None),
    ],
)
def test_a_doi_is_taken_from_the_citation_when_it_is_whole(
    citation: str | None, doi: str | None
) -> None:
    assert doi_in(citation) == doi


@pytest.mark.parametrize("retractions", [[{}], ["x"], {"pmid": "1"}, [{"source": 3}]], ids=repr)
def test_a_retraction_that_cannot_be_read_is_still_one(retractions: object) -> None:
    (publication,) = papers_of({"retractions": retractions})
    assert publication.retracted
    assert publication.retraction_sources == ()


@pytest.mark.parametrize("retractions", [None, [], {}, ""], ids=repr)
def test_no_retraction_is_none(retractions: object) -> None:
    (publication,) = papers_of({"retractions": retractions})
    assert not publication.retracted


@pytest.mark.parametrize("module", [None, {}, [], "x", 3, {"primaryOutcomes": "x"}], ids=repr)
def test_outcomes_that_are_missing_or_broken_cost_nothing_else(module: object) -> None:
    assert outcomes_of(module).primary == ()
    broken = {"protocolSection": {**RECORD["protocolSection"], "outcomesModule": module}}
    assert len(long_form_of(broken).arms) == 2


def test_an_address_made_of_a_number_that_is_none_is_not_given() -> None:
    (publication,) = papers_of({"pmid": "12/../evil"})
    assert (publication.pmid, publication.url) == ("12/../evil", None)


def test_the_words_on_the_design_and_on_the_people_come_along(long_form: LongForm) -> None:
    assert long_form.intervention_model_description == "Two groups of equal size"
    assert long_form.masking_description == "The bags look alike"
    assert long_form.who_is_masked == ("PARTICIPANT", "INVESTIGATOR")
