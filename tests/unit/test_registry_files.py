"""Records from a file or a pipe, in every form that people keep them in."""

import gzip
import io
import itertools
import json
import tracemalloc
from typing import Any

import pytest

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry import files, splitter
from stemcheck.registry.files import read_studies
from stemcheck.registry.splitter import MEBIBYTE
from stemcheck.trial.study import Study, Unreadable
from tests.unit.records_made_up import a_full_record, a_record

FIRST, SECOND, THIRD = (f"NCT0000000{digit}" for digit in "123")


def as_json(value: Any, **how: Any) -> bytes:
    return json.dumps(value, **how).encode()


def read(content: bytes) -> list[str | None]:
    """The numbers of what was read; a reason stands in the place of what was not."""
    return [
        item.reason if isinstance(item, Unreadable) else item.trial.nct_id
        for item in read_studies(io.BytesIO(content))
    ]


RECORDS = [a_record(FIRST), a_record(SECOND), a_record(THIRD)]
PAGE = {"totalCount": 3, "studies": RECORDS, "nextPageToken": "abc"}
LINES = b"\n".join(map(as_json, RECORDS))
FORMS = {
    "a page": as_json(PAGE),
    "a page over many lines": as_json(PAGE, indent=2),
    "a page as the registry breaks it": b'{"studies":[\n'
    + b",\n".join(map(as_json, RECORDS))
    + b"\n]}\n",
    "an array": as_json(RECORDS),
    "an array over many lines": as_json(RECORDS, indent=1),
    "json lines": LINES + b"\n",
    "json lines without a last line break": LINES,
    "json lines with windows line breaks": LINES.replace(b"\n", b"\r\n"),
    "json lines with blank lines": b"\n \n" + LINES.replace(b"\n", b"\n\n") + b"\n\n",
    "json lines of pages": as_json({"studies": RECORDS[:2]})
    + b"\n"
    + as_json(PAGE | {"studies": RECORDS[2:]}),
    "a byte order mark": b"\xef\xbb\xbf" + LINES,
    "one after the other": b"".join(map(as_json, RECORDS)),
    "one after the other over many lines": b"\n".join(as_json(one, indent=2) for one in RECORDS),
    "pages one after the other": as_json({"studies": RECORDS[:1]}, indent=1)
    + as_json({"studies": RECORDS[1:]}),
    "all kinds": as_json(RECORDS[0], indent=4)
    + as_json({"studies": RECORDS[1:2]})
    + b"\n[]\n"
    + as_json(RECORDS[2:]),
}


PACKED = gzip.compress(LINES, mtime=0)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_known_by_what_it_looks_like(form: str, packed: bool) -> None:
    content = gzip.compress(FORMS[form], mtime=0) if packed else FORMS[form]
    assert read(content) == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize("content", [b"[" + b"{}," * 100 + b"{}]", b"{}\n" * 101, b"7\n" * 101])
def test_what_never_holds_a_study_is_given_up(
    monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(files, "MOST_WITHOUT_NUMBER", 100)
    with pytest.raises(AnswerUnreadableError, match="more than 100 records without an NCT number"):
        read(content)


@pytest.mark.parametrize("how", [{}, {"indent": 2}])
def test_one_study_is_read_whole_and_in_full_on_demand(how: dict[str, Any]) -> None:
    (study,) = read_studies(io.BytesIO(as_json(a_full_record(), **how)), with_details=True)
    assert isinstance(study, Study)
    assert study.details is not None
    assert study.details.ipd_sharing == "NO"


def test_a_broken_line_is_reported_in_its_place() -> None:
    lines = [
        as_json(RECORDS[0]),
        b"{oops}",
        b'{"protocolSection": {"identif',
        b"7",
        as_json(RECORDS[1]),
    ]
    assert read(b"\n".join(lines)) == [
        FIRST,
        "Line 2 is not valid JSON.",
        "Line 3 breaks off before its end.",
        "Line 4 is JSON, but holds no study record.",
        SECOND,
    ]


@pytest.mark.parametrize("cut", range(1, 120, 7))
def test_a_line_cut_anywhere_costs_no_other(cut: int) -> None:
    line = as_json(a_record(SECOND, descriptionModule={"briefSummary": 'a "b" {c} [d'}))
    found = read(b"\n".join([as_json(RECORDS[0]), line[:-cut], as_json(RECORDS[2])]))
    assert found == [FIRST, "Line 2 breaks off before its end.", THIRD]


@pytest.mark.parametrize(
    "broken", [b"{bad", b'{"a": 1', b'{"a": {"b": [1, 2', b'{"a": "x" ', b"[1, 2", b'{"a": "x']
)
@pytest.mark.parametrize("blank", [b"", b"\n\n  \n"])
def test_a_line_that_breaks_off_costs_not_the_next_one(broken: bytes, blank: bytes) -> None:
    """Whatever that is: a stray value is told as one, and a record that begins with a blank is read."""
    record = as_json(RECORDS[1]).replace(b"{", b"{ ", 1)
    lines = [as_json(RECORDS[0]), broken + blank, b"42", record, as_json(RECORDS[2])]
    first, cut, stray, *others = read(b"\n".join(lines))
    assert [first, *others] == [FIRST, SECOND, THIRD]
    assert cut == "Line 2 breaks off before its end."
    assert str(stray).endswith("is JSON, but holds no study record.")


def test_a_broken_first_line_does_not_hide_the_others() -> None:
    content = b'\n{"protocolSection": {"identif\n' + LINES
    assert read(content) == ["Line 2 breaks off before its end.", FIRST, SECOND, THIRD]


def test_a_record_of_another_shape_is_reported_in_its_place() -> None:
    content = as_json({"studies": [RECORDS[0], {"nct_id": SECOND}, RECORDS[2]]}, indent=1)
    assert read(content) == [FIRST, "protocolSection is missing.", THIRD]


@pytest.mark.parametrize("content", [b"[]", b'{"studies": []}', b'{"studies": []}\n\n'])
def test_a_form_with_no_studies_is_no_error(content: bytes) -> None:
    assert read(content) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n \n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"<!DOCTYPE html>", "web page"),
        (b"PK\x03\x04rest", "unpack"),
        ('{"studies": []}'.encode("utf-16"), "UTF-8"),
        (b"NCT Number,Study Title\nNCT1,x", "CSV"),
        (b'{"schema":"stemcheck.trials/1"}', "stemcheck itself"),
        (b'{"FullStudiesResponse":{}}', "old format"),
        (b"hello", "not valid JSON"),
        (b"{}", "no study record"),
        (b'{"a": 1}\n{"b": 2}', "no study record"),
        (b'{"a": 1}\n{"b": 2', "no study record"),
        (b"[{},]", "not valid JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"studies": [' + b" " * (2 * MEBIBYTE) + b"]}", "longer than 16 MiB"),
        (b"[" + b"1," * MEBIBYTE + b"1]", "longer than 16 MiB"),
        (b"3", "no study record"),
        (as_json(PAGE)[:-1], "breaks off"),
        (as_json(PAGE, indent=2)[:-30], "breaks off"),
        (FORMS["a page as the registry breaks it"][:-4], "breaks off"),
        (as_json(RECORDS[0], indent=2)[:-2], "breaks off"),
        (PACKED[:-9], "damaged"),
        (PACKED[:20] + b"xxxx" + PACKED[24:], "damaged"),
        (b"\x1f\x8bnot gzip at all", "damaged"),
    ],
    ids=itertools.count(),
)
def test_what_is_no_record_file_is_an_error_with_advice(content: bytes, says: str) -> None:
    with pytest.raises(AnswerUnreadableError, match=says) as caught:
        read(content)
    assert caught.value.hint


