"""The built-in sample: facts of real trials on one past day, so that the first command works anywhere.

JSON lines, packed with xz. The first line says what the sample is; then come three lines a trial: by which
numbers and texts it is found, its facts, and the places where it runs (`tools/build_sample.py` writes them).
"""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from lzma import LZMAError, decompress
from pathlib import Path
from typing import NamedTuple

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


class Kept(NamedTuple):
    """What the sample holds of one trial. Its facts stay text until they are asked for: most never are."""

    nct_id: str
    aliases: Sequence[str]
    found_by: Sequence[str]
    """The texts that name its illness, evened out."""
    facts: bytes
    places: bytes

    def trial(self) -> Trial:
        """Return the trial."""
        return Trial.model_validate_json(self.facts)


class Sample(NamedTuple):
    """The sample."""

    data_date: str
    """The day of the registry's data (``2022-10-13``)."""
    rules_version: str
    """The rules that read the records."""
    entries: dict[str, Kept]
    """What is kept of each trial, by its number."""

    def trials(self, is_wanted: Callable[[Sequence[str]], bool] | None = None) -> Iterator[Trial]:
        """Yield the trials whose texts on their illness are wanted; all of them without a test."""
        for kept in self.entries.values():
            if is_wanted is None or is_wanted(kept.found_by):
                yield kept.trial()

    def find(self, nct_id: str) -> Trial | None:
        """Return the trial of that number, also by an older number of it, or None."""
        for kept in self.entries.values():
            if nct_id in (kept.nct_id, *kept.aliases):
                return kept.trial()
        return None

    def places_of(self, nct_id: str) -> tuple[Place, ...]:
        """Return where a trial runs."""
        return tuple(Place(*place) for place in json.loads(self.entries[nct_id].places))


@cache
def load_sample() -> Sample:
    """Return the sample that came with this installation; raise StoreError when it cannot be read."""
    try:
        first, *lines = decompress(FILE.read_bytes()).split(b"\n")
        about = json.loads(first)
        kept = [
            Kept(**json.loads(found), facts=facts, places=places)
            for found, facts, places in zip(lines[::3], lines[1::3], lines[2::3], strict=True)
        ]
        return Sample(about["data_date"], about["rules_version"], {one.nct_id: one for one in kept})
    except (OSError, EOFError, ValueError, KeyError, TypeError, LZMAError) as error:
        raise StoreError(words("sample.damaged"), hint=words("sample.damaged_hint")) from error
