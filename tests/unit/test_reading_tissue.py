import pytest

from stemcheck.reading import read
from tests.unit.reading_made_up import record_named


def tissue_in(name: str, **parts: object) -> set[str]:
    return {str(value) for value in read(record_named(name, **parts)).tissue}


@pytest.mark.parametrize(
    ("name", "tissue"),
    [
        ("Bone marrow derived mesenchymal stem cells", {"bone_marrow"}),
        ("Adipose tissue mesenchymal stromal cells", {"adipose"}),
        ("umblical cord MSC", {"umbilical_cord"}),
        ("Umbilical cord blood MSC", {"cord_blood"}),
        ("mesenchymal stem cells derived from Wharton’s jelly", {"umbilical_cord"}),
        ("hUC-MSC", {"umbilical_cord"}),
        ("hUCB-MSC", {"cord_blood"}),
        ("BMSCs", {"bone_marrow"}),
        ("placental mesenchymal stromal cells", {"placenta"}),
        ("dental pulp stem cells", {"dental"}),
        ("menstrual blood stem cells", {"endometrium"}),
        ("peripheral blood mesenchymal stem cells", {"peripheral_blood"}),
        ("human embryonic cell derived (hESC) mesenchymal stem cell", {"other"}),
        ("SVF derived MSC", {"adipose"}),
        ("Exosomes of adipose MSC", {"adipose"}),
        ("placental adherent stromal cells (ASCs)", {"placenta"}),
        ("adipose and bone marrow mesenchymal stem cells", {"adipose", "bone_marrow"}),
        ("MSC", {"not_stated"}),
        ("MSC for ulcerative colitis (UC)", {"not_stated"}),
        ("MSC for bone marrow edema", {"not_stated"}),
        ("MSC in articular cartilage", {"not_stated"}),
        ("Scaffold of amniotic membrane with MSC", {"not_stated"}),
        ("Bone marrow mononuclear cells and umbilical cord MSC", {"umbilical_cord"}),
        ("Aspirin", {"none"}),
    ],
)
def test_a_tissue_word_counts_beside_the_cells(name: str, tissue: set[str]) -> None:
    assert tissue_in(name) == tissue


def test_fields_that_contradict_are_both_shown() -> None:
    found = tissue_in("Adipose-derived MSC", brief_title="Bone marrow derived MSC for burns")
    assert found == {"adipose", "bone_marrow"}


def test_a_general_sentence_states_no_tissue() -> None:
    detail = "MSC can be isolated from bone marrow. MSC are found in fat."
    assert tissue_in("MSC", detailed_description=detail) == {"not_stated"}


def test_a_list_of_sources_states_no_tissue() -> None:
    detail = "MSC derived from bone marrow, MSC from adipose tissue, MSC from umbilical cord."
    assert tissue_in("MSC", detailed_description=detail) == {"not_stated"}


def test_the_next_trusted_field_is_asked_when_headlines_are_silent() -> None:
    found = tissue_in("MSC", brief_summary="Patients receive adipose MSC.", keywords=("UC-MSC",))
    assert found == {"adipose"}


def test_keywords_that_contradict_are_both_shown() -> None:
    assert tissue_in("MSC", keywords=("UC-MSC", "adipose MSC")) == {"umbilical_cord", "adipose"}


def test_the_commonest_tissue_of_prose_is_taken() -> None:
    detail = "UC-MSC are given. UC-MSC are given again. BM-MSC are infused."
    assert tissue_in("MSC", detailed_description=detail) == {"umbilical_cord"}


def test_a_described_harvest_tells_the_tissue() -> None:
    detail = "A fat biopsy is collected from each patient."
    assert tissue_in("MSC", detailed_description=detail) == {"adipose"}


def test_bare_cells_in_prose_mean_the_product_only_where_something_is_given() -> None:
    assert tissue_in("MSC", detailed_description="Bone marrow stem cells matter.") == {"not_stated"}
    assert tissue_in("MSC", detailed_description="Bone marrow stem cells are infused.") == {
        "bone_marrow"
    }
