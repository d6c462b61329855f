"""What is so of a trial, as short tags that the cautions name in their ``when``.

A tag is ``kind:value``, as in ``status:COMPLETED`` or ``signal:participants-pay``. Values
are the registry's or the reading's own, so that a new caution needs no new code.

Saved data have the tag ``saved``, and what may have changed since their day stands under ``then:``, as in
``then:status:COMPLETED``. So a caution or question on how things stand now never fits saved data.
"""

from collections.abc import Iterator

from stemcheck.guidance.conditions import systems_for, topics_for
from stemcheck.guidance.places import has_us_site
from stemcheck.guidance.signals import day_bound_ids
from stemcheck.trial.reading import Donor, Reading, Route, Tissue
from stemcheck.trial.trial import Trial

ALWAYS = "always"
SAVED = "saved"

_NOT_INJECTED = frozenset(
    {
        Route.INTRAVENOUS,
        Route.INTRANASAL,
        Route.TOPICAL,
        Route.EXTRACORPOREAL,
        Route.INFUSION_UNSPECIFIED,
        Route.NOT_STATED,
        Route.NONE,
    }
)
"""Routes that need neither a deep needle nor an operation, or of which that is not known."""

_NO_TISSUE = frozenset({Tissue.NOT_STATED, Tissue.NONE})


def tags_for(trial: Trial) -> frozenset[str]:
    """Return all that a caution can ask about. The trial's reading and signals have to be there."""
    return frozenset(_tags(trial))


def _tags(trial: Trial) -> Iterator[str]:
    yield ALWAYS
    yield from _day_bound_tags(trial)
    yield f"type:{trial.study_type}"
    yield from (f"phase:{phase}" for phase in trial.phases)
    for condition in trial.conditions:
        yield from (f"system:{name}" for name in systems_for(condition))
        yield from (f"topic:{name}" for name in topics_for(condition))
    yield from _place_tags(trial)
    if trial.reading is not None:
        yield from _reading_tags(trial.reading)


def _day_bound_tags(trial: Trial) -> Iterator[str]:
    """Yield the status and the signals: of today, or of the day of saved data."""
    is_saved = trial.status.as_of is not None
    if is_saved:
        yield SAVED
    yield f"{'then:' if is_saved else ''}status:{trial.status.value}"
    for signal in trial.signals:
        is_past = is_saved and signal.id in day_bound_ids()
        yield f"{'then:' if is_past else ''}signal:{signal.id}"


def _place_tags(trial: Trial) -> Iterator[str]:
    if not trial.countries:
        yield "site:unknown"
    elif has_us_site(trial.countries):
        yield "site:us"
    else:
        yield "site:not_us"
    oversight = trial.oversight
    if not (oversight.fda_regulated_drug or oversight.fda_regulated_device):
        yield "fda:not_shown"


def _reading_tags(reading: Reading) -> Iterator[str]:
    yield f"iv:{reading.intravenous}"
    yield from (f"product:{product}" for product in reading.products)
    yield from (f"route:{route}" for route in reading.routes)
    if any(donor == Donor.ALLOGENEIC for donor in reading.donor):
        yield "donor:allogeneic"
    if any(tissue not in _NO_TISSUE for tissue in reading.tissue):
        yield "tissue:stated"
    if any(route not in _NOT_INJECTED for route in reading.routes):
        yield "given:injected"
