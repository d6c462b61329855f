"""The second reader: the same readings in the same order, whatever becomes of it, and none left behind."""

import json
import os
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
from stemcheck.services.reading_ahead import ALONE, Read, read_each
from stemcheck.services.second_reader import SecondReader, begin_second_reader
from stemcheck.trial.study import Study, Unreadable
from stemcheck.trial.text import InterventionText, RecordText
from tests.standin import StandIn, read_fixtures
from tests.unit.trials_made_up import a_trial

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1,
    reason="a second reader takes Linux and two processors",
)
BROKEN = Unreadable("NCT00000000", "made so")


@pytest.fixture
def second() -> Iterator[SecondReader]:
    begin_second_reader()
    begun = SecondReader.begun
    assert begun is not None
    yield begun
    if SecondReader.begun:
        begun.close()
    assert not is_running(begun.process)


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


def test_two_processes_read_what_one_reads(second: SecondReader) -> None:
    items = studies()
    assert plainly(list(read_each(iter(items)))) == read_alone(items)
    assert ALONE < second.taken < sum(isinstance(item, Study) for item in items), "both have read"
    assert second.under_way == 0


@pytest.mark.parametrize("after", [0, 1, ALONE + 20])
def test_a_second_reader_that_is_killed_costs_no_reading(second: SecondReader, after: int) -> None:
    items = studies()
    read: list[Read] = []
    for number, one in enumerate(read_each(iter(items))):
        if number == after:
            os.kill(second.process, signal.SIGKILL)
        read.append(one)
    assert plainly(read) == read_alone(items)


def test_records_and_readings_larger_than_a_pipe_pass(second: SecondReader) -> None:
    given = "Mesenchymal stem cells are injected intrathecally" + "x" * 90_000
    product = InterventionText(type="BIOLOGICAL", name="MSC", description=given)
    text = RecordText(interventions=(product,), detailed_description="cells " * 30_000)
    items: list[Study | Unreadable] = [Study(trial=a_trial(), text=text)] * 12
    assert plainly(list(read_each(iter(items)))) == read_alone(items)
    assert len(json.dumps(find(text))) > 65_536
    assert second.taken == len(items)


def test_an_answer_cut_short_leaves_nothing_running(second: SecondReader) -> None:
    next(read_each(iter(studies())))
    second.close()
    assert not is_running(second.process)


def test_an_interrupt_is_the_first_readers_to_hear(second: SecondReader) -> None:
    items = studies()[:8]
    reading = read_each(iter(items))
    first = next(reading)
    os.kill(second.process, signal.SIGINT)
    assert plainly([first, *reading]) == read_alone(items)
    assert is_running(second.process)


def test_with_one_processor_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    begin_second_reader()
    assert SecondReader.begun is None


def test_where_no_process_can_be_had_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuse)
    before = set(Path("/proc/self/fd").iterdir())
    begin_second_reader()
    assert SecondReader.begun is None
    assert set(Path("/proc/self/fd").iterdir()) == before


ABANDONED = """
import time
from stemcheck.services.second_reader import SecondReader, begin_second_reader
begin_second_reader()
print(SecondReader.begun.process, flush=True)
time.sleep(60)
"""


def test_it_ends_with_the_first_reader_even_when_that_is_killed() -> None:
    first = subprocess.Popen([sys.executable, "-c", ABANDONED], stdout=subprocess.PIPE)
    assert first.stdout is not None
    with first.stdout:
        process = int(first.stdout.readline())
        assert is_running(process)
        first.kill()
        first.wait()
        # and it keeps nobody waiting who listens to what the first one prints
        assert first.stdout.read() == b""
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
    assert len(together) > ALONE
    assert together == alone
