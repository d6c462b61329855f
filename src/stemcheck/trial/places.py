"""Where places lie: cities by any of their names, and how far two points are from each other.

The gazetteer holds cities of 15,000 people and more (``places.tsv.xz``, made by `tools/build_places.py` from
data of GeoNames, https://www.geonames.org, CC BY 4.0). It is read when a place is asked for.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from lzma import decompress
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import NamedTuple

from stemcheck.errors import UsageError
from stemcheck.trial.countries import country_names, fold_country
from stemcheck.words import words

FILE = Path(__file__).with_name("places.tsv.xz")
DEFAULT_KM = 100.0
_EARTH_KM = 6371.0
KM_IN_A_MILE = 1.609344
_ALIKE = 5
"""A namesake this many times smaller is not meant, unless it is named with its country."""
_MUCH_LARGER = 25
"""A city this many times larger may be meant by another of its names, which are of many languages."""
_PART_KM = 12.0
"""A namesake this near to a city that is as many times larger is a part of that city."""
_MOST_NAMED = 6
_POINT = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
_DISTANCE = re.compile(
    r"\s*(\d+(?:\.\d+)?)\s*(km|kms|kilomet(?:er|re)s?|mi|miles?)?\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Near:
    """A circle around a place."""

    name: str
    country: str | None
    latitude: float
    longitude: float
    within_km: float = DEFAULT_KM

    def __str__(self) -> str:
        if not self.country:
            return self.name
        names = (name for name in country_names(self.country) if "," not in name)
        return f"{self.name}, {next(names, self.country)}"


class City(NamedTuple):
    """One city of the gazetteer."""

    name: str
    country: str
    state: str
    """Of the United States only."""
    latitude: float
    longitude: float
    people: int

    @property
    def full_name(self) -> str:
        """Its name with what tells it from namesakes."""
        return ", ".join(filter(None, (self.name, self.state, self.country)))


def near_from(text: str, name: str) -> Near:
    """Read a place, as in ``Madrid``, ``Paris, Texas`` or ``40.4,-3.7``.

    Raises UsageError for one that is not known, and where several are meant as likely: it would be a guess.
    """
    if point := _POINT.fullmatch(text):
        latitude, longitude = float(point[1]), float(point[2])
        if abs(latitude) <= 90 and abs(longitude) <= 180:  # noqa: PLR2004 (degrees)
            return Near(f"{latitude:g}, {longitude:g}", None, latitude, longitude)
    typed, _, rest = (part.strip() for part in text.partition(","))
    found = cities_called(typed, rest)
    if not found:
        raise _unknown(text, name, [] if point else cities_called(typed))
    likely = [city for city in found if city.people * _ALIKE >= found[0].people]
    # "Colonia" is a town in New Jersey, and Cologne to whoever speaks Spanish.
    larger = _larger_also_called(typed, rest, found[0])
    if likely[1:] or larger:
        names = _told_apart(list(dict.fromkeys((*larger, *likely))))
        raise UsageError(
            words("filters.wrong.which_place", name=name, given=repr(text)),
            hint=words("filters.wrong.places", places="; ".join(names[:_MOST_NAMED])),
            facts={"candidates": names},
        )
    city = found[0]
    name_there = ", ".join(filter(None, (city.name, city.state)))
    return Near(name_there, city.country, city.latitude, city.longitude)


def _unknown(text: str, name: str, namesakes: Sequence[City]) -> UsageError:
    """Return the error for a place that is not known: at all, or in that country or state."""
    if not namesakes:
        told = words("filters.wrong.no_place", name=name, given=repr(text))
        return UsageError(told, hint=words("filters.wrong.place"))
    places = "; ".join(_told_apart(namesakes)[:_MOST_NAMED])
    return UsageError(
        words("filters.wrong.not_there", name=name, given=repr(text)),
        hint=words("filters.wrong.listed", places=places),
    )


def kilometres_from(text: str, name: str) -> float:
    """Read a distance, as in ``100km`` or ``60 mi``; without a unit it is in kilometres."""
    found = _DISTANCE.fullmatch(text)
    kilometres = float(found[1]) if found else 0.0
    if found and (found[2] or "").casefold().startswith("mi"):
        kilometres *= KM_IN_A_MILE
    if not kilometres:
        raise UsageError(
            words("filters.wrong.no_distance", name=name, given=repr(text)),
            hint=words("filters.wrong.distance"),
        )
    return round(kilometres, 1)


def cities_called(typed: str, rest: str = "") -> list[City]:
    """Return the cities of that name, the largest first: by their main name, else by another one.

    ``rest`` names the country, or the state of the United States.
    """
    every = [city for city in _lines_naming(folded(typed)) if _lies_in(city, rest)]
    return _whole_cities([city for city in every if folded(city.name) == folded(typed)] or every)


def _larger_also_called(typed: str, rest: str, city: City) -> list[City]:
    """Return cities elsewhere that are much larger than one, and have its name among their other ones."""
    here = (city.latitude, city.longitude)
    return [
        other
        for other in _lines_naming(folded(typed))
        if other.people >= city.people * _MUCH_LARGER
        and kilometres_between(here, (other.latitude, other.longitude)) > _PART_KM
        and _lies_in(other, rest)
    ]


def position_of(
    city: str | None, state: str | None, country: str | None
) -> tuple[float, float] | None:
    """Return where a city of a record lies; None for one that the gazetteer does not hold."""
    if city is None:
        return None
    for name in dict.fromkeys((city, city.partition(",")[0], re.sub(r"\(.*?\)", "", city))):
        if found := _position_of(folded(name), folded(state or ""), fold_country(country or "")):
            return found
    return None


def kilometres_between(one: Sequence[float], other: Sequence[float]) -> float:
    """Return how far two points (latitude, longitude) are from each other."""
    here, there = ([radians(angle) for angle in point] for point in (one, other))
    half = sin((there[0] - here[0]) / 2) ** 2
    half += cos(here[0]) * cos(there[0]) * sin((there[1] - here[1]) / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(half)))


@lru_cache(maxsize=16384)
def folded(name: str) -> str:
    """Return a name as it is compared: no case, no accents, no marks, whatever its script."""
    plain = unicodedata.normalize("NFKD", name).casefold().replace("ß", "ss")
    return "".join(char for char in plain if char.isalnum())


@lru_cache(maxsize=16384)
def _position_of(name: str, state: str, country: str) -> tuple[float, float] | None:
    same = [
        city
        for city in map(_city_in, _by_main_name().get(name, ()))
        if country in _folded_names(city.country)
    ] or [city for city in _lines_naming(name) if country in _folded_names(city.country)]
    has_states = state in _folded_states() and any(city.state for city in same)
    there = [city for city in same if not has_states or folded(city.state) == state]
    there = _whole_cities(there)
    return (there[0].latitude, there[0].longitude) if there else None


def _told_apart(cities: Sequence[City]) -> list[str]:
    """Return the names of cities, with their positions where the name alone does not tell them apart."""
    names = [city.full_name for city in cities]
    return [
        name if names.count(name) == 1 else f"{name} ({city.latitude:g},{city.longitude:g})"
        for name, city in zip(names, cities, strict=True)
    ]


def _whole_cities(cities: Sequence[City]) -> list[City]:
    """Return namesakes without those that are districts of a larger city, unless all of them are."""
    if len(cities) <= 1:
        return list(cities)
    return [city for city in cities if not _is_part_of_another(city)] or list(cities)


def _is_part_of_another(city: City) -> bool:
    here = (city.latitude, city.longitude)
    for line in _text().splitlines():  # the largest first
        other = _city_in(line.partition("\t|")[0])
        if other.people < city.people * _ALIKE:
            return False
        if kilometres_between(here, (other.latitude, other.longitude)) <= _PART_KM:
            return True
    return False


@cache
def _folded_states() -> frozenset[str]:
    """Return the names of the states of the United States, the only ones that the gazetteer holds."""
    states = {line.split("\t", 3)[2] for line in _text().splitlines() if line}
    return frozenset(map(folded, states - {""}))


def _lies_in(city: City, rest: str) -> bool:
    known = {fold_country(city.state), *_folded_names(city.country), ""}
    return fold_country(rest) in known or all(fold_country(p) in known for p in rest.split(","))


@cache
def _folded_names(country: str) -> frozenset[str]:
    return frozenset(map(fold_country, country_names(country)))


def _lines_naming(name: str) -> Iterator[City]:
    """Yield the cities that have a folded name among theirs, the largest first."""
    text, wanted = _text(), f"|{name}|"
    place = text.find(wanted) if name else -1
    while place >= 0:
        start = text.rfind("\n", 0, place) + 1
        yield _city_in(text[start : text.find("\t|", start)])
        place = text.find(wanted, text.find("\n", place))


@cache
def _by_main_name() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in _text().splitlines():
        facts, _, names = line.partition("\t|")
        found.setdefault(names.partition("|")[0], []).append(facts)
    return found


def _city_in(facts: str) -> City:
    name, country, state, latitude, longitude, people = facts.split("\t")
    return City(name, country, state, float(latitude), float(longitude), int(people))


@cache
def _text() -> str:
    return decompress(FILE.read_bytes()).decode() + "\n"
