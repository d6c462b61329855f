import tomllib
from importlib.resources import files

import pytest

from stemcheck.reading import explain, read
from stemcheck.reading.passages import Part, Passage
from stemcheck.reading.quotes import LONGEST_QUOTE_WORDS, quote_around
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import read_study
from stemcheck.trial.study import Unreadable
from stemcheck.trial.text import ArmText, InterventionText, RecordText
from stemcheck.words import entry_of
from tests.conftest import PROJECT

RECORD = RecordText(
    study_type="INTERVENTIONAL",
    brief_title="Autologous bone marrow mesenchymal stem cells (MSC) after HSCT",
    interventions=(
        InterventionText(
            "BIOLOGICAL",
            "MSC",
            ("autologous bone marrow-derived human mesenchymal", "stem cells"),
            "MSC are infused by vein; exosomes of MSC are measured.",
        ),
        InterventionText("OTHER", "Placebo for MSC"),
    ),
    arms=(
        ArmText("MSC", "EXPERIMENTAL", "MSC intravenously", ("Biological: MSC",)),
        ArmText("Placebo", "PLACEBO_COMPARATOR", "Saline", ("Other: Placebo for MSC",)),
    ),
)


def strings_of(record: RecordText) -> list[str]:
    interventions = [
        text
        for one in record.interventions
        for text in (one.name, *one.other_names, one.description)
    ]
    arms = [text for one in record.arms for text in (one.label, one.description)]
    return [record.brief_title, *interventions, *arms]


def test_read_and_explain_agree() -> None:
    assert read(RECORD) == explain(RECORD)[0]


def test_every_value_but_not_stated_and_none_has_a_verbatim_quote() -> None:
    reading = read(RECORD)
    claims = {(one.claim, one.value) for one in reading.evidence}
    values = {
        *(("product", str(value)) for value in reading.products),
        *(("tissue", str(value)) for value in reading.tissue),
        *(("donor", str(value)) for value in reading.donor),
        *(("route", str(value)) for value in reading.routes),
    }
    assert claims == values
    for one in reading.evidence:
        assert any(one.quote in text for text in strings_of(RECORD)), one


def test_the_trace_tells_what_was_refused_and_why() -> None:
    _, steps = explain(RECORD)
    refused = [step for step in steps if step.decision == "refused" and step.claim == "product"]
    assert any("HSCT" in step.quote for step in refused)
    assert any(step.why == "parent_cells" for step in refused)


def test_every_rule_of_the_trace_is_a_row_or_a_phrase_of_its_file() -> None:
    _, steps = explain(RECORD)
    assert {step.rule.partition(" ")[0] for step in steps} >= {"cells.toml", "context.toml"}
    for step in steps:
        name, _, path = step.rule.partition(" ")
        table = tomllib.loads((files("stemcheck.reading") / "vocabulary" / name).read_text("utf-8"))
        if name == "context.toml":
            assert path in [row["id"] for row in table["context"]]
        else:
            kind, value, key = path.split(".")
            assert table[kind][value][key]


def passage(text: str, cuts: tuple[int, ...] = ()) -> Passage:
    return Passage("briefSummary", text, Part.BRIEF_SUMMARY, cuts=cuts)


def test_a_quote_is_the_clause_that_carries_the_words() -> None:
    text = "First this. MSC are infused i.v. in patients; later nothing."
    start = text.index("MSC")
    assert quote_around(passage(text), start, start + 3) == "MSC are infused i.v. in patients"


@pytest.mark.parametrize("place", [0, 50, 99])
def test_a_quote_is_at_most_twenty_words_and_holds_the_words(place: int) -> None:
    words = [f"w{number:02d}" for number in range(100)]
    text = " ".join(words)
    start = text.index(words[place])
    quote = quote_around(passage(text), start, start + 3)
    assert words[place] in quote.split()
    assert len(quote.split()) <= LONGEST_QUOTE_WORDS
    assert quote in text


def test_a_quote_of_more_than_twenty_words_is_cut() -> None:
    text = " ".join(["cell"] * 40)
    assert len(quote_around(passage(text), 0, len(text)).split()) == LONGEST_QUOTE_WORDS


def test_a_quote_stays_inside_one_other_name() -> None:
    text = "bone marrow stem cells"
    assert quote_around(passage(text, (11, 22)), 0, 11) == "bone marrow"
    assert quote_around(passage(text, (11, 22)), 12, 22) == "stem cells"
    assert quote_around(passage(text, (11, 22)), 5, 16) == "bone marrow"


def test_every_reason_has_words() -> None:
    keys = set(entry_of("reading.why"))
    vocabulary = files("stemcheck.reading") / "vocabulary" / "context.toml"
    rows = tomllib.loads(vocabulary.read_text(encoding="utf-8"))["context"]
    assert {row["why"] for row in rows if row.get("why")} <= keys
    for path in sorted((PROJECT / "fixtures" / "studies").glob("*.json")):
        record = read_study(path.read_bytes())
        assert not isinstance(record, Unreadable)
        assert {step.why for step in explain(study_for(record).text)[1]} <= keys, path.name
