"""Readers: the same readings in the same order, whatever becomes of them, and none left behind."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from stemcheck.reading.reader import find
from stemcheck.registry.file import read_studies
from stemcheck.services.readers import (
    PIPE_BYTES,
    begin_readers,
    begun,
    end_readers,
    forked,
)
from stemcheck.services.reading_ahead import READ_AHEAD, Read, read_ahead
from stemcheck.trial.study import Study, Unreadable
from stemcheck.trial.text import InterventionText, RecordText
from tests.standin import StandIn, read_fixtures
from tests.unit.trials_made_up import a_trial

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1,
    reason="readers take Linux and two processors",
)
BROKEN = Unreadable("NCT00000000", "made so")


@pytest.fixture
def processes() -> Iterator[list[int]]:
    """Begin readers, give their processes, and see them end."""
    begin_readers(2)
    assert len(begun) == 2
    list(read_ahead(iter(studies()[: 2 * READ_AHEAD])))  # by now all of them run
    first = forked[0]
    all_of_them = [first, *children_of(first)]
    assert len(all_of_them) == 2
    yield all_of_them
    end_readers()
    assert not any(map(is_running, all_of_them))


def children_of(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def studies() -> list[Study | Unreadable]:
    """Return the hand-written studies, some of them unreadable, often enough that both have to read."""
    lines = "".join(json.dumps(record) + "\n" for record in read_fixtures())
    once = list(read_studies(BytesIO(lines.encode())))
    assert any(isinstance(item, Study) for item in once)
    return [item for number in range(12) for item in (*once, *[BROKEN] * (number % 3))]


def plainly(read: list[Read]) -> list[object]:
    """Return what was read so that it can be compared, whichever process read it."""
    return [
        one if isinstance(one, Unreadable) else (one[0].trial.nct_id, json.dumps(one[1]))
        for one in read
    ]


def read_alone(items: list[Study | Unreadable]) -> list[object]:
    return plainly([i if isinstance(i, Unreadable) else (i, find(i.text)) for i in items])


def is_running(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def wait_for_its_end(process: int) -> None:
    deadline = time.monotonic() + 20
    while is_running(process):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_readers_read_what_one_process_reads(processes: list[int]) -> None:
    items = studies()
    assert plainly(list(read_ahead(iter(items)))) == read_alone(items)
    assert all(map(is_running, processes))
    assert not any(reader.under_way or reader.is_lost for reader in begun)


@pytest.mark.parametrize("killed", [(0,), (1,), (0, 1)])
@pytest.mark.parametrize("after", [0, 1, 100])
def test_readers_that_are_killed_cost_no_reading(
    processes: list[int], after: int, killed: tuple[int, ...]
) -> None:
    items = studies()
    read: list[Read] = []
    for number, one in enumerate(read_ahead(iter(items))):
        if number == after:
            for reader in killed:
                os.kill(processes[reader], signal.SIGKILL)
        read.append(one)
    assert plainly(read) == read_alone(items)
    assert sum(reader.is_lost for reader in begun) == len(killed)
    end_readers()
    for process in processes:  # the first of them can wait for the others no more
        wait_for_its_end(process)


@pytest.fixture(params=[0, 1100])
def open_files(request: pytest.FixtureRequest) -> Iterator[None]:
    """So many files open already; more than 1,024 are too many for `select.select`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    with Path(os.devnull).open("rb") as nothing:
        more = [os.dup(nothing.fileno()) for _ in range(request.param)]
    yield
    for end in more:
        os.close(end)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("open_files", "processes")
def test_records_and_readings_larger_than_a_pipe_pass() -> None:
    given = "Mesenchymal stem cells are injected intrathecally" + "x" * 90_000
    product = InterventionText(type="BIOLOGICAL", name="MSC", description=given)
    text = RecordText(interventions=(product,), detailed_description="cells " * 60_000)
    items: list[Study | Unreadable] = [Study(trial=a_trial(), text=text)] * (2 * READ_AHEAD)
    assert plainly(list(read_ahead(iter(items)))) == read_alone(items)
    assert len(text.detailed_description) > PIPE_BYTES
    assert len(json.dumps(find(text))) > 65_536
    assert not any(reader.is_lost for reader in begun)


