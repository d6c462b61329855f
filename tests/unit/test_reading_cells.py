"""Given, or only named: one short text for each way."""

import pytest

from stemcheck.reading import read
from stemcheck.reading.given import Given
from stemcheck.reading.passages import read_passages
from stemcheck.reading.products import find_given
from stemcheck.reading.record import Record
from stemcheck.trial.terms import Product
from stemcheck.trial.text import ArmText, InterventionText, RecordText
from tests.unit.reading_made_up import SPELLED_OUT, record_named, record_of


def products_in(record: RecordText) -> set[str]:
    return {str(product) for product in read(record).products}


def products_of_name(name: str, description: str = "") -> set[str]:
    return products_in(record_named(name, description))


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("Allogeneic mesenchymal stem cells", {"mesenchymal"}),
        ("mensenchymal stromal cells", {"mesenchymal"}),
        ("Mesenchymal stem (stromal) cells", {"mesenchymal"}),
        ("hUC-MSC", {"mesenchymal"}),
        ("Adipose-derived stem cells", {"mesenchymal"}),
        ("Wharton's jelly cells", {"mesenchymal"}),
        ("iPSC-derived MSC", {"mesenchymal"}),
        ("MSC-derived hepatocytes", {"mesenchymal"}),
        ("hepatocytes differentiated from MSC", {"mesenchymal"}),
        ("Stromal vascular fraction", {"mixed_tissue"}),
        ("Bone marrow mononuclear cells", {"mixed_tissue"}),
        ("bone marrow cells", {"mixed_tissue"}),
        ("SVF containing non-expanded ADSC", {"mixed_tissue"}),
        ("SVF derived MSC", {"mesenchymal"}),
        ("CD34+ cells", {"hematopoietic"}),
        ("Neural stem cells", {"other_stem"}),
        ("MSC-derived exosomes", {"cell_free"}),
        ("exosomes of mesenchymal stem cells", {"cell_free"}),
        ("secretome - mesenchymal stem cell", {"cell_free"}),
        ("Conditioned medium", {"cell_free"}),
        ("Platelet-rich plasma", {"other_cells"}),
        ("MSC + DLI", {"mesenchymal", "other_cells"}),
        ("MSC plus platelet rich plasma", {"mesenchymal", "other_cells"}),
        ("BM-MNCs UC-MSCs", {"mixed_tissue", "mesenchymal"}),
        ("hematopoietic and mesenchymal stem cells", {"hematopoietic", "mesenchymal"}),
        ("BM-MNC stem cell therapy", {"mixed_tissue"}),
        ("Placebo for mesenchymal stem cells", {"none"}),
        ("Inhibitor of the epithelial to mesenchymal transition", {"none"}),
        ("Aspirin", {"none"}),
    ],
)
def test_a_name_says_what_is_given(name: str, kinds: set[str]) -> None:
    assert products_of_name(name) == kinds


@pytest.mark.parametrize("name", ["Darvadstrocel", "Stem cells", "Autologous stem cell infusion"])
def test_a_kind_that_the_record_leaves_open_stays_open(name: str) -> None:
    record = record_named(name, brief_summary="A study of stroke.")
    assert products_in(record) == {"unspecified_stem"}


@pytest.mark.parametrize(
    "description",
    [
        "The number of circulating mesenchymal stem cells is counted.",
        "Cord tissue expanded on mesenchymal stromal cells.",
        "Surgery without mesenchymal stem cells.",
        "A device that recruits MSC from the synovium.",
        "The level of MSC and HSC in blood.",
        "T-cell lymphoma and stromal tumours.",
    ],
)
def test_a_description_may_name_cells_that_are_not_given(description: str) -> None:
    assert products_of_name("Device", description) == {"none"}


def test_a_description_types_an_open_name() -> None:
    assert products_of_name("Cell therapy", "Mesenchymal stem cells by vein") == {"mesenchymal"}


def test_unpurified_tissue_given_under_the_name_of_stem_cells_is_what_counts() -> None:
    found = products_of_name("Adipose-derived MSC", "Stromal vascular fraction is injected.")
    assert found == {"mixed_tissue"}


