"""A trial as one flat row: the columns of the CSV, and of the rows that the library gives."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemcheck.trial.answer import Source
    from stemcheck.trial.trial import Trial

COLUMNS: dict[str, Callable[["Trial", "Source"], object]] = {
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


def _quotes(trial: "Trial") -> list[str] | None:
    if trial.reading is None:
        return None
    return [f"{each.claim}={each.value}: {each.quote}" for each in trial.reading.evidence]
