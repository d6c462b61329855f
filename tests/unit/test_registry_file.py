"""Records from a file or a pipe, in every form that people keep them in."""

import gzip
import io
import json
import tracemalloc
from typing import Any

import pytest

from stemcheck.errors import AnswerUnreadableError
from stemcheck.registry import file
from stemcheck.registry.file import MIB, read_studies
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
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_known_by_what_it_looks_like(form: str, packed: bool) -> None:
    content = gzip.compress(FORMS[form], mtime=0) if packed else FORMS[form]
    assert read(content) == [FIRST, SECOND, THIRD]


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
        (b'{"a": 1}\n{"b": 2}', "not valid JSON"),
        (b"3", "no study record"),
        (as_json(PAGE)[:-1], "breaks off"),
        (as_json(PAGE, indent=2)[:-30], "breaks off"),
        (FORMS["a page as the registry breaks it"][:-4], "breaks off"),
        (as_json(RECORDS[0], indent=2)[:-2], "breaks off"),
        (gzip.compress(LINES, mtime=0)[:-9], "damaged"),
        (
            gzip.compress(LINES, mtime=0)[:20] + b"xxxx" + gzip.compress(LINES, mtime=0)[24:],
            "damaged",
        ),
        (b"\x1f\x8bnot gzip at all", "damaged"),
    ],
)
def test_what_is_no_record_file_is_an_error_with_advice(content: bytes, says: str) -> None:
    with pytest.raises(AnswerUnreadableError, match=says) as caught:
        read(content)
    assert caught.value.hint


def test_what_stood_before_the_damage_is_given_first() -> None:
    lines = b"\n".join(as_json(a_record(f"NCT{number:08}")) for number in range(1, 20_000))
    studies = read_studies(io.BytesIO(gzip.compress(lines, mtime=0)[:-1000]))
    assert next(studies) is not None
    with pytest.raises(AnswerUnreadableError, match="damaged"):
        list(studies)


def test_the_callers_stream_stays_open() -> None:
    for content in (LINES, gzip.compress(LINES, mtime=0)):
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


def test_json_lines_are_read_in_constant_memory() -> None:
    line = as_json(a_record(FIRST, descriptionModule={"briefSummary": "x" * 10_000})) + b"\n"

    def peak(lines: int) -> int:
        tracemalloc.start()
        try:
            count = sum(1 for _ in read_studies(io.BytesIO(line * lines)))
            return tracemalloc.get_traced_memory()[1] - len(line) * lines
        finally:
            assert count == lines
            tracemalloc.stop()

    assert peak(2_000) < peak(100) + MIB


def test_a_document_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "MOST_BYTES_WHOLE", MIB)
    large = as_json([a_record(FIRST, descriptionModule={"briefSummary": "x" * MIB})], indent=1)
    for content in (large, gzip.compress(large, mtime=0)):
        with pytest.raises(AnswerUnreadableError, match="larger than 1 MiB"):
            read(content)


def test_a_line_that_is_too_long_is_reported_and_left_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(file, "MOST_BYTES_A_LINE", 1000)
    monkeypatch.setattr(file, "MIB", 100)
    lines = [as_json(RECORDS[0]), b"x" * 5_050, as_json(RECORDS[1]), b"x" * 3_000]
    assert [reason or "" for reason in read(b"\n".join(lines))] == [
        FIRST,
        "Line 2 is longer than 10 MiB.",
        SECOND,
        "Line 4 is longer than 10 MiB.",
    ]


def test_nothing_is_read_before_it_is_asked_for() -> None:
    stream = io.BytesIO(LINES)
    studies = read_studies(stream)
    assert stream.tell() == 0
    next(studies)
    assert stream.tell() > 0