def test_what_stood_before_the_damage_is_given_first() -> None:
    lines = b"\n".join(as_json(a_record(f"NCT{number:08}")) for number in range(1, 5_000))
    studies = read_studies(io.BytesIO(gzip.compress(lines)[:-1000]))
    assert next(studies) is not None
    with pytest.raises(AnswerUnreadableError, match="damaged"):
        list(studies)


def test_the_callers_stream_stays_open() -> None:
    for content in (LINES, gzip.compress(LINES)):
        stream = io.BytesIO(content)
        assert len(list(read_studies(stream))) == 3
        assert not stream.closed


class Pipe(io.RawIOBase):
    """A pipe that fails the test when it is asked for more than has been written yet."""

    def __init__(self, chunks: list[bytes]) -> None:
        self.chunks = chunks

    def read1(self, size: int) -> bytes:
        assert len(self.chunks[0]) <= size
        return self.chunks.pop(0)

    def read(self, size: int = -1) -> bytes:
        assert size == len(self.chunks[0])
        return self.chunks.pop(0)


def test_json_lines_of_a_pipe_are_given_as_they_come() -> None:
    pipe = Pipe([LINES[:2], LINES[2:] + b"\n"])
    studies = read_studies(pipe)  # type: ignore[arg-type]
    for number in (FIRST, SECOND):
        study = next(studies)
        assert isinstance(study, Study)
        assert study.trial.nct_id == number


@pytest.mark.parametrize(
    ("before", "between", "after"),
    [(b"", b"\n", b"\n"), (b"[", b",", b"]"), (b'{"studies":[\n', b",\n", b"]}"), (b"", b"", b"")],
    ids=["lines", "array", "page", "one after the other"],
)
def test_every_form_is_read_in_constant_memory(before: bytes, between: bytes, after: bytes) -> None:
    records = [
        as_json(a_record(f"NCT{number:08}", descriptionModule={"briefSummary": "x" * 10_000}))
        for number in range(1, 801)
    ]

    def peak(many: int) -> int:
        stream = io.BytesIO(before + between.join(records[:many]) + after)
        tracemalloc.start()
        try:
            count = sum(1 for _ in read_studies(stream))
            return tracemalloc.get_traced_memory()[1]
        finally:
            assert count == many
            tracemalloc.stop()

    assert peak(800) < peak(250) + MEBIBYTE


def test_a_line_that_is_too_long_is_reported_and_left_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(splitter, "MOST_RECORD_BYTES", 1000)
    monkeypatch.setattr(files, "CHUNK_BYTES", 100)
    lines = [as_json(RECORDS[0]), b"x" * 5_050, as_json(RECORDS[1]), b'{"a": "' + b"x" * 3_000]
    assert read(b"\n".join(lines)) == [
        FIRST,
        "Line 2 is longer than 16 MiB in one piece, far longer than any study.",
        SECOND,
        "Line 4 is longer than 16 MiB in one piece, far longer than any study.",
    ]


def test_an_answer_in_several_parts_of_gzip_is_read_whole() -> None:
    parts = [gzip.compress(as_json(record) + b"\n") for record in RECORDS]
    assert read(b"".join(parts)) == [FIRST, SECOND, THIRD]


def test_nothing_is_read_before_it_is_asked_for() -> None:
    stream = io.BytesIO(LINES)
    studies = read_studies(stream)
    assert stream.tell() == 0
    next(studies)
    assert stream.tell() > 0
