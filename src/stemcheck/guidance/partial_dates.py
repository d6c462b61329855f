"""Dates as precise as a record gives them: a month is an interval, not its first day."""

from calendar import monthrange
from datetime import date
from functools import lru_cache

_YEAR, _MONTH, _DAY = 4, 7, 10
_MONTH_NAMES = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


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
    """Return the same day some years earlier; 28 February for the 29th."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return today.replace(year=today.year - years, day=28)


def day_words(written: str | None) -> str:
    """Return a date for reading, no more precise than it is: 20 Nov 2026, Nov 2026."""
    parts = (written or "").partition("T")[0].split("-")
    try:
        numbers = [int(part) for part in parts]
        words = [str(numbers[0])] + [_MONTH_NAMES[number - 1] for number in numbers[1:2]]
        words += [str(number) for number in numbers[2:3]]
    except (ValueError, IndexError):
        return written or ""
    return " ".join(reversed(words))


@lru_cache(maxsize=4096)
def _interval(written: str | None) -> tuple[date, date] | None:
    """Return the first and the last day; kept, because the studies of a long crawl share their dates."""
    if not written:
        return None
    try:
        year = int(written[:_YEAR])
        if len(written) == _YEAR:
            return date(year, 1, 1), date(year, 12, 31)
        month = int(written[_YEAR + 1 : _MONTH])
        if len(written) == _MONTH:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        day = date(year, month, int(written[_MONTH + 1 : _DAY]))
    except ValueError:
        return None
    return day, day
