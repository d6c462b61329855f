"""``python -m benchmarks``: build the wheel, measure it as users have it, print a table and JSON.

Everything is a ratio of two things measured in turn in one run, because a shared machine is never twice the
same. See ``benchmarks/README.md`` for what the figures mean.
"""

import argparse
import json
import sys
from pathlib import Path

from benchmarks import crawls, peers, searches, startup
from benchmarks.installing import install_wheel
from benchmarks.measuring import Bar, Case, measure
from benchmarks.reporting import machine, table_of

SECTIONS = ("startup", "searches", "crawls")


def main() -> int:
    """Run the sections that are asked for."""
    options = _options()
    bars: list[Bar] = []
    figures: dict[str, dict[str, float]] = {}
    with install_wheel() as installed:
        if "startup" in options.only:
            cases = startup.cases_for(installed)
            if options.peers:
                cases |= peers.cases()
            _take(cases, startup.BARS, options.rounds, bars, figures)
        if "searches" in options.only:
            with searches.cases_for(installed, options.records) as cases:
                _take(cases, searches.BARS, options.rounds, bars, figures)
        if "crawls" in options.only:
            bars += crawls.crawl(installed, options.records, figures, studies=options.studies)
    document = {
        "machine": machine(),
        "rounds": options.rounds,
        "wheel_kb": round(installed.wheel_bytes / 1000, 1),
        "bars": [bar.facts() for bar in bars],
        "figures": figures,
    }
    print(table_of(bars, figures))
    if options.json:
        options.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0 if all(bar.is_met for bar in bars) else 1


def _take(
    cases: dict[str, Case],
    wanted: tuple[tuple[str, str, str, float], ...],
    rounds: int,
    bars: list[Bar],
    figures: dict[str, dict[str, float]],
) -> None:
    measured = measure(cases, rounds)
    for text, name, floor, most in wanted:
        bars.append(Bar(text, measured.ratio(name, floor), most, measured.cpu_ratio(name, floor)))
    figures |= measured.figures()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=SECTIONS)
    parser.add_argument(
        "--rounds", type=int, default=15, help="of the short runs; medians of these"
    )
    parser.add_argument("--studies", type=int, default=50_000, help="in the long crawl")
    parser.add_argument("--records", type=Path, help="v2 records, one a line; default: fixtures")
    parser.add_argument("--peers", action="store_true", help="install and start public peers, too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    options = parser.parse_args()
    options.records = options.records or _shared_records()
    return options


def _shared_records() -> Path | None:
    records = Path(__file__).parents[2] / "shared" / "data" / "msc_records.jsonl"
    return records if records.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
