"""The built-in sample: facts of real trials on a past date, so that the first command works anywhere.

The file is JSON lines, compressed with xz. The first line describes the sample. Each trial then has three
lines: the numbers and texts by which it is found, its facts, and its places (written by
`tools/build_sample.py`).
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
    """A place where a trial runs; the sample does not know the facilities."""

    city: str | None
    state: str | None
    country: str | None
    status: str | None
    """The status of the site itself, if the record gives one."""


class Kept(NamedTuple):
    """One trial in the sample. Its facts stay text until they are needed; for most trials they never are."""

    nct_id: str
    aliases: Sequence[str]
    found_by: Sequence[str]
    """The texts that name its illness, normalised."""
    facts: bytes
    places: bytes

    def trial(self) -> Trial:
        """Parse the facts and return the trial."""
        return Trial.model_validate_json(self.facts)


class Sample(NamedTuple):
    """All trials of the sample."""

    data_date: str
    """The date of the registry's data (``2022-10-13``)."""
    rules_version: str
    """The version of the rules that read the records."""
    entries: dict[str, Kept]
    """The trials by number."""

    def trials(self, is_wanted: Callable[[Sequence[str]], bool] | None = None) -> Iterator[Trial]:
        """Yield the trials whose texts on their illness pass the test; all of them without a test."""
        for kept in self.entries.values():
            if is_wanted is None or is_wanted(kept.found_by):
                yield kept.trial()

    def find(self, nct_id: str) -> Trial | None:
        """Return the trial with this number, current or older, or None."""
        for kept in self.entries.values():
            if nct_id in (kept.nct_id, *kept.aliases):
                return kept.trial()
        return None

    def places_of(self, nct_id: str) -> tuple[Place, ...]:
        """Return the places where a trial runs."""
        return tuple(Place(*place) for place in json.loads(self.entries[nct_id].places))


@cache
def load_sample() -> Sample:
    """Return the sample of this installation. Raises StoreError if it cannot be read."""
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
