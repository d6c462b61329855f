"""What is so of a trial, as short tags that the cautions name in their ``when``.

A tag is ``kind:value``, as in ``status:COMPLETED`` or ``signal:participants-pay``. Values
are the registry's or the reading's own, so that a new caution needs no new code.

Saved data have the tag ``saved``, and what may have changed since their day stands under ``then:``, as in
``then:status:COMPLETED``. So a caution or question on how things stand now never fits saved data.
"""

from collections.abc import Iterator
from functools import lru_cache

from stemcheck.guidance.conditions import systems_for, topics_for
from stemcheck.guidance.places import has_us_site
from stemcheck.guidance.signals import day_bound_ids
from stemcheck.trial.reading import Reading
from stemcheck.trial.terms import Donor, Intravenous, Product, Route, Tissue
from stemcheck.trial.trial import Signal, Status, Trial

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
    return frozenset(tags_of(trial, trial.reading, trial.signals))


def tags_of(trial: Trial, reading: Reading | None, signals: tuple[Signal, ...]) -> list[str]:
    """Return the tags of a trial, of its reading and of its signals; some may stand there twice."""
    tags = [ALWAYS, f"type:{trial.study_type}"]
    tags += _day_bound_tags(trial.status, signals)
    tags += [f"phase:{phase}" for phase in trial.phases]
    for condition in trial.conditions:
        tags += _condition_tags(condition)
    tags += _place_tags(trial)
    if reading is not None:
        tags += _reading_tags(reading)
    return tags


def _day_bound_tags(status: Status, signals: tuple[Signal, ...]) -> Iterator[str]:
    """Yield the status and the signals: of today, or of the day of saved data."""
    is_saved = status.as_of is not None
    if is_saved:
        yield SAVED
    yield f"{'then:' if is_saved else ''}status:{status.value}"
    for signal in signals:
        is_past = is_saved and signal.id in day_bound_ids()
        yield f"{'then:' if is_past else ''}signal:{signal.id}"


@lru_cache(maxsize=4096)
def _condition_tags(condition: str) -> tuple[str, ...]:
    systems = [f"system:{name}" for name in systems_for(condition)]
    return (*systems, *(f"topic:{name}" for name in topics_for(condition)))


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


def _reading_tags(reading: Reading) -> tuple[str, ...]:
    return _tags_of_values(
        reading.intravenous, reading.products, reading.routes, reading.donor, reading.tissue
    )


@lru_cache(maxsize=1024)
def _tags_of_values(
    intravenous: Intravenous,
    products: tuple[Product, ...],
    routes: tuple[Route, ...],
    donors: tuple[Donor, ...],
    tissues: tuple[Tissue, ...],
) -> tuple[str, ...]:
    """Return the tags of a reading; kept, because many studies are read alike."""
    tags = [f"iv:{intravenous}"]
    tags += [f"product:{product}" for product in products]
    tags += [f"route:{route}" for route in routes]
    if Donor.ALLOGENEIC in donors:
        tags.append("donor:allogeneic")
    if not _NO_TISSUE.issuperset(tissues):
        tags.append("tissue:stated")
    if not _NOT_INJECTED.issuperset(routes):
        tags.append("given:injected")
    return tuple(tags)
