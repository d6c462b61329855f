"""What the registry shows so far: each figure is the length of its list, and every list is the right one."""

from typing import Any

import pytest

from stemcheck.services.evidence import Weighed, evidence_of
from stemcheck.trial.evidence import Evidence
from stemcheck.trial.protocol import Publication
from stemcheck.trial.reading import Reading
from stemcheck.trial.terms import Donor, Intravenous, Product, Route, Tissue
from stemcheck.trial.trial import (
    Dates,
    Design,
    Eligibility,
    Enrollment,
    Oversight,
    Sites,
    Status,
    Trial,
)

PAPER = Publication(pmid="1", type="RESULT", citation="A paper")
RETRACTED = PAPER.model_copy(update={"retracted": True})
BACKGROUND = PAPER.model_copy(update={"type": "BACKGROUND"})


def study(
    number: int,
    status: str | None = "COMPLETED",
    *,
    by_vein: bool = True,
    phases: tuple[str, ...] = ("PHASE1",),
    people: int | None = 10,
    kind: str = "ACTUAL",
    why: str | None = None,
    has_results: bool | None = False,
    papers: tuple[Publication, ...] | None = (),
    **design: Any,
) -> Weighed:
    reading = Reading(
        products=(Product.MESENCHYMAL,),
        tissue=(Tissue.NOT_STATED,),
        donor=(Donor.NOT_STATED,),
        routes=(Route.INTRAVENOUS if by_vein else Route.NOT_STATED,),
        intravenous=Intravenous.YES if by_vein else Intravenous.NOT_STATED,
        evidence=(),
        rules_version="1",
    )
    trial = Trial(
        nct_id=f"NCT9000{number:04}",
        url="https://clinicaltrials.gov/",
        brief_title=None,
        official_title=None,
        acronym=None,
        status=Status(
            value=status, label="", why_stopped=why, open_to_new_participants=status == "RECRUITING"
        ),
        study_type="INTERVENTIONAL",
        phases=phases,
        sponsor=None,
        enrollment=None if people is None else Enrollment(count=people, type=kind),
        dates=Dates(),
        sites=Sites(total=0, recruiting=None),
        eligibility=Eligibility(),
        oversight=Oversight(),
        design=Design(**design),
        has_results=has_results,
        reading=reading,
    )
    return Weighed(trial, papers)


STUDIES = (
    study(
        1, phases=("PHASE1", "PHASE2"), has_results=True, control_arms=1, allocation="RANDOMIZED"
    ),
    study(2, phases=("PHASE3",), people=40, papers=(PAPER, BACKGROUND), control_arms=0),
    study(3, "TERMINATED", phases=(), people=5, why="No money", papers=(RETRACTED,)),
    study(4, "WITHDRAWN", people=0),
    study(5, "RECRUITING", people=300, kind="ESTIMATED", papers=(BACKGROUND,)),
    study(6, "UNKNOWN"),
    study(7, "COMPLETED", people=99_999_999, phases=("PHASE9",)),
    study(8, "WITHHELD"),
    study(9, None),
    study(10, by_vein=False),
    study(11, "COMPLETED", people=30, kind="ESTIMATED", phases=("NA",)),
)


def ids(*numbers: int) -> tuple[str, ...]:
    return tuple(f"NCT9000{number:04}" for number in numbers)


@pytest.fixture
def evidence() -> Evidence:
    return evidence_of(STUDIES, is_by_vein=True)


WANTED = {
    "completed": ids(1, 2, 7, 11),
    "stopped": ids(3, 4),
    "under_way": ids(5),
    "unknown": ids(6),
    "other_status": ids(8, 9),
    "controlled": ids(1),
    "randomized": ids(1),
    "results_posted": ids(1),
    "results_published": ids(2, 3),
    "retracted": ids(3),
    "ended_without_results": ids(7, 11),
}


@pytest.mark.parametrize("id_", WANTED)
def test_each_figure_has_its_list(evidence: Evidence, id_: str) -> None:
    figure = next(one for one in evidence.figures if one.id == id_)
    assert figure.nct_ids == WANTED[id_]
    assert figure.count == len(WANTED[id_])
    assert figure.text.startswith(f"{figure.count} ")


def test_only_studies_by_vein_are_counted_and_they_add_up(evidence: Evidence) -> None:
    assert evidence.studies == 10
    assert "10 studies with cells given by vein" in evidence.heading
    assert {figure.id for figure in evidence.figures} == set(WANTED)
    states = [f for f in evidence.figures if f.id in {*list(WANTED)[:5]}]
    assert sum(figure.count or 0 for figure in states) == evidence.studies


def test_without_a_route_all_studies_of_the_search_are_counted() -> None:
    evidence = evidence_of(STUDIES, is_by_vein=False)
    assert (evidence.base, evidence.studies) == ("all", 11)
    assert "10" in next(f for f in evidence.figures if f.id == "completed").nct_ids[-2]
    assert not [limit for limit in evidence.limits if "stemcheck's reading" in limit]


def test_phases_are_of_those_that_ended_and_a_study_of_two_counts_in_both(
    evidence: Evidence,
) -> None:
    assert [(figure.id, figure.nct_ids, figure.of) for figure in evidence.phases] == [
        ("PHASE1", ids(1), 5),
        ("PHASE2", ids(1), 5),
        ("PHASE3", ids(2), 5),
        ("NA", ids(11), 5),
        ("none", ids(3), 5),
        ("PHASE9", ids(7), 5),
    ]
    assert evidence.phases[-1].text == "1 of those that ended: PHASE9."


def test_people_are_added_where_they_were_counted_and_never_where_they_were_planned(
    evidence: Evidence,
) -> None:
    assert (evidence.people.count, evidence.people.nct_ids) == (55, ids(1, 2, 3))
    assert evidence.people.not_given == ids(7, 11)
    assert evidence.people.text.startswith("55 people")


def test_why_a_study_stopped_is_told_in_its_own_words_or_not_at_all(evidence: Evidence) -> None:
    assert [(one.nct_id, one.status, one.why) for one in evidence.stopped] == [
        (*ids(3), "TERMINATED", "No money"),
        (*ids(4), "WITHDRAWN", None),
    ]


def test_publications_that_are_not_known_are_not_counted_as_none() -> None:
    evidence = evidence_of([study(1), study(2, papers=None)], is_by_vein=True)
    figure = next(one for one in evidence.figures if one.id == "results_published")
    assert (figure.count, figure.nct_ids) == (None, ())
    assert "cannot be counted" in figure.text
    assert "ended_without_results" not in {one.id for one in evidence.figures}


def test_nothing_at_all_is_counted_as_nothing() -> None:
    evidence = evidence_of([], is_by_vein=True)
    assert (evidence.studies, evidence.phases, evidence.stopped) == (0, (), ())
    assert {figure.count for figure in evidence.figures} == {0}
    assert evidence.people.text == "None of those that ended says how many people took part."


def test_one_study_is_told_in_the_singular() -> None:
    evidence = evidence_of([study(1, people=1)], is_by_vein=True)
    assert evidence.heading.endswith("1 study with cells given by vein")
    assert evidence.people.text.startswith("1 person took part")
    assert evidence.figures[0].text == '1 has ended as planned ("completed").'