def test_something_else_is_done_when_the_readers_have_the_first_studies(
    processes: list[int],
) -> None:
    under_way: list[int] = []
    items = studies()

    def meanwhile() -> None:
        under_way.append(sum(reader.under_way for reader in begun))

    assert plainly(list(read_ahead(iter(items), meanwhile=meanwhile))) == read_alone(items)
    (sent,) = under_way
    assert 0 < sent <= READ_AHEAD
    assert all(map(is_running, processes))


def test_an_answer_cut_short_leaves_nothing_running(processes: list[int]) -> None:
    next(read_ahead(iter(studies())))
    end_readers()
    assert not any(map(is_running, processes))


def test_an_interrupt_is_for_the_first_process_to_hear(processes: list[int]) -> None:
    items = studies()
    reading = read_ahead(iter(items))
    first = next(reading)
    for process in processes:
        os.kill(process, signal.SIGINT)
    assert plainly([first, *reading]) == read_alone(items)
    assert all(map(is_running, processes))


def test_with_one_processor_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    begin_readers(2)
    assert not begun


def test_where_no_process_can_be_had_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)
    before = set(Path("/proc/self/fd").iterdir())
    begin_readers(2)
    assert not begun
    assert set(Path("/proc/self/fd").iterdir()) == before


ABANDONED = """
import sys, time
from stemcheck.services.readers import begin_readers, forked
begin_readers(int(sys.argv[1]))
print(forked[0], flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("how_many", [0, 1, 2])
def test_they_end_with_the_first_process_even_when_that_is_killed(how_many: int) -> None:
    first = subprocess.Popen(
        [sys.executable, "-c", ABANDONED, str(how_many)], stdout=subprocess.PIPE
    )
    assert first.stdout is not None
    with first.stdout:
        reader = int(first.stdout.readline())
        deadline = time.monotonic() + 20
        while len(others := children_of(reader)) < how_many - 1:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        first.kill()
        first.wait()
        # and they keep nobody waiting who listens to what the first one prints
        assert first.stdout.read() == b""
    for process in (reader, *others):
        wait_for_its_end(process)


def run_on(processors: set[int], registry: StandIn, folder: Path) -> list[dict[str, object]]:
    """Search with the program on these processors; what is only of this moment is left out."""
    run = subprocess.run(
        [sys.executable, "-m", "stemcheck", "trials", "--live", "--jsonl", "--cells", "any"],
        env={
            **os.environ,
            "STEMCHECK_REGISTRY_URL": registry.base_url,
            "STEMCHECK_DATA_DIR": str(folder),
        },
        preexec_fn=lambda: os.sched_setaffinity(0, processors),
        capture_output=True,
        check=True,
        timeout=120,
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_the_program_says_the_same_with_one_processor_and_with_two(tmp_path: Path) -> None:
    both = os.sched_getaffinity(0)
    with StandIn(repeat=8) as registry:
        alone = run_on({min(both)}, registry, tmp_path / "one")
        together = run_on(both, registry, tmp_path / "two")
    assert len(together) > 100
    assert together == alone


FORKING = """
import os, sys
from stemcheck.__main__ import main
forked = []
def fork():
    forked.append(True)
    raise OSError("none is wanted here")
os.fork = fork
main()
sys.stderr.write(f"\\nforked {len(forked)}")
"""


@pytest.mark.parametrize(
    ("line", "forked"),
    [
        ("trials --help", 0),
        ("trials -h", 0),
        ("trials -c stroke --offline", 0),
        ("cautions", 0),
        ("trials -c stroke --live", 1),
        ("trials -c stroke", 1),
        ("report -c stroke --live -o -", 1),
        ("report --help", 0),
        ("show NCT00000001", 1),
        ("show NCT00000001 --offline", 0),
    ],
)
def test_readers_are_begun_only_where_the_registry_is_asked(
    line: str, forked: int, tmp_path: Path
) -> None:
    with StandIn() as registry:
        run = subprocess.run(
            [sys.executable, "-c", FORKING, *line.split()],
            env={
                **os.environ,
                "STEMCHECK_REGISTRY_URL": registry.base_url,
                "STEMCHECK_DATA_DIR": str(tmp_path),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert run.stderr.endswith(f"\nforked {forked}"), run.stderr[-2000:]
