"""What a record says of its arms, its outcomes and its papers."""

import json

import pytest

from stemcheck.registry.protocol import (
    arms_of,
    doi_in,
    interventions_of,
    outcomes_of,
    publications_of,
)
from tests.conftest import PROJECT

FIXTURE = PROJECT / "fixtures" / "studies" / "stopped-frostbite-results.json"
PROTOCOL = json.loads(FIXTURE.read_text(encoding="utf-8"))["protocolSection"]


def test_arms_stand_with_what_they_get() -> None:
    cells, placebo = arms_of(PROTOCOL["armsInterventionsModule"])
    assert (cells.label, cells.type) == ("Cells by vein", "EXPERIMENTAL")
    assert cells.interventions == (
        "Biological: Donor adipose mesenchymal stem cells",
        "Procedure: Usual care",
    )
    assert (placebo.type, placebo.description) == ("PLACEBO_COMPARATOR", "One infusion of saline")


def test_interventions_stand_with_their_words_and_their_arms() -> None:
    cells, saline, care = interventions_of(PROTOCOL["armsInterventionsModule"])
    assert (cells.type, cells.other_names, cells.arms) == (
        "BIOLOGICAL",
        ("AD-MSC",),
        ("Cells by vein",),
    )
    assert saline.description == "Sodium chloride 0.9 %, by vein"
    assert (care.description, care.arms) == (None, ("Cells by vein", "Placebo"))


def test_outcomes_stand_by_rank_with_their_time_frames() -> None:
    outcomes = outcomes_of(PROTOCOL["outcomesModule"])
    assert [(o.measure, o.time_frame) for o in outcomes.primary] == [
        ("Fingers and toes taken off", "6 months")
    ]
    assert [(o.measure, o.time_frame) for o in outcomes.secondary] == [
        ("Pain", "1 and 6 months"),
        ("Grip strength", None),
    ]
    assert [o.measure for o in outcomes.other] == ["Cells in blood"]


def test_every_reference_is_one_publication_and_a_retraction_is_seen() -> None:
    publications = publications_of(PROTOCOL["referencesModule"])
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


@pytest.mark.parametrize("retractions", [[{}], ["x"], {"pmid": "1"}, [{"source": 3}]])
def test_a_retraction_that_cannot_be_read_is_still_one(retractions: object) -> None:
    (publication,) = publications_of({"references": [{"retractions": retractions}]})
    assert publication.retracted
    assert publication.retraction_sources == ()


@pytest.mark.parametrize("module", [None, {}, [], "x", {"references": None}, {"references": 3}])
def test_a_module_that_is_missing_or_broken_has_no_papers(module: object) -> None:
    assert publications_of(module) == ()


def test_an_address_made_of_a_number_that_is_none_is_not_given() -> None:
    (publication,) = publications_of({"references": [{"pmid": "12/../evil"}]})
    assert (publication.pmid, publication.url) == ("12/../evil", None)
