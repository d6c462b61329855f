"""Looks in a record for whoever makes an offer: as sponsor, partner or site."""

from collections.abc import Iterator, Sequence

from stemcheck.services.place_checks import check_site
from stemcheck.services.study_checks import is_same_name, is_translation
from stemcheck.trial.details import DetailedTrial
from stemcheck.trial.verification import OfferedBy

_MOST_SITES = 5


def offers_in(
    names: Sequence[tuple[str, str | None]], trial: DetailedTrial
) -> tuple[OfferedBy, ...]:
    """Return, for each name and its quote from the text, whether the record names it anywhere."""
    return tuple(_offered_by(name, text_quote, trial) for name, text_quote in names)


def sites_in(trial: DetailedTrial) -> tuple[str, ...]:
    """Return the first sites of a record, one line for each."""
    told = (
        ", ".join(part for part in (site.facility, site.city, site.country) if part)
        for site in trial.details.locations
    )
    return tuple(dict.fromkeys(filter(None, told)))[:_MOST_SITES]


def _offered_by(name: str, text_quote: str | None, trial: DetailedTrial) -> OfferedBy:
    for field, recorded in _parties(trial):
        if is_same_name(name, recorded):
            return OfferedBy(
                name=name, named=True, field=field, quote=recorded, text_quote=text_quote
            )
    site = check_site(name, trial)
    if site.result == "matches":
        return OfferedBy(
            name=name, named=True, field=site.field, quote=site.quote, text_quote=text_quote
        )
    is_settled = site.result == "differs" and not any(
        is_translation(name, recorded) for _, recorded in _parties(trial)
    )
    named = False if is_settled else None
    return OfferedBy(name=name, named=named, field=None, quote=None, text_quote=text_quote)


def _parties(trial: DetailedTrial) -> Iterator[tuple[str, str]]:
    if trial.sponsor:
        yield "leadSponsor.name", trial.sponsor.name
    for number, one in enumerate(trial.collaborators):
        yield f"collaborators[{number}].name", one.name
