"""The registry's JSON is read whole; what cannot be read is reported in its place."""

import json
from typing import Any

import pytest

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry.record import Record
from stemcheck.registry.wire import read_page, read_record, read_study
from stemcheck.trial.study import Unreadable
from tests.unit.records_made_up import NCT_ID, a_full_record, a_record, page_of


def changed(path: str, value: Any) -> dict[str, Any]:
    """A full record with one value replaced; the path is written as in the reasons."""
    record = a_full_record()
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    place: Any = record
    for step in steps:
        place = place[step]
    place[last] = value
    return record


PROTOCOL = "protocolSection/"
BROKEN = [
    ("nothing where the protocol stands", a_record() | {"protocolSection": None}),
    ("a list for the protocol", a_record() | {"protocolSection": []}),
    ("no protocol", {"hasResults": True}),
    ("no identification", {"protocolSection": {}}),
    ("text for a module", changed(PROTOCOL + "statusModule", "RECRUITING")),
    ("a list for a module", changed(PROTOCOL + "designModule", [])),
    ("no number", changed(PROTOCOL + "identificationModule", {"briefTitle": "x"})),
    ("a number that is null", changed(PROTOCOL + "identificationModule/nctId", None)),
    ("a number as digits", changed(PROTOCOL + "identificationModule/nctId", 4506073)),
    ("a number of another registry", a_record("ISRCTN12345678")),
    ("a number that is too long", a_record(NCT_ID + "1")),
    ("a number with a line break", a_record(NCT_ID + "\n")),
    ("a number with other digits", a_record("NCT\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff11")),
    ("a title that is a list", changed(PROTOCOL + "identificationModule/briefTitle", ["x"])),
    ("a status that is a number", changed(PROTOCOL + "statusModule/overallStatus", 3)),
    ("a date without its struct", changed(PROTOCOL + "statusModule/startDateStruct", "2021")),
    ("a date that is a number", changed(PROTOCOL + "statusModule/startDateStruct/date", 2021)),
    ("one condition without a list", changed(PROTOCOL + "conditionsModule/conditions", "Stroke")),
    ("a condition that is null", changed(PROTOCOL + "conditionsModule/conditions", [None])),
    ("phases as an object", changed(PROTOCOL + "designModule/phases", {"0": "PHASE1"})),
    ("a count in words", changed(PROTOCOL + "designModule/enrollmentInfo/count", "ten")),
    ("a count as text", changed(PROTOCOL + "designModule/enrollmentInfo/count", "10")),
    ("half a person", changed(PROTOCOL + "designModule/enrollmentInfo/count", 10.5)),
    ("an arm that is text", changed(PROTOCOL + "armsInterventionsModule/armGroups/0", "Cells")),
    ("interventions as an object", changed(PROTOCOL + "armsInterventionsModule/interventions", {})),
    ("maybe", changed(PROTOCOL + "eligibilityModule/healthyVolunteers", "maybe")),
    ("one for true", changed("hasResults", 1)),
    ("a place that is a list", changed(PROTOCOL + "contactsLocationsModule/locations/0", [])),
    (
        "a place at no number",
        changed(
            PROTOCOL + "contactsLocationsModule/locations", [{"geoPoint": {"lat": float("nan")}}]
        ),
    ),
    ("no record but null", None),
    ("no record but text", "NCT90000001"),
    ("no record but a list", [a_record()]),
]


@pytest.mark.parametrize("record", [pytest.param(r, id=name) for name, r in BROKEN])
def test_a_broken_record_is_reported_in_its_place(record: Any) -> None:
    page = read_page(page_of(a_record("NCT00000001"), record, a_record("NCT00000002")))
    first, broken, last = page.studies
    assert isinstance(broken, Unreadable)
    assert broken.reason.endswith(".")
    assert "cannot be read" not in broken.reason, "a reason of our own is missing"
    assert not isinstance(first, Unreadable)
    assert not isinstance(last, Unreadable)
    assert read_page(page_of(record)).studies == [broken]


