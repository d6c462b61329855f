"""Where a trial runs: countries with an open site first, then the others."""

from collections import defaultdict
from collections.abc import Iterator

from stemcheck.output.plain import clean
from stemcheck.trial.details import DetailedTrial, Site
from stemcheck.trial.status import OPEN_TO_NEW_PARTICIPANTS, label_for
from stemcheck.words import words

_MOST_COUNTRIES = 6


def places_in_short(trial: DetailedTrial) -> str:
    """Return in one line the number of sites and their countries, those with open sites first."""
    sites = trial.details.locations
    countries = [clean(country) for country in trial.countries]
    if sites:
        countries = [_country_in_short(*item) for item in _by_country(sites)]
    if not countries:
        return words("places.no_site")
    named = ", ".join(countries[:_MOST_COUNTRIES])
    total = words("places.sites", count=len(sites) or trial.sites.total)
    more = len(countries) - _MOST_COUNTRIES
    if more > 0:
        named = words("screens.trial.more_places", named=named, count=more)
    return f"{total}: {named}"


def _country_in_short(name: str, sites: list[Site]) -> str:
    is_open = sum(site.status in OPEN_TO_NEW_PARTICIPANTS for site in sites)
    told = words("places.recruiting", number=is_open)
    return f"{clean(name)} ({told})" if is_open else clean(name)


def place_lines(trial: DetailedTrial, *, every_site: bool) -> Iterator[str]:
    """Yield the places of a trial by country; every site only if requested."""
    sites = trial.details.locations
    if not sites:
        names = ", ".join(clean(country) for country in trial.countries)
        total = words("places.sites", count=trial.sites.total)
        yield f"{total}: {names}." if names else words("places.no_site")
        return
    for country, group in _by_country(sites):
        is_open = [site for site in group if site.status in OPEN_TO_NEW_PARTICIPANTS]
        stated = any(site.status for site in group)
        told = words("places.recruiting" if stated else "places.no_statuses", number=len(is_open))
        yield f"{clean(country)}: {words('places.sites', count=len(group))}, {told}"
        if every_site:
            yield from (f"  {_site(site)}" for site in group)
    if not every_site:
        yield words("places.every_site")


def _by_country(sites: tuple[Site, ...]) -> list[tuple[str, list[Site]]]:
    groups: dict[str, list[Site]] = defaultdict(list)
    for site in sites:
        groups[site.country or words("places.no_country")].append(site)
    for group in groups.values():
        group.sort(key=lambda site: site.status not in OPEN_TO_NEW_PARTICIPANTS)
    return sorted(
        groups.items(),
        key=lambda item: -sum(site.status in OPEN_TO_NEW_PARTICIPANTS for site in item[1]),
    )


def _site(site: Site) -> str:
    place = ", ".join(clean(part) for part in (site.facility, site.city, site.state) if part)
    mark = "●" if site.status in OPEN_TO_NEW_PARTICIPANTS else "○"
    status = label_for(site.status) if site.status else words("places.no_status")
    return f"{mark} {place or words('places.no_place')} ({clean(status)})"
