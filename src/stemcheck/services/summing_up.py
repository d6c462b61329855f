"""One plain sentence on what a record says to everything that was claimed of it."""

from collections.abc import Iterable, Sequence

from stemcheck.services.place_checks import Standing
from stemcheck.trial.reading import Product
from stemcheck.trial.status import OPEN_TO_NEW_PARTICIPANTS
from stemcheck.trial.trial import Trial
from stemcheck.trial.verification import Check, What

_SUBJECTS: dict[What, str] = {
    "condition": "the illness",
    "cells": "the cells",
    "route": "how they are given",
    "country": "the country",
    "site": "the place",
}
_MAY_BE_OPEN = OPEN_TO_NEW_PARTICIPANTS | {"UNKNOWN", "WITHHELD"}
_NO_CELLS = (Product.NONE,)


def summary_for(
    nct_id: str, trial: Trial, checks: Sequence[Check], standing: Standing, *, is_live: bool
) -> str:
    """Return what came of holding the claims against one record, without judging it."""
    parts = [*_agreement(checks), *_no_cells(trial), _open_words(trial, standing)]
    where = "the registry" if is_live else "saved data"
    return f"{nct_id} is in {where}; {_joined(parts, last_link='; and ', link='; ')}."


def summary_without_record(nct_id: str, *, found: bool | None) -> str:
    """Return what is known of a number whose record is not at hand."""
    if found is None:
        return f"{nct_id}: nobody who was asked could say if this number exists."
    if found:
        return f"{nct_id} is in the registry, but its record could not be read."
    return f"{nct_id} is not in the registry: check that it is copied right."


def _agreement(checks: Sequence[Check]) -> Iterable[str]:
    for result, words in (
        ("matches", "its record agrees on"),
        ("differs", "it says something else on"),
        ("not_stated", "it does not settle"),
    ):
        subjects = [
            _subject(check, checks)
            for check in checks
            if check.result == result and check.what in _SUBJECTS
        ]
        if subjects:
            yield f"{words} {_joined(subjects)}"


def _subject(check: Check, checks: Sequence[Check]) -> str:
    """Return what a check is about; with the claim where several are about the same."""
    subject = _SUBJECTS[check.what]
    if sum(other.what == check.what for other in checks) == 1:
        return subject
    return f'{subject} ("{(check.claimed or "").replace("_", " ")}")'


def _no_cells(trial: Trial) -> Iterable[str]:
    if trial.reading is not None and trial.reading.products == _NO_CELLS:
        yield "no cells are given in it, as far as its record says"


def _open_words(trial: Trial, standing: Standing) -> str:
    told = f"({standing.record})"
    if standing.is_open is None and standing.value in OPEN_TO_NEW_PARTICIPANTS:
        return f"it took new people then, and that may have changed {told}"
    if standing.is_open is None:
        return f"nobody has said lately if it takes new people {told}"
    if standing.is_open and trial.status.value == "AVAILABLE":
        return f"a doctor may ask for it now, outside a trial {told}"
    if standing.is_open:
        return f"by its record it takes new people now {told}"
    is_elsewhere = standing.field != "overallStatus" or standing.value in _MAY_BE_OPEN
    return f"by its record it takes no new people {'there' if is_elsewhere else 'now'} {told}"


def _joined(parts: list[str], *, link: str = ", ", last_link: str = " and ") -> str:
    return last_link.join([link.join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
