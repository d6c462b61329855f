"""The built-in sample: facts of real trials on one past day, so that the first command works anywhere.

One packed file of lines. The first line says what the sample is; every other line holds the registry's MeSH
words for the conditions, a tab, and the trial as JSON, so that only likely hits are parsed.
`stemcheck.saved.building` writes the file.
"""

import json
import lzma
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from stemcheck.errors import StoreError
from stemcheck.trial.trial import Trial

FILE_NAME = "sample.jsonl.xz"
_SHORT_WORD = 3
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample, held as raw lines until a trial is asked for."""

    data_date: str
    """The day of the registry's data (``2022-10-13``)."""
    rules_version: str
    """The rules that read the records."""
    lines: tuple[str, ...]

    def matching(self, conditions: tuple[str, ...]) -> Iterator[Trial]:
        """Yield the trials that name any of the conditions; all trials when none is asked for.

        A condition is named when all its words stand in the trial's conditions, keywords and titles, or
        in the MeSH words of its conditions.
        """
        wanted = [words_of(condition) for condition in conditions]
        for line in self.lines:
            if wanted and not any(_may_hold(line, words) for words in wanted):
                continue
            mesh_words, _, document = line.partition("\t")
            trial = Trial.model_validate_json(document)
            if not wanted or _names(trial, mesh_words, wanted):
                yield trial

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
        head, *lines = lzma.decompress(packed).decode().splitlines()
        about = json.loads(head)
        return Sample(about["data_date"], about["rules_version"], tuple(lines))
    except (OSError, EOFError, ValueError, KeyError, lzma.LZMAError) as error:
        raise StoreError(
            "The built-in sample cannot be read.",
            hint="The installation is damaged: install stemcheck again.",
        ) from error


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared: no case, no accents, no plural s."""
    return tuple(_singular(word) for word in _WORD.findall(_folded(text)))


def is_named(words: tuple[str, ...], texts: Iterable[str]) -> bool:
    """Return whether all words stand in some texts; a longer word may also begin one there."""
    present = {word for text in texts for word in words_of(text)}
    return bool(words) and all(
        word in present
        or (len(word) > _SHORT_WORD and any(other.startswith(word) for other in present))
        for word in words
    )


def _names(trial: Trial, mesh_words: str, wanted: list[tuple[str, ...]]) -> bool:
    titles = (trial.brief_title or "", trial.official_title or "", trial.acronym or "")
    texts = (*trial.conditions, *trial.keywords, *titles, mesh_words)
    return any(is_named(words, texts) for words in wanted)


def _may_hold(line: str, words: tuple[str, ...]) -> bool:
    """Return whether a raw line may name a condition: cheap, and never a false no."""
    folded = _folded(line)
    return bool(words) and all(word in folded for word in words)


def _folded(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return text.casefold()


def _singular(word: str) -> str:
    return word[:-1] if len(word) > _SHORT_WORD and word.endswith("s") else word
