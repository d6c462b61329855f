"""Partial dates as spans of days, and ages as days."""

import calendar
import re
from datetime import date

Span = tuple[date, date]
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T\d{2}:\d{2})?)?)?")
_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*(year|month|week|day|hour|minute)s?", re.IGNORECASE)
_DAYS = {
    "year": 365.25,
    "month": 30.4375,
    "week": 7.0,
    "day": 1.0,
    "hour": 1 / 24,
    "minute": 1 / 1440,
}


def date_span(text: str) -> Span | None:
    """First and last day of ``2023``, ``2023-05`` or ``2023-05-17``; None for anything else."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        if year is None or month is None:
            return date(year or 1, 1, 1), date(year or 1, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except (ValueError, IndexError):
        return None


def is_within(inner: Span | None, outer: Span) -> bool:
    """Whether a date lies inside a span."""
    return inner is not None and outer[0] <= inner[0] and inner[1] <= outer[1]


def age_days(text: str) -> float | None:
    """The days of ``16 Years`` and the like; a bare number counts as years."""
    found = _AGE.fullmatch(text.strip())
    if found:
        return float(found.group(1)) * _DAYS[found.group(2).lower()]
    try:
        return float(text) * _DAYS["year"]
    except ValueError:
        return None
