"""Ages and days: as a person types them, as records give them, and whether the one fits the other."""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

_AGE = re.compile(r"(\d{1,4})(?:\.\d+)?\s*-?\s*([^\W\d_]*)\.?(?:[\s-]+old)?", re.IGNORECASE)
_DAYS_IN = {
    "year": 365.25, "month": 30.4375, "week": 7.0, "day": 1.0,
    "hour": 1 / 24, "minute": 1 / 1440,
}  # fmt: skip
_UNITS = {
    "": "year", "y": "year", "yr": "year", "yo": "year", "año": "year", "m": "month", "mo": "month",
    "mth": "month", "mes": "month", "mese": "month", "w": "week", "wk": "week", "semana": "week",
    "d": "day", "día": "day", "dia": "day", "h": "hour",
    **{unit: unit for unit in _DAYS_IN},
}  # fmt: skip
"""Every word for a unit without its plural s."""
OLDEST_YEARS = 120
"""Nobody is older, but for a very few."""
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


class Age(NamedTuple):
    """An age in whole units. It lasts until the next one: a person is 67 until the day of turning 68."""

    number: int
    unit: str

    @property
    def start(self) -> float:
        """When it begins, in days."""
        return self.number * _DAYS_IN[self.unit]

    @property
    def end(self) -> float:
        """When it is over, in days."""
        return (self.number + 1) * _DAYS_IN[self.unit]

    def __str__(self) -> str:
        return f"{self.number} {self.unit}{'' if self.number == 1 else 's'}"


@lru_cache(maxsize=1024)
def age_of(text: str | None) -> Age | None:
    """Read an age, as in ``67``, ``8 months`` or a record's ``18 Years``; None for anything else."""
    found = _AGE.fullmatch((text or "").strip())
    unit = _UNITS.get(found[2].casefold().rstrip("s")) if found else None
    return Age(int(found[1]), unit) if found and unit else None


def age_of_person(text: str) -> Age | None:
    """Read the age of somebody alive; None for one that nobody reaches."""
    age = age_of(text)
    return age if age and age.start <= OLDEST_YEARS * _DAYS_IN["year"] else None


def is_within(age: Age, minimum: str | None, maximum: str | None) -> bool:
    """Return whether somebody of that age may take part; limits that are missing exclude no one."""
    youngest, oldest = age_of(minimum), age_of(maximum)
    is_too_young = youngest is not None and age.end <= youngest.start
    is_too_old = oldest is not None and age.start >= oldest.end
    return not (is_too_young or is_too_old)


def day_of(text: str) -> str | None:
    """Read a day, a month or a year, as in ``2024-05``; None for what no calendar holds."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    try:
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None
    return found[0]


def first_day_of(written: str) -> str:
    """Return the first day of a day, a month or a year, as text that sorts."""
    return written + "0000-01-01"[len(written) :]


def can_be_after(written: str, day: str) -> bool:
    """Return whether a date of a record, as precise as it is, can be that day or a later one."""
    latest = written[:10] + "9999-99-99"[len(written[:10]) :]
    return latest >= first_day_of(day)
