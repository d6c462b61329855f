"""The built-in sample: facts of real trials on one past day, so that the first command works anywhere.

One packed file of lines. The first line says what the sample is; every other line holds, with tabs between,
words to find the trial by (see `tools/build_sample.py`, which writes the file), the trial as JSON, and the
quotes from which its reading follows, each with two letters before it: for what it tells, and for where it
stands. The lines stay bytes until one is a likely hit: folding and parsing all of them would be most of the
time of a search.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from lzma import LZMAError, decompress
from pathlib import Path
from typing import NamedTuple

from stemcheck.errors import StoreError
from stemcheck.trial.reading import reading_of
from stemcheck.trial.terms import found_again
from stemcheck.trial.trial import STUDY_URL, Trial

FILE = Path(__file__).with_name("sample.jsonl.xz")
_SHORT_WORD = 3
_PIECE_BYTES = 64 * 1024
"""So much is searched at a time: folding all three megabytes at once takes twice as long, as a new piece of
memory of that size has to be fetched from the system first."""
_WORD = re.compile(r"[a-z0-9]+")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""What stands for the values and for the fields of the first line, in their order."""


class Sample(NamedTuple):
    """The sample, held as raw bytes until a trial is asked for."""

    data_date: str
    """The day of the registry's data (``2022-10-13``)."""
    rules_version: str
    """The rules that read the records."""
    values: Mapping[str, tuple[str, str]]
    """By letter, what a quote tells: claim and value (``route``, ``intravenous``)."""
    fields: Mapping[str, str]
    """By letter, where a quote stands (``briefTitle``)."""
    text: bytes
    """The whole file: a line about it, then one line a trial."""

    @property
    def lines(self) -> list[bytes]:
        """The lines, one a trial."""
        return self.text.split(b"\n")[1:]

    def matching(self, conditions: tuple[str, ...]) -> Iterator[Trial]:
        """Yield the trials that name any of the conditions; all trials when none is asked for.

        A condition is named when all its words stand in the trial's conditions, keywords and titles, or
        in the MeSH words of its conditions.
        """
        wanted = [words for condition in conditions if (words := words_of(condition))]
        for line in self._likely_lines(wanted) if conditions else self.lines:
            trial, terms = self._trial_of(line)
            if not conditions or _names(trial, terms, wanted):
                yield trial

    def find(self, nct_id: str) -> Trial | None:
        """Return the trial of that number, also by an older number of it, or None."""
        for line in self._likely_lines([(nct_id.lower(),)]):
            trial, _ = self._trial_of(line)
            if nct_id == trial.nct_id or nct_id in trial.aliases:
                return trial
        return None

    def _trial_of(self, line: bytes) -> tuple[Trial, str]:
        """Read the trial of a line, and its further words; its address follows from its number."""
        terms, document, *quotes = line.split(b"\t")
        number = document.split(b'"', 4)[3].decode()  # {"nct_id":"NCT01234567", ...
        address = f'{{"url":"{STUDY_URL}{number}",'.encode()
        trial = Trial.model_validate_json(address + document[1:])
        evidence = [self._evidence_in(quote.decode()) for quote in quotes]
        reading = reading_of(found_again(evidence, self.rules_version))
        return trial.model_copy(update={"reading": reading}), terms.decode()

    def _evidence_in(self, quote: str) -> tuple[str, str, str, str]:
        claim, value = self.values[quote[0]]
        return claim, value, self.fields[quote[1]], json.loads(f'"{quote[2:]}"')

    def _likely_lines(self, wanted: list[tuple[str, ...]]) -> Iterator[bytes]:
        """Yield the lines that hold all words of any condition: cheap, and none is missed."""
        longest_last = [
            sorted((word.encode() for word in condition), key=len) for condition in wanted
        ]
        for piece in self._pieces():
            yield from _lines_with(longest_last, piece)

    def _pieces(self) -> Iterator[bytes]:
        """Yield the trials' lines, some dozens of them at a time."""
        start = self.text.find(b"\n") + 1
        while 0 < start < len(self.text):
            end = self.text.find(b"\n", start + _PIECE_BYTES)
            end = len(self.text) if end < 0 else end
            yield self.text[start:end]
            start = end + 1


@cache
def load_sample() -> Sample:
    """Return the sample that came with this installation; raise StoreError when it cannot be read."""
    try:
        text = decompress(FILE.read_bytes())
        about = json.loads(text[: text.find(b"\n")])
        values = dict(zip(LETTERS, map(tuple, about["values"]), strict=False))
        fields = dict(zip(LETTERS, about["fields"], strict=False))
        return Sample(about["data_date"], about["rules_version"], values, fields, text)
    except (OSError, EOFError, ValueError, KeyError, LZMAError) as error:
        raise StoreError(
            "The built-in sample cannot be read.",
            hint="The installation is damaged: install stemcheck again.",
        ) from error


def _lines_with(wanted: list[list[bytes]], piece: bytes) -> Iterator[bytes]:
    """Yield the lines of a piece that hold all words of any of the lists, whatever their case."""
    folded = piece.lower()
    likely: set[tuple[int, int]] = set()
    for words in wanted:
        place = folded.find(words[-1])
        while place >= 0:
            start = folded.rfind(b"\n", 0, place) + 1
            end = folded.find(b"\n", place)
            end = len(folded) if end < 0 else end
            if all(folded.find(word, start, end) >= 0 for word in words):
                likely.add((start, end))
            place = folded.find(words[-1], end)
    for start, end in sorted(likely):
        yield piece[start:end]


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


def searched_texts(trial: Trial) -> tuple[str, ...]:
    """Return the texts of a trial in which a condition is looked for."""
    titles = (trial.brief_title or "", trial.official_title or "", trial.acronym or "")
    return (*trial.conditions, *trial.keywords, *titles)


def _names(trial: Trial, terms: str, wanted: list[tuple[str, ...]]) -> bool:
    texts = (*searched_texts(trial), terms)
    return any(is_named(words, texts) for words in wanted)


def _folded(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return text.casefold()


def _singular(word: str) -> str:
    return word[:-1] if len(word) > _SHORT_WORD and word.endswith("s") else word
