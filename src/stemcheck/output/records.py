"""Answers for programs: json, jsonl and csv, all from the same models as the table."""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TextIO

from pydantic import BaseModel

from stemcheck.output.plain import clean
from stemcheck.trial.answer import Source
from stemcheck.trial.trial import Trial

_INVISIBLE = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What JSON may hold as it is, but a terminal or an editor would obey."""
_PIECE = 1 << 16
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def json_text(document: BaseModel, *, indent: int | None = None) -> str:
    """Return a document as JSON; characters that could act on a terminal stand as escapes."""
    return _escaped(document.model_dump_json(by_alias=True, indent=indent))


def write_json(document: BaseModel, stream: TextIO) -> None:
    """Write one document, indented, in pieces: so that a reader who leaves is noticed half-way."""
    text = f"{json_text(document, indent=2)}\n"
    stream.writelines(text[start : start + _PIECE] for start in range(0, len(text), _PIECE))


def json_line(trial: Trial, source: Source) -> str:
    """Return one trial as a line of JSON with the source and date that the envelope would carry."""
    return json_text(trial)[:-1] + _line_end(source.kind, as_of(source))


@lru_cache(maxsize=8)
def _line_end(source: str, as_of: str | None) -> str:
    """Return what is added to a trial for its line: the same for thousands of them."""
    return f",{json.dumps({'source': source, 'as_of': as_of})[1:]}\n"


def as_of(source: Source) -> str | None:
    """Return the best date that an answer has: that of the registry's data, else that of the asking."""
    return source.data_timestamp or source.retrieved_at


def write_csv(trials: Iterable[Trial], source: Source, stream: TextIO) -> None:
    """Write one row a trial. Several values in a cell are set apart by a semicolon."""
    import csv

    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(CSV_COLUMNS)
    for trial in trials:
        rows.writerow([_cell(value) for value in _row(trial, source)])


CSV_COLUMNS = (
    "nct_id", "url", "brief_title", "official_title", "acronym",
    "status", "last_known_status", "status_verified_on", "open_to_new_participants", "why_stopped",
    "study_type", "phases", "conditions", "interventions",
    "products", "tissue", "donor", "routes", "intravenous", "evidence",
    "sponsor", "sponsor_class", "collaborators", "enrollment", "enrollment_type",
    "start", "primary_completion", "completion", "first_submitted", "last_update_posted",
    "results_posted", "has_results", "countries", "sites", "sites_recruiting",
    "sex", "minimum_age", "maximum_age", "healthy_volunteers",
    "fda_regulated_drug", "fda_regulated_device", "data_monitoring_committee",
    "signals", "cautions", "source", "as_of",
)  # fmt: skip


def _row(trial: Trial, source: Source) -> list[object]:
    return [
        *_identity(trial),
        *_reading(trial),
        *_organisation(trial),
        *_circumstances(trial),
        [signal.id for signal in trial.signals], trial.cautions, source.kind, as_of(source),
    ]  # fmt: skip


def _identity(trial: Trial) -> list[object]:
    status = trial.status
    return [
        trial.nct_id, trial.url, trial.brief_title, trial.official_title, trial.acronym,
        status.value, status.last_known, status.verified_on, status.open_to_new_participants,
        status.why_stopped, trial.study_type, trial.phases, trial.conditions,
        [intervention.name for intervention in trial.interventions],
    ]  # fmt: skip


def _reading(trial: Trial) -> list[object]:
    reading = trial.reading
    if reading is None:
        return [None] * 6
    quotes = [f"{e.claim}={e.value}: {e.quote}" for e in reading.evidence]
    return [
        reading.products, reading.tissue, reading.donor, reading.routes, reading.intravenous, quotes
    ]  # fmt: skip


def _organisation(trial: Trial) -> list[object]:
    sponsor, enrollment, dates = trial.sponsor, trial.enrollment, trial.dates
    return [
        sponsor and sponsor.name, sponsor and sponsor.class_, [c.name for c in trial.collaborators],
        enrollment and enrollment.count, enrollment and enrollment.type,
        dates.start, dates.primary_completion, dates.completion, dates.first_submitted,
        dates.last_update_posted, dates.results_posted, trial.has_results,
    ]  # fmt: skip


def _circumstances(trial: Trial) -> list[object]:
    people, oversight = trial.eligibility, trial.oversight
    return [
        trial.countries, trial.sites.total, trial.sites.recruiting,
        people.sex, people.minimum_age, people.maximum_age, people.healthy_volunteers,
        oversight.fda_regulated_drug, oversight.fda_regulated_device,
        oversight.data_monitoring_committee,
    ]  # fmt: skip


def _cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case tuple() | list():
            return _defused("; ".join(clean(str(item)) for item in value))
        case _:
            return _defused(clean(str(value)))


def _defused(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _escaped(text: str) -> str:
    if text.isascii() and "\x7f" not in text:
        return text
    return _INVISIBLE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