def test_a_reason_names_the_field_and_keeps_the_number() -> None:
    record = changed(PROTOCOL + "designModule/phases", ["PHASE1", 2])
    record["hasResults"] = "yes"
    (broken,) = read_page(page_of(record)).studies
    assert broken == Unreadable(
        nct_id=NCT_ID,
        reason="protocolSection.designModule.phases[1] should be text (and 1 more).",
    )


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(a_record(), id="nothing but a number"),
        pytest.param(a_full_record(), id="everything"),
        pytest.param(a_record(statusModule={}, designModule={}), id="empty modules"),
        pytest.param(a_record(statusModule=None, conditionsModule={"keywords": None}), id="nulls"),
        pytest.param(a_record(moreModule={"x": [1]}) | {"more": 1}, id="keys of tomorrow"),
        pytest.param(a_record(designModule={"phases": ["PHASE5"]}), id="values of tomorrow"),
        pytest.param(
            a_record(statusModule={"startDateStruct": {"date": "1989"}}), id="a date of a year"
        ),
        pytest.param(
            a_record(designModule={"enrollmentInfo": {"count": 10**18}}), id="a number too high"
        ),
    ],
)
def test_a_record_may_lack_nearly_anything_and_hold_more(record: dict[str, Any]) -> None:
    (read,) = read_page(page_of(record)).studies
    assert not isinstance(read, Unreadable)
    assert read_study(json.dumps(record).encode()) == read


def test_a_page_tells_its_total_and_its_token() -> None:
    page = read_page(page_of(a_record(), totalCount=12, nextPageToken="abc"))
    assert (page.total_count, page.next_page_token) == (12, "abc")


@pytest.mark.parametrize("keys", [{}, {"nextPageToken": ""}, {"nextPageToken": None}])
def test_a_page_without_a_token_is_the_last(keys: dict[str, Any]) -> None:
    page = read_page(page_of(**keys))
    assert (page.studies, page.next_page_token, page.total_count) == ([], None, None)


def record_of(record: dict[str, Any]) -> Record:
    read = read_record(record)
    assert isinstance(read, Record)
    return read


def test_half_a_character_costs_neither_the_page_nor_the_record() -> None:
    hurt = a_record("NCT00000002", descriptionModule={"briefSummary": "\ud83e and 🦠"})
    page = read_page(page_of(a_record(), hurt, "no record", totalCount=3, nextPageToken="abc"))
    assert (page.total_count, page.next_page_token) == (3, "abc")
    whole = a_record("NCT00000002", descriptionModule={"briefSummary": "\ufffd and 🦠"})
    assert page.studies[:2] == [record_of(a_record()), record_of(whole)]
    assert isinstance(page.studies[2], Unreadable)


def test_half_a_character_is_read_in_a_study_alone() -> None:
    hurt = a_record(descriptionModule={"briefSummary": "\udfff"})
    whole = a_record(descriptionModule={"briefSummary": "\ufffd"})
    assert read_study(json.dumps(hurt).encode()) == record_of(whole)


@pytest.mark.parametrize("depth", [101, 300, 10_000, 300_000])
def test_nesting_without_end_in_a_record_costs_that_record_alone(depth: int) -> None:
    deep = '{"a":' * depth + "1" + "}" * depth
    body = page_of(a_record(), a_record("NCT00000003")).replace(b"]}", f",{deep}]}}".encode())
    first, second, broken = read_page(body).studies
    assert first == record_of(a_record())
    assert second == record_of(a_record("NCT00000003"))
    assert broken == Unreadable(nct_id=None, reason="The record is nested too deeply.")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"9" * 6_000, "The record is not valid JSON."),
        (b"{oops}", "The record is not valid JSON."),
        (b'"\\ud83"', "The record is not valid JSON."),
        (b"[" + b"[]," * 200_000 + b"1]", "The record has more parts than any study."),
        (b'"' + b"x" * (17 * 2**20) + b'"', "The record is larger than 16 MiB, far larger than any study."),
    ],
    ids=["number", "word", "escape", "parts", "length"],
)  # fmt: skip
def test_a_value_that_cannot_be_costs_its_record_alone(value: bytes, reason: str) -> None:
    hurt = page_of(
        a_record("NCT00000001"), a_record("NCT00000002", moreModule="?"), a_record("NCT00000003")
    )
    first, broken, last = read_page(hurt.replace(b'"?"', value)).studies
    assert broken == Unreadable(nct_id="NCT00000002", reason=reason)
    assert first == record_of(a_record("NCT00000001"))
    assert last == record_of(a_record("NCT00000003"))


