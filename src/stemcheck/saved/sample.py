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
    entries: tuple[dict[str, Any], ...]
    """One a trial."""

    def trials(self, is_wanted: Callable[[Sequence[str]], bool] | None = None) -> Iterator[Trial]:
        """Yield the trials whose texts on their illness are wanted; all of them without a test."""
        for entry in self.entries:
            if is_wanted is None or is_wanted(entry["found_by"]):
                yield Trial.model_validate(entry["trial"])

    def find(self, nct_id: str) -> Trial | None:
        """Return the trial of that number, also by an older number of it, or None."""
        for entry in self.entries:
            facts = entry["trial"]
            if nct_id == facts["nct_id"] or nct_id in facts.get("aliases", ()):
                return Trial.model_validate(facts)
        return None

    def places_of(self, nct_id: str) -> tuple[Place, ...]:
        """Return where a trial runs."""
        entry = next((e for e in self.entries if e["trial"]["nct_id"] == nct_id), None)
        return tuple(Place(*place) for place in entry["places"]) if entry else ()


@cache
def load_sample() -> Sample:
    """Return the sample that came with this installation; raise StoreError when it cannot be read."""
    try:
        about, *entries = map(json.loads, decompress(FILE.read_bytes()).split(b"\n"))
        return Sample(about["data_date"], about["rules_version"], tuple(entries))
    except (OSError, EOFError, ValueError, KeyError, LZMAError) as error:
        raise StoreError(words("sample.damaged"), hint=words("sample.damaged_hint")) from error
