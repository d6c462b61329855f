"""What a page says about a trial, and the sites of a trial by country."""

from collections import defaultdict
from dataclasses import dataclass

from stemcheck.output.plain import clean
from stemcheck.output.sections import paying_of
from stemcheck.output.wording import nearest_of, places_of
from stemcheck.trial.details import DetailedTrial, Site
from stemcheck.trial.protocol import Publication
from stemcheck.trial.status import OPEN_TO_NEW_PARTICIPANTS
from stemcheck.trial.trial import Trial
from stemcheck.words import words

_MOST_CONDITIONS = 3
_PAPERS = frozenset({"RESULT", "DERIVED"})


@dataclass(frozen=True, slots=True)
class Country:
    """The sites of one country, open ones first."""

    name: str
    sites: tuple[Site, ...]
    recruiting: int | None
    """None: the record gives no site in this country a status of its own."""


def conditions_of(trial: Trial) -> str:
    """Return the illnesses of a study, naming at most a few."""
    named = [clean(condition) for condition in trial.conditions]
    more = len(named) - _MOST_CONDITIONS
    told = ", ".join(named[:_MOST_CONDITIONS])
    return words("page.card.more_conditions", named=told, count=more) if more > 0 else told


def where(trial: Trial) -> str:
    """Return where a study runs: the site nearest to the requested place, or the countries."""
    if trial.nearest:
        return nearest_of(trial)
    if not trial.countries:
        return places_of(trial)
    return words("page.card.sites", places=places_of(trial, most=4), count=trial.sites.total)


def people_pay(trial: Trial) -> bool:
    """Return whether the record says that participants pay."""
    return paying_of(trial) is not None


def who_pays(trial: Trial) -> str:
    """Return what the record says about who pays; most say nothing."""
    paying = paying_of(trial)
    if paying is None:
        return words("page.card.pays_unsaid")
    return words("page.card.people_pay", quote=clean(paying.quote or paying.value))


def countries_of(trial: DetailedTrial) -> list[Country]:
    """Return the sites by country, countries with the most open sites first."""
    groups: dict[str, list[Site]] = defaultdict(list)
    for site in trial.details.locations:
        groups[clean(site.country) or words("places.no_country")].append(site)
    countries = [
        Country(
            name=name,
            sites=tuple(sorted(sites, key=lambda site: not _is_open(site))),
            recruiting=sum(map(_is_open, sites)) if any(site.status for site in sites) else None,
        )
        for name, sites in groups.items()
    ]
    return sorted(countries, key=lambda country: -(country.recruiting or 0))


def site_name(site: Site) -> str:
    """Return the name and town of a site."""
    parts = (clean(part) for part in (site.facility, site.city, site.state))
    return ", ".join(part for part in parts if part) or words("places.no_place")


def paper_kind(paper: Publication) -> str:
    """Return in plain words how a paper is related to the study."""
    kind = paper.type if paper.type in _PAPERS else "BACKGROUND"
    return words(f"page.papers.{kind}")


def _is_open(site: Site) -> bool:
    return site.status in OPEN_TO_NEW_PARTICIPANTS
