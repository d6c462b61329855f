"""Makes the sample file out of trials: facts, readings and short quotes, never a record's prose."""

import gzip
import io
import json
from collections.abc import Iterable
from pathlib import Path

from pydantic.main import IncEx

from stemcheck.saved.sample import terms_line
from stemcheck.trial.trial import Trial

_COMPUTED_LATER: dict[str, IncEx | bool] = {"status": {"meaning": True}, "cautions": True}
"""Words of our own that are added again when a trial is shown, as they read by then."""


def sample_line(trial: Trial, condition_terms: Iterable[str]) -> str:
    """Return the line of one trial: the words by which it is found, a tab, the trial."""
    texts = (
        *trial.conditions,
        *trial.keywords,
        trial.brief_title or "",
        trial.official_title or "",
        trial.acronym or "",
        *condition_terms,
    )
    document = trial.model_dump_json(exclude=_COMPUTED_LATER, exclude_defaults=True, by_alias=True)
    return f"{terms_line(texts)}\t{document}"


def write_sample(path: Path, lines: Iterable[str], *, data_date: str, rules_version: str) -> int:
    """Write the sample file and return its size in bytes. The same input gives the same bytes."""
    about = {
        "data_date": data_date,
        "rules_version": rules_version,
        "registry": "ClinicalTrials.gov",
    }
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, mtime=0) as stream:
        stream.write("\n".join([json.dumps(about), *lines]).encode())
    path.write_bytes(packed.getvalue())
    return path.stat().st_size
