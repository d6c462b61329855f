"""A page laid out line by line is what it would be if it were read in one go."""

import json
from typing import Any

import pytest

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry.page_lines import Line, glance_at_page, read_each
from stemcheck.registry.wire import read_page
from stemcheck.trial.study import Unreadable
from tests.unit.records_made_up import a_full_record, a_record
from tests.unit.test_registry_wire import BROKEN

FIRST = a_record("NCT00000001")
LAST = a_record("NCT00000002") | {
    "derivedSection": {"miscInfoModule": {"versionHolder": "2026-11-20"}}
}


def lines_of(*records: Any, head: str = '{"totalCount":2,"studies":[', tail: str = "]}") -> bytes:
    """A page as the registry writes it."""
    texts = [json.dumps(record) for record in records]
    return "\n".join([head, *(f"{text}," for text in texts[:-1]), *texts[-1:], tail]).encode()


def all_of(body: bytes) -> tuple[list[Any], str | None, int | None]:
    """What a page holds when it is read by line."""
    page = glance_at_page(body)
    return list(read_each(page.studies)), page.next_page_token, page.total_count


def whole(body: bytes) -> tuple[list[Any], str | None, int | None]:
    """What it holds when it is read in one go."""
    page = read_page(body)
    return page.studies, page.next_page_token, page.total_count


def test_a_study_is_not_read_before_its_turn() -> None:
    body = lines_of(FIRST, LAST, a_full_record(), tail='],"nextPageToken":"abc"}')
    page = glance_at_page(body)
    first, last, _ = page.studies
    assert isinstance(first, Line)
    assert isinstance(last, Line)
    assert (first.nct_id, first.data_date) == ("NCT00000001", None)
    assert (last.nct_id, last.data_date) == ("NCT00000002", "2026-11-20")
    assert (page.next_page_token, page.total_count) == ("abc", 2)
    assert all_of(body) == whole(body)


def test_studies_are_let_go_one_by_one() -> None:
    records = glance_at_page(lines_of(FIRST, LAST)).studies
    reading = read_each(records)
    assert next(reading) == FIRST
    assert len(records) == 1


@pytest.mark.parametrize("record", [pytest.param(r, id=name) for name, r in BROKEN])
def test_a_broken_record_is_the_same_by_line(record: Any) -> None:
    body = lines_of(FIRST, record, LAST)
    records, token, total = all_of(body)
    assert (records, token, total) == whole(body)
    assert isinstance(records[1], Unreadable)


DEEP = '{"a":' * 300 + "1" + "}" * 300
HALF = json.dumps(a_record(descriptionModule={"briefSummary": "\ud83e and 🦠"}))


@pytest.mark.parametrize("line", [DEEP, HALF, '{"protocolSection":{}}', "5", '"NCT00000009"'])
def test_a_line_that_only_a_patient_parser_takes_costs_no_other(line: str) -> None:
    body = lines_of(FIRST, "?", LAST).replace(b'"?"', line.encode())
    assert all_of(body) == whole(body)
    assert len(all_of(body)[0]) == 3


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"studies": [FIRST, LAST]}).encode(),
        json.dumps({"studies": [FIRST, LAST], "nextPageToken": "abc"}, indent=2).encode(),
        json.dumps({"studies": []}).encode(),
        json.dumps({"studies": []}, indent=1).encode(),
        lines_of(),
        lines_of(FIRST),
        lines_of(FIRST, LAST, head='{"studies":['),
        lines_of(FIRST, LAST, tail="]\n}"),
        lines_of(FIRST, LAST, head='\n\n{"studies":\n['),
        lines_of(FIRST, LAST).replace(b"\n", b"\r\n"),
        lines_of(FIRST, LAST).replace(b"},\n", b"}\n,"),
        lines_of(FIRST, LAST) + b"\n",
        lines_of(FIRST, LAST, head='{"studies":[' + json.dumps(FIRST) + ","),
        lines_of(FIRST, LAST, head='{"studies":[],"more":['),
        lines_of(FIRST, LAST, tail='],"studies":[]}'),
    ],
)
def test_a_page_laid_out_otherwise_is_read_as_well(body: bytes) -> None:
    assert all_of(body) == whole(body)


@pytest.mark.parametrize(
    "body",
    [
        lines_of(FIRST, LAST).replace(b"},\n", b"}\n"),
        lines_of(FIRST, LAST).replace(b"\n]", b",\n]"),
        lines_of(FIRST, LAST).replace(b"NCT00000001", b"NCT0000\n0001"),
        lines_of(FIRST, LAST).replace(b"NCT00000002", b"\xff\xfe"),
        lines_of(FIRST, LAST, tail=""),
        lines_of(FIRST, LAST, tail='],"nextPageToken":5}'),
        lines_of(FIRST, LAST, head=""),
        lines_of(FIRST, LAST, tail="]}]}"),
        lines_of(FIRST, LAST, tail="],"),
        b"\n",
        b"\n\n\n",
    ],
)
def test_what_is_no_page_is_refused_with_the_same_words(body: bytes) -> None:
    with pytest.raises(AnswerUnreadableError) as by_line:
        glance_at_page(body)
    with pytest.raises(AnswerUnreadableError) as in_one_go:
        read_page(body)
    assert by_line.value.message == in_one_go.value.message


def test_a_page_cut_anywhere_is_never_a_shorter_page() -> None:
    body = lines_of(FIRST, LAST, tail='],"nextPageToken":"abc"}')
    for end in range(len(body)):
        with pytest.raises(AnswerUnreadableError):
            glance_at_page(body[:end])
