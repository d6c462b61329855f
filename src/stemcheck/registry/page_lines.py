"""A list answer as the registry lays it out: one line for each study, between the page's own fields.

A page of a thousand studies is 7 MB of text and 25 MB once it is read. So it is only glanced at as a
whole: every line has to be JSON, and to say its number and the day of its data. Each study is read when it
is its turn. All in all that takes less time than reading the page in one go.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Annotated, NamedTuple, Required

from pydantic import Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from stemcheck.registry.shapes import AS_WRITTEN, NCT_NUMBER, WireStudy
from stemcheck.registry.wire import (
    WirePage,
    data_date_of,
    frame_reader,
    page_of,
    read_page,
    read_record,
    read_study,
    study_reader,
)
from stemcheck.trial.study import Unreadable

_LONGEST_HEAD = 1000
_KEY = b'"studies"'
_HEAD_END = re.compile(rb"[{,]\s*" + _KEY + rb"\s*:\s*\[\s*$")


class Line(NamedTuple):
    """A study as it stands on a page, not read yet."""

    nct_id: str
    data_date: str | None
    """The day of the data that it is a copy of (``versionHolder``)."""
    text: bytes


Record = Line | WireStudy | Unreadable


class _Identification(TypedDict):
    nctId: Annotated[str, Field(pattern=NCT_NUMBER)]


class _Protocol(TypedDict):
    identificationModule: _Identification


class _Misc(TypedDict, total=False):
    versionHolder: str | None


class _Derived(TypedDict, total=False):
    miscInfoModule: _Misc | None


@with_config(AS_WRITTEN)
class _Glance(TypedDict, total=False):
    """What a page needs to know of a study; the rest has to be JSON."""

    protocolSection: Required[_Protocol]
    derivedSection: _Derived | None


@cache
def _glance_reader() -> TypeAdapter[_Glance]:
    return TypeAdapter(_Glance)


def get_ready() -> None:
    """Build what reads pages, some 15 ms of work, ahead of the first one."""
    for build in (frame_reader, _glance_reader, study_reader):
        build()


def glance_at_page(body: bytes) -> WirePage[Record]:
    """Take a list answer apart, its studies to be read by `read_each`.

    One that is laid out otherwise is read at once. Raises `AnswerUnreadableError` when it is no JSON object
    with a list ``studies``; never for a record, however broken.
    """
    page = _by_line(body)
    if page is not None:
        return page
    whole = read_page(body)
    return WirePage([*whole.studies], whole.next_page_token, whole.total_count)


def _by_line(body: bytes) -> WirePage[Record] | None:
    head, *lines = body.split(b"\n")
    tail = lines.pop() if lines else b""
    if len(head) > _LONGEST_HEAD or not _HEAD_END.search(head) or _KEY in tail:
        return None
    try:
        frame = frame_reader().validate_json(head + tail)
    except ValidationError:
        return None
    commas = [line.endswith(b",") for line in lines]
    if frame["studies"] or commas != [True] * (len(lines) - 1) + [False] * bool(lines):
        return None
    records: list[Record] = []
    for line in lines:
        record = _glance_at(line.removesuffix(b","))
        if record is None:
            return None
        records.append(record)
    return page_of(records, frame)


def read_each(records: list[Record]) -> Iterator[WireStudy | Unreadable]:
    """Read the records of a page in their order, letting go of each: the list is empty in the end."""
    records.reverse()
    while records:
        record = records.pop()
        yield read_study(record.text) if isinstance(record, Line) else record


def _glance_at(text: bytes) -> Record | None:
    """Return a line, or a record that had to be read to know what it is; None for what is no JSON."""
    try:
        glance = _glance_reader().validate_json(text)
    except ValidationError:
        pass
    else:
        number = glance["protocolSection"]["identificationModule"]["nctId"]
        return Line(number, data_date_of(glance), text)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return read_record(value)
