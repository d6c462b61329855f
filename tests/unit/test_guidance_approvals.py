"""The table of approved products: dated, sourced, open about its gaps and its age."""

import re
from datetime import date

import pytest

from stemcheck.guidance.approvals import age_warning, approval_notes, approvals, not_listed
from stemcheck.guidance.texts import checked_on

BY_ID = {item.id: item for item in approvals()}


def test_the_only_mesenchymal_product_is_ryoncil_since_december_2024():
    mesenchymal = [item for item in approvals() if item.kind == "mesenchymal"]
    assert [(item.product, item.approved_on) for item in mesenchymal] == [("Ryoncil", "2024-12-18")]
    assert mesenchymal[0].route == "by vein only"
    assert "2 months" in mesenchymal[0].ages


def test_every_row_is_one_product_dated_and_sourced():
    assert len(BY_ID) == len(approvals())
    for item in approvals():
        assert re.fullmatch(r"\d{4}(-\d{2}){0,2}", item.approved_on), item.product
        assert re.search(r"\d{4}", item.source), item.product
        assert item.plain_use
        assert item.use
        assert item.used_for


def test_a_label_that_was_not_read_is_said_so():
    read = {item.id for item in approvals() if item.label_was_read}
    assert read == {"ryoncil", "hemacord"}
    assert "not read this label" in approval_notes().label_not_read


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tregzi", "two press reports"),
        ("omisirge", "the day in 2023"),
        ("kresladi", "from the maker, press reports"),
        ("casgevy", "one weak report"),
        *(
            (name, "from press reports")
            for name in ("waskyra", "lenmeldy", "lyfgenia", "skysona", "zynteglo")
        ),
    ],
)
def test_a_row_says_itself_what_is_not_confirmed_and_what_it_rests_on(name, words):
    assert words in BY_ID[name].not_confirmed


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("skysona", "10 of the 67"),
        ("lyfgenia", "blood cancer"),
        ("omisirge", "graft-versus-host disease"),
        ("hemacord", "Boxed warning"),
        ("ducord", "expect those of Hemacord"),
    ],
)
def test_boxed_warnings_are_told(name, words):
    assert words in BY_ID[name].warning


def test_what_a_patient_looks_for_is_found():
    table = " ".join(f"{item.product} {item.plain_use} {item.ages}" for item in approvals())
    for words in ("Sickle cell disease", "TREGZI", "KRESLADI", "From 12 years", "Casgevy"):
        assert words in table


def test_the_table_says_until_when_it_knows_and_where_the_fda_keeps_its_own():
    notes = approval_notes()
    assert notes.known_until <= notes.checked_on == checked_on()
    days = [item.approved_on for item in approvals() if len(item.approved_on) == len("2026-06-30")]
    assert max(map(date.fromisoformat, days)) == notes.known_until
    assert f"{notes.known_until:%d %b %Y}" in notes.gaps
    assert notes.fda_list in notes.gaps
    assert notes.fda_list.startswith("https://www.fda.gov/")


@pytest.mark.parametrize(
    ("today", "warns"),
    [
        (date(2026, 11, 30), False),
        (date(2027, 5, 29), False),
        (date(2027, 5, 30), True),
        (date(2030, 1, 1), True),
        (date(1990, 1, 1), False),  # a clock behind the table makes it no older
        (date(9999, 12, 31), True),
    ],
)
def test_a_table_of_more_than_half_a_year_says_so_itself(today, warns):
    warning = age_warning(today)
    assert (warning is not None) == warns
    if warning:
        assert "30 Nov 2026" in warning


def test_products_that_are_not_approved_stem_cells_are_named_apart():
    listed = " ".join(item.product for item in approvals())
    named = {
        "MACI", "Symvess", "CAR-T", "Amtagvi", "Provenge", "Zevaskyn", "Alofisel", "Holoclar", "Stemirac",
        "Temcell", "Exosome", "Deramiocel",
    }  # fmt: skip
    for name in named:
        assert name not in listed
        assert any(name in item.products for item in not_listed()), name
    assert all(item.why and item.source for item in not_listed())


def test_what_is_still_open_is_said_to_be_open():
    why = {item.id: item.why for item in not_listed()}
    assert "due on 22 August 2026. The outcome is not known to this version" in why["deramiocel"]
    assert "14 November 2025" in why["japan"]


def test_a_trial_an_entry_in_a_list_and_a_state_law_are_not_called_approval():
    notes = approval_notes()
    assert notes.trial_note.startswith("The FDA does not approve trials.")
    assert "An NDC number is not approval." in notes.unfinished
    assert "Allowed by a state is not approved" in notes.state_note
    assert "not approval for another" in notes.lead
