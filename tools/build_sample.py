"""Make the built-in sample from study records in v2 JSON.

usage: python tools/build_sample.py [RECORDS] [--output FILE]

RECORDS is what `stemcheck read` takes: JSON lines or a page of the API, gzip too. To make a newer sample,
save the registry's own pages first (full records, `pageSize=1000`) and name them here. What is kept are
facts, our reading and its short quotes, and the cities of the sites; no summary, description, criteria or
contact. The same input gives the same bytes.
"""

import argparse
import json
import lzma
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic.main import IncEx

from stemcheck.guidance.illnesses import texts_on_illness
from stemcheck.registry.files import read_studies
from stemcheck.saved.sample import FILE
from stemcheck.services.review import review
from stemcheck.trial.details import Details
from stemcheck.trial.reading import Evidence, Reading
from stemcheck.trial.study import Study, Unreadable

RECORDS = Path(__file__).resolve().parents[2] / "shared" / "data" / "msc_records.jsonl"

_WORDS_OF_OURS: dict[str, IncEx | bool] = {"status": {"meaning": True}, "cautions": True}
"""To be as they read when a trial is shown."""


def sample_entry(study: Study) -> tuple[dict[str, Any], dict[str, Any], list[list[str | None]]]:
    """Return what is kept of one study: by what it is found, its facts, and where it runs."""
    # Signals without a quote depend on the day: they are worked out again when the sample is shown.
    trial = review(study, today=datetime.now(UTC).date())
    if trial.reading is None:
        sys.exit(f"{trial.nct_id} was not read.")
    trial = trial.model_copy(
        update={
            "reading": _with_one_quote_each(trial.reading),
            "signals": tuple(signal for signal in trial.signals if signal.quote),
        }
    )
    found = {
        "nct_id": trial.nct_id,
        "aliases": trial.aliases,
        "found_by": texts_on_illness(trial, study.condition_terms),
    }
    facts = trial.model_dump(
        mode="json", exclude=_WORDS_OF_OURS, exclude_defaults=True, by_alias=True
    )
    return found, facts, _places_of(study.details)


def _with_one_quote_each(reading: Reading) -> Reading:
    """Return a reading with one quote for each value: the first, which is the one trusted most."""
    first: dict[tuple[str, str], Evidence] = {}
    for one in reading.evidence:
        first.setdefault((one.claim, one.value), one)
    return reading.model_copy(update={"evidence": tuple(first.values())})


def _places_of(details: Details | None) -> list[list[str | None]]:
    """Return city, state, country and status of the sites, each combination once."""
    sites = details.locations if details else ()
    places = dict.fromkeys((site.city, site.state, site.country, site.status) for site in sites)
    return [list(place) for place in places]


def lines_of(studies: Iterator[Study | Unreadable]) -> Iterator[tuple[str, str | None, str]]:
    """Yield the lines of each study, the day of its data, and the rules that read it."""
    for study in studies:
        if isinstance(study, Unreadable):
            sys.exit(f"{study.nct_id or 'A record'} cannot be read: {study.reason}")
        entry = sample_entry(study)
        lines = "\n".join(map(_as_json, entry))
        yield lines, study.data_date, entry[1]["reading"]["rules_version"]


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main() -> int:
    """Build the sample and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("records", nargs="?", type=Path, default=RECORDS)
    parser.add_argument("--output", type=Path, default=FILE)
    options = parser.parse_args()
    if not options.records.is_file():
        sys.exit(f"There are no records at {options.records}: name a file.")
    with options.records.open("rb") as stream:
        lines, days, rules = zip(*lines_of(read_studies(stream, with_details=True)), strict=True)
    about = {
        "data_date": max(filter(None, days)),
        "rules_version": rules[0],
        "registry": "ClinicalTrials.gov",
    }
    text = "\n".join([_as_json(about), *lines])
    options.output.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    size = options.output.stat().st_size
    sys.stdout.write(
        f"{len(lines)} trials of {about['data_date']}, {size:,} bytes: {options.output.name}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
