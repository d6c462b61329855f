"""Whole processes, measured in turn: wall time, CPU time, peak memory, when the first line came."""

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_PIECES_A_LOOK = 50
"""A long answer comes in thousands of pieces."""

Case = tuple[Sequence[str], Mapping[str, str]]
"""A command, and what its environment holds beside the plain one."""


@dataclass(frozen=True)
class Run:
    """One process, from start to end."""

    wall: float
    cpu: float
    """User and system time."""
    peak_bytes: int
    """Of runs that write much; 0 where the kernel does not say."""
    first_line: float | None
    """Seconds until the first line of its output."""
    lines: int


@dataclass(frozen=True)
class Bar:
    """A promise, and what was measured."""

    text: str
    measured: float
    most: float
    by_cpu: float | None = None
    """The same ratio of CPU times: on a busy machine the steadier of the two."""

    @property
    def is_met(self) -> bool:
        """True when the wall time keeps the promise."""
        return self.measured <= self.most

    def facts(self) -> dict[str, object]:
        """Return the bar as JSON values."""
        return {
            "bar": self.text,
            "measured": round(self.measured, 3),
            "most": self.most,
            "by_cpu": self.by_cpu and round(self.by_cpu, 3),
            "is_met": self.is_met,
        }


@dataclass
class Measured:
    """What some cases took, round by round."""

    runs: dict[str, list[Run]] = field(default_factory=dict)

    def ratio(self, name: str, floor: str) -> float:
        """Return the median of the ratios of wall times, round by round."""
        pairs = zip(self.runs[name], self.runs[floor], strict=True)
        return statistics.median(one.wall / other.wall for one, other in pairs)

    def cpu_ratio(self, name: str, floor: str) -> float:
        """Return the median of the ratios of CPU times, round by round."""
        pairs = zip(self.runs[name], self.runs[floor], strict=True)
        return statistics.median(one.cpu / other.cpu for one, other in pairs)

    def figures(self) -> dict[str, dict[str, float]]:
        """Return milliseconds of each case."""
        return {
            name: {
                "wall_ms": round(1000 * statistics.median(run.wall for run in runs), 1),
                "wall_ms_best": round(1000 * min(run.wall for run in runs), 1),
                "cpu_ms": round(1000 * statistics.median(run.cpu for run in runs), 1),
                "cpu_ms_best": round(1000 * min(run.cpu for run in runs), 1),
            }
            for name, runs in self.runs.items()
        }


def measure(cases: Mapping[str, Case], rounds: int) -> Measured:
    """Run all cases in turn, ``rounds`` times after one round to warm up."""
    measured = Measured({name: [] for name in cases})
    for number in range(rounds + 1):
        for name, (command, environment) in cases.items():
            run = run_once(command, environment)
            if number:
                measured.runs[name].append(run)
    return measured


def run_once(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Run one process to its end and return what it took. Raises RuntimeError if it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        env={**plain_environment(), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    listener = _Listener(process)
    listener.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    listener.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Run(
        wall=wall,
        cpu=usage.ru_utime + usage.ru_stime,
        peak_bytes=listener.peak_bytes,
        first_line=None if listener.heard_at is None else listener.heard_at - start,
        lines=listener.lines,
    )


class _Listener(threading.Thread):
    """Takes what a process writes, fast enough that it never has to wait for us."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__()
        self._process = process
        self.heard_at: float | None = None
        self.lines = 0
        self.peak_bytes = 0

    def run(self) -> None:
        stream = self._process.stdout
        if stream is None:
            return
        with stream:
            pieces = 0
            while piece := os.read(stream.fileno(), 1 << 20):
                if self.heard_at is None:
                    self.heard_at = time.perf_counter()
                self.lines += piece.count(b"\n")
                pieces += 1
                if pieces % _PIECES_A_LOOK == 0:
                    self._look()

    def _look(self) -> None:
        """Note the peak so far. What `wait4` says would be our own size: a child starts as a copy of us."""
        with suppress(OSError, ValueError, IndexError):
            self.peak_bytes = max(self.peak_bytes, _peak_of(self._process.pid))


def _peak_of(process: int) -> int:
    """Return the peak of a process in bytes."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def plain_environment() -> dict[str, str]:
    """Return this process's environment without what would change how Python or stemcheck works."""
    unwanted = ("PYTHON", "STEMCHECK", "COVERAGE", "COLUMNS", "NO_COLOR", "FORCE_COLOR")
    return {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
