"""The table of the context: each field of a row does what it says, and every row means something."""

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from stemcheck.reading import context, explain
from stemcheck.reading.context import Row, effects_on, load_rows
from stemcheck.reading.lexicon import load_tables
from stemcheck.reading.passages import Part, Passage
from stemcheck.reading.scan import scan_passages
from stemcheck.trial.text import RecordText
from tests.unit.reading_made_up import record_named

CELL = frozenset({"cell"})
TISSUE = frozenset({"tissue"})


def has_effect(monkeypatch: pytest.MonkeyPatch, text: str, **fields: Any) -> bool:
    """Whether a row of tissue words has its effect on the last cell term of a text."""
    told = {"trigger": TISSUE, "target": CELL, "trigger_kinds": TISSUE, **fields}
    row = Row(id="tried", effect="tried", **told)
    monkeypatch.setattr(context, "load_rows", lambda: (row,))
    context._rows_for.cache_clear()
    (scan,) = scan_passages([Passage("briefSummary", text, Part.BRIEF_SUMMARY)])
    *_, mark = scan.of("cell")
    try:
        return "tried" in effects_on(mark)
    finally:
        context._rows_for.cache_clear()


@pytest.mark.parametrize(
    ("text", "fields", "holds"),
    [
        ("tonsil of stem cells", {"side": "before", "reach": 1}, True),
        ("tonsil of the stem cells", {"side": "before", "reach": 1}, False),
        ("stem cells of tonsil", {"side": "before", "reach": 5}, False),
        ("stem cells of tonsil", {"side": "after", "reach": 1}, True),
        ("stem cells of tonsil", {"side": "beside", "reach": 1}, True),
        ("tonsil of stem cells", {"side": "beside", "reach": 1}, True),
        ("dental pulp stem cells", {"side": "inside"}, True),
        ("stem cells, and far away in another clause; tonsil", {"side": "sentence"}, True),
        ("stem cells, and far away in another clause; tonsil", {"side": "clause"}, False),
        ("stem cells. The tonsil", {"side": "sentence"}, False),
        ("tonsil; stem cells", {"side": "before", "reach": 5}, False),
        ("tonsil; stem cells", {"side": "before", "reach": 5, "same_clause": False}, True),
        ("stem cells (of tonsil)", {"side": "after", "reach": 5}, True),
        ("stem cells of patients (of tonsil)", {"side": "after", "reach": 5}, False),
        ("tonsil and stem cells", {"side": "before", "reach": 5, "stops": {"join"}}, False),
        ("tonsil or stem cells", {"side": "before", "reach": 5, "stops": {"join"}}, True),
        ("tonsil (and fat) stem cells", {"side": "before", "reach": 5, "stops": {"join"}}, True),
        ("tonsil derived stem cells", {"side": "before", "reach": 5, "via": {"link"}}, True),
        ("tonsil of stem cells", {"side": "before", "reach": 5, "via": {"link"}}, False),
        ("tonsil of stem cells", {"side": "before", "reach": 5, "words": {"of"}}, True),
        ("tonsil for stem cells", {"side": "before", "reach": 5, "words": {"of"}}, False),
        ("tonsil for stem cells", {"side": "before", "reach": 5, "not_words": {"for"}}, False),
        ("tonsil of stem cells", {"side": "before", "reach": 5, "not_words": {"for"}}, True),
        ("tonsil-stem cells", {"side": "before", "direct": True}, True),
        ("tonsil/stem cells", {"side": "before", "direct": True}, False),
        ("tonsils stem cells", {"side": "before", "direct": True}, False),
        ("tonsil of stem cells", {"side": "before", "reach": 5, "unless": CELL}, False),
    ],
)
def test_each_field_of_a_row_does_what_it_says(
    monkeypatch: pytest.MonkeyPatch, text: str, fields: dict[str, Any], holds: bool
) -> None:
    assert has_effect(monkeypatch, text, **fields) == holds


def test_a_word_inside_another_cell_term_is_said_of_that_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fields = {"side": "before", "reach": 8, "stops": {"cell"}}
    assert not has_effect(monkeypatch, "dental pulp stem cells or neural stem cells", **fields)
    assert has_effect(monkeypatch, "dental pulp or neural stem cells", **fields)


def test_every_row_names_words_that_the_vocabularies_have() -> None:
    sorts = set()
    for table in load_tables().values():
        for kind, values in table.items():
            if kind not in {"places", "sorts", "context"}:
                sorts |= {kind, *(f"{kind}.{value}" for value in values)}
                sorts |= {f"{kind}.{v}.{key}" for v, rules in values.items() for key in rules}
    sorts |= {"code", "drug_name"}
    for row in load_rows():
        named = row.trigger | row.target | row.stops | row.via | row.unless
        assert named <= sorts, (row.id, named - sorts)


def test_no_two_rows_have_one_name_and_a_row_that_is_told_says_why() -> None:
    rows = tomllib.loads(
        (files("stemcheck.reading") / "vocabulary" / "context.toml").read_text("utf-8")
    )["context"]
    names = [row["id"] for row in rows]
    assert len(names) == len({*names})
    assert all(row["why"] for row in rows if row["effect"] in {"refuse", "source"})


def test_the_trace_names_the_row_that_refused_the_words() -> None:
    told = "Cord blood cells are expanded on mesenchymal stromal cells."
    record: RecordText = record_named("Expanded cord blood cells", told, brief_summary="Anaemia.")
    _, steps = explain(record)
    refused = [step for step in steps if step.decision == "refused" and step.value == "mesenchymal"]
    assert [step.rule for step in refused] == ["context.toml measured.before"]
    assert "grown_on" in refused[0].why
