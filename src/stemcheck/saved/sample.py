"""The built-in sample: facts of real trials on one past day, so that the first command works anywhere.

JSON lines, packed with xz. The first line says what the sample is; each of the others holds one trial, the
texts by which it is found, evened out, and the places where it runs (`tools/build_sample.py` writes it).
"""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from lzma import LZMAError, decompress
from pathlib import Path
from typing import Any, NamedTuple

from stemcheck.errors import StoreError
from stemcheck.trial.trial import Trial
from stemcheck.words import words

FILE = Path(__file__).with_name("sample.jsonl.xz")


class Place(NamedTuple):
    """Where a trial runs; the sample knows no facilities."""

    city: str | None
    state: str | None
    country: str | None
    status: str | None
    """That of the site itself, where the record gives one."""


class Sample(NamedTuple):
    """The sample: a trial is made of its facts when it is asked for."""

    data_date: str
    """The day of the registry's data (``2022-10-13``)."""
    rules_version: str
    """The rules that read the records."""
    entries: dict[str, dict[str, Any]]
    """What is kept of each trial, by its number."""

    def trials(self, is_wanted: Callable[[Sequence[str]], bool] | None = None) -> Iterator[Trial]:
        """Yield the trials whose texts on their illness are wanted; all of them without a test."""
        for entry in self.entries.values():
            if is_wanted is None or is_wanted(entry["found_by"]):
                yield Trial.model_validate(entry["trial"])

    def find(self, nct_id: str) -> Trial | None:
        """Return the trial of that number, also by an older number of it, or None."""
        for number, entry in self.entries.items():
            facts = entry["trial"]
            if nct_id == number or nct_id in facts.get("aliases", ()):
                return Trial.model_validate(facts)
        return None

    def places_of(self, nct_id: str) -> tuple[Place, ...]:
        """Return where a trial runs."""
        return tuple(Place(*place) for place in self.entries[nct_id]["places"])


@cache
def load_sample() -> Sample:
    """Return the sample that came with this installation; raise StoreError when it cannot be read."""
    try:
        about, *entries = map(json.loads, decompress(FILE.read_bytes()).split(b"\n"))
        by_number = {entry["trial"]["nct_id"]: entry for entry in entries}
        return Sample(about["data_date"], about["rules_version"], by_number)
    except (OSError, EOFError, ValueError, KeyError, LZMAError) as error:
        raise StoreError(words("sample.damaged"), hint=words("sample.damaged_hint")) from error
