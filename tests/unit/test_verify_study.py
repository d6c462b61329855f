"""Claims about a study as such: its phase, how many people, who runs it; and names that are not known."""

import pytest

from stemcheck.services.claim_checks import check_cells, check_condition
from stemcheck.services.place_checks import check_country
from stemcheck.services.show import in_full
from stemcheck.services.study_checks import (
    check_people,
    check_phase,
    check_sponsor,
    people_in,
    phases_in,
)
from stemcheck.trial.terms import Product
from stemcheck.trial.trial import Enrollment, Sponsor, Trial
from stemcheck.trial.verification import Told
from tests.unit.trials_made_up import a_reading, a_trial


def phased(*phases: str) -> Trial:
    return a_trial().model_copy(update={"phases": phases})


@pytest.mark.parametrize(
    ("typed", "phases"),
    [
        ("3", ("PHASE3",)),
        ("Phase II", ("PHASE2",)),
        ("1/2a", ("PHASE1", "PHASE2")),
        ("fase dos", ("PHASE2",)),
        ("early phase 1", ("EARLY_PHASE1",)),
        ("0", ("EARLY_PHASE1",)),
        ("soon", ()),
    ],
)
def test_a_phase_is_read_as_it_is_written(typed: str, phases: tuple[str, ...]) -> None:
    assert phases_in(typed) == phases


@pytest.mark.parametrize(
    ("claimed", "recorded", "result"),
    [
        ("3", ("PHASE1",), "differs"),
        ("1", ("PHASE1",), "matches"),
        ("1/2", ("PHASE1", "PHASE2"), "matches"),
        ("2", ("PHASE1", "PHASE2"), "not_stated"),
        ("2/3", ("PHASE2",), "differs"),
        ("1", ("EARLY_PHASE1",), "not_stated"),
        ("2", ("NA",), "differs"),
        ("2", (), "not_stated"),
    ],
)
def test_a_phase_is_held_against_the_record(
    claimed: str, recorded: tuple[str, ...], result: str
) -> None:
    assert check_phase(Told(claimed, phases_in(claimed)), phased(*recorded)).result == result


@pytest.mark.parametrize(
    ("claimed", "count", "type_", "result"),
    [
        ("200", 15, "ACTUAL", "differs"),
        ("15", 15, "ESTIMATED", "matches"),
        ("1,200", 1200, "ACTUAL", "matches"),
        ("about 200", 190, "ACTUAL", "matches"),
        ("about 200", 100, "ACTUAL", "differs"),
        ("over 200", 210, "ACTUAL", "matches"),
        ("more than 200", 150, "ACTUAL", "differs"),
        ("200", None, None, "not_stated"),
    ],
)
def test_a_number_of_people_is_held_against_the_record(
    claimed: str, count: int | None, type_: str | None, result: str
) -> None:
    people = people_in(claimed)
    assert people is not None
    trial = a_trial().model_copy(update={"enrollment": Enrollment(count=count, type=type_)})
    assert check_people(people, trial).result == result


@pytest.mark.parametrize(
    ("claimed", "result"),
    [
        ("Example University Hospital", "matches"),
        ("example university", "matches"),
        ("EUH", "matches"),
        ("Other Firm, Inc.", "not_stated"),
        ("Example Clinic", "not_stated"),
        ("Renova Institute", "differs"),
        ("ZZQ", "not_settled"),
        ("Fundación Nueva Vida", "not_settled"),
        ("University Hospital", "not_settled"),
    ],
)
def test_a_sponsor_is_held_against_the_record(claimed: str, result: str) -> None:
    update = {
        "sponsor": Sponsor(name="Example University Hospital", class_="OTHER"),
        "collaborators": (Sponsor(name="Other Firm Ltd", class_="INDUSTRY"),),
    }
    assert check_sponsor(claimed, a_trial().model_copy(update=update)).result == result


@pytest.mark.parametrize(
    ("claimed", "recorded", "result"),
    [
        ("zorgle", "Stroke", "not_settled"),
        ("XYZD", "Autism Spectrum Disorder", "not_settled"),
        ("lupus", "Zorgle", "not_settled"),
        ("Wilson disease", "Autism", "differs"),  # another part of the body
        ("lupus", "Stroke", "differs"),
        ("MND", "Amyotrophic Lateral Sclerosis", "matches"),
        ("ictus", "Acute Stroke", "matches"),
    ],
)
def test_an_illness_differs_only_when_both_names_are_known(
    claimed: str, recorded: str, result: str
) -> None:
    trial = a_trial().model_copy(
        update={"conditions": (recorded,), "keywords": (), "brief_title": "A", "official_title": ""}
    )
    assert check_condition(claimed, trial).result == result


@pytest.mark.parametrize(
    ("claimed", "result"),
    [("Freedonia", "not_settled"), ("España", "matches"), ("Mexico", "differs")],
)
def test_a_country_differs_only_when_its_name_is_known(claimed: str, result: str) -> None:
    assert check_country(claimed, in_full(a_trial(countries=("Spain",)), None)).result == result


@pytest.mark.parametrize("claimed", ["mesenchymal", "any", "exosomes", "cell_free"])
def test_a_record_without_words_on_what_is_given_settles_no_cells(claimed: str) -> None:
    trial = a_trial(reading=a_reading(products=(Product.NOT_STATED,)))
    assert check_cells(claimed, trial).result == "not_stated"
