"""The built-in sample: facts of real trials on one past day, so that the first command works anywhere.

One gzip file of lines. The first line says what the sample is; every other line holds the words by which
a trial is found, a tab, and the trial as JSON, so that only hits are parsed. `stemcheck.saved.building`
writes the file.
"""

import gzip
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from stemcheck.errors import StoreError
from stemcheck.trial.trial import Trial

FILE_NAME = "sample.jsonl.gz"
_SHORT_WORD = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample, held as raw lines until a trial is asked for."""

    data_date: str
    """The day of the registry's data (``2022-10-10``)."""
    rules_version: str
    """The rules that read the records."""
    lines: tuple[str, ...]

    def matching(self, conditions: tuple[str, ...]) -> Iterator[Trial]:
        """Yield the trials that name any of the conditions; all trials when none is asked for."""
        wanted = [words_of(condition) for condition in conditions]
        for line in self.lines:
            terms, _, document = line.partition("\t")
            if not wanted or any(_holds_all(terms, words) for words in wanted):
                yield Trial.model_validate_json(document)

    def find(self, nct_id: str) -> Trial | None:
        """Return the trial of that number, also by an older number of it, or None."""
        for line in self.lines:
            if nct_id in line:
                trial = Trial.model_validate_json(line.partition("\t")[2])
                if nct_id == trial.nct_id or nct_id in trial.aliases:
                    return trial
        return None


@cache
def load_sample() -> Sample:
    """Return the sample that came with this installation; raise StoreError when it cannot be read."""
    try:
        packed = files("stemcheck.saved").joinpath(FILE_NAME).read_bytes()
        head, *lines = gzip.decompress(packed).decode().splitlines()
        about = json.loads(head)
        return Sample(about["data_date"], about["rules_version"], tuple(lines))
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise StoreError(
            "The built-in sample cannot be read.",
            hint="The installation is damaged: install stemcheck again.",
        ) from error


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared: no case, no accents, no plural s."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return tuple(_singular(word) for word in re.findall(r"[a-z0-9]+", plain))


def terms_line(texts: Iterable[str]) -> str:
    """Return the search words of a trial as one line, each once, set off by blanks."""
    return f" {' '.join(dict.fromkeys(word for text in texts for word in words_of(text)))} "


def _singular(word: str) -> str:
    return word[:-1] if len(word) > _SHORT_WORD and word.endswith("s") else word


def _holds_all(terms: str, words: tuple[str, ...]) -> bool:
    return bool(words) and all(
        f" {word} " in terms or (len(word) > _SHORT_WORD and f" {word}" in terms) for word in words
    )
