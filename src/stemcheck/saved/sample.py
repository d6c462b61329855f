"""The built-in sample: facts of real trials on one past day, so that the first command works anywhere.

JSON lines, packed with xz. The first line says what the sample is; each of the others holds one trial, the
registry's own terms for its conditions, words of it without their accents, and the places where it runs
(`tools/build_sample.py` writes the file). A line is parsed when it may hold what is looked for: parsing all
of them would be most of the time of a search.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from lzma import LZMAError, decompress
from pathlib import Path
from typing import NamedTuple

from stemcheck.errors import StoreError
from stemcheck.trial.trial import Trial
from stemcheck.words import words

FILE = Path(__file__).with_name("sample.jsonl.xz")
_SHORT_WORD = 3
_WORD = re.compile(r"[a-z0-9]+")


class Place(NamedTuple):
    """Where a trial runs; the sample knows no facilities."""

    city: str | None
    state: str | None
    country: str | None
    status: str | None
    """That of the site itself, where the record gives one."""


class SampleTrial(NamedTuple):
    """One trial of the sample."""

    trial: Trial
    terms: tuple[str, ...]
    """The registry's own terms for its conditions (MeSH)."""
    places: tuple[Place, ...]


class Sample(NamedTuple):
    """The sample, held as raw lines until a trial is asked for."""

    data_date: str
    """The day of the registry's data (``2022-10-13``)."""
    rules_version: str
    """The rules that read the records."""
    lines: tuple[bytes, ...]
    """One a trial."""

    def matching(self, conditions: Iterable[str]) -> Iterator[SampleTrial]:
        """Yield the trials that name any of the conditions; all trials when none is asked for.

        A condition is named when all its words stand in the trial's conditions, keywords and titles, or
        in the registry's own terms for its conditions.
        """
        asked = tuple(conditions)
        wanted = [named for condition in asked if (named := words_of(condition))]
        for line in self.lines if not asked else self._lines_with(wanted):
            found = _trial_in(line)
            texts = (*searched_texts(found.trial), *found.terms)
            if not asked or any(is_named(named, texts) for named in wanted):
                yield found

    def find(self, nct_id: str) -> SampleTrial | None:
        """Return the trial of that number, also by an older number of it, or None."""
        for line in self._lines_with([(nct_id.lower(),)]):
            found = _trial_in(line)
            if nct_id == found.trial.nct_id or nct_id in found.trial.aliases:
                return found
        return None

    def _lines_with(self, wanted: list[tuple[str, ...]]) -> Iterator[bytes]:
        """Yield the lines that hold all words of any of the lists: some too many, but all of those."""
        sought = [[word.encode() for word in sorted(named, key=len)[::-1]] for named in wanted]
        for line in self.lines:
            folded = line.lower()
            if any(all(word in folded for word in named) for named in sought):
                yield line


@cache
def load_sample() -> Sample:
    """Return the sample that came with this installation; raise StoreError when it cannot be read."""
    try:
        head, *lines = decompress(FILE.read_bytes()).split(b"\n")
        about = json.loads(head)
        return Sample(about["data_date"], about["rules_version"], tuple(lines))
    except (OSError, EOFError, ValueError, KeyError, LZMAError) as error:
        raise StoreError(words("sample.damaged"), hint=words("sample.damaged_hint")) from error


def _trial_in(line: bytes) -> SampleTrial:
    entry = json.loads(line)
    places = tuple(Place(*place) for place in entry["places"])
    return SampleTrial(Trial.model_validate(entry["trial"]), tuple(entry["terms"]), places)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared: no case, no accents, no plural s."""
    return tuple(_singular(word) for word in _WORD.findall(_folded(text)))


def is_named(named: tuple[str, ...], texts: Iterable[str]) -> bool:
    """Return whether all words stand in some texts; a longer word may also begin one there."""
    present = {word for text in texts for word in words_of(text)}
    return bool(named) and all(
        word in present
        or (len(word) > _SHORT_WORD and any(other.startswith(word) for other in present))
        for word in named
    )


def searched_texts(trial: Trial) -> tuple[str, ...]:
    """Return the texts of a trial in which a condition is looked for."""
    titles = (trial.brief_title or "", trial.official_title or "", trial.acronym or "")
    return (*trial.conditions, *trial.keywords, *titles)


def words_without_accents(trial: Trial) -> tuple[str, ...]:
    """Return the words of the searched texts that have accents, as they are looked for."""
    accented = (
        word for text in searched_texts(trial) for word in text.split() if not word.isascii()
    )
    return tuple(dict.fromkeys(" ".join(words_of(word)) for word in accented))


def _folded(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return text.casefold()


def _singular(word: str) -> str:
    return word[:-1] if len(word) > _SHORT_WORD and word.endswith("s") else word