def test_unpurified_tissue_given_beside_cultured_cells_is_added() -> None:
    told = "MSC are expanded. Stromal vascular fraction is injected too."
    assert products_of_name("Adipose-derived MSC", told) == {"mesenchymal", "mixed_tissue"}


def test_a_product_name_is_typed_by_the_other_words_of_the_record() -> None:
    assert products_of_name("Darvadstrocel", "Expanded adipose stem cells") == {"mesenchymal"}


def test_what_cells_were_harvested_from_is_not_added() -> None:
    found = products_of_name("MSC", "Bone marrow mononuclear cells are aspirated and cultured.")
    assert found == {"mesenchymal"}


def record_with(**parts: object) -> RecordText:
    interventions = parts.pop("interventions", ())
    return record_of(*interventions, **parts)  # type: ignore[misc]


CODE = InterventionText(type="BIOLOGICAL", name="AB-12", description="One dose.")


@pytest.mark.parametrize(
    "parts",
    [
        {"brief_title": "Infusion of mesenchymal stem cells"},
        {"official_title": "Treatment of stroke with MSC"},
        {"brief_summary": "Patients receive mesenchymal stem cells."},
        {"keywords": ("mesenchymal stem cells",)},
    ],
)
def test_a_code_name_is_typed_by_what_the_rest_says(parts: dict[str, object]) -> None:
    assert products_in(record_with(interventions=(CODE,), **parts)) == {"mesenchymal"}


def given_in(record: RecordText) -> Given:
    given, _ = find_given(Record(record, read_passages(record)))
    assert given is not None
    return given


def test_a_code_name_is_a_mention_wherever_it_stands() -> None:
    entry = InterventionText(type="BIOLOGICAL", name="MitoCell", description="adipose MSC")
    text = record_of(entry, brief_title="Autologous MitoCell")
    record = Record(text, read_passages(text))
    given, _ = find_given(record)
    assert given is not None
    sentences = [sentence for scan in record.scans for sentence in scan.sentences]
    words = [mark.words for sentence in sentences for mark in given.mentions(sentence)]
    assert words.count("MitoCell") == 2


def test_the_only_product_is_the_one_given_when_titles_type_it() -> None:
    record = record_of(CODE, brief_title="Infusion of mesenchymal stem cells")
    assert given_in(record).interventions == {0}


def test_words_that_type_an_open_name_bring_what_is_given_with_them() -> None:
    entry = InterventionText(type="BIOLOGICAL", name="Stem cells")
    title = "Neural stem cells and mesenchymal stem cells in stroke"
    found = products_in(record_with(interventions=(entry,), official_title=title))
    assert found == {"mesenchymal", "other_stem"}


def test_keywords_alone_give_nothing() -> None:
    record = record_with(
        interventions=(InterventionText(type="PROCEDURE", name="Surgery"),),
        keywords=("mesenchymal stem cells",),
    )
    assert products_in(record) == {"none"}


@pytest.mark.parametrize(
    "summary",
    [
        "Rats received mesenchymal stem cells.",
        "Previously, patients were given mesenchymal stem cells.",
        "Mesenchymal stem cells exist in bone marrow.",
    ],
)
def test_background_prose_gives_nothing(summary: str) -> None:
    entry = InterventionText(type="DRUG", name="Aspirin")
    assert products_in(record_with(interventions=(entry,), brief_summary=summary)) == {"none"}


def arms(*pairs: tuple[str, str]) -> tuple[ArmText, ...]:
    return tuple(ArmText(label=label, type=kind) for label, kind in pairs)


def test_a_second_product_typed_as_comparator_counts_beside_a_real_control() -> None:
    record = record_with(
        arms=arms(
            ("MSC group", "EXPERIMENTAL"),
            ("Mononuclear cells group", "ACTIVE_COMPARATOR"),
            ("No treatment", "NO_INTERVENTION"),
        )
    )
    assert products_in(record) == {"mesenchymal", "mixed_tissue"}


def test_the_only_comparator_does_not_count() -> None:
    record = record_with(arms=arms(("MSC", "EXPERIMENTAL"), ("PRP", "ACTIVE_COMPARATOR")))
    assert products_in(record) == {"mesenchymal"}


