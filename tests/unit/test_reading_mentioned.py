"""Cells that a record only names: samples taken, feeder layers, what a tissue holds, a partner's route."""

import pytest

from stemcheck.reading import explain, read
from stemcheck.trial.text import InterventionText, RecordText
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
            InterventionText("PROCEDURE", "Spinal surgery"),
            official_title="Osteogenic potential of mesenchymal stem cells",
        ),
        record_of(
            "Collection of marrow",
            InterventionText("PROCEDURE", "Puncture"),
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


@pytest.mark.parametrize(
    ("title", "entry", "products"),
    [
        # a bank that a product comes from, an injection beside a biopsy: no samples; a test gives none
        (
            "Infusion of mesenchymal stem cells from a cell bank",
            ("BIOLOGICAL", "AB-12", "One dose."),
            {"mesenchymal"},
        ),
        ("Treatment with MSC", ("PROCEDURE", "Biopsy and injection", "Of MSC."), {"mesenchymal"}),
        (
            "Gum tissue",
            ("DIAGNOSTIC_TEST", "Gingival mesenchymal stem cells", "A count."),
            {"none"},
        ),
        # feeder layers, and what is thrown away
        (
            "Expansion of cord blood cells",
            (
                "OTHER",
                "Expanded cord blood cells",
                "Expanded with mesenchymal stromal cell (MSC) co-culture.",
            ),
            {"hematopoietic"},
        ),
        (
            "Expansion of cord blood cells",
            ("OTHER", "Expanded cord blood cells", "Expanded on mesenchymal stromal cells."),
            {"hematopoietic"},
        ),
        (
            "Vitiligo",
            ("PROCEDURE", "Suspension", "The supernatant is discarded, keratinocytes are applied."),
            {"other_cells"},
        ),
        # tissue called stem cells is told for what it is, unless it is cultured
        (
            "Fat derived stem cells (SVF) after surgery",
            ("OTHER", "Adipose derived stem cells", ""),
            {"mixed_tissue"},
        ),
        (
            "Mesenchymal stem cells in knee surgery",
            ("BIOLOGICAL", "Cells", "Patients receive marrow concentrate containing MSC"),
            {"mixed_tissue"},
        ),
        (
            "Cultured cells",
            ("BIOLOGICAL", "Fat derived stem cells (SVF)", "Cultured cells."),
            {"mesenchymal", "mixed_tissue"},
        ),
        # what carries the cells is no second product
        ("Cornea", ("PROCEDURE", "MSC with amniotic membrane", ""), {"mesenchymal"}),
    ],
)
def test_what_is_named_beside_the_product(
    title: str, entry: tuple[str, str, str], products: set[str]
) -> None:
    kind, name, told = entry
    assert products_in(record_of(title, InterventionText(kind, name, (), told))) == products


def test_a_known_drug_is_no_code_name_for_keywords_to_type() -> None:
    assert products_in(record_of("A study", MOBILISER, keywords=("MSC",))) == {"none"}


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
