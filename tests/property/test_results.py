"""No record, however broken, keeps its long form from being made, and nothing is made up for it."""

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stemcheck.registry.results import results_of
from stemcheck.registry.translate import outcomes_of, study_for
from stemcheck.registry.wire import read_record
from stemcheck.services.show import in_full
from stemcheck.trial.study import Unreadable
from tests.conftest import PROJECT

STUDY = json.loads(
    (PROJECT / "fixtures" / "studies" / "stopped-frostbite-results.json").read_text(
        encoding="utf-8"
    )
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def places_in(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    return [way, *(place for key, item in items for place in places_in(item, (*way, key)))]


PLACES = [place for place in places_in(STUDY) if place and place[0] != "derivedSection"]


def replaced(place: tuple[Any, ...], value: Any, study: Any = STUDY) -> dict[str, Any]:
    changed: dict[str, Any] = copy.deepcopy(study)
    target: Any = changed
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    return changed


def shown(record: Any) -> str | None:
    """The long form of a record as JSON; None when the record as a whole cannot be read."""
    read = read_record(record, is_long=True)
    if isinstance(read, Unreadable):
        return None
    study = study_for(read, with_details=True, is_long=True)
    return in_full(study.trial, study.details, study.long_form).model_dump_json()


@given(st.sampled_from(PLACES), ANYTHING)
def test_any_value_in_any_place_is_survived(place: tuple[Any, ...], value: Any) -> None:
    shown(replaced(place, value))


TOLERATED = [
    place
    for place in PLACES
    if place[0] == "resultsSection" or place[1:2] == ("outcomesModule",) or "retractions" in place
]
"""Where anything may stand, and the record is still shown."""


@given(st.sampled_from(TOLERATED), ANYTHING)
def test_broken_results_outcomes_and_retractions_never_hide_the_record(
    place: tuple[Any, ...], value: Any
) -> None:
    assert shown(replaced(place, value))


@given(st.sampled_from(PLACES))
def test_what_is_taken_away_is_missing_and_never_unreadable(place: tuple[Any, ...]) -> None:
    results = results_of(replaced(place, None).get("resultsSection"))
    assert results is None or not results.unread


@given(st.lists(st.tuples(st.sampled_from(PLACES), ANYTHING), min_size=2, max_size=6))
def test_many_faults_at_once_are_survived(faults: list[tuple[tuple[Any, ...], Any]]) -> None:
    study: Any = STUDY
    for place, value in faults:
        try:
            study = replaced(place, value, study)
        except (KeyError, IndexError, TypeError, AttributeError):
            continue  # an earlier fault took this place away
    shown(study)


@given(ANYTHING)
def test_anything_at_all_is_survived(value: Any) -> None:
    results = results_of(value)
    assert results is None or results.model_dump_json()
    assert outcomes_of(value).model_dump_json()
