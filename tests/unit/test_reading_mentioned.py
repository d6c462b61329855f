"""Cells that a record only names: samples taken, feeder layers, what a tissue holds, a partner's route."""

import pytest

from stemcheck.reading import explain, read
from stemcheck.trial.text import ArmText, InterventionText, RecordText
from tests.unit.reading_made_up import record_of as made_up


def products_in(record: RecordText) -> set[str]:
    return {str(product) for product in read(record).products}


def record_of(title: str, *entries: InterventionText, **parts: object) -> RecordText:
    return made_up(*entries, brief_title=title, **parts)


ASPIRATION = InterventionText(
    "PROCEDURE", "Marrow aspirate", ("marrow-derived MSC",), "One draw from a healthy donor."
)
MOBILISER = InterventionText("DRUG", "Filgrastim", (), "Given under the skin for four days.")


@pytest.mark.parametrize(
    "record",
    [
        record_of("A cell bank of MSC: marrow donor protocol", ASPIRATION),
        record_of("Collection of marrow for mesenchymal stem cells", ASPIRATION),
        record_of("Stem cell collection for xenograft studies", MOBILISER, keywords=("MSC",)),
        record_of("Progenitor potential of cells of the palate", ASPIRATION),
        record_of(
            "Production method of stem cells of the nose",
            InterventionText("PROCEDURE", "sampling mesenchymal stem cells", (), "In surgery."),
        ),
        record_of(
            "Collecting bone graft during spinal surgery",
            official_title="Osteogenic potential of mesenchymal stem cells",
        ),
        record_of(
            "Collection of marrow",
            brief_summary="Donors will later receive their own MSC for treatment.",
        ),
        record_of(
            "Tactics of leukaemia after transplantation",
            InterventionText("OTHER", "Blood sample"),
            InterventionText("PROCEDURE", "Marrow biopsy"),
            brief_summary="Patients are given stem cells.",
        ),
    ],
)
def test_cells_taken_as_samples_are_not_given(record: RecordText) -> None:
    assert products_in(record) == {"none"}


@pytest.mark.parametrize(
    "entry",
    [
        InterventionText("BIOLOGICAL", "Autologous MSC"),
        InterventionText("PROCEDURE", "MSC", (), "The cells are injected into the knee."),
        InterventionText("OTHER", "Injection of MSC"),
        InterventionText("PROCEDURE", "MSC therapy"),
    ],
)
def test_cells_given_count_although_the_title_tells_of_their_collection(
    entry: InterventionText,
) -> None:
    assert products_in(record_of("Collection of marrow for MSC", entry)) == {"mesenchymal"}


def test_a_bank_that_a_product_comes_from_takes_no_samples() -> None:
    entry = InterventionText("BIOLOGICAL", "AB-12", (), "One dose.")
    title = "Infusion of mesenchymal stem cells from a cell bank"
    assert products_in(record_of(title, entry)) == {"mesenchymal"}


def test_an_injection_beside_a_biopsy_is_no_sample() -> None:
    entry = InterventionText("PROCEDURE", "Biopsy and injection", (), "Of MSC.")
    assert products_in(record_of("Treatment with MSC", entry)) == {"mesenchymal"}


def test_a_test_of_cells_gives_none() -> None:
    entry = InterventionText("DIAGNOSTIC_TEST", "Gingival mesenchymal stem cells", (), "A count.")
    assert products_in(record_of("Gum tissue", entry)) == {"none"}


def test_a_known_drug_is_no_code_name_for_keywords_to_type() -> None:
    assert products_in(record_of("A study", MOBILISER, keywords=("MSC",))) == {"none"}


@pytest.mark.parametrize(
    "told",
    [
        "Cord blood cells expanded with mesenchymal stromal cell (MSC) co-culture.",
        "Cord blood cells expanded on mesenchymal stromal cells.",
    ],
)
def test_a_feeder_layer_is_not_given(told: str) -> None:
    entry = InterventionText("OTHER", "Expanded cord blood cells", (), told)
    assert products_in(record_of("Expansion of cord blood cells", entry)) == {"hematopoietic"}


