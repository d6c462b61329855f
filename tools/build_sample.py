"""Make the built-in sample from study records in v2 JSON.

usage: python tools/build_sample.py [RECORDS] [--output FILE]

RECORDS is what `stemcheck read` takes: JSON lines or a page of the API, gzip too. To make a newer sample,
save the registry's own pages first (full records, `pageSize=1000`) and name them here. What is kept are
facts, our reading and its short quotes; no summary, description, criteria or contact.
"""

import argparse
import json
import lzma
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from pydantic.main import IncEx

from stemcheck.registry.file import read_studies
from stemcheck.saved.sample import FILE, LETTERS, searched_texts, words_of
from stemcheck.services.review import review
from stemcheck.trial.reading import reading_of
from stemcheck.trial.study import Unreadable
from stemcheck.trial.terms import found_again
from stemcheck.trial.trial import Trial

PROJECT = Path(__file__).resolve().parent.parent
RECORDS = PROJECT.parent / "shared" / "data" / "msc_records.jsonl"
SAMPLE = FILE

_COMPUTED_LATER: dict[str, IncEx | bool] = {
    "url": True,
    "status": {"meaning": True},
    "reading": True,
    "cautions": True,
}
"""What follows from the number or the evidence, and words of our own, to read as when a trial is shown."""

_PACKING = [
    {
        "id": lzma.FILTER_LZMA2,
        "preset": 9 | lzma.PRESET_EXTREME,
        "dict_size": 1 << 22,
        "lc": 4,
        "pb": 0,
    }
]
"""Four MiB hold the whole sample; more would only cost memory when it is unpacked. The last two are for text:
the letter before says more than the place."""


_LIKE_BESIDE_LIKE = (
    "nct_id", "status", "dates", "study_type", "phases", "enrollment", "sites", "eligibility", "oversight",
    "design", "has_results", "sponsor", "collaborators", "countries",
)  # fmt: skip
"""The order of a trial's facts in the file: what has few values first, then the words; packed closer so."""


class Letters:
    """The letters for some values, the first met first."""

    def __init__(self) -> None:
        self.known: dict[str | tuple[str, str], str] = {}

    def letter_for(self, value: str | tuple[str, str]) -> str:
        """Return the letter; exit when there are no more."""
        if value not in self.known:
            if len(self.known) == len(LETTERS):
                sys.exit("There are more kinds of evidence than letters.")
            self.known[value] = LETTERS[len(self.known)]
        return self.known[value]


def sample_line(
    trial: Trial, condition_terms: Iterable[str], values: Letters, fields: Letters
) -> str:
    """Return the line of one trial: words to find it by, the trial, the evidence of its reading.

    The words are the MeSH terms of its conditions, and those that a search has to fold first ("Sjögren" is
    found as "sjogren"), so that a line can be searched as it stands. One quote for each value of the
    reading is kept: the first, which is the one trusted most. Its values follow from its evidence.
    """
    facts = trial.model_dump(
        mode="json", exclude=_COMPUTED_LATER, exclude_defaults=True, by_alias=True
    )
    facts = {name: facts[name] for name in _LIKE_BESIDE_LIKE if name in facts} | facts
    folded = (
        " ".join(words_of(word))
        for text in searched_texts(trial)
        for word in text.split()
        if not word.isascii()
    )
    terms = dict.fromkeys(term.replace("\t", " ") for term in (*condition_terms, *folded) if term)
    quotes = [
        values.letter_for((claim, value)) + fields.letter_for(field) + _as_json(quote)[1:-1]
        for claim, value, field, quote in _evidence_of(trial)
    ]
    return "\t".join([" ".join(terms), _as_json(facts), *quotes])


def write_sample(path: Path, about: dict[str, object], lines: Iterable[str]) -> int:
    """Write the sample file and return its size in bytes. The same input gives the same bytes."""
    text = "\n".join([_as_json(about), *lines])
    path.write_bytes(lzma.compress(text.encode(), filters=_PACKING))
    return path.stat().st_size


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _evidence_of(trial: Trial) -> list[tuple[str, str, str, str]]:
    """Return the first evidence of each value; exit where the reading would not be found again in it."""
    reading = trial.reading
    if reading is None:
        sys.exit(f"{trial.nct_id} was not read.")
    first: dict[tuple[str, str], tuple[str, str, str, str]] = {}
    for one in reading.evidence:
        first.setdefault((one.claim, one.value), (one.claim, one.value, one.field, one.quote))
    evidence = list(first.values())
    again = reading_of(found_again(evidence, reading.rules_version))
    if again != reading.model_copy(update={"evidence": again.evidence}):
        sys.exit(f"{trial.nct_id}: its reading does not follow from its evidence.")
    return evidence


def main() -> int:
    """Build the sample and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("records", nargs="?", type=Path, default=RECORDS)
    parser.add_argument("--output", type=Path, default=SAMPLE)
    options = parser.parse_args()
    if not options.records.is_file():
        sys.exit(f"There are no records at {options.records}: name a file.")
    lines: list[str] = []
    dates: set[str] = set()
    rules = ""
    values, fields = Letters(), Letters()
    with options.records.open("rb") as stream:
        for study in read_studies(stream):
            if isinstance(study, Unreadable):
                sys.exit(f"{study.nct_id or 'A record'} cannot be read: {study.reason}")
            dates.add(study.data_date or "")
            # Signals that depend on the day are worked out again when the sample is shown.
            trial = review(study, today=datetime.now(UTC).date())
            kept = tuple(signal for signal in trial.signals if signal.quote)
            rules = trial.reading.rules_version if trial.reading else rules
            trial = trial.model_copy(update={"signals": kept})
            lines.append(sample_line(trial, study.condition_terms, values, fields))
    about: dict[str, object] = {
        "data_date": max(dates),
        "rules_version": rules,
        "registry": "ClinicalTrials.gov",
        "values": [*values.known],
        "fields": [*fields.known],
    }
    size = write_sample(options.output, about, lines)
    sys.stdout.write(
        f"{len(lines)} trials of {max(dates)}, {size:,} bytes: {options.output.name}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
