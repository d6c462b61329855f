"""Which of the registry's countries stand under the law of the United States."""

from collections.abc import Iterable

_UNDER_US_LAW = frozenset(
    {
        "United States",
        "American Samoa",
        "Guam",
        "Northern Mariana Islands",
        "Puerto Rico",
        "Virgin Islands (U.S.)",
        "U.S. Virgin Islands",
    }
)
"""The registry lists the territories as countries; FDA rules hold there as well."""


def has_us_site(countries: Iterable[str]) -> bool:
    """Whether any of a study's countries is the United States or one of its territories."""
    return not _UNDER_US_LAW.isdisjoint(countries)
