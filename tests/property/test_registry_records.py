"""Whatever comes as a record, it is read or reported: nothing crashes, nothing is lost."""

import io
import json
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry.files import read_studies
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import read_page
from stemcheck.trial.study import Unreadable
from tests.unit.records_made_up import a_full_record, page_of

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "name", "date", "nctId"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def places_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [
        place for key, item in items for place in ((*path, key), *places_in(item, (*path, key)))
    ]


PLACES = places_in(a_full_record())


@st.composite
def spoiled_records(draw: st.DrawFn) -> dict[str, Any]:
    record = a_full_record()
    for path in draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=4)):
        place: Any = record
        for step in path[:-1]:
            if not isinstance(place, dict | list) or (
                isinstance(place, dict) and step not in place
            ):
                break
            if isinstance(place, list) and (not isinstance(step, int) or step >= len(place)):
                break
            place = place[step]
        if isinstance(place, dict):
            if draw(st.booleans()):
                place.pop(path[-1], None)
            else:
                place[path[-1]] = draw(JSON)
    return record


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(spoiled_records(), JSON), max_size=4))
@example([","])
@example(["a,b", ',"\\', {}, "[,]", None])
def test_every_record_of_a_page_is_read_or_reported(records: list[Any]) -> None:
    page = read_page(page_of(*records))
    assert len(page.studies) == len(records)
    for item in page.studies:
        if isinstance(item, Unreadable):
            assert item.reason
            item.reason.encode()
        else:
            study = study_for(item, with_details=True)
            assert study.trial.nct_id == study.text.nct_id
            study.trial.model_dump_json()


@settings(deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=60).map(str.encode),
        JSON.map(json.dumps).map(str.encode),
    )
)
def test_any_bytes_are_a_page_or_an_error_that_can_be_told(body: bytes) -> None:
    refusal = None
    try:
        read_page(body)
    except AnswerUnreadableError as error:
        refusal = error
    assert refusal is None or refusal.message
    json.dumps(refusal.facts if refusal else {})


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.binary(max_size=60), JSON.map(json.dumps).map(str.encode)), max_size=4)
)
def test_any_file_is_read_or_refused_with_advice(lines: list[bytes]) -> None:
    refusal = None
    try:
        for item in read_studies(io.BytesIO(b"\n".join(lines))):
            assert isinstance(item, Unreadable)
    except AnswerUnreadableError as error:
        refusal = error
    assert refusal is None or refusal.hint


@settings(deadline=None)
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_flipped_byte_never_crashes(place: int, change: int) -> None:
    body = bytearray(page_of(a_full_record(), a_full_record()))
    body[place % len(body)] ^= change
    try:
        page = read_page(bytes(body))
    except AnswerUnreadableError:
        return
    for item in page.studies:
        if not isinstance(item, Unreadable):
            study_for(item, with_details=True)
