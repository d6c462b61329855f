"""A page is whole, or it is refused; a broken record costs no other."""

import json
from typing import Any

import pytest

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry.wire import read_page
from stemcheck.trial.study import Unreadable
from tests.unit.records_made_up import a_record
from tests.unit.test_registry_wire import BROKEN

FIRST = a_record("NCT00000001")
LAST = a_record("NCT00000002") | {
    "derivedSection": {"miscInfoModule": {"versionHolder": "2026-11-20"}}
}


def lines_of(*records: Any, head: str = '{"totalCount":2,"studies":[', tail: str = "]}") -> bytes:
    """A page as the registry writes it."""
    texts = [json.dumps(record) for record in records]
    return "\n".join([head, *(f"{text}," for text in texts[:-1]), *texts[-1:], tail]).encode()


@pytest.mark.parametrize("record", [pytest.param(r, id=name) for name, r in BROKEN])
def test_a_broken_record_costs_no_other(record: Any) -> None:
    page = read_page(lines_of(FIRST, record, LAST))
    assert len(page.studies) == 3
    assert isinstance(page.studies[1], Unreadable)


def test_a_page_cut_anywhere_is_never_a_shorter_page() -> None:
    body = lines_of(FIRST, LAST, tail='],"nextPageToken":"abc"}')
    for end in range(len(body)):
        with pytest.raises(AnswerUnreadableError):
            read_page(body[:end])
