"""How the program ends when the world around it does: streams, signals, readers that leave."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stemcheck.errors import ExitCode
from tests.conftest import PROJECT

STEMCHECK = (sys.executable, "-m", "stemcheck")
SHELL = f"{sys.executable} -m stemcheck"


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
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


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_nobody_listening(closed: str, tmp_path: Path) -> None:
    target = tmp_path / "answer.json"
    for output in ("", f"-o {target}"):
        ran = shell(f"{SHELL} trials -c stroke --offline --json {output} {closed}")
        assert (ran.returncode, "Traceback" in ran.stderr) == (0, False)
    assert target.stat().st_size > 1000


@pytest.mark.parametrize("shape", ["", "--json", "--jsonl", "--csv", "--format markdown"])
def test_a_reader_that_leaves_is_left_in_peace(shape: str) -> None:
    command = (
        f"{SHELL} trials --cells any --offline --all -q {shape} | head -1; echo ${{PIPESTATUS[0]}}"
    )
    ran = shell(command)
    assert ran.stdout.splitlines()[-1] == str(int(ExitCode.READER_LEFT))
    assert ran.stderr == ""


@pytest.mark.parametrize("columns", ["0", "1", "9", "-1", "abc"])
def test_a_width_that_cannot_be_still_gives_a_table(columns: str) -> None:
    ran = shell(f"{SHELL} trials -c stroke --offline --limit 1", COLUMNS=columns)
    assert ran.returncode == 0
    assert "NOT AN ANSWER" in ran.stdout
    assert "NCT" in ran.stdout


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


def test_a_place_that_cannot_be_is_wrong_usage(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for name in (str(loop), str(tmp_path / ("a" * 300))):
        ran = subprocess.run(
            [*STEMCHECK, "trials", "-c", "stroke", "--offline", "-o", name],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == ExitCode.USAGE
        assert "cannot be a file" in ran.stderr
