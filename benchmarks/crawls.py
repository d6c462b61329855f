"""Long crawls: CPU and memory a study, streaming, growth, and waiting for a slow registry."""

import json
import math
import statistics
import subprocess
import time
import urllib.request
from pathlib import Path

from benchmarks.installing import Installed
from benchmarks.measuring import Bar, Run, run_once
from stemcheck.registry.addresses import Addresses
from stemcheck.trial.query import TrialQuery
from tests.standin import StandIn, read_fixtures, read_records

FEW = 5_000
SLOW_STUDIES = 12_000
SLOW_SECONDS = 1.5
FLOOR = """
import json, re, sys, time
texts = open(sys.argv[1], encoding="utf-8").read().splitlines()
pattern = re.compile(r"\\b(?:mesenchymal|stromal|stem)\\b.{0,40}\\bintravenous(?:ly)?\\b", re.I)
start = time.process_time()
for text in texts:
    pattern.search(text)
print((time.process_time() - start) / len(texts))
"""
"""One search, case-insensitive, over the very text that the registry sends for a study."""


def crawl(
    installed: Installed,
    records: Path | None,
    figures: dict[str, dict[str, float]],
    *,
    studies: int,
) -> list[Bar]:
    """Read few and many studies to jsonl, beside a regex search over the same text."""
    own = len(list(read_records(records) if records else read_fixtures()))
    texts = _texts(installed, records)
    # Three times five, before, between and after: a shared machine is not twice the same.
    floors = _regex_seconds(installed, texts)
    few, few_total, _ = _crawl(installed, records, repeat=max(1, FEW // own))
    floors += _regex_seconds(installed, texts)
    many, total, second_page = _crawl(installed, records, repeat=max(1, studies // own))
    floors += _regex_seconds(installed, texts)
    floor = statistics.median(floors)
    figures["crawl"] = {
        "studies": total,
        "studies_a_second": round(total / many.cpu, 1),
        "cpu_ms_a_study": round(1000 * many.cpu / total, 4),
        "regex_ms_a_study": round(1000 * floor, 4),
        "peak_mb": round(many.peak_bytes / 1e6, 1),
        "peak_mb_of_few": round(few.peak_bytes / 1e6, 1),
        "first_line_s": round(many.first_line or 0, 2),
        "second_page_s": round(second_page, 2),
        "wall_s": round(many.wall, 1),
    }
    growth = math.log(many.cpu / few.cpu) / math.log(total / few_total)
    return [
        Bar("crawl: CPU a study / one regex search", many.cpu / total / floor, 7),
        Bar("crawl: peak memory, MB", many.peak_bytes / 1e6, 130),
        Bar(f"crawl: peak memory / that of {few_total}", many.peak_bytes / few.peak_bytes, 1.05),
        Bar("crawl: exponent of growth", growth, 1.05),
        Bar("crawl: first line / second page sent", (many.first_line or 99) / second_page, 1),
    ]


def crawl_a_slow_registry(
    installed: Installed, records: Path | None, figures: dict[str, dict[str, float]]
) -> list[Bar]:
    """Read from a registry that takes 1.5 s a page: our own work should hide behind the waiting."""
    own = len(list(read_records(records) if records else read_fixtures()))
    with StandIn(
        records, repeat=max(1, SLOW_STUDIES // own), delay_seconds=SLOW_SECONDS
    ) as registry:
        run = run_once(*_command(installed, registry))
        waiting = registry.answering_seconds
    figures["slow registry"] = {"wall_s": round(run.wall, 2), "registry_s": round(waiting, 2)}
    return [Bar("slow registry: wall / the registry's own time", run.wall / waiting, 1.1)]


def _crawl(installed: Installed, records: Path | None, *, repeat: int) -> tuple[Run, int, float]:
    """Return what the crawl took, how many studies there were, and when the second page was sent."""
    with StandIn(records, repeat=repeat) as registry:
        total = len(registry.registry.corpus)
        start = time.monotonic()
        run = run_once(*_command(installed, registry))
        pages = registry.pages_asked
    # The second page is complete after the request for it came, and before the third is asked for.
    return run, total, (pages[1].at - start) if len(pages) > 1 else math.inf


def _command(installed: Installed, registry: StandIn) -> tuple[list[str], dict[str, str]]:
    command = [installed.program, "trials", "--cells", "any", "--live", "--jsonl", "--quiet"]
    return command, {
        "STEMCHECK_REGISTRY_URL": registry.base_url,
        "STEMCHECK_DATA_DIR": str(installed.folder / "crawl"),
    }


def _texts(installed: Installed, records: Path | None) -> Path:
    """Write the studies of one page to a file, a line each, as the registry sends them."""
    with StandIn(records, compress=False) as registry:
        query = TrialQuery(cells=("any",))
        address = Addresses(registry.base_url, page_size=1000).page(query, token=None)
        with urllib.request.urlopen(address) as answer:
            page = json.load(answer)["studies"]
    texts = installed.folder / "texts.jsonl"
    lines = (json.dumps(study, ensure_ascii=False) for study in page)
    texts.write_text("\n".join(lines), encoding="utf-8")
    return texts


def _regex_seconds(installed: Installed, texts: Path) -> list[float]:
    """Return, five times, the CPU seconds of one search over one study."""
    command = [installed.python, "-c", FLOOR, str(texts)]
    times = [subprocess.run(command, check=True, capture_output=True).stdout for _ in range(5)]
    return [float(seconds) for seconds in times]
