import pytest

from stemcheck.reading import read
from tests.unit.reading_made_up import record_named


def donor_in(name: str, **parts: object) -> set[str]:
    return {str(value) for value in read(record_named(name, **parts)).donor}


@pytest.mark.parametrize(
    ("name", "donor"),
    [
        ("Autologous mesenchymal stem cells", {"autologous"}),
        ("autologus MSC", {"autologous"}),
        ("the patient's own MSC", {"autologous"}),
        ("Autologous transplantation of bone marrow MSC", {"autologous"}),
        ("Allogeneic MSC", {"allogeneic"}),
        ("alogenic MSC", {"allogeneic"}),
        ("MSC from healthy donors", {"allogeneic"}),
        ("Umbilical cord stem cells allogenic", {"allogeneic"}),
        ("third-party MSC", {"allogeneic"}),
        ("allogeneic bone marrow derived MSC", {"allogeneic"}),
        ("autologous and allogeneic MSC", {"autologous", "allogeneic"}),
        ("MSC", {"not_stated"}),
        ("Umbilical cord MSC", {"not_stated"}),
        ("MSC in autologous serum", {"not_stated"}),
        ("MSC following allogeneic HSCT", {"not_stated"}),
        ("MSC on allogeneic bone graft", {"not_stated"}),
        ("Autologous mononuclear cells and umbilical cord MSC", {"not_stated"}),
        ("Aspirin", {"none"}),
    ],
)
def test_a_donor_word_counts_when_it_is_said_of_the_cells(name: str, donor: set[str]) -> None:
    assert donor_in(name) == donor


def test_a_harvest_from_the_participant_is_autologous_without_the_word() -> None:
    detail = "Participants undergo liposuction; fat is collected from each participant."
    assert donor_in("Adipose MSC", detailed_description=detail) == {"autologous"}


def test_a_harvest_of_nobody_named_states_no_donor() -> None:
    detail = "Bone marrow is aspirated from the iliac crest."
    assert donor_in("Bone marrow MSC", detailed_description=detail) == {"not_stated"}


def test_cord_cells_collected_state_no_donor() -> None:
    detail = "Umbilical cords are collected from patients."
    assert donor_in("Umbilical cord MSC", detailed_description=detail) == {"not_stated"}


def test_donated_tissue_is_allogeneic() -> None:
    detail = "Cords are obtained from healthy donors."
    assert donor_in("Umbilical cord MSC", detailed_description=detail) == {"allogeneic"}


def test_own_immune_system_is_not_the_donor() -> None:
    detail = "The patient's own immune system is given a rest by stem cells."
    assert donor_in("MSC", detailed_description=detail) == {"not_stated"}
