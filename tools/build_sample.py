"""Make the built-in sample from study records in v2 JSON.

usage: python tools/build_sample.py [RECORDS] [--output FILE]

RECORDS is what `stemcheck read` takes: JSON lines or a page of the API, gzip too. To make a newer sample,
save the registry's own pages first (full records, `pageSize=1000`) and name them here. What is kept are
facts, our reading and its short quotes; no summary, description, criteria or contact.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from stemcheck.registry.file import read_studies
from stemcheck.saved.building import sample_line, write_sample
from stemcheck.saved.packed import FILE_NAME
from stemcheck.services.review import review
from stemcheck.trial.study import Unreadable

PROJECT = Path(__file__).resolve().parent.parent
RECORDS = PROJECT.parent / "shared" / "data" / "msc_records.jsonl"
SAMPLE = PROJECT / "src" / "stemcheck" / "saved" / FILE_NAME


def main() -> int:
    """Build the sample and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("records", nargs="?", type=Path, default=RECORDS)
    parser.add_argument("--output", type=Path, default=SAMPLE)
    options = parser.parse_args()
    if not options.records.is_file():
        sys.exit(f"There are no records at {options.records}: name a file.")
    lines: list[str] = []
    dates: set[str] = set()
    rules = ""
    with options.records.open("rb") as stream:
        for study in read_studies(stream):
            if isinstance(study, Unreadable):
                sys.exit(f"{study.nct_id or 'A record'} cannot be read: {study.reason}")
            dates.add(study.data_date or "")
            # Signals that depend on the day are worked out again when the sample is shown.
            trial = review(study, today=datetime.now(UTC).date())
            kept = tuple(signal for signal in trial.signals if signal.quote)
            rules = trial.reading.rules_version if trial.reading else rules
            lines.append(
                sample_line(trial.model_copy(update={"signals": kept}), study.condition_terms)
            )
    size = write_sample(options.output, lines, data_date=max(dates), rules_version=rules)
    sys.stdout.write(
        f"{len(lines)} trials of {max(dates)}, {size:,} bytes: {options.output.name}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
