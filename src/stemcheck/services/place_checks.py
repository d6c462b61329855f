"""Checks claims about where a study runs, and whether it is open to new participants there."""

import re
from typing import NamedTuple

from stemcheck.guidance.dates import day_words
from stemcheck.guidance.illnesses import words_of
from stemcheck.services.said import Said, check, unknown
from stemcheck.services.words import is_general, read_claim_words, without
from stemcheck.trial.countries import is_same_country, near_country
from stemcheck.trial.details import DetailedTrial, Site
from stemcheck.trial.places import cities_called, folded
from stemcheck.trial.status import OPEN_TO_NEW_PARTICIPANTS, is_final, label_for, takes_people
from stemcheck.trial.verification import Check, Expectations, Result
from stemcheck.words import words

_STALE = "status-not-verified"
_LONGEST_ABBREVIATION = 6
_MOST_ABBREVIATIONS = 2
"""More words in capitals than this are a name in capitals, not abbreviations."""
_MOST_NAMED = 4
"""How many cities are listed if a claimed place is not among them."""


class Place(NamedTuple):
    """A site and its number in the record."""

    number: int
    site: Site

    @property
    def name(self) -> str:
        """The site in one line, as its record names it."""
        site = self.site
        return ", ".join(
            part for part in (site.facility, site.city, site.state, site.country) if part
        )

    @property
    def words(self) -> frozenset[str]:
        """The words of its name, normalised."""
        return frozenset(words_of(self.name))


def check_country(claimed: str, trial: DetailedTrial) -> Check:
    """Check a country against the countries of the record's sites."""
    record = ", ".join(trial.countries) or None
    countries = [
        (f"locations[{n}].country", site.country)
        for n, site in enumerate(trial.details.locations)
        if site.country
    ] or [("locations", country) for country in trial.countries]
    for field, country in countries:
        if is_same_country(claimed, country):
            return check("country", claimed, "matches", Said(record, field, country))
    if not countries:
        return check("country", claimed, "not_stated")
    if near_country(claimed) is not None:
        return unknown("country", claimed, Said(record, *countries[0]))
    return check("country", claimed, "differs", Said(record, *countries[0]))


def check_site(claimed: str, trial: DetailedTrial) -> Check:
    """Check the name of a hospital, clinic or city against the record's sites.

    The result stays open for a similar name ("University of X" and a hospital in X), for a record that does
    not name its sites, and for a name given only by its initials.
    """
    places = _places(trial)
    if not places:
        is_elsewhere = bool(trial.sites.total)
        note = words("verify.note.sites_not_here") if is_elsewhere else None
        return check("site", claimed, "not_stated", note=note)
    fitting = [] if is_general(claimed) else [place for place in places if _fits(claimed, place)]
    if fitting := fitting or [place for place in places if _is_in_city(place, claimed)]:
        return _site_check(claimed, "matches", fitting[0], fitting[0].name)
    wanted = without(words_of(claimed), "place_kinds")
    if alike := [place for place in places if _holds(place, wanted)]:
        return _site_check(claimed, "not_stated", alike[0], alike[0].name)
    if unnamed := [place for place in places if _is_unnamed(place.site)]:
        return _site_check(claimed, "not_stated", unnamed[0], _cities(places))
    if is_general(claimed) or not is_name(claimed):
        return unknown("site", claimed, Said(_cities(places) or None))
    return _site_check(claimed, "differs", places[0], _cities(places))


class Standing(NamedTuple):
    """Whether a study is open to new participants, with the words that say so."""

    is_open: bool | None
    """Today's answer. None: the record does not settle it."""
    record: str
    field: str
    value: str | None
    when: str | None = None
    """The date of the record's information if it is not today's: ``on 13 Oct 2022``."""
    was_open: bool | None = None
    """Whether it was open on that date."""


def standing_for(trial: DetailedTrial, expected: Expectations) -> Standing:
    """Return whether the study is open to new participants now, at the claimed place if the record says so.

    Saved data, and a record not confirmed for a long time, only answer for an earlier date.
    """
    status = trial.status
    is_open = takes_people(status.value)
    is_stale = any(signal.id == _STALE for signal in trial.signals)
    record = status.label
    if status.last_known:
        known = label_for(status.last_known)
        record = words("verify.standing.last_known", record=record, status=known)
    if status.verified_on:
        confirmed = "last_confirmed" if is_stale else "confirmed"
        record = words(f"verify.standing.{confirmed}", record=record, day=status.verified_on)
    standing = Standing(is_open, record, "overallStatus", status.value)
    if is_open is not False:
        standing = _standing_there(trial, expected, standing)
    if status.as_of and not is_final(status.value):
        then = day_words(status.as_of)
        record = words("verify.standing.saved", record=standing.record, day=then)
        return _of_then(standing._replace(record=record), words("verify.standing.on", day=then))
    if is_stale and takes_people(status.value) is not None:
        return _of_then(standing, words("verify.standing.in", day=day_words(status.verified_on)))
    return standing