def test_an_arm_called_control_does_not_count() -> None:
    record = record_with(
        arms=arms(("MSC graft", "ACTIVE_COMPARATOR"), ("Control: PRP", "ACTIVE_COMPARATOR"))
    )
    assert products_in(record) == {"mesenchymal"}


def test_an_arm_mistyped_as_placebo_that_lists_the_cells_is_no_control() -> None:
    record = record_with(
        interventions=(InterventionText(type="BIOLOGICAL", name="MSC"),),
        arms=(ArmText("MSC group", "PLACEBO_COMPARATOR", "", ("Biological: MSC",)),),
    )
    given = given_in(record)
    assert given.products == (Product.MESENCHYMAL,)
    assert given.arms == {0}


def test_an_intervention_of_control_arms_alone_is_not_given() -> None:
    record = record_with(
        interventions=(
            InterventionText(type="BIOLOGICAL", name="MSC", arm_group_labels=("A",)),
            InterventionText(type="BIOLOGICAL", name="PRP", arm_group_labels=("B",)),
        ),
        arms=arms(("A", "EXPERIMENTAL"), ("B", "ACTIVE_COMPARATOR")),
    )
    assert products_in(record) == {"mesenchymal"}


def test_a_title_adds_what_is_given_together() -> None:
    record = record_with(
        interventions=(InterventionText(type="BIOLOGICAL", name="MSC"),),
        brief_title="MSC and stromal vascular fraction in arthritis",
    )
    assert products_in(record) == {"mesenchymal", "mixed_tissue"}


def observed(**parts: object) -> RecordText:
    told = {"brief_summary": SPELLED_OUT, **parts}
    return RecordText(study_type="OBSERVATIONAL", **told)  # type: ignore[arg-type]


def test_a_follow_up_is_read_by_the_cells_people_got() -> None:
    record = observed(brief_title="Follow-up of patients treated with mesenchymal stem cells")
    assert products_in(record) == {"mesenchymal"}


@pytest.mark.parametrize(
    "record",
    [
        observed(brief_title="Mesenchymal stem cells in synovial fluid"),
        observed(
            brief_title="Secretome on explants",
            interventions=(InterventionText("BIOLOGICAL", "MSC secretome", (), "On explants."),),
        ),
        observed(
            interventions=(InterventionText("DIAGNOSTIC_TEST", "Sequencing"),),
            arms=(ArmText("Transplanted", "", "Patients received mesenchymal stem cells"),),
        ),
    ],
)
def test_laboratory_work_and_cohort_labels_give_nothing(record: RecordText) -> None:
    assert products_in(record) == {"none"}


def test_people_observed_while_they_are_given_cells_count() -> None:
    record = observed(brief_summary="Patients are injected with mesenchymal stem cells.")
    assert products_in(record) == {"mesenchymal"}


@pytest.mark.parametrize(
    "record",
    [
        RecordText(),
        RecordText(study_type="INTERVENTIONAL", brief_title="Mesenchymal stem cells by vein"),
        RecordText(keywords=("mesenchymal stem cells",), conditions=("Stroke",)),
        RecordText(interventions=(InterventionText("BIOLOGICAL"),), arms=(ArmText(),)),
        RecordText(study_type="INTERVENTIONAL", arms=(ArmText("Arm A"), ArmText("Placebo"))),
        RecordText(brief_summary="Mesenchymal stem cells are given intravenously."),
        RecordText(study_type="INTERVENTIONAL", brief_summary="A study of people after a stroke."),
        RecordText(brief_summary="N/A", interventions=(InterventionText("DRUG", "[Redacted]"),)),
    ],
)
def test_a_record_without_the_fields_on_what_is_given_does_not_say_that_nothing_is(
    record: RecordText,
) -> None:
    reading = read(record)
    assert reading.products == (Product.NOT_STATED,)
    assert [*reading.tissue, *reading.donor, *reading.routes] == ["not_stated"] * 3
    assert reading.intravenous == "not_stated"
    assert reading.evidence == ()


def test_words_that_name_no_cells_say_that_none_are_given() -> None:
    reading = read(record_named("Aspirin", brief_summary="Aspirin after a stroke."))
    assert reading.products == (Product.NONE,)
    assert reading.intravenous == "no"
