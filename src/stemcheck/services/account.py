"""The account of a search: what is needed to report and repeat it (PRISMA-S)."""

from collections.abc import Iterable
from datetime import UTC, datetime

from stemcheck.trial.account import Account, InABrowser, LeftOut
from stemcheck.trial.answer import Source
from stemcheck.trial.trial import Trial
from stemcheck.words import words

_CLAIMS = {
    "cell_free": "product",
    "other_cells": "product",
    "cells": "product",
    "not_by_vein": "route",
    "route_not_stated": "product",
    "route": "route",
}
"""The claim of the reading on which each reason rests."""


def left_out_for(trial: Trial, reason: str) -> LeftOut:
    """Return a study that is not shown, with the reason and the words of its record."""
    field, quote = _words_on(trial, reason)
    return LeftOut(
        nct_id=trial.nct_id,
        title=trial.brief_title,
        reason=reason,
        why=words(f"filters.left_out.{reason}"),
        field=field,
        quote=quote,
    )


def _words_on(trial: Trial, reason: str) -> tuple[str | None, str | None]:
    """Return the field and the words behind a reason; None for both if the record has none."""
    if reason == "no_cells_given" and trial.interventions:
        return "interventions[0].name", trial.interventions[0].name
    if reason == "status" and trial.status.value:
        return "statusModule.overallStatus", trial.status.value
    if reason == "phase" and trial.phases:
        return "designModule.phases", ", ".join(trial.phases)
    if reason == "country" and trial.countries:
        return "contactsLocationsModule.locations.country", ", ".join(trial.countries)
    claim = _CLAIMS.get(reason)
    for evidence in trial.reading.evidence if trial.reading and claim else ():
        if evidence.claim == claim:
            return evidence.field, evidence.quote
    return None, None


def account_of(
    source: Source,
    left_out: Iterable[LeftOut],
    command: str | None,
    in_browser: InABrowser | None = None,
) -> Account:
    """Return the account of an answer. ``asked_at`` is the time now if the source has no time of its own."""
    from stemcheck import __version__
    from stemcheck.reading.reader import RULES_VERSION

    return Account(
        command=command,
        asked_at=source.retrieved_at or f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        stemcheck_version=__version__,
        rules_version=RULES_VERSION,
        left_out=tuple(left_out),
        in_browser=in_browser,
    )
