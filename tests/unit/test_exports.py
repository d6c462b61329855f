"""RIS and xlsx, read back by the readers that people have: what went in comes out, whatever it holds."""

import io
from typing import Any

import openpyxl
import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from stemcheck.output.account import facts_of, sentence_of
from stemcheck.output.formats.csv import LONGEST_CELL
from stemcheck.output.formats.ris import ris_of
from stemcheck.output.formats.xlsx import write_workbook
from stemcheck.output.plain import clean
from stemcheck.trial.account import Account, LeftOut
from stemcheck.trial.answer import Counts, Notice, Request, Source, TrialsAnswer, UnreadableRecord
from stemcheck.trial.columns import COLUMNS
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.trial import Intervention, Sponsor, Trial
from tests.unit.test_evidence import study

ACCOUNT = Account(
    command="stemcheck trials -c stroke --explain",
    asked_at="2026-11-30T10:00:00Z",
    stemcheck_version="0.2.0",
    rules_version="7",
    left_out=(
        LeftOut(
            nct_id="NCT90000020",
            title="=A drug",
            reason="no_cells_given",
            why="no cells are given",
            field="interventions[0].name",
            quote="aspirin",
        ),
        LeftOut(
            nct_id="NCT90000021", title=None, reason="no_cells_given", why="no cells are given"
        ),
    ),
)


def trial(number: int = 1, **changes: Any) -> Trial:
    made = study(number).trial
    dates = made.dates.model_copy(update={"first_submitted": "2021-05-17", "start": "2021-06"})
    return made.model_copy(
        update={
            "brief_title": "Cells for stroke",
            "official_title": "A trial of cells for stroke",
            "conditions": ("Stroke", "System; Lupus Erythematosus"),
            "keywords": ("MSC", "Stroke"),
            "interventions": (Intervention(type="BIOLOGICAL", name="Cells"),),
            "sponsor": Sponsor(name="University of Nowhere", class_="OTHER"),
            "dates": dates,
            "url": "https://clinicaltrials.gov/study/NCT90000001",
            **changes,
        }
    )


def answer(*trials: Trial, **changes: Any) -> TrialsAnswer:
    made = TrialsAnswer(
        query=TrialQuery(conditions=("stroke",)),
        request=Request(
            url="https://registry.example/studies?x=1", web_url="https://web.example/?y"
        ),
        source=Source(
            kind="live",
            registry="ClinicalTrials.gov",
            data_timestamp="2026-11-28",
            retrieved_at="2026-11-30T10:00:00Z",
        ),
        counts=Counts(
            registry_total=6,
            fetched=6,
            shown=len(trials),
            left_out={"no_cells_given": 2},
            unreadable=1,
            complete=True,
        ),
        trials=trials,
        cautions=(),
        unreadable=(UnreadableRecord(nct_id="NCT90000030", reason="a broken record"),),
        notices=(Notice(id="x", text="Something to know"),),
        explain=ACCOUNT,
    )
    return made.model_copy(update=changes)


def read_ris(of: TrialsAnswer) -> list[dict[str, Any]]:
    return list(rispy.loads("".join(ris_of(of)), skip_unknown_tags=False))


def read_workbook(of: TrialsAnswer) -> Any:
    stream = io.BytesIO()
    write_workbook(of, stream)
    return openpyxl.load_workbook(stream)


def rows(sheet: Any) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def studies_in(book: Any) -> list[dict[str, Any]]:
    head, *studies = rows(book["Studies"])
    return [dict(zip(head, row, strict=True)) for row in studies]


def test_a_reference_manager_reads_each_study() -> None:
    search, record, other = read_ris(answer(trial(1), trial(2)))
    assert search["type_of_reference"] == "GEN"
    assert record["type_of_reference"] == "DBASE"
    assert record["title"] == "Cells for stroke"
    assert record["accession_number"] == record["id"] == "NCT90000001"
    assert other["accession_number"] == "NCT90000002"
    assert record["authors"] == ["University of Nowhere"]
    assert (record["year"], record["date"]) == ("2021", "2021/05/17")
    assert record["name_of_database"] == "ClinicalTrials.gov"
    assert record["urls"] == ["https://clinicaltrials.gov/study/NCT90000001"]
    assert record["keywords"] == ["Stroke", "System; Lupus Erythematosus", "MSC", "Cells"]
    assert record["access_date"] == "2026/11/30"


def test_the_search_itself_is_a_record_that_repeats_it() -> None:
    search = read_ris(answer(trial()))[0]
    notes = "\n".join(search["notes"])
    for fact in (
        "stemcheck trials -c stroke --explain",
        "2026-11-30T10:00:00Z",
        "https://registry.example/studies?x=1",
        "2026-11-28",
        "Left out: no cells are given, as far as the record says: 2: NCT90000020 NCT90000021",
        "stemcheck: 0.2.0",
        "Reading rules: 7",
        "Something to know",
    ):
        assert fact in notes
    assert search["urls"] == ["https://web.example/?y"]
    assert "left out: 2; not readable: 1." in search["abstract"]
    assert search["keywords"] == ["stemcheck search record"]


