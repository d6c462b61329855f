"""How the program ends when the world around it does: streams, signals, readers that leave."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest

from stemcheck.errors import ExitCode
from stemcheck.services.records import RECORDS_AN_EVENT
from tests.cli.conftest import Run
from tests.conftest import PROJECT

STEMCHECK = (sys.executable, "-m", "stemcheck")
SHELL = f"{sys.executable} -m stemcheck"


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize(
    "command",
    ["trials -c stroke --offline", "trials -c stroke --offline --json", "--version", "schema"],
)
def test_a_full_disk_is_no_bug(command: str) -> None:
    ran = shell(f"{SHELL} {command} > /dev/full")
    assert ran.returncode == ExitCode.STORE
    assert "could not be written" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("closed", "target"),
    [(">&-", ""), ("2>&-", "a.json"), (">&- 2>&-", ""), (">&- 2>&-", "a.json")],
)
def test_closed_streams_are_nobody_listening(closed: str, target: str, tmp_path: Path) -> None:
    output = f"-o {tmp_path / target}" if target else ""
    ran = shell(f"{SHELL} trials -c stroke --offline --json {output} {closed}")
    assert (ran.returncode, "Traceback" in ran.stderr) == (0, False)
    assert all(path.stat().st_size > 1000 for path in tmp_path.glob("*.json"))
    assert len(list(tmp_path.glob("*.json"))) == bool(target)


@pytest.mark.parametrize("shape", ["", "--json", "--jsonl", "--csv", "--format markdown"])
def test_a_reader_that_leaves_is_left_in_peace(shape: str) -> None:
    command = (
        f"{SHELL} trials --cells any --offline --all -q {shape} | head -1; echo ${{PIPESTATUS[0]}}"
    )
    ran = shell(command)
    assert ran.stdout.splitlines()[-1] == str(int(ExitCode.READER_LEFT))
    assert ran.stderr == ""


@pytest.mark.parametrize(
    ("shape", "unbuffered"),
    [
        ("", "1"),
        ("--json", "1"),
        ("--jsonl", "1"),
        ("--jsonl", ""),
        ("--csv", "1"),
        ("--format markdown", ""),
    ],
)
def test_an_answer_that_is_cut_is_never_done(shape: str, unbuffered: str, tmp_path: Path) -> None:
    """A limit on files lets the system take a part of a write, as a disk does that becomes full."""
    target = tmp_path / "out"
    ran = shell(
        f"ulimit -f 4; {SHELL} trials -c stroke --offline {shape} > {target}",
        PYTHONUNBUFFERED=unbuffered,
    )
    assert ran.returncode == ExitCode.STORE
    assert "could not be written" in ran.stderr
    assert 0 < target.stat().st_size <= 4 * 1024


@cache
def lines_of(number: int) -> bytes:
    whole = subprocess.run(
        [*STEMCHECK, "trials", "--cells", "any", "--offline", "--jsonl", "-n", str(number)],
        capture_output=True,
        check=True,
    )
    return whole.stdout


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("trouble", ["stopped and continued", "a pipe that does not wait"])
def test_a_slow_reader_gets_every_byte(unbuffered: str, trouble: str) -> None:
    reading, writing = os.pipe()
    if trouble == "a pipe that does not wait":
        os.set_blocking(writing, False)
    child = subprocess.Popen(
        [*STEMCHECK, "trials", "--cells", "any", "--offline", "--jsonl", "-n", "60"],
        stdout=writing,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        first = pipe.read(1)
        time.sleep(1)  # the pipe is full by now
        for number in (signal.SIGSTOP, signal.SIGCONT):
            child.send_signal(number)
            time.sleep(0.1)
        came = first + pipe.read()
    assert child.wait(timeout=30) == ExitCode.DONE
    assert came == lines_of(60)


@pytest.mark.parametrize(
    ("command", "closed"),
    [
        ("read -", "<&-"),
        ("read -", "<&- >&- 2>&-"),
        ("verify --text -", "<&- >&-"),
        ("trials -c stroke --offline -q", "<&- >&-"),
    ],
)
def test_a_closed_standard_input_is_an_empty_one(command: str, closed: str) -> None:
    closed_too = shell(f"{SHELL} {command} {closed}")
    empty = shell(f"{SHELL} {command} < /dev/null")
    assert closed_too.returncode == empty.returncode != ExitCode.BUG
    assert "Traceback" not in closed_too.stderr


@pytest.mark.parametrize(
    ("files", "command"),
    [
        (5, "trials -c stroke --offline -q"),
        (6, "show NCT05158101 --offline -q"),
        (6, "trials -c stroke --offline -q"),
        (8, "glossary iv"),
        (12, "trials -c stroke --offline -q"),
    ],
)
def test_few_open_files_cost_at_most_one_sentence(files: int, command: str) -> None:
    ran = shell(f"exec 2>&1; ulimit -n {files}; exec {SHELL} {command}")
    assert ran.returncode in {ExitCode.DONE, ExitCode.STORE}
    assert "Traceback" not in ran.stdout
    if ran.returncode:
        assert len(ran.stdout.splitlines()) <= 2


@pytest.mark.parametrize("megabytes", [16, 24, 48, 64])
def test_little_memory_costs_at_most_one_sentence(megabytes: int) -> None:
    command = f"{SHELL} trials -c stroke --offline --json -q"
    ran = shell(f"ulimit -v {megabytes * 1024}; exec {command}")
    assert ran.returncode in {ExitCode.DONE, ExitCode.STORE}
    assert "Traceback" not in ran.stderr
    if ran.returncode:
        assert ran.stdout == ""
        assert len(ran.stderr.splitlines()) == 1


def test_what_is_no_text_is_wrong_usage() -> None:
    ran = shell(rf"{SHELL} trials --offline -c $'caf\xe9'")
    assert ran.returncode == ExitCode.USAGE
    assert "UTF-8" in ran.stderr
    assert ran.stdout == ""


def test_letters_are_composed_before_they_are_used(run: Run, tmp_path: Path) -> None:
    composed, decomposed = "Sj\u00f6gren", "Sjo\u0308gren"
    assert json.loads(run("questions", "-c", decomposed, "--json").out)["condition"] == composed
    record = tmp_path / f"{decomposed}.json"  # the name of a file that is there is left alone
    record.write_bytes((PROJECT / "fixtures/studies/recruiting-stroke-iv.json").read_bytes())
    assert run("read", str(record), "--jsonl").code == 0


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("trials -c stroke --offline --json -o {}/a.csv", "another format"),
        ("trials -c stroke --offline --format table -o {}/a.json", "another format"),
        ("approved -o {}/a.csv", "no such format"),
        ("trials -c stroke --offline -o {}/a.html", "stemcheck report"),
        ("trials -c stroke --offline -o {}/a.pdf", "writes no .pdf files"),
    ],
)
def test_the_name_of_a_file_does_not_lie(command: str, told: str, run: Run, tmp_path: Path) -> None:
    ran = run(*command.format(tmp_path).split())
    assert ran.code == ExitCode.USAGE
    assert told in ran.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.json", "{"),
        ("a.jsonl", '{"nct_id"'),
        ("a.csv", "\ufeffnct_id,"),
        ("a.md", "# Stroke"),
        ("a.txt", "\u256d"),
    ],
)
def test_the_ending_of_a_file_chooses_its_format(
    name: str, start: str, run: Run, tmp_path: Path
) -> None:
    target = tmp_path / name
    command = f"trials -c stroke --offline -n 2 -o {target}"
    ran = run(*command.split())
    assert ran.code == 0
    assert target.read_text(encoding="utf-8").startswith(start)
    assert f"Written to {target}: 2 studies." in ran.err
    assert run(*command.split(), "-q", "--force").err == ""


def drawn_by(command: str, columns: int) -> str:
    """Run a command on a terminal and return all that it sent there."""
    with tempfile.TemporaryFile() as log:
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        child = subprocess.Popen(
            ["bash", "-c", f"{SHELL} {command}"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": "xterm", "NO_COLOR": "1"},
        )
        os.close(slave)
        with suppress(OSError):  # what a terminal gives at its end
            while piece := os.read(master, 65536):
                log.write(piece)
        child.wait(timeout=60)
        os.close(master)
        log.seek(0)
        return log.read().decode()


def screen_of(command: str, columns: int) -> list[str]:
    """Run a command on a terminal and return the lines that stand there at the end."""
    drawn = drawn_by(command, columns)
    lines = []
    for line in drawn.replace("\r\n", "\n").split("\n"):
        last = line.split("\r\x1b[K")[-1]
        lines.append(re.sub(r"\x1b\[[0-9;]*m", "", last))
    return lines if "Asking ClinicalTrials.gov ..." in drawn else ["(silent)", *lines]


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("command", ["trials -c stroke", "show NCT05158101"])
def test_the_progress_line_is_gone_before_the_answer(
    command: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEMCHECK_REGISTRY_URL", "http://127.0.0.1:9/api/v2")
    monkeypatch.setenv("STEMCHECK_TIMEOUT", "2")
    monkeypatch.setenv("STEMCHECK_PAGER", "")
    lines = screen_of(command, columns)
    assert lines[0].startswith("\u256d")
    assert not [line for line in lines if "Asking" in line]
    assert [line for line in lines if line.startswith("stemcheck: ")]
    assert max(len(line) for line in lines if "://" not in line) <= columns


def test_a_big_file_shows_how_far_it_was_read_and_takes_that_away(tmp_path: Path) -> None:
    study = json.loads((PROJECT / "fixtures/studies/recruiting-stroke-iv.json").read_bytes())
    lines = []
    for number in range(2 * RECORDS_AN_EVENT):
        study["protocolSection"]["identificationModule"]["nctId"] = f"NCT{81_000_000 + number}"
        lines.append(json.dumps(study))
    many = tmp_path / "many.jsonl"
    many.write_text("\n".join(lines), encoding="utf-8")
    drawn = drawn_by(f"read {many} --jsonl > {tmp_path / 'out'}", 80)
    assert "Reading: 500 records ..." in drawn
    assert "Reading: 1,000 records ..." in drawn
    assert "Reading" not in drawn.rpartition("\r\x1b[K")[2]
    assert "Reading" not in drawn_by(f"read {many} --jsonl", 80)  # among the lines themselves


@pytest.mark.parametrize("columns", ["0", "1", "9", "-1", "abc"])
def test_a_width_that_cannot_be_still_gives_a_table(
    columns: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    ran = run("trials", "-c", "stroke", "--offline", "--limit", "1")
    assert ran.code == 0
    assert "NOT AN ANSWER" in ran.out
    assert "NCT" in ran.out


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_program_that_is_ended_leaves_no_file_behind(
    number: signal.Signals, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    child = subprocess.Popen(
        [*STEMCHECK, "read", str(pipe), "--json", "-o", str(tmp_path / "out.json")],
        stderr=subprocess.PIPE,
        text=True,
    )
    study = (PROJECT / "fixtures/studies/recruiting-stroke-iv.json").read_text(encoding="utf-8")
    with pipe.open("w", encoding="utf-8") as writer:
        writer.write(study.replace("\n", " ") + "\n")
        writer.flush()
        deadline = time.monotonic() + 30
        while not list(tmp_path.glob(".out.json.*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        child.send_signal(number)
        _, said = child.communicate(timeout=30)
    expected = ExitCode.INTERRUPTED if number is signal.SIGINT else -number
    assert child.returncode == expected
    assert "Traceback" not in said
    assert sorted(path.name for path in tmp_path.glob("*out.json*")) == []


def test_a_place_that_cannot_be_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for name in (str(loop), str(tmp_path / ("a" * 300))):
        ran = run("trials", "-c", "stroke", "--offline", "-o", name)
        assert ran.code == ExitCode.USAGE
        assert "cannot be a file" in ran.err
