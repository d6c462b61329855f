"""Write the table of filters in docs/options.md: one row a filter, in the words of the help."""

import re
import sys
from pathlib import Path

from stemcheck.trial.query import FILTERS
from stemcheck.words import words

PAGE = Path(__file__).resolve().parents[1] / "docs" / "options.md"
START, END = "<!-- filters: written by tools/filter_table.py -->\n", "<!-- end of filters -->"


def table() -> str:
    """Return the table as markdown."""
    rows = ["| option | in Python and JSON | what it does |", "| --- | --- | --- |"]
    for name, filter_ in FILTERS.items():
        short = f", `{filter_.short}`" if filter_.short else ""
        rows.append(f"| `{filter_.option}`{short} | `{name}` | {words(f'filters.help.{name}')} |")
    return "\n".join(rows) + "\n"


def main() -> int:
    """Put the table in its place."""
    page = PAGE.read_text(encoding="utf-8")
    place = re.compile(f"(?<={re.escape(START)}).*?(?={re.escape(END)})", re.DOTALL)
    if not place.search(page):
        sys.exit(f"{PAGE.name} has no place for the table.")
    PAGE.write_text(place.sub(lambda _: table(), page), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
