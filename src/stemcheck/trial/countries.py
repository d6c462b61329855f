"""Names of countries: the registry spells some in several ways, and people in others."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from stemcheck.tables import read_table

SPANISH = Path(__file__).with_name("spanish.toml")
"""What people type in Spanish: names of countries, and words that filters take."""
_WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W\d_]+")
_MOST_WORDS = 5
_SHORT_FORM = 3


def country_names(name: str) -> tuple[str, ...]:
    """Return every name under which a country is known, the given one included."""
    country = _country(name)
    return (*country["registry"], *country.get("people", ())) if country else (name,)


def registry_spellings(name: str) -> tuple[str, ...]:
    """Return how records spell a country; a name that is not in the list stays as it is."""
    country = _country(name)
    return tuple(country["registry"]) if country else (name,)


def is_same_country(one: str, other: str) -> bool:
    """Return whether two names mean the same country."""
    return fold_country(other) in {fold_country(name) for name in country_names(one)}


def fold_country(name: str) -> str:
    """Return a name as it is compared: no case, no accents, no marks."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return "".join(character for character in plain if character.isalnum())


def countries_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a text names countries; short forms count in capital letters only.

    Names that are those of a state or an island as well ("Georgia", "Jersey") are left out.
    """
    written = list(_WORD.finditer(text))
    start = 0
    while start < len(written):
        for end in range(min(start + _MOST_WORDS, len(written)), start, -1):
            first, last = written[start].start(), written[end - 1].end()
            name = text[first:last]
            folded = fold_country(name)
            is_name = name[0].isupper() and (len(folded) > _SHORT_FORM or name.isupper())
            if is_name and folded in _known() and folded not in _texts()["ambiguous"]:
                yield first, last
                start = end
                break
        else:
            start += 1


def near_country(name: str) -> str | None:
    """Return None for a name that is known; else the nearest known one, or an empty text."""
    known = _known()
    folded = fold_country(name)
    if folded in known or folded in _spanish():
        return None
    from difflib import get_close_matches

    near = get_close_matches(folded, known, n=1, cutoff=0.7)
    return known[near[0]]["registry"][0] if near else ""


def _country(name: str) -> dict[str, list[str]] | None:
    """Return the names of a country in English, the registry's and other people's."""
    folded = fold_country(name)
    english = _spanish().get(folded)
    return _known()[english] if english else _countries().get(folded)


@cache
def _spanish() -> dict[str, str]:
    """Return the names of countries in Spanish with one in English, both folded."""
    names: dict[str, str] = read_table(SPANISH)["country"]
    return {fold_country(name): fold_country(english) for name, english in names.items()}


@cache
def _known() -> dict[str, dict[str, list[str]]]:
    """Return every country by each of its names, those with one name among them."""
    others: dict[str, dict[str, list[str]]] = {
        fold_country(other): {"registry": [other]} for other in _texts()["other"]
    }
    return _countries() | others


@cache
def _countries() -> dict[str, dict[str, list[str]]]:
    return {
        fold_country(name): country
        for country in _texts()["country"]
        for name in (*country["registry"], *country["people"])
    }


@cache
def _texts() -> dict[str, Any]:
    return read_table(Path(__file__).with_name("countries.toml"))