def test_more_records_than_a_page_can_have_are_refused() -> None:
    most = page_of(*[a_record(f"NCT{number:08}") for number in range(1, 5001)])
    assert len(read_page(most).studies) == 5000
    with pytest.raises(AnswerUnreadableError, match="more than 5,000 studies"):
        read_page(most.replace(b"]}", b",{}]}"))


def test_a_token_without_end_is_the_registrys_fault() -> None:
    assert read_page(page_of(nextPageToken="x" * 2_000)).next_page_token
    with pytest.raises(AnswerUnreadableError, match="address of the next page"):
        read_page(page_of(nextPageToken="x" * 100_000))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"<!DOCTYPE html><p>403", "is a web page"),
        (b"no healthy upstream", "is not valid JSON"),
        (b'{"studies": [{"protocolSection": {"identi', "breaks off"),
        (b'{"studies": [{"a": 1}]', "breaks off"),
        (b'{"studies": [{]}', "is not valid JSON"),
        (b'{"studies": [], "totalCount": ' + b"9" * 10_000 + b"}", "own fields"),
        (b'{"studies": [], "a": "\xff"}', "own fields"),
        (b'{"studies": [{"protocolSection": {"a": "\xff"}}]}', "is not UTF-8"),
        (b'{"a": "\xff"}', "is not UTF-8"),
        (b'{"studies": [], "studies": []}', "is not valid JSON"),
        (b'{"studies": [{},]}', "is not valid JSON"),
        (b'{"studies": [{} {}]}', "is not valid JSON"),
        (b'{"studies": []}{}', "is not valid JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"null", "no list of studies"),
        (b"[]", "no list of studies"),
        (b"{}", "no list of studies"),
        (b'{"results": []}', "no list of studies"),
        (b'{"studies": null}', "no list of studies"),
        (b'{"studies": {}}', "no list of studies"),
        (b'{"studies": [], "nextPageToken": 5}', "own fields"),
        (b'{"studies": [], "totalCount": "many"}', "own fields"),
    ],
)
def test_an_answer_that_is_none_is_an_error_and_never_an_empty_page(body: bytes, says: str) -> None:
    with pytest.raises(AnswerUnreadableError, match=says) as caught:
        read_page(body)
    assert caught.value.hint
    json.dumps(caught.value.facts)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"NCT90000001"', b'{"protocolSec'])
def test_an_answer_that_is_no_study_is_an_error(body: bytes) -> None:
    with pytest.raises(AnswerUnreadableError):
        read_study(body)


def test_a_study_that_does_not_fit_is_a_value() -> None:
    body = json.dumps(changed("hasResults", "maybe")).encode()
    assert read_study(body) == Unreadable(
        nct_id=NCT_ID, reason="hasResults should be true or false."
    )


@pytest.mark.parametrize(
    ("record", "day"),
    [
        (a_full_record(), "2026-11-20"),
        (a_record(), None),
        (a_record() | {"derivedSection": {}}, None),
    ],
)
def test_a_record_may_tell_the_day_of_the_data(record: Any, day: str | None) -> None:
    assert record_of(record).data_date == day


def test_a_page_cut_anywhere_is_never_a_shorter_page() -> None:
    body = page_of(a_full_record(), a_record("NCT00000002"), nextPageToken="abc")
    for end in range(len(body)):
        with pytest.raises(AnswerUnreadableError):
            read_page(body[:end])
