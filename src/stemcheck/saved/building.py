"""Makes the sample file out of trials: facts, readings and short quotes, never a record's prose."""

import json
import lzma
from collections.abc import Iterable
from pathlib import Path

from pydantic.main import IncEx

from stemcheck.saved.sample import searched_texts, words_of
from stemcheck.trial.reading import Evidence, Reading
from stemcheck.trial.trial import Trial

_COMPUTED_LATER: dict[str, IncEx | bool] = {
    "url": True,
    "status": {"meaning": True},
    "cautions": True,
}
"""What follows from the number, and words of our own that are to read as they do when a trial is shown."""

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


def sample_line(trial: Trial, condition_terms: Iterable[str]) -> str:
    """Return the line of one trial: words to find it by, a tab, the trial.

    The words are the MeSH terms of its conditions, and those that a search has to fold first ("Sjögren" is
    found as "sjogren"), so that a line can be searched as it stands. One quote for each value of the
    reading is kept: the first, which is the one trusted most.
    """
    if trial.reading is not None:
        trial = trial.model_copy(update={"reading": _with_one_quote_each(trial.reading)})
    document = trial.model_dump_json(exclude=_COMPUTED_LATER, exclude_defaults=True, by_alias=True)
    folded = (
        " ".join(words_of(word))
        for text in searched_texts(trial)
        for word in text.split()
        if not word.isascii()
    )
    terms = dict.fromkeys(term.replace("\t", " ") for term in (*condition_terms, *folded) if term)
    return f"{' '.join(terms)}\t{document}"


def write_sample(path: Path, lines: Iterable[str], *, data_date: str, rules_version: str) -> int:
    """Write the sample file and return its size in bytes. The same input gives the same bytes."""
    about = {
        "data_date": data_date,
        "rules_version": rules_version,
        "registry": "ClinicalTrials.gov",
    }
    text = "\n".join([json.dumps(about), *lines])
    path.write_bytes(lzma.compress(text.encode(), filters=_PACKING))
    return path.stat().st_size


def _with_one_quote_each(reading: Reading) -> Reading:
    first: dict[tuple[str, str], Evidence] = {}
    for evidence in reading.evidence:
        first.setdefault((evidence.claim, evidence.value), evidence)
    return reading.model_copy(update={"evidence": tuple(first.values())})
