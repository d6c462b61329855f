"""Finds the site of a trial that is nearest to a place."""

from collections.abc import Iterable
from typing import Protocol

from stemcheck.trial.places import Near, kilometres_between, position_of
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.trial import Nearest, Trial

OPEN_THERE = frozenset({"RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"})
"""Statuses of a site that is open to new participants, now or soon."""


class Place(Protocol):
    """The place of a site, as far as its source knows it."""

    @property
    def city(self) -> str | None: ...
    @property
    def state(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...
    @property
    def status(self) -> str | None: ...


def with_nearest(trial: Trial, places: Iterable[Place], query: TrialQuery) -> Trial:
    """Return a trial with its site nearest to the place in the query, if the query has one."""
    if query.near is None:
        return trial
    return trial.model_copy(update={"nearest": _nearest(trial, places, query.near)})


def _nearest(trial: Trial, places: Iterable[Place], near: Near) -> Nearest | None:
    placed = [found for place in places if (found := _placed(place, trial, near))]
    within = [one for one in placed if one.distance_km <= near.within_km]
    open_there = [one for one in within if one.status in OPEN_THERE]
    return min(open_there or within or placed, key=lambda one: one.distance_km, default=None)


def _placed(place: Place, trial: Trial, near: Near) -> Nearest | None:
    latitude: float | None = getattr(place, "latitude", None)
    longitude: float | None = getattr(place, "longitude", None)
    position = None if latitude is None or longitude is None else (latitude, longitude)
    has_position = position is not None
    position = position or position_of(place.city, place.state, place.country)
    if position is None:
        return None
    return Nearest(
        facility=getattr(place, "facility", None),
        city=place.city,
        country=place.country,
        status=place.status or trial.status.value,
        distance_km=round(kilometres_between(position, (near.latitude, near.longitude)), 1),
        placed_by="position" if has_position else "city",
    )
