"""One plain sentence on what a record says to everything that was claimed of it."""

from collections.abc import Iterable, Sequence

from stemcheck.services.place_checks import Standing
from stemcheck.trial.status import takes_people
from stemcheck.trial.terms import Product
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


def summary_for(nct_id: str, trial: Trial, checks: Sequence[Check], standing: Standing) -> str:
    """Return what came of holding the claims against one record, without judging it."""
    parts = [*_agreement(checks), *_no_cells(trial), _open_words(trial, standing)]
    where = "saved data" if trial.status.as_of else "the registry"
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
    return f'{subject} ("{(check.told or check.claimed or "").replace("_", " ")}")'


def _no_cells(trial: Trial) -> Iterable[str]:
    if trial.reading is not None and trial.reading.products == _NO_CELLS:
        yield "no cells are given in it, as far as its record says"


def _open_words(trial: Trial, standing: Standing) -> str:
    told = f"({standing.record})"
    if standing.when:
        return f"{standing.when}, {_past_words(standing)}; that may have changed {told}"
    if standing.is_open is None:
        return f"nobody has said lately if it takes new people {told}"
    if standing.is_open and trial.status.value == "AVAILABLE":
        return f"a doctor may ask for it now, outside a trial {told}"
    if standing.is_open:
        return f"by its record it takes new people now {told}"
    where = "there" if _is_of_a_place(standing) else "now"
    return f"by its record it takes no new people {where} {told}"


def _past_words(standing: Standing) -> str:
    if standing.was_open is None:
        return "nobody had said for long if it took new people"
    if standing.was_open and standing.value == "AVAILABLE":
        return "by its record, a doctor could ask for it, outside a trial"
    if standing.was_open:
        return "by its record, it took new people"
    return f"by its record, it took no new people{' there' if _is_of_a_place(standing) else ''}"


def _is_of_a_place(standing: Standing) -> bool:
    """Return whether the study is closed at the claimed place, and not as a whole."""
    return standing.field != "overallStatus" or takes_people(standing.value) is not False


def _joined(parts: list[str], *, link: str = ", ", last_link: str = " and ") -> str:
    return last_link.join([link.join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