@pytest.mark.parametrize(
    "hostile",
    [
        "End\r\nER  - \r\nTY  - JOUR",
        "\x1b[31mred",
        "line\nTI  - another",
        "\u2028TY  - X",
        "TY  - JOUR",
        "",
    ],
)
def test_no_text_of_a_record_begins_a_tag_of_its_own(hostile: str) -> None:
    of = answer(trial(brief_title=hostile, conditions=(hostile,), official_title="Official"))
    search, record = read_ris(of)
    assert search["type_of_reference"] == "GEN"
    assert record["type_of_reference"] == "DBASE"
    assert record["title"] == (clean(hostile) or "Official")
    assert record["accession_number"] == "NCT90000001"


def test_partial_dates_stay_partial() -> None:
    made = trial()
    dates = made.dates.model_copy(update={"first_submitted": None, "start": "2021-06"})
    record = read_ris(answer(made.model_copy(update={"dates": dates})))[1]
    assert (record["year"], record["date"]) == ("2021", "2021/06")
    nothing = made.dates.model_copy(update={"first_submitted": None, "start": "soon"})
    record = read_ris(answer(made.model_copy(update={"dates": nothing})))[1]
    assert "year" not in record
    assert "date" not in record


@settings(max_examples=25)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_come_back_as_they_look(title: str, condition: str) -> None:
    of = answer(
        trial(brief_title=f"x{title}", conditions=(f"y{condition}",), keywords=(), interventions=())
    )
    record = read_ris(of)[1]
    assert record["title"] == clean(f"x{title}")
    assert record["keywords"] == [clean(f"y{condition}")]
    (row,) = studies_in(read_workbook(of))
    assert row["brief_title"] == clean(f"x{title}")
    assert row["conditions"] == clean(f"y{condition}")


def test_a_workbook_holds_the_studies_with_their_kinds() -> None:
    book = read_workbook(answer(trial(1), trial(2, has_results=None)))
    assert book.sheetnames == ["Studies", "Search", "Left out", "Unreadable"]
    assert rows(book["Studies"])[0] == list(COLUMNS)
    first, second = studies_in(book)
    wanted = {
        "nct_id": "NCT90000001",
        "conditions": "Stroke\nSystem; Lupus Erythematosus",
        "has_results": False,
        "enrollment": 10,
        "start": "2021-06",
        "start_year": "2021",
        "source": "live",
    }
    assert {name: first[name] for name in wanted} == wanted
    assert second["has_results"] is None


def test_a_workbook_holds_the_search_and_what_it_left_out() -> None:
    of = answer(trial())
    book = read_workbook(of)
    search = rows(book["Search"])
    assert search[1:] == [list(fact) for fact in facts_of(of, ACCOUNT)]
    assert ["Listed", "1"] in search
    assert rows(book["Left out"])[1] == [
        "NCT90000020",
        "=A drug",
        "no_cells_given",
        "no cells are given",
        "interventions[0].name",
        "aspirin",
    ]
    assert rows(book["Unreadable"])[1] == ["NCT90000030", "a broken record"]


def test_a_workbook_has_no_sheet_for_what_there_is_none_of() -> None:
    book = read_workbook(
        answer(trial(), unreadable=(), explain=ACCOUNT.model_copy(update={"left_out": ()}))
    )
    assert book.sheetnames == ["Studies", "Search"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "https://evil.example", "007", "1e5"])
def test_a_text_is_never_a_formula_a_link_or_a_number(text: str) -> None:
    book = read_workbook(answer(trial(brief_title=text)))
    cell = book["Studies"]["C2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_a_cell_that_is_too_long_says_that_it_was_cut() -> None:
    value = read_workbook(answer(trial(brief_title="x" * 40_000)))["Studies"]["C2"].value
    assert len(value) == LONGEST_CELL
    assert value.endswith("JSON has all)")


def test_saved_data_never_pass_for_an_answer_of_the_registry() -> None:
    source = replace_kind(answer().source)
    sentence = sentence_of(answer(source=source), ACCOUNT)
    assert "was not asked" in sentence
    assert "Why the registry was not asked" in [
        fact.label for fact in facts_of(answer(source=source), ACCOUNT)
    ]


def replace_kind(source: Source) -> Source:
    return source.model_copy(update={"kind": "sample", "why_not_live": "offline"})


def test_what_is_not_known_is_not_told_as_nought() -> None:
    of = answer()
    unknown = of.counts.model_copy(update={"registry_total": None})
    facts = dict(facts_of(of.model_copy(update={"counts": unknown}), ACCOUNT))
    assert facts["Announced by the registry"] == "not stated"
