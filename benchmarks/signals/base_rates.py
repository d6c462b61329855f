"""How common each signal is: counts them over a file of records and prints the TOML for it.

``python -m benchmarks.signals.base_rates [FILE] [--date 2022-10-10]`` from the root of the checkout. FILE
holds one v2 record a line (gzip too); by default ``../shared/data/msc_records.jsonl``. ``--write`` puts the
counts into ``src/stemcheck/guidance/signals.toml``.
"""

import argparse
import gzip
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from stemcheck.guidance.signals import is_among, kinds, signals_for
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import read_study
from stemcheck.trial.study import Study, Unreadable

ROOT = Path(__file__).resolve().parents[2]
RECORDS = ROOT.parent / "shared" / "data" / "msc_records.jsonl"
TEXTS = ROOT / "src" / "stemcheck" / "guidance" / "signals.toml"
DAY_OF_RECORDS = date(2022, 10, 10)


def read_studies(path: Path) -> Iterator[Study]:
    """Yield every study of a file of records, with details."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as lines:
        for line in lines:
            record = read_study(line)
            if not isinstance(record, Unreadable):
                yield study_for(record, with_details=True)


def base_rates_for(studies: Iterator[Study], today: date) -> tuple[int, str]:
    """Return how many studies there were, and the lines of ``[base_rates]``."""
    hits: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    size = 0
    for study in studies:
        size += 1
        hits.update(signal.id for signal in signals_for(study, today=today))
        asked.update(kind.id for kind in kinds() if is_among(kind.among, study, today))
    counted = "\n".join(
        f"{kind.id} = [{hits[kind.id]}, {asked[kind.id]}]" for kind in kinds() if hits[kind.id]
    )
    head = f'[base_rates]\nchecked = "{today:%Y-%m}"\nsize = {size}\n\n[base_rates.counts]\n'
    return size, f"{head}{counted}\n"


def main() -> None:
    """Count, print, and write if asked to."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", nargs="?", type=Path, default=RECORDS)
    arguments.add_argument("--date", type=date.fromisoformat, default=DAY_OF_RECORDS)
    arguments.add_argument("--write", action="store_true")
    given = arguments.parse_args()
    size, lines = base_rates_for(read_studies(given.file), given.date)
    print(lines)
    if given.write and size:
        kept = TEXTS.read_text(encoding="utf-8").split("[base_rates]")[0]
        TEXTS.write_text(kept + lines, encoding="utf-8")


if __name__ == "__main__":
    main()
