"""`stemcheck read`: records that are already here."""

import gzip
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import stemcheck
from stemcheck.errors import AnswerUnreadableError, ExitCode
from tests.cli.conftest import Run
from tests.conftest import PROJECT

STUDY = PROJECT / "fixtures" / "studies" / "recruiting-stroke-iv.json"


@pytest.fixture
def record() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(STUDY.read_text(encoding="utf-8"))
    return found


def test_a_study_a_page_lines_and_gzip_read_alike(
    run: Run, tmp_path: Path, record: dict[str, Any]
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


def test_a_pipe_is_read(run: Run, record: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = SimpleNamespace(
        buffer=io.BytesIO(json.dumps(record).encode()), isatty=lambda: False, fileno=lambda: 0
    )
    monkeypatch.setattr("sys.stdin", pipe)
    answer = json.loads(run("read", "-", "--json").out)
    assert answer["source"]["kind"] == "file"
    assert len(answer["trials"]) == 1


@pytest.fixture
def dated(tmp_path: Path, record: dict[str, Any]) -> Callable[..., Path]:
    """Return what writes a file of the same record, each as of its own day."""

    def make(*days: str | None) -> Path:
        lines = []
        for number, day in enumerate(days):
            protocol = record["protocolSection"]
            names = {**protocol["identificationModule"], "nctId": f"NCT9000000{number}"}
            holder = {"miscInfoModule": {"versionHolder": day}} if day else {}
            study = {
                "protocolSection": {**protocol, "identificationModule": names},
                "derivedSection": holder,
            }
            lines.append(json.dumps(study))
        target = tmp_path / "dated.jsonl"
        target.write_text("\n".join(lines), encoding="utf-8")
        return target

    return make


def test_statuses_are_those_of_the_records_days(run: Run, dated: Callable[..., Path]) -> None:
    path = dated("2022-10-10", "2023-02-03", None)
    ran = run("read", str(path), "--json")
    answer = json.loads(ran.out)
    as_of = [trial["status"]["as_of"] for trial in answer["trials"]]
    assert sorted(as_of, key=str) == ["2022-10-10", "2023-02-03", None]
    assert answer["source"]["data_timestamp"] == "2022-10-10"
    assert answer["source"]["retrieved_at"] is None
    notices = {notice["id"]: notice["text"] for notice in answer["notices"]}
    assert "10 Oct 2022 to 3 Feb 2023" in notices["saved_statuses"]
    assert notices["undated"].startswith("1 record")
    lines = [json.loads(line) for line in run("read", str(path), "--jsonl").out.splitlines()]
    assert [line["as_of"] for line in lines] == ["2022-10-10", "2023-02-03", None]


@pytest.mark.parametrize("shape", ["table", "markdown"])
def test_a_screen_of_old_records_speaks_of_then(
    shape: str, run: Run, dated: Callable[..., Path]
) -> None:
    for day, told in (("2022-10-10", "10 Oct 2022"), (None, "an unknown day")):
        out = run("read", str(dated(day)), "--format", shape).out
        assert "Status then" in out
        assert f"data of {told}" in out
        assert "asked" not in out
        assert "All conditions" not in out


def test_the_files_own_time_says_nothing(run: Run, dated: Callable[..., Path]) -> None:
    path = dated(None)
    os.utime(path, (1_600_000_000, 1_600_000_000))
    assert "2020" not in json.dumps(json.loads(run("read", str(path), "--json").out)["source"])


def test_the_same_study_counts_once_and_that_is_said(
    run: Run, tmp_path: Path, record: dict[str, Any]
) -> None:
    target = tmp_path / "twice.jsonl"
    target.write_text("\n".join([json.dumps(record)] * 3), encoding="utf-8")
    ran = run("read", str(target), "--json")
    answer = json.loads(ran.out)
    assert (answer["counts"]["fetched"], len(answer["trials"])) == (1, 1)
    assert "2 studies came twice" in ran.err


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
    name: str, run: Run, tmp_path: Path, record: dict[str, Any]
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


def test_from_python_a_record_reads_the_same(record: dict[str, Any]) -> None:
    trial = stemcheck.read_study(record)
    assert trial == stemcheck.read_study(json.dumps(record))
    assert trial.reading is not None
    assert trial.reading.intravenous == "yes"
    with pytest.raises(AnswerUnreadableError):
        stemcheck.read_study("{}")


def test_files_folders_archives_and_a_pipe_are_read_as_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [
        path.read_bytes() for path in sorted((PROJECT / "fixtures" / "studies").glob("*.json"))[:12]
    ]
    (tmp_path / "one.json").write_bytes(texts[0])
    (tmp_path / "folder" / "deeper").mkdir(parents=True)
    (tmp_path / "folder" / "a.json").write_bytes(texts[1])
    (tmp_path / "folder" / "deeper" / "b.json.gz").write_bytes(gzip.compress(texts[2]))
    (tmp_path / "folder" / "notes.txt").write_text("no record")
    with zipfile.ZipFile(tmp_path / "ctg-studies.json.zip", "w") as archive:
        for number, text in enumerate(texts[3:10]):
            archive.writestr(f"{number}.json", text)
        archive.writestr("README.txt", "no record")
    pipe = SimpleNamespace(
        buffer=io.BytesIO(b"".join(texts[10:])), isatty=lambda: False, fileno=lambda: 0
    )
    monkeypatch.setattr("sys.stdin", pipe)
    names = ("one.json", "folder", "ctg-studies.json.zip")
    ran = run("read", *(str(tmp_path / name) for name in names), "-", "--json")
    answer = json.loads(ran.out)
    assert answer["counts"]["fetched"] == 12
    assert answer["source"]["registry"] == "4 files"


def test_one_file_that_is_no_record_does_not_stop_the_others(
    run: Run, tmp_path: Path, record: dict[str, Any]
) -> None:
    (tmp_path / "a.json").write_text("{broken")
    (tmp_path / "b.json").write_text(json.dumps(record))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("broken.json", "<html></html>")
    (tmp_path / "d.zip").write_bytes((tmp_path / "c.zip").read_bytes()[:-9])
    (tmp_path / "e.json").write_text(json.dumps(record).replace("NCT9", "NCT8") + "\n{bad")
    for names in ([tmp_path], sorted(tmp_path.iterdir())):
        ran = run("read", *map(str, names), "--json")
        answer = json.loads(ran.out)
        assert ran.code == ExitCode.DONE
        assert len(answer["trials"]) == 2
        reasons = " ".join(one["reason"] for one in answer["unreadable"])
        assert all(name in reasons for name in ("a.json", "broken.json", "d.zip", "e.json: Line"))


def _spoil(text: bytes, place: int) -> bytes:
    return text[:place] + b"\xff" * 20 + text[place + 20 :]


@pytest.mark.parametrize(("method", "lost"), [
    (zipfile.ZIP_STORED, "b.zip: 0.json"), (zipfile.ZIP_DEFLATED, "b.zip: 0.json"),
    (zipfile.ZIP_BZIP2, "b.zip: 0.json"), (zipfile.ZIP_LZMA, "b.zip: 0.json"),
])  # fmt: skip
def test_a_damaged_file_in_an_archive_costs_only_itself(
    run: Run, tmp_path: Path, record: dict[str, Any], method: int, lost: str
) -> None:
    text = json.dumps(record)
    (tmp_path / "a.json").write_text(text)
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("0.json", text.replace("NCT9", "NCT7"))
        archive.writestr("1.json", text.replace("NCT9", "NCT8"))
    path.write_bytes(_spoil(path.read_bytes(), 60))
    ran = run("read", str(tmp_path / "a.json"), str(path), "--json")
    answer = json.loads(ran.out)
    assert ran.code == ExitCode.DONE
    assert len(answer["trials"]) == 2
    assert [lost in one["reason"] for one in answer["unreadable"]] == [True]


def test_an_archive_without_its_list_of_files_costs_only_itself(
    run: Run, tmp_path: Path, record: dict[str, Any]
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(record))
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("0.json", json.dumps(record))
    path.write_bytes(_spoil(path.read_bytes(), archive.start_dir))
    ran = run("read", str(tmp_path / "a.json"), str(path), "--json")
    answer = json.loads(ran.out)
    assert (ran.code, len(answer["trials"])) == (ExitCode.DONE, 1)
    assert "b.zip" in answer["unreadable"][0]["reason"]
    assert run("read", str(path)).code == ExitCode.UNREADABLE


def test_a_file_that_is_not_there_is_told_before_any_is_read(
    run: Run, tmp_path: Path, record: dict[str, Any]
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(record))
    (tmp_path / "empty").mkdir()
    with zipfile.ZipFile(tmp_path / "none.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    for other in ("b.json", "empty", "none.zip"):
        ran = run("read", str(tmp_path / "a.json"), str(tmp_path / other), "--json")
        assert (ran.code, ran.out) == (ExitCode.USAGE, "")
        assert other in ran.err


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        (("-c", "stroke"), "condition"), (("-c", "ictus"), "condition"),
        (("--status", "recruiting"), "status"), (("--route", "iv"), "route"),
        (("--cells", "any"), "no_cells_given"), (("--country", "Spain"), "country"),
        (("--age", "5"), "age"), (("--near", "Madrid"), "too_far"), (("--limit", "3"), "over_limit"),
    ],
)  # fmt: skip
def test_a_file_is_read_with_the_filters_of_a_search(
    filters: tuple[str, ...], reason: str, run: Run
) -> None:
    folder = PROJECT / "fixtures" / "studies"
    counts = json.loads(run("read", str(folder), *filters, "--json").out)["counts"]
    assert counts["left_out"][reason] > 0
    assert counts["shown"] > 0
    left_out = sum(counts["left_out"].values())
    assert counts["shown"] + left_out + counts["unreadable"] == counts["fetched"]


def test_a_study_without_a_known_place_is_not_hidden_in_silence(
    run: Run, tmp_path: Path, record: dict[str, Any]
) -> None:
    record["protocolSection"]["contactsLocationsModule"] = {
        "locations": [{"city": "Nowhere at All", "country": "Spain"}]
    }
    (tmp_path / "a.json").write_text(json.dumps(record))
    ran = run("read", str(tmp_path / "a.json"), "--near", "Madrid", "--explain")
    number = record["protocolSection"]["identificationModule"]["nctId"]
    assert "1 study is not shown, because it is not known where its sites are." in ran.err
    assert number in ran.err.partition("How this answer came about")[2]
    answer = json.loads(
        run("read", str(tmp_path / "a.json"), "--near", "Madrid", "--explain", "--json").out
    )
    assert answer["counts"]["left_out"] == {"place_unknown": 1}
    assert [one["nct_id"] for one in answer["explain"]["left_out"]] == [number]
    assert "place_unknown" in {notice["id"] for notice in answer["notices"]}
