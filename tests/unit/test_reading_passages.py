import pytest

from stemcheck.reading import read
from stemcheck.reading.passages import LONGEST_PASSAGE, Part, plain, read_passages
from stemcheck.trial.text import ArmText, InterventionText, RecordText


def fields_of(record: RecordText) -> list[str]:
    return [passage.field for passage in read_passages(record)]


def test_passages_come_most_trusted_first() -> None:
    record = RecordText(
        brief_title="title",
        brief_summary="summary",
        keywords=("key",),
        detailed_description="detail",
        interventions=(InterventionText(name="cells", description="given"),),
        arms=(ArmText(label="arm", description="one"),),
    )
    assert fields_of(record) == [
        "interventions[0].name",
        "interventions[0].description",
        "armGroups[0].label",
        "armGroups[0].description",
        "briefTitle",
        "briefSummary",
        "keywords[0]",
        "detailedDescription",
    ]


def test_eligibility_is_never_a_passage() -> None:
    record = RecordText(brief_title="t", eligibility_criteria="mesenchymal stem cells IV")
    assert fields_of(record) == ["briefTitle"]


def test_empty_and_blank_fields_are_left_out() -> None:
    assert read_passages(RecordText(brief_title=" \n ")) == []


def test_other_names_are_read_as_one_text_with_cuts() -> None:
    record = RecordText(
        interventions=(InterventionText(other_names=("bone marrow", "stem cells")),)
    )
    (passage,) = read_passages(record)
    assert passage.verbatim == "bone marrow stem cells"
    assert passage.part is Part.INTERVENTION_OTHER_NAMES
    assert passage.cuts == (11, 22)


def test_a_passage_knows_its_intervention_or_arm() -> None:
    record = RecordText(
        interventions=(InterventionText(name="a"), InterventionText(name="b")),
        arms=(ArmText(label="c"),),
    )
    owners = [(p.intervention, p.arm) for p in read_passages(record)]
    assert owners == [(0, None), (1, None), (None, 0)]


def test_a_huge_field_is_read_in_part() -> None:
    record = RecordText(detailed_description="a" * (LONGEST_PASSAGE + 5))
    (passage,) = read_passages(record)
    assert len(passage.verbatim) == LONGEST_PASSAGE


def test_a_huge_list_of_other_names_is_read_in_part() -> None:
    names = ("b" * 1000,) * 300
    record = RecordText(interventions=(InterventionText(other_names=names),))
    (passage,) = read_passages(record)
    assert len(passage.verbatim) == LONGEST_PASSAGE
    assert len(passage.cuts) < 300


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Wharton&#39;s jelly", "Wharton's jelly"),
        ("Wharton&#x27;s jelly", "Wharton's jelly"),
        ("Wharton&amp;#39;s jelly", "Wharton's jelly"),
        ("2 x 10\\^6 \\[one dose\\]", "2 x 10^6 [one dose]"),
        ("\\> 18 &amp; \\< 65", "> 18 & < 65"),
        ("&nosuch; a\\b &", "&nosuch; a\\b &"),
    ],
)
def test_escapes_and_entities_are_undone_and_no_other_sign_moves(written: str, words: str) -> None:
    undone = plain(written)
    assert "".join(undone.split()) == "".join(words.split())
    assert len(undone) == len(written)


def test_a_quote_is_verbatim_where_words_were_undone_for_reading() -> None:
    told = "Wharton&#39;s jelly mesenchymal stem cells, 2 x 10\\^6 per kg, intravenously"
    entry = InterventionText("BIOLOGICAL", "WJ-7", (), told)
    reading = read(RecordText("", "INTERVENTIONAL", interventions=(entry,)))
    assert [*reading.tissue, *reading.routes] == ["umbilical_cord", "intravenous"]
    assert {one.quote for one in reading.evidence} == {told}
