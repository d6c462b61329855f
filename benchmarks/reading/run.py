"""How well and how fast records are read: the figures of the labels, and the cost of a record.

``python -m benchmarks.reading.run [--misses]`` from the root of the checkout. The real records and their
labels lie outside the project: ``../shared``, or the folder that ``STEMCHECK_SHARED`` names. The labels are
shown in two parts, drawn by a hash of the number: the rules were tuned on the first, the second was looked
at only late.
"""

import argparse
import csv
import gc
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from stemcheck.reading import read
from stemcheck.reading.passages import read_passages
from stemcheck.registry.files import read_studies
from stemcheck.trial.study import Study
from stemcheck.trial.text import RecordText

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("STEMCHECK_SHARED", ROOT.parent / "shared"))
TUNED_TENTHS = 6
"""Tenths of the labels that the rules were tuned on."""
SEARCH = re.compile(
    r"intra[- ]?venous|intra[- ]?arterial|intra[- ]?thecal|intra[- ]?muscular|intra[- ]?articular"
    r"|intra[- ]?coronary|sub[- ]?cutaneous|in[fj]\w+ion into",
    re.IGNORECASE,
)
"""What a plain search for routes would run over the same text: the unit that cost is told in."""
ROUNDS = 5
COST_SAMPLE = 400


def is_tuned_on(nct_id: str) -> bool:
    """Whether a labelled record belongs to the part that rules were tuned on."""
    digest = hashlib.sha256(nct_id.encode()).hexdigest()
    return int(digest, 16) % 10 < TUNED_TENTHS


def read_texts(records: Path) -> Iterator[RecordText]:
    """Yield the words of every record of a file."""
    with records.open("rb") as stream:
        for study in read_studies(stream):
            if isinstance(study, Study):
                yield study.text


def write_labels(gold: Path, target: Path, wanted: Callable[[str], bool]) -> None:
    """Write the labels of one part to a file of its own."""
    with gold.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    kept = [rows[0], *(row for row in rows[1:] if wanted(row[0]))]
    target.write_text("\n".join("\t".join(row) for row in kept) + "\n", encoding="utf-8")


def figures_for(readings: str, labels: Path, records: Path, *, misses: bool) -> str:
    """Return what the scoring tool says of the readings."""
    tool = SHARED / "tools" / "score_reading.py"
    command = [sys.executable, str(tool), str(labels), "--records", str(records)]
    if misses:
        command.append("--misses")
    done = subprocess.run(command, input=readings, capture_output=True, text=True, check=True)
    return done.stdout


def seconds_for(work: Callable[[], object]) -> float:
    """Return the shortest of a few runs, in seconds of this process."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time_ns()
        work()
        best = min(best, time.process_time_ns() - start)
    return best / 1e9


def print_cost(texts: list[RecordText]) -> None:
    """Print what a record costs, in milliseconds and in plain searches of the same text."""
    gc.disable()
    reads: list[float] = []
    ratios: list[float] = []
    for text in texts[:: max(1, len(texts) // COST_SAMPLE)]:
        words = "\n".join(passage.verbatim for passage in read_passages(text))
        search = seconds_for(lambda words=words: SEARCH.findall(words))  # type: ignore[misc]
        reading = seconds_for(lambda text=text: read(text))  # type: ignore[misc]
        reads.append(reading * 1e3)
        ratios.append(reading / max(search, 1e-7))
    print(f"cost of {len(reads)} records, against one case-insensitive search of the same text")
    print(f"  median {statistics.median(reads):.2f} ms, {statistics.median(ratios):.1f} searches")
    print(f"  worst  {max(reads):.2f} ms, {max(ratios):.1f} searches")


def main() -> None:
    """Read all records, print the figures of both parts and the cost."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--misses", action="store_true", help="name every miss")
    asked = arguments.parse_args()
    records = SHARED / "data" / "msc_records.jsonl"
    gold = SHARED / "data" / "gold_dev.tsv"
    if not gold.is_file():
        print(f"no real records here: {records}")
        return
    texts = list(read_texts(records))
    readings = "\n".join(
        json.dumps({"nct_id": text.nct_id, "reading": read(text).model_dump(mode="json")})
        for text in texts
    )
    parts: dict[str, Callable[[str], bool]] = {
        "tuning part": is_tuned_on,
        "held-out part": lambda nct_id: not is_tuned_on(nct_id),
        "all labels": lambda _: True,
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, wanted in parts.items():
            labels = Path(folder) / "labels.tsv"
            write_labels(gold, labels, wanted)
            print(f"== {name}")
            print(figures_for(readings, labels, records, misses=asked.misses))
    print_cost(texts)


if __name__ == "__main__":
    main()