@pytest.mark.parametrize(
    "summary",
    [
        "This is how patients would react if these MSCs were given to them.",
        "It is plausible that MSCs given to patients help them.",
        "MSC of patients who receive a lung transplant are measured.",
        "Osteogenic effects in MSC after delivery of a gene are told for patients.",
        "The membrane is applied for the contribution of gingival mesenchymal stem cells.",
    ],
)
def test_what_might_be_and_organs_give_no_cells(summary: str) -> None:
    assert products_in(RecordText("", "OBSERVATIONAL", brief_summary=summary)) == {"none"}


def test_what_is_thrown_away_is_not_the_product() -> None:
    told = "The supernatant will then be discarded and the keratinocytes are applied."
    entry = InterventionText("PROCEDURE", "Suspension", (), told)
    assert products_in(record_of("Vitiligo", entry)) == {"other_cells"}


@pytest.mark.parametrize(
    "record",
    [
        record_of(
            "Fat derived stem cells (SVF) after surgery",
            InterventionText("OTHER", "Adipose derived stem cells"),
        ),
        record_of(
            "Mesenchymal stem cells in knee surgery",
            InterventionText("BIOLOGICAL", "Mesenchymal stem cells"),
            arms=(ArmText("Cells", "", "Patients receive marrow concentrate containing MSC"),),
        ),
    ],
)
def test_unpurified_tissue_called_stem_cells_is_told_for_what_it_is(record: RecordText) -> None:
    assert products_in(record) == {"mixed_tissue"}


def test_cultured_cells_named_beside_their_source_stay_what_they_are() -> None:
    entry = InterventionText("BIOLOGICAL", "Fat derived stem cells (SVF)", (), "Cultured cells.")
    assert "mesenchymal" in products_in(record_of("Cultured cells", entry))


def test_a_membrane_that_carries_the_cells_is_no_second_product() -> None:
    entry = InterventionText("PROCEDURE", "MSC with amniotic membrane")
    assert products_in(record_of("Cornea", entry)) == {"mesenchymal"}


def test_keywords_add_no_cells_beside_a_product_named() -> None:
    entry = InterventionText("PROCEDURE", "Stem cell graft")
    title = "Mononuclear cells transplantation in the hip"
    record = record_of(title, entry, keywords=("mesenchymal",), brief_summary="Hip pain.")
    assert products_in(record) == {"mixed_tissue"}


BOTH = (
    "Intrathecal implantation of mesenchymal stem cells followed by "
    "mesenchymal stem cell secretions from fat intravenously"
)


def test_a_vein_of_the_secretome_alone_is_not_the_cells() -> None:
    entry = InterventionText("BIOLOGICAL", "MSC and secretome", (), BOTH)
    reading, steps = explain(record_of("MSC and secretome", entry))
    assert {str(route) for route in reading.routes} == {"intrathecal"}
    assert str(reading.intravenous) == "no"
    assert any(step.why == "of_cell_free" for step in steps)


def test_a_vein_of_a_secretome_of_its_own_entry_is_not_the_cells() -> None:
    entries = (
        InterventionText("BIOLOGICAL", "MSC", (), "Injected into the knee."),
        InterventionText("BIOLOGICAL", "Exosomes", (), "Exosomes by intravenous infusion."),
    )
    assert str(read(record_of("MSC and exosomes", *entries)).intravenous) == "no"


@pytest.mark.parametrize(
    "told",
    [
        "MSC and exosomes intravenously.",
        "Exosomes into the nose, MSC by intravenous infusion.",
        "MSC are prepared; exosomes are given intravenously.",
    ],
)
def test_a_vein_shared_with_the_cells_or_the_only_route_counts(told: str) -> None:
    entry = InterventionText("BIOLOGICAL", "MSC and exosomes", (), told)
    assert str(read(record_of("MSC and exosomes", entry)).intravenous) == "yes"
