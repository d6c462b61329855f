"""One plain sentence on what a record says to everything that was claimed of it."""

from collections.abc import Iterable, Sequence

from stemcheck.trial.answer import Source
from stemcheck.trial.reading import Product
from stemcheck.trial.status import label_for
from stemcheck.trial.trial import Trial
from stemcheck.trial.verification import Check, What

_SUBJECTS: dict[What, str] = {
    "condition": "the illness",
    "cells": "the cells",
    "route": "how they are given",
    "country": "the country",
    "site": "the place",
}
_NO_CELLS = (Product.NONE,)


def summary_for(
    nct_id: str,
    trial: Trial | None,
    checks: Sequence[Check],
    *,
    found: bool | None,
    source: Source | None,
) -> str:
    """Return what came of one number, without judging it."""
    if found is None:
        return f"{nct_id}: nobody who was asked could say if this number exists."
    if not found:
        return f"{nct_id} is not in the registry: check that it is copied right."
    if trial is None:
        return f"{nct_id} is in the registry, but its record could not be read."
    parts = [*_agreement(checks), *_no_cells(trial), _open_words(trial, checks)]
    where = "the registry" if source is None or source.kind == "live" else "saved data"
    return f"{nct_id} is in {where}; {_joined(parts, last_link='; and ', link='; ')}."


def _agreement(checks: Sequence[Check]) -> Iterable[str]:
    for result, words in (
        ("matches", "its record agrees on"),
        ("differs", "its record says something else on"),
        ("not_stated", "its record does not settle"),
    ):
        subjects = [
            _SUBJECTS[check.what]
            for check in checks
            if check.result == result and check.what in _SUBJECTS
        ]
        if subjects:
            yield f"{words} {_joined(list(dict.fromkeys(subjects)))}"


def _no_cells(trial: Trial) -> Iterable[str]:
    if trial.reading is not None and trial.reading.products == _NO_CELLS:
        yield "no cells are given in it, as far as its record says"


def _open_words(trial: Trial, checks: Sequence[Check]) -> str:
    status = trial.status
    said = next((check.record for check in checks if check.what == "open"), status.label)
    label = said or label_for(status.value or "")
    is_settled = status.value not in {None, "UNKNOWN", "WITHHELD"}
    if not is_settled:
        return f"nobody has said lately if it takes new people ({label})"
    if not status.open_to_new_participants:
        return f"it takes no new people now ({label})"
    if status.value == "AVAILABLE":
        return f"the product may be asked for now, outside a trial ({label})"
    return f"it takes new people now ({label})"


def _joined(parts: list[str], *, link: str = ", ", last_link: str = " and ") -> str:
    return last_link.join([link.join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
