"""Print the table of filters for the README: one row a filter, in the words of the help."""

import sys

from stemcheck.trial.query import FILTERS
from stemcheck.words import words


def main() -> int:
    """Print the table as markdown."""
    rows = ["| option | Python, JSON | what it does |", "|---|---|---|"]
    for name, filter_ in FILTERS.items():
        short = f", `{filter_.short}`" if filter_.short else ""
        rows.append(f"| `{filter_.option}`{short} | `{name}` | {words(f'filters.help.{name}')} |")
    sys.stdout.write("\n".join(rows) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
