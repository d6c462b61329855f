"""Filter words are read forgivingly, and a mistake is answered with the right word."""

import pytest

from stemcheck.errors import UsageError
from stemcheck.services import filters
from stemcheck.services.show import checked_number
from stemcheck.trial.status import STATUS_GROUPS, STATUSES, label_for


def values(name: str, *texts: str) -> tuple[str, ...]:
    return getattr(filters.query_from({name: texts}, called="options"), name)  # type: ignore[no-any-return]


def statuses(*texts: str) -> tuple[str, ...]:
    return values("statuses", *texts)


@pytest.mark.parametrize("status", list(STATUSES))
def test_every_status_is_known_as_value_and_as_label(status: str) -> None:
    assert statuses(status) == statuses(label_for(status)) == (status,)
    assert statuses(status.lower().replace("_", "-")) == (status,)


def test_the_comma_inside_a_status_does_not_split_it() -> None:
    assert statuses("Active, not recruiting") == ("ACTIVE_NOT_RECRUITING",)
    assert statuses("completed, terminated") == ("COMPLETED", "TERMINATED")


def test_groups_stand_for_several_statuses() -> None:
    assert statuses("open") == tuple(STATUS_GROUPS["open"])
    assert statuses("open", "recruiting") == tuple(STATUS_GROUPS["open"])


@pytest.mark.parametrize(
    ("typed", "advice"),
    [("recruting", "'recruiting'"), ("compleeted", "'completed'"), ("withdrwan", "'withdrawn'")],
)
def test_a_mistyped_status_is_answered_with_the_right_word(typed: str, advice: str) -> None:
    with pytest.raises(UsageError) as caught:
        statuses(typed)
    assert advice in str(caught.value.hint)


@pytest.mark.parametrize(
    ("typed", "phases"),
    [
        ("1", ("PHASE1",)), ("Phase 2", ("PHASE2",)), ("PHASE3", ("PHASE3",)), ("iv", ("PHASE4",)),
        ("early1", ("EARLY_PHASE1",)), ("n/a", ("NA",)), ("1/2", ("PHASE1", "PHASE2")),
    ],
)  # fmt: skip
def test_phases_are_read_in_every_usual_spelling(typed: str, phases: tuple[str, ...]) -> None:
    assert values("phases", typed) == phases


def test_a_phase_that_is_none_is_refused_with_the_list() -> None:
    with pytest.raises(UsageError, match="'5'") as caught:
        values("phases", "5")
    assert "early1, 1, 2, 3, 4, na" in str(caught.value.hint)


def test_routes_and_cells_take_the_words_of_the_reading_and_short_ones() -> None:
    assert values("routes", "IV", "by vein") == ("intravenous",)
    assert values("routes", "intra-thecal") == ("intrathecal",)
    assert values("cells", "MSCs") == ("mesenchymal",)


@pytest.mark.parametrize("typed", ["NCT04506073", "nct04506073", " NCT 0450 6073 ", "NCT-04506073"])
def test_numbers_are_read_in_any_usual_form(typed: str) -> None:
    assert checked_number(typed) == "NCT04506073"


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("04506073", "NCT04506073"),
        ("NCT123", "eight digits"),
        ("stroke", "eight digits"),
        ("", "eight"),
    ],
)
def test_what_is_no_number_is_answered_with_the_right_form(typed: str, advice: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked_number(typed)
    assert advice in str(caught.value.hint)


@pytest.mark.parametrize("topic", ["route", "product"])
def test_every_plain_word_that_a_table_prints_is_a_word_of_the_filter(topic: str) -> None:
    from stemcheck.guidance.glossary import entries

    words, _ = filters.words_of_filter({"route": "routes", "product": "cells"}[topic])
    for entry in entries(topic):
        if (topic, entry.value) != ("route", "none"):
            for typed in (entry.value, entry.plain, entry.plain.upper()):
                assert entry.value in words[filters.fold(typed)]


@pytest.mark.parametrize(
    ("typed", "routes"),
    [
        ("drip", ("intravenous",)),
        ("vein", ("intravenous",)),
        ("into the brain", ("intracerebral",)),
        ("spine", ("intrathecal", "intraspinal")),
        ("spinal tap", ("intrathecal",)),
        ("knee", ("intra_articular",)),
        ("nose spray", ("intranasal",)),
        ("skin", ("subcutaneous", "topical")),
    ],
)
def test_lay_words_are_routes(typed: str, routes: tuple[str, ...]) -> None:
    assert values("routes", typed) == routes


def test_an_unknown_route_is_answered_with_a_few_common_words_that_are_all_known() -> None:
    words, shown = filters.words_of_filter("routes")
    with pytest.raises(UsageError) as caught:
        values("routes", "telepathy")
    assert "drip" in str(caught.value.hint)
    assert "extracorporeal" not in str(caught.value.hint)
    assert all(filters.fold(word) in words for word in shown[:-1])
    assert len(shown) <= 12
