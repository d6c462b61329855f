"""`stemcheck read`: records that are already here."""

import gzip
import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

import stemcheck
from stemcheck.errors import AnswerUnreadableError, ExitCode
from tests.cli.conftest import Run
from tests.conftest import PROJECT

STUDY = PROJECT / "fixtures" / "studies" / "recruiting-stroke-iv.json"


@pytest.fixture
def record() -> dict[str, object]:
    found: dict[str, object] = json.loads(STUDY.read_text(encoding="utf-8"))
    return found


def test_a_study_a_page_lines_and_gzip_read_alike(
    run: Run, tmp_path: Path, record: dict[str, object]
) -> None:
    shapes = {
        "study.json": json.dumps(record).encode(),
        "page.json": json.dumps({"studies": [record]}).encode(),
        "records.jsonl": json.dumps(record).encode() + b"\n",
        "records.jsonl.gz": gzip.compress(json.dumps(record).encode()),
    }
    readings = []
    for name, content in shapes.items():
        (tmp_path / name).write_bytes(content)
        ran = run("read", str(tmp_path / name), "--jsonl")
        assert ran.code == ExitCode.DONE
        readings.append(json.loads(ran.out)["reading"])
    assert readings == [readings[0]] * len(shapes)
    assert readings[0]["intravenous"] == "yes"


def test_a_pipe_is_read(
    run: Run, record: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = SimpleNamespace(
        buffer=io.BytesIO(json.dumps(record).encode()), isatty=lambda: False, fileno=lambda: 0
    )
    monkeypatch.setattr("sys.stdin", pipe)
    answer = json.loads(run("read", "-", "--json").out)
    assert answer["source"]["kind"] == "file"
    assert len(answer["trials"]) == 1


def test_nothing_is_left_out(run: Run, tmp_path: Path) -> None:
    lines = [
        path.read_text(encoding="utf-8").replace("\n", " ")
        for path in sorted((PROJECT / "fixtures" / "studies").glob("*.json"))
    ]
    target = tmp_path / "all.jsonl"
    target.write_text("\n".join(lines), encoding="utf-8")
    counts = json.loads(run("read", str(target), "--json").out)["counts"]
    assert counts["fetched"] == len(lines)
    assert counts["shown"] + counts["unreadable"] == len(lines)
    assert counts["left_out"] == {}


BROKEN = sorted(path.name for path in (PROJECT / "fixtures" / "answers").glob("broken-*"))
READ_ALL_THE_SAME = {"broken-04-list.json", "broken-21-lone-surrogate.json"}
"""A list around a study is a file of one; half a character is replaced by the sign for that."""


@pytest.mark.parametrize("name", [name for name in BROKEN if name not in READ_ALL_THE_SAME])
def test_a_broken_record_is_reported(
    name: str, run: Run, tmp_path: Path, record: dict[str, object]
) -> None:
    broken = (
        (PROJECT / "fixtures" / "answers" / name).read_text(encoding="utf-8").replace("\n", " ")
    )
    target = tmp_path / "page.jsonl"
    target.write_text(f"{json.dumps(record)}\n{broken}\n", encoding="utf-8")
    ran = run("read", str(target), "--json")
    answer = json.loads(ran.out)
    assert (answer["counts"]["shown"], answer["counts"]["unreadable"]) == (1, 1)
    assert answer["unreadable"][0]["reason"]
    assert run("read", str(target), "--json", "--strict").code == ExitCode.UNREADABLE


@pytest.mark.parametrize(
    "content",
    [b"", b"not json", b"<html></html>", b"[1, 2", b"\x1f\x8b broken", b"\xff\xfe\x00", b"{}"],
)
def test_what_is_no_record_is_said(content: bytes, run: Run, tmp_path: Path) -> None:
    target = tmp_path / "nonsense"
    target.write_bytes(content)
    ran = run("read", str(target), "--json")
    assert ran.code == ExitCode.UNREADABLE
    assert "Traceback" not in ran.err
    assert ran.err


def test_from_python_a_record_reads_the_same(record: dict[str, object]) -> None:
    trial = stemcheck.read_study(record)
    assert trial == stemcheck.read_study(json.dumps(record))
    assert trial.reading is not None
    assert trial.reading.intravenous == "yes"
    with pytest.raises(AnswerUnreadableError):
        stemcheck.read_study("{}")
