"""No record, however broken, keeps its long form from being made, and nothing is made up for it."""

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stemcheck.registry.protocol import (
    arms_of,
    interventions_of,
    outcomes_of,
    publications_of,
)
from stemcheck.registry.results import results_of
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


def in_full(study: Any) -> list[Any]:
    protocol = study.get("protocolSection")
    protocol = protocol if isinstance(protocol, dict) else {}
    arms = protocol.get("armsInterventionsModule")
    return [
        results_of(study.get("resultsSection")),
        arms_of(arms),
        interventions_of(arms),
        outcomes_of(protocol.get("outcomesModule")),
        publications_of(protocol.get("referencesModule")),
    ]


def as_text(parts: list[Any]) -> list[Any]:
    return [
        [item.model_dump_json() for item in part]
        if isinstance(part, tuple)
        else part and part.model_dump_json()
        for part in parts
    ]


@given(st.sampled_from(PLACES), ANYTHING)
def test_any_value_in_any_place_is_survived(place: tuple[Any, ...], value: Any) -> None:
    as_text(in_full(replaced(place, value)))


@given(st.sampled_from(PLACES))
def test_what_is_taken_away_is_missing_and_nothing_else_changes_but_its_own_part(
    place: tuple[Any, ...],
) -> None:
    before = in_full(STUDY)
    after = in_full(replaced(place, None))
    changed = [new != old for new, old in zip(after, before, strict=True)]
    assert sum(changed) <= (5 if len(place) <= 2 else 2)
    if after[0]:
        assert not after[0].unread, "what is missing is not unreadable"


@given(st.lists(st.tuples(st.sampled_from(PLACES), ANYTHING), min_size=2, max_size=6))
def test_many_faults_at_once_are_survived(faults: list[tuple[tuple[Any, ...], Any]]) -> None:
    study: Any = STUDY
    for place, value in faults:
        try:
            study = replaced(place, value, study)
        except (KeyError, IndexError, TypeError, AttributeError):
            continue  # an earlier fault took this place away
    as_text(in_full(study))


@given(ANYTHING)
def test_anything_at_all_is_survived(value: Any) -> None:
    results_of(value)
    as_text([arms_of(value), interventions_of(value), outcomes_of(value), publications_of(value)])
