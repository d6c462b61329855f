"""The signals that take more than one field to see. Each rule returns what it found, or None.

Rules are silent where the record is: a missing date or an empty list is never a signal, save where the
registry's own rules make the absence mean something.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from stemcheck.guidance.conditions import unrelated_systems_for
from stemcheck.guidance.partial_dates import first_day, last_day, years_before
from stemcheck.guidance.places import has_us_site
from stemcheck.trial.status import is_final, takes_people
from stemcheck.trial.study import Study
from stemcheck.trial.text import ArmText


class Finding(NamedTuple):
    """What a rule saw: the value, and where it differs from the signal's usual field, the field."""

    value: str
    quote: str | None = None
    field: str | None = None


Rule = Callable[[Study, date], Finding | None]

_MANY_SYSTEMS = 4
# At three, records on one disease with its usual company were among those found (October 2022).
_CONTROL_WORDS = ("placebo", "sham", "control", "standard", "conventional", "saline", "vehicle")
_LATE_DAYS = 21
_ENDED = frozenset({"COMPLETED", "TERMINATED"})
_LONGEST_QUOTE = 160


def _many_conditions(study: Study, _today: date) -> Finding | None:
    conditions = study.trial.conditions
    if len(conditions) < _MANY_SYSTEMS:
        return None
    systems = unrelated_systems_for(conditions)
    if len(systems) < _MANY_SYSTEMS:
        return None
    return Finding(value=f"{len(systems)} parts of the body: {'; '.join(conditions)}")


def _status_not_verified(study: Study, today: date) -> Finding | None:
    status = study.trial.status
    verified = last_day(status.verified_on)
    is_old = verified is not None and verified < years_before(today, 2)
    if status.value == "UNKNOWN" or (_may_go_on(status.value) and is_old):
        return Finding(value=status.verified_on or "UNKNOWN")
    return None


def _has_ended_long_ago(study: Study, today: date) -> bool:
    trial = study.trial
    ended = last_day(trial.dates.primary_completion or trial.dates.completion)
    is_over = trial.study_type == "INTERVENTIONAL" and trial.status.value in _ENDED
    return is_over and ended is not None and ended < years_before(today, 1)


def _may_go_on(status: str | None) -> bool:
    """Return whether a study of this status has not ended yet, as far as the status tells."""
    return takes_people(status) is not None and not is_final(status)


def _no_results_posted(study: Study, today: date) -> Finding | None:
    is_sent = study.details is not None and study.details.results_submitted_not_posted
    if study.trial.has_results is not False or is_sent or not _has_ended_long_ago(study, today):
        return None
    return Finding(value="false")


def _results_under_review(study: Study, _today: date) -> Finding | None:
    details = study.details
    if study.trial.has_results or details is None or not details.results_submitted_not_posted:
        return None
    return Finding(value=details.results_first_submitted or "true")


def _no_us_site(study: Study, _today: date) -> Finding | None:
    countries = study.trial.countries
    if not countries or has_us_site(countries):
        return None
    return Finding(value=", ".join(countries))


def _is_named_control(arm: ArmText) -> bool:
    """Whether an arm is called a control, whatever type it was registered with."""
    name = f"{arm.label} {' '.join(arm.intervention_names)}".lower()
    return any(word in name for word in _CONTROL_WORDS)


def _no_control(study: Study, _today: date) -> Finding | None:
    design = study.trial.design
    if study.trial.study_type != "INTERVENTIONAL" or not design.arms or design.control_arms != 0:
        return None
    if design.allocation == "RANDOMIZED" or any(_is_named_control(arm) for arm in study.text.arms):
        return None
    arms = f"{design.arms} {'arm' if design.arms == 1 else 'arms'}"
    return Finding(value=f"{arms}, none registered as a control")


def _registered_late(study: Study, _today: date) -> Finding | None:
    dates = study.trial.dates
    started, submitted = last_day(dates.start), first_day(dates.first_submitted)
    if study.trial.study_type != "INTERVENTIONAL" or started is None or submitted is None:
        return None
    if submitted <= started + timedelta(days=_LATE_DAYS):
        return None
    return Finding(value=f"began {dates.start}, registered {dates.first_submitted}")


def _us_site_no_fda_flag(study: Study, _today: date) -> Finding | None:
    oversight = study.trial.oversight
    flags = (oversight.fda_regulated_drug, oversight.fda_regulated_device)
    is_interventional = study.trial.study_type == "INTERVENTIONAL"
    if not is_interventional or flags != (False, False):
        return None
    return Finding(value="false") if has_us_site(study.trial.countries) else None


def _reason_for_stopping(study: Study, _today: date) -> Finding | None:
    reason = study.trial.status.why_stopped
    return Finding(value=reason, quote=reason[:_LONGEST_QUOTE]) if reason else None


def _fda_notice(study: Study, _today: date) -> Finding | None:
    details = study.details
    if details is None or not (details.fdaaa801_violation or details.fda_notices):
        return None
    if not details.fda_notices:
        return Finding(value="true", field="miscInfoModule.fdaaa801Violation")
    notice = details.fda_notices[0]
    return Finding(value=notice.type or "notice", quote=notice.description)


def _documents_posted(study: Study, _today: date) -> Finding | None:
    if study.details is None or not study.details.documents:
        return None
    return Finding(value="; ".join(item.label or "document" for item in study.details.documents))


def _publications_linked(study: Study, _today: date) -> Finding | None:
    papers = study.details.publications if study.details else ()
    count = sum(paper.type in {"RESULT", "DERIVED"} for paper in papers)
    return Finding(value=str(count)) if count else None


RULES: dict[str, Rule] = {
    "many-conditions": _many_conditions,
    "status-not-verified": _status_not_verified,
    "fda-notice": _fda_notice,
    "no-results-posted": _no_results_posted,
    "results-under-review": _results_under_review,
    "no-us-site": _no_us_site,
    "no-control": _no_control,
    "registered-late": _registered_late,
    "us-site-no-fda-flag": _us_site_no_fda_flag,
    "reason-for-stopping": _reason_for_stopping,
    "documents-posted": _documents_posted,
    "publications-linked": _publications_linked,
}
"""By id of the signal, as in ``signals.toml``; those that rest on one fact or on phrases need no rule."""


def is_among(group: str, study: Study, today: date) -> bool:
    """Whether a record can have a signal at all: what its base rate is counted among."""
    if group == "ended":
        return _has_ended_long_ago(study, today)
    return group == "records" or study.trial.study_type == "INTERVENTIONAL"
