"""The order in which trials are shown: open to new participants first, then the latest update."""

from collections.abc import Iterable

from stemcheck.trial.trial import Trial


def in_reading_order(trials: Iterable[Trial]) -> tuple[Trial, ...]:
    """Return the trials in the order of a patient's interest; equal ones in the order they came."""
    by_update = sorted(trials, key=lambda trial: trial.dates.last_update_posted or "", reverse=True)
    return tuple(sorted(by_update, key=lambda trial: not trial.status.open_to_new_participants))
