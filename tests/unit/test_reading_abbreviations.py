"""Letters that are cells in one record and something else in the next."""

import pytest

from stemcheck.reading import explain, read
from stemcheck.trial.text import InterventionText, RecordText


def products_of(name: str, told: str, kind: str = "BIOLOGICAL", **parts: object) -> set[str]:
    entry = InterventionText(kind, name, (), told)
    record = RecordText(study_type="INTERVENTIONAL", interventions=(entry,), **parts)  # type: ignore[arg-type]
    return {str(product) for product in read(record).products}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Tirzepatide", "5 mg administered SC once a week"),
        ("Drug A", "300 mg, SC, every four weeks; T cells are counted"),
        ("MSC training", "Mindful self-compassion (MSC) is taught in eight sessions."),
        ("MSC", "Eight weekly sessions in a group"),
        ("MSC 2490484A", "A tablet a day"),
        ("Docetaxel (NSC #119875)", "By vein. Neural stem cells are counted."),
        ("HCT 25 mg", "Hydrochlorothiazide (HCT) is given once a day."),
        ("MUSE 1000", "A pellet administered into the urethra"),
        ("EV 1.25 mg/kg", "Enfortumab vedotin (EV) is infused."),
        ("PRP programme", "Exercise after radical prostatectomy (PRP)"),
        ("CM formula", "Formula of cow's milk (CM) is given to infants."),
        ("CTL arm", "Usual care (control, CTL)"),
    ],
)
def test_letters_of_something_else_are_no_cells(name: str, told: str) -> None:
    assert products_of(name, told) == {"none"}


@pytest.mark.parametrize(
    ("name", "told", "kind"),
    [
        ("MSC", "Mesenchymal stem cells (MSC) are infused.", "mesenchymal"),
        ("MSCs", "Mesenchymal stromal cells (MSCs) are infused.", "mesenchymal"),
        ("MSC infusion", "Mesenchymal stromal cells, 10 million.", "mesenchymal"),
        ("hUC-MSC", "One dose", "mesenchymal"),
        ("Allogeneic MSC", "One dose", "mesenchymal"),
        ("Adipose-derived MSC", "One dose", "mesenchymal"),
        ("SC", "Autologous stem cells (SC) are injected.", "unspecified_stem"),
        ("NSC", "Neural stem cells (NSC) are injected.", "other_stem"),
        ("HCT", "Hematopoietic cell transplantation (HCT) on day 0", "hematopoietic"),
        ("PRP", "Platelet-rich plasma (PRP) is injected.", "other_cells"),
        ("EVs", "Extracellular vesicles (EVs) are inhaled.", "cell_free"),
    ],
)
def test_letters_that_the_record_spells_out_are_cells(name: str, told: str, kind: str) -> None:
    assert products_of(name, told) == {kind}


def test_letters_that_stand_for_other_cells_are_not_these() -> None:
    told = "Myeloid-derived suppressor cells (MDSC) are counted."
    assert products_of("MDSC", told) == {"none"}


def test_the_words_that_spell_letters_out_are_quoted_too() -> None:
    entry = InterventionText("BIOLOGICAL", "MSC", (), "One infusion")
    summary = "Mesenchymal stem cells (MSC) are given after a stroke."
    record = RecordText("", "INTERVENTIONAL", interventions=(entry,), brief_summary=summary)
    reading, steps = explain(record)
    quotes = {(one.field, one.quote) for one in reading.evidence if one.claim == "product"}
    assert quotes == {
        ("interventions[0].name", "MSC"),
        ("briefSummary", summary.removesuffix(".")),
    }
    assert any(step.why == "spelled_out" for step in steps)


def test_the_trace_says_why_letters_were_refused() -> None:
    entry = InterventionText("DRUG", "Drug A", (), "Given SC")
    _, steps = explain(RecordText("", "INTERVENTIONAL", interventions=(entry,)))
    assert any(step.why == "letters_unspelled" for step in steps)