def _of_then(standing: Standing, when: str) -> Standing:
    """Return a standing that held on an earlier date; it settles nothing about today."""
    return standing._replace(is_open=None, was_open=standing.is_open, when=when)


def check_open(standing: Standing, *, is_claimed: bool) -> Check:
    """Check "it is open to new participants". If nobody claimed it, give the record's words alone."""
    said = Said(standing.record, standing.field if standing.value else None, standing.value)
    if not is_claimed:
        return check("open", None, None, said)
    results: dict[bool | None, Result] = {True: "matches", False: "differs", None: "not_stated"}
    return check("open", "open", results[standing.is_open], said)


def _standing_there(trial: DetailedTrial, expected: Expectations, overall: Standing) -> Standing:
    """Return the standing at the claimed place, or the overall one if the record has no other."""
    there = [place for place in _places(trial) if _is_claimed(place, expected)]
    stated = [place for place in there if place.site.status]
    if stated:
        place = min(stated, key=_openness)
        status = place.site.status or ""
        at_place: bool | None = status in OPEN_TO_NEW_PARTICIPANTS
        if at_place and overall.is_open is None:
            at_place = None
        record = words("verify.standing.there", record=overall.record, status=label_for(status))
        return Standing(at_place, record, f"locations[{place.number}].status", status)
    if not there and _is_elsewhere(trial, expected):
        elsewhere = words("verify.standing.elsewhere", record=overall.record)
        return overall._replace(is_open=False, record=elsewhere)
    return overall


def _openness(place: Place) -> tuple[bool, int]:
    return place.site.status not in OPEN_TO_NEW_PARTICIPANTS, place.number


def _is_claimed(place: Place, expected: Expectations) -> bool:
    if not expected.countries and not expected.sites:
        return False
    country = place.site.country or ""
    in_country = not expected.countries or any(
        is_same_country(c, country) for c in expected.countries
    )
    return in_country and (not expected.sites or any(_fits(s, place) for s in expected.sites))


def _is_elsewhere(trial: DetailedTrial, expected: Expectations) -> bool:
    """Return whether the record names its places, but none of the claimed ones."""
    results = {check_country(country, trial).result for country in expected.countries}
    results |= {check_site(site, trial).result for site in expected.sites}
    return "differs" in results and "not_stated" not in results


def _places(trial: DetailedTrial) -> list[Place]:
    return [Place(number, site) for number, site in enumerate(trial.details.locations)]


def _fits(claimed: str, place: Place) -> bool:
    return _holds(place, without(words_of(claimed), "generic"))


def _holds(place: Place, wanted: frozenset[str]) -> bool:
    return bool(wanted) and wanted <= place.words


def _is_in_city(place: Place, claimed: str) -> bool:
    """Return whether a claim names the city of a site by another of its names: Sevilla, München."""
    site = place.site
    if not site.city:
        return False
    name, _, rest = (part.strip() for part in claimed.partition(","))
    return any(
        folded(city.name) == folded(site.city) and is_same_country(city.country, site.country or "")
        for city in cities_called(name, rest)
    )


def _is_unnamed(site: Site) -> bool:
    name = " ".join(words_of(site.facility or ""))
    marks = (" ".join(words_of(mark)) for mark in read_claim_words()["unnamed_site"])
    return not name or any(mark in name for mark in marks)


def is_name(claimed: str) -> bool:
    """Return whether a text is a full name and not just initials."""
    told = re.findall(r"[^\W\d_]+", claimed)
    if len(told) > _MOST_ABBREVIATIONS:
        return True
    return any(len(word) > _LONGEST_ABBREVIATION or not word.isupper() for word in told)


def initials_of(name: str) -> frozenset[str]:
    """Return the possible initials of a name: of all its words, and of its main words."""
    told = re.findall(r"[^\W\d_]+", name)
    great = [word for word in told if word[0].isupper()]
    return frozenset("".join(word[0] for word in row).upper() for row in (told, great) if row)


def _cities(places: list[Place]) -> str:
    """Return where the sites are, naming at most a few cities."""
    names = dict.fromkeys(
        ", ".join(part for part in (place.site.city, place.site.country) if part)
        for place in places
    )
    shown = [name for name in names if name][:_MOST_NAMED]
    more = len(names) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")


def _site_check(claimed: str, result: Result, place: Place, record: str) -> Check:
    site = place.site
    part = "facility" if site.facility else "city"
    quote = site.facility or site.city
    field = f"locations[{place.number}].{part}" if quote else f"locations[{place.number}]"
    return check("site", claimed, result, Said(record or None, field, quote))
