"""Long crawls from a registry that takes its time: memory, streaming, and what we add to the waiting."""

import math
import time
from pathlib import Path

from benchmarks.installing import Installed
from benchmarks.measuring import Bar, Run, run_once
from tests.standin import StandIn, read_fixtures, read_records

FEW = 5_000
SECONDS_A_PAGE = 3.0
"""What the registry takes for a page of 1,000 studies."""


def crawl(
    installed: Installed,
    records: Path | None,
    figures: dict[str, dict[str, float]],
    *,
    studies: int,
) -> list[Bar]:
    """Read few and many studies to jsonl from a registry that takes three seconds a page."""
    own = len(list(read_records(records) if records else read_fixtures()))
    few = _Crawl(installed, records, repeat=max(1, FEW // own))
    many = _Crawl(installed, records, repeat=max(1, studies // own))
    figures["crawl"] = {
        "studies": many.total,
        "cpu_ms_a_study": round(1000 * many.run.cpu / many.total, 4),
        "peak_mb": round(many.run.peak_bytes / 1e6, 1),
        "peak_mb_of_few": round(few.run.peak_bytes / 1e6, 1),
        "first_line_s": round(many.run.first_line or 0, 2),
        "second_page_s": round(many.second_page, 2),
        "wall_s": round(many.run.wall, 1),
        "registry_s": round(many.waiting, 1),
    }
    growth = math.log(many.run.cpu / few.run.cpu) / math.log(many.total / few.total)
    flat = many.run.peak_bytes / few.run.peak_bytes
    return [
        Bar("crawl: wall / the registry's own time", many.run.wall / many.waiting, 1.1),
        Bar("crawl: peak memory, MB", many.run.peak_bytes / 1e6, 130),
        Bar(f"crawl: peak memory / that of {few.total}", flat, 1.05),
        Bar("crawl: exponent of growth", growth, 1.05),
        Bar("crawl: first line / second page sent", _first(many.run) / many.second_page, 1),
    ]


class _Crawl:
    """What one crawl took, how many studies there were, and how long the registry thought about them."""

    def __init__(self, installed: Installed, records: Path | None, *, repeat: int) -> None:
        with StandIn(records, repeat=repeat, delay_seconds=SECONDS_A_PAGE) as registry:
            self.total = len(registry.registry)
            start = time.monotonic()
            self.run = run_once(*_command(installed, registry))
            self.waiting = registry.answering_seconds
            pages = registry.pages_asked
        # The second page is complete after the request for it came, and before the third is asked for.
        self.second_page = pages[1].at - start if len(pages) > 1 else math.inf


def _first(run: Run) -> float:
    return math.inf if run.first_line is None else run.first_line


def _command(installed: Installed, registry: StandIn) -> tuple[list[str], dict[str, str]]:
    command = [installed.program, "trials", "--cells", "any", "--live", "--jsonl", "--quiet"]
    return command, {
        "STEMCHECK_REGISTRY_URL": registry.base_url,
        "STEMCHECK_DATA_DIR": str(installed.folder / "crawl"),
    }
