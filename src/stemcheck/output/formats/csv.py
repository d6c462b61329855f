"""One row a trial, for a spreadsheet."""

import csv
from collections.abc import Callable, Iterable
from typing import TextIO

from stemcheck.output.formats import Sheet, Writer
from stemcheck.output.plain import harmless
from stemcheck.output.talk import Talk
from stemcheck.trial.answer import Notice, Source, TrialsAnswer
from stemcheck.trial.trial import Trial
from stemcheck.words import words

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001 (full width)
LONGEST_CELL = 32_767
"""Characters that a cell of Excel holds: it would break off what is longer, and say nothing."""
_CUT = "… [cut]"
_MANY = "; "


class Csv(Writer):
    """A row for each trial of the whole answer, in its order."""

    file_start = "\ufeff"
    """Excel reads a file without this mark in the old code page of the machine."""

    def write(self, sheet: Sheet, stream: TextIO, talk: Talk) -> int | None:
        if (rows := sheet.rows()) is not None:
            table = csv.writer(stream, lineterminator="\n")
            table.writerows(map(_cell, row) for row in rows)
            return sheet.gather()
        answer = sheet.document()
        if not isinstance(answer, TrialsAnswer):
            raise NotImplementedError
        chosen = sheet.shaping.fields if sheet.shaping else ()
        cut = write_csv(answer.trials, answer.source, stream, chosen)
        if cut:
            text = words("talk.cells_cut", count=cut)
            talk.say([Notice(id="cells_cut", text=text)], even_when_quiet=True)
        return len(answer.trials)


def write_csv(
    trials: Iterable[Trial], source: Source, stream: TextIO, chosen: Iterable[str] = ()
) -> int:
    """Write one row a trial, with the columns chosen or all; return how many cells were too long."""
    columns = {name: COLUMNS[name] for name in chosen} or COLUMNS
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(columns)
    cut = 0
    for trial in trials:
        cells = [_cell(value(trial, source)) for value in columns.values()]
        cut += sum(len(cell) > LONGEST_CELL for cell in cells)
        rows.writerow(map(_cut, cells))
    return cut


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
    "start_year": lambda trial, _: trial.dates.start and trial.dates.start[:4],
    "primary_completion": lambda trial, _: trial.dates.primary_completion,
    "completion": lambda trial, _: trial.dates.completion,
    "first_submitted": lambda trial, _: trial.dates.first_submitted,
    "last_update_posted": lambda trial, _: trial.dates.last_update_posted,
    "results_posted": lambda trial, _: trial.dates.results_posted,
    "has_results": lambda trial, _: trial.has_results,
    "countries": lambda trial, _: trial.countries,
    "sites": lambda trial, _: trial.sites.total,
    "sites_recruiting": lambda trial, _: trial.sites.recruiting,
    "nearest_facility": lambda trial, _: trial.nearest and trial.nearest.facility,
    "nearest_city": lambda trial, _: trial.nearest and trial.nearest.city,
    "nearest_country": lambda trial, _: trial.nearest and trial.nearest.country,
    "nearest_status": lambda trial, _: trial.nearest and trial.nearest.status,
    "nearest_distance_km": lambda trial, _: trial.nearest and trial.nearest.distance_km,
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
    "as_of": lambda trial, source: source.as_of_trial(trial),
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
            return _defused(_MANY.join(_one_of_many(harmless(str(item))) for item in value))
        case _:
            return _defused(harmless(str(value)))


def _one_of_many(text: str) -> str:
    """Return one of several values of a cell; where it holds a semicolon it stands in quotes."""
    if ";" not in text and not text.startswith('"'):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _defused(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _cut(cell: str) -> str:
    return cell if len(cell) <= LONGEST_CELL else cell[: LONGEST_CELL - len(_CUT)] + _CUT


WRITER = Csv()
