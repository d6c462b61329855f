"""One row a trial, for a spreadsheet."""

import csv
from collections.abc import Callable, Iterable
from typing import TextIO

from stemcheck.output.formats import Sheet, Writer
from stemcheck.output.plain import clean
from stemcheck.output.talk import Talk
from stemcheck.trial.answer import Source, TrialsAnswer
from stemcheck.trial.trial import Trial

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Csv(Writer):
    """A row for each trial of the whole answer, in its order."""

    def write(self, sheet: Sheet, stream: TextIO, talk: Talk) -> None:  # noqa: ARG002 (it has no width)
        answer = sheet.document()
        if not isinstance(answer, TrialsAnswer):
            raise NotImplementedError
        write_csv(answer.trials, answer.source, stream)


def write_csv(trials: Iterable[Trial], source: Source, stream: TextIO) -> None:
    """Write one row a trial. Several values in a cell are set apart by a semicolon."""
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(COLUMNS)
    for trial in trials:
        rows.writerow([_cell(value(trial, source)) for value in COLUMNS.values()])


COLUMNS: dict[str, Callable[[Trial, Source], object]] = {
    "nct_id": lambda trial, _: trial.nct_id,
    "url": lambda trial, _: trial.url,
    "brief_title": lambda trial, _: trial.brief_title,
    "official_title": lambda trial, _: trial.official_title,
    "acronym": lambda trial, _: trial.acronym,
    "status": lambda trial, _: trial.status.value,
    "last_known_status": lambda trial, _: trial.status.last_known,
    "status_verified_on": lambda trial, _: trial.status.verified_on,
    "open_to_new_participants": lambda trial, _: trial.status.open_to_new_participants,
    "why_stopped": lambda trial, _: trial.status.why_stopped,
    "study_type": lambda trial, _: trial.study_type,
    "phases": lambda trial, _: trial.phases,
    "conditions": lambda trial, _: trial.conditions,
    "interventions": lambda trial, _: [each.name for each in trial.interventions],
    "products": lambda trial, _: trial.reading and trial.reading.products,
    "tissue": lambda trial, _: trial.reading and trial.reading.tissue,
    "donor": lambda trial, _: trial.reading and trial.reading.donor,
    "routes": lambda trial, _: trial.reading and trial.reading.routes,
    "intravenous": lambda trial, _: trial.reading and trial.reading.intravenous,
    "evidence": lambda trial, _: _quotes(trial),
    "sponsor": lambda trial, _: trial.sponsor and trial.sponsor.name,
    "sponsor_class": lambda trial, _: trial.sponsor and trial.sponsor.class_,
    "collaborators": lambda trial, _: [each.name for each in trial.collaborators],
    "enrollment": lambda trial, _: trial.enrollment and trial.enrollment.count,
    "enrollment_type": lambda trial, _: trial.enrollment and trial.enrollment.type,
    "start": lambda trial, _: trial.dates.start,
    "primary_completion": lambda trial, _: trial.dates.primary_completion,
    "completion": lambda trial, _: trial.dates.completion,
    "first_submitted": lambda trial, _: trial.dates.first_submitted,
    "last_update_posted": lambda trial, _: trial.dates.last_update_posted,
    "results_posted": lambda trial, _: trial.dates.results_posted,
    "has_results": lambda trial, _: trial.has_results,
    "countries": lambda trial, _: trial.countries,
    "sites": lambda trial, _: trial.sites.total,
    "sites_recruiting": lambda trial, _: trial.sites.recruiting,
    "sex": lambda trial, _: trial.eligibility.sex,
    "minimum_age": lambda trial, _: trial.eligibility.minimum_age,
    "maximum_age": lambda trial, _: trial.eligibility.maximum_age,
    "healthy_volunteers": lambda trial, _: trial.eligibility.healthy_volunteers,
    "fda_regulated_drug": lambda trial, _: trial.oversight.fda_regulated_drug,
    "fda_regulated_device": lambda trial, _: trial.oversight.fda_regulated_device,
    "data_monitoring_committee": lambda trial, _: trial.oversight.data_monitoring_committee,
    "signals": lambda trial, _: [signal.id for signal in trial.signals],
    "cautions": lambda trial, _: trial.cautions,
    "source": lambda _, source: source.kind,
    "as_of": lambda _, source: source.as_of,
}
"""Every column, from left to right, and what stands in it."""


def _quotes(trial: Trial) -> list[str] | None:
    if trial.reading is None:
        return None
    return [f"{each.claim}={each.value}: {each.quote}" for each in trial.reading.evidence]


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


WRITER = Csv()
