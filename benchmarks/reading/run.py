"""How well and how fast records are read: figures of every labelled set at hand, cost of a record.

``python -m benchmarks.reading.run [DATA] [--misses]`` from the root of the checkout. DATA is a folder of real
records and their labels, which lie outside the project (``../shared/data``, or in the folder that
``STEMCHECK_SHARED`` names): ``SETS`` lists the files. Figures on records that
the author of the rules has seen mean little; README prints those of records that were not.
"""

import argparse
import csv
import gzip
import io
import os
import statistics
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from stemcheck.reading import read
from stemcheck.reading.passages import read_passages
from stemcheck.reading.quick import may_name_cells
from stemcheck.registry.files import read_studies
from stemcheck.trial.reading import Reading
from stemcheck.trial.study import Study
from stemcheck.trial.text import RecordText

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("STEMCHECK_SHARED", ROOT.parent / "shared")) / "data"
SETS = {
    "gold_dev": "msc_records.jsonl",
    "gold_dev2": "msc_records.jsonl",
    "gold_dev3": "msc_records_3.jsonl",
    "gold_wide_dev": "native_records.jsonl.gz",
}
"""Files of labels, and of the records that they are of."""
COLUMNS = ("products", "tissue", "donor", "routes", "by vein")
VALUES = (
    ("mesenchymal", "products", "mesenchymal", "msc"),
    ("by vein", "by vein", "yes", "iv"),
    ("no cells", "products", "none", "products"),
)
"""What is told with precision and recall: its name, the column it is read in, the value, and the labels."""
SAME_PLACE = {"local_injection": "local", "topical": "local", "implant": "local"}
"""Routes that shade into one another count as one."""
ROUNDS = 5
COST_SAMPLE = 300
Row = dict[str, str]


class Read(NamedTuple):
    """A labelled record: its row of labels, and what was read."""

    row: Row
    text: RecordText
    reading: Reading

    def labelled(self, column: str) -> set[str]:
        """Return the labels of a column of the file."""
        return _folded(self.row[column].split(","))

    def wanted(self, column: str) -> set[str]:
        """Return the labels for what is read in a column."""
        return self.labelled("iv" if column == "by vein" else column)

    def found(self, column: str) -> set[str]:
        """Return what was read for a column."""
        if column == "by vein":
            return {str(self.reading.intravenous)}
        return _folded(map(str, getattr(self.reading, column)))

    def counts_for(self, column: str) -> bool:
        """Whether the readers of the record could settle a column."""
        return {"by vein": "routes"}.get(column, column) not in self.row["ambiguous"].split(",")


def _folded(values: Iterable[str]) -> set[str]:
    return {SAME_PLACE.get(value.strip(), value.strip()) for value in values}


def read_texts(records: Path) -> Iterator[RecordText]:
    """Yield the words of every record of a file."""
    content = records.read_bytes()
    stream = io.BytesIO(gzip.decompress(content) if records.suffix == ".gz" else content)
    return (study.text for study in read_studies(stream) if isinstance(study, Study))


def read_labels(labels: Path) -> dict[str, Row]:
    """Return the rows of a file of labels by number."""
    with labels.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["nct"]: row for row in rows}


def print_set(name: str, records: list[Read], *, misses: bool) -> None:
    """Print the figures of one set."""
    print(f"== {name}: {len(records)} records")
    for title, column, value, label in VALUES:
        counted = [one for one in records if one.counts_for("by vein" if label == "iv" else label)]
        found = {one.text.nct_id for one in counted if value in one.found(column)}
        wanted = {one.text.nct_id for one in counted if {value, "yes"} & one.labelled(label)}
        both = len(found & wanted)
        precision, recall = both / max(1, len(found)), both / max(1, len(wanted))
        f1 = 2 * both / max(1, len(found) + len(wanted))
        scores = f"F1 {f1:.3f}  precision {precision:.3f}  recall {recall:.3f}"
        print(f"  {title:12} {scores}  n {len(wanted)}")
    for column in COLUMNS:
        counted = [one for one in records if one.counts_for(column)]
        missed = [one for one in counted if one.found(column) != one.wanted(column)]
        hits = len(counted) - len(missed)
        print(f"  {column:12} exact {hits / max(1, len(counted)):.3f}  {hits} of {len(counted)}")
        for one in missed if misses else ():
            read_as, label = (",".join(sorted(v)) for v in (one.found(column), one.wanted(column)))
            print(f"      {one.text.nct_id} read {read_as}, label {label}")


def print_cost(texts: list[RecordText]) -> None:
    """Print what a record costs, in milliseconds: each the shortest of a few runs."""
    costs: list[float] = []
    passed: list[float] = []
    for text in texts[:: max(1, len(texts) // COST_SAMPLE)]:
        best = float("inf")
        for _ in range(ROUNDS):
            start = time.process_time_ns()
            read(text)
            best = min(best, time.process_time_ns() - start)
        costs.append(best / 1e6)
        if not may_name_cells(read_passages(text)):
            passed.append(best / 1e6)
    print(f"  cost of {len(costs)} records: median {statistics.median(costs):.2f} ms", end=", ")
    print(f"mean {statistics.mean(costs):.2f} ms, worst {max(costs):.2f} ms")
    share = sum(passed) / sum(costs)
    print(f"  {len(passed)} of these have no cell term: {share:.1%} of the time")


def main() -> None:
    """Read all records, and print the figures of each set and the cost."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "data", type=Path, nargs="?", default=DATA, help="folder with records and labels"
    )
    arguments.add_argument("--misses", action="store_true", help="name every miss")
    asked = arguments.parse_args()
    texts = {
        name: list(read_texts(asked.data / name))
        for name in dict.fromkeys(SETS.values())
        if (asked.data / name).is_file()
    }
    if not texts:
        print(f"no records here: {asked.data}")
    for name, records in texts.items():
        readings = {text.nct_id: (text, read(text)) for text in records}
        for labels in (labels for labels, of in SETS.items() if of == name):
            rows = read_labels(asked.data / f"{labels}.tsv")
            labelled = [Read(row, *readings[nct]) for nct, row in rows.items() if nct in readings]
            print_set(labels, labelled, misses=asked.misses)
        given = [reading for _, reading in readings.values() if reading.evidence]
        print(f"== {name}: {len(given)} of {len(records)} read as giving something")
        print_cost(records)


if __name__ == "__main__":
    main()
