"""Dates as precise as a record gives them: a month is an interval, not its first day.

A date that no calendar holds is no date here, and no arithmetic leaves the calendar: whatever year a record
or the clock names, nothing is raised.
"""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from stemcheck.words import entry_of, words

_WRITTEN = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T.*)?", re.ASCII | re.DOTALL)


def first_day(written: str | None) -> date | None:
    """Return the earliest day that ``2021``, ``2021-05`` or ``2021-05-17`` can mean."""
    days = _interval(written)
    return days[0] if days else None


def last_day(written: str | None) -> date | None:
    """Return the latest day that ``2021``, ``2021-05`` or ``2021-05-17`` can mean."""
    days = _interval(written)
    return days[1] if days else None


@lru_cache(maxsize=16)
def years_before(today: date, years: int) -> date:
    """Return the same day some years earlier: 28 February for the 29th, and never before year 1."""
    if today.year <= years:
        return date.min
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return today.replace(year=today.year - years, day=28)


def months_between(earlier: date, later: date) -> int:
    """Return how many whole months lie between two days; negative where the later comes first."""
    months = 12 * (later.year - earlier.year) + later.month - earlier.month
    return months - (later.day < earlier.day)


def day_words(written: str | None) -> str:
    """Return a date for reading, no more precise than it is: 20 Nov 2026, Nov 2026."""
    if (days := _interval(written)) is None or (found := _WRITTEN.fullmatch(written or "")) is None:
        return written or ""
    _, month, day = found.groups()
    if month is None:
        return str(days[0].year)
    name = entry_of("dates.months")[days[0].month - 1]
    form = "dates.day" if day else "dates.month"
    return words(form, day=days[0].day, month=name, year=days[0].year)


@lru_cache(maxsize=4096)
def _interval(written: str | None) -> tuple[date, date] | None:
    """Return the first and the last day; kept, because the studies of a long crawl share their dates."""
    found = _WRITTEN.fullmatch(written or "")
    if not found:
        return None
    year, month, day = (int(number) if number else None for number in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first, first
    last_month = month or 12
    return first, date(first.year, last_month, monthrange(first.year, last_month)[1])
