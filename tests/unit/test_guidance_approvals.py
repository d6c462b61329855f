"""The table of approved products: dated, sourced, and not out of date as it was so often copied."""

import re
from datetime import date

from stemcheck.guidance.approvals import approval_notes, approvals, checked_on, not_listed


def test_the_only_mesenchymal_product_is_ryoncil_since_december_2024():
    mesenchymal = [item for item in approvals() if item.kind == "mesenchymal"]
    assert [(item.product, item.approved_on) for item in mesenchymal] == [("Ryoncil", "2024-12-18")]
    assert mesenchymal[0].route == "by vein only"


def test_every_product_is_dated_and_sourced():
    for item in approvals():
        assert re.fullmatch(r"\d{4}(-\d{2}){0,2}|\d{4} to \d{4}", item.approved_on)
        assert item.source
        assert item.plain_use


def test_the_table_says_until_when_it_knows():
    notes = approval_notes()
    assert notes.known_until <= notes.checked_on == checked_on()
    days = [
        item.approved_on
        for item in approvals()
        if re.fullmatch(r"\d{4}-\d\d-\d\d", item.approved_on)
    ]
    assert max(map(date.fromisoformat, days)) == notes.known_until


def test_products_that_hold_no_stem_cells_are_named_apart():
    listed = " ".join(item.product for item in approvals())
    for name in ("MACI", "Symvess", "CAR-T", "Alofisel", "Stemirac"):
        assert name not in listed
        assert any(name in item.products for item in not_listed())


def test_a_trial_is_not_said_to_be_approved():
    assert approval_notes().trial_note.startswith("The FDA does not approve trials.")
    assert "not approval for yours" in approval_notes().lead
