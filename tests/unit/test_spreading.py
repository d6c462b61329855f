"""Work spread over processors: in order, in constant memory, and ended cleanly."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import pytest

from stemcheck.services import spreading
from stemcheck.services.spreading import BATCH, FEW, spread
from tests.conftest import PROJECT

STUDIES = [
    json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((PROJECT / "fixtures" / "studies").glob("*.json"))
]
MANY = FEW + 12 * BATCH


def squared(numbers: list[int]) -> list[int]:
    return [number * number for number in numbers]


def end_process(numbers: list[int]) -> list[int]:
    if len(numbers) > 1:
        os._exit(1)
    return numbers


@pytest.mark.parametrize("size", [0, 1, FEW, FEW + 1, FEW + BATCH + 7])
def test_results_come_in_order_whatever_the_size(size: int) -> None:
    assert list(spread(squared, range(size), processes=2)) == squared(list(range(size)))


def test_nothing_is_taken_far_ahead_of_what_is_asked_for() -> None:
    taken = count()
    results = spread(squared, (next(taken) for _ in range(100_000)), processes=2)
    assert len(list(islice(results, FEW + 2))) == FEW + 2
    assert next(taken) < FEW + 12 * BATCH
    results.close()  # type: ignore[attr-defined]


def test_one_processor_starts_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "ProcessPoolExecutor", None)
    assert len(list(spread(squared, range(MANY), processes=1))) == MANY


def test_a_process_that_is_killed_is_a_lack_of_memory() -> None:
    with pytest.raises(MemoryError):
        list(spread(end_process, range(MANY), processes=2))


def records(*, distinct: int) -> Iterator[str]:
    """Yield many records; after so many distinct numbers they come again."""
    for number in range(MANY):
        study = json.loads(json.dumps(STUDIES[number % len(STUDIES)]))
        name = f"NCT{81_000_000 + number % distinct}"
        study["protocolSection"]["identificationModule"]["nctId"] = name
        yield json.dumps(study)


def read(path: Path, processors: set[int]) -> tuple[str, str]:
    """Read a file on these processors; return what was printed, and said."""
    ran = subprocess.run(
        [sys.executable, "-m", "stemcheck", "read", str(path), "--jsonl"],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, processors),
    )
    return ran.stdout, ran.stderr


@pytest.mark.skipif(spreading.cores() < 2, reason="one processor")
def test_two_processors_print_what_one_prints(tmp_path: Path) -> None:
    distinct = 450
    path = tmp_path / "many.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.writelines(f"{text}\n" for text in [*records(distinct=distinct), "{}", "[1]"])
    both = os.sched_getaffinity(0)
    out, said = read(path, both)
    assert (out, said) == read(path, {min(both)})
    assert len(out.splitlines()) == distinct


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A program that reads a large file with others, in a group of processes of its own."""
    path = tmp_path / "many.jsonl"
    text = "".join(f"{text}\n" for text in records(distinct=MANY))
    path.write_text(text * 40, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "stemcheck", "read", str(path), "--count"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        children = Path(f"/proc/{program.pid}/task/{program.pid}/children")
        for _ in range(600):
            if len(children.read_text(encoding="ascii").split()) > 1:
                break
            time.sleep(0.05)
        yield program


@pytest.mark.skipif(spreading.cores() < 2, reason="one processor")
def test_ctrl_c_ends_all_processes_with_one_sentence(reading: subprocess.Popen[str]) -> None:
    os.killpg(reading.pid, signal.SIGINT)
    out, said = reading.communicate(timeout=60)
    assert (reading.returncode, out, said.strip()) == (130, "", "Stopped.")
    with pytest.raises(ProcessLookupError):
        os.killpg(reading.pid, 0)


@pytest.mark.skipif(spreading.cores() < 2, reason="one processor")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGKILL"])
def test_whatever_ends_the_program_ends_the_processes_that_help_it(
    reading: subprocess.Popen[str], name: str
) -> None:
    reading.send_signal(getattr(signal, name))
    reading.communicate(timeout=60)  # until nobody holds its pipes open any more
    assert reading.returncode == -getattr(signal, name)
