"""Which part of the body a condition belongs to, read from the words it is registered under."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache

from stemcheck.guidance.texts import read_texts

_OTHER_CHARACTERS = re.compile(r"[\W_]+")


@cache
def _words(table: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = read_texts("conditions")[table]
    return tuple((name, tuple(f" {word}" for word in words)) for name, words in found.items())


@lru_cache(maxsize=4096)
def _matches(table: str, condition: str) -> frozenset[str]:
    text = f" {_OTHER_CHARACTERS.sub(' ', condition.casefold())} "
    return frozenset(name for name, words in _words(table) if any(word in text for word in words))


def systems_for(condition: str) -> frozenset[str]:
    """Return the parts of the body that a condition belongs to; empty when it has no known word."""
    return _matches("systems", condition)


def topics_for(condition: str) -> frozenset[str]:
    """Return the finer subjects (``stroke``, ``parkinson_ms``) that a condition belongs to."""
    return _matches("topics", condition)


def unrelated_systems_for(conditions: Iterable[str]) -> tuple[str, ...]:
    """Return a smallest set of body parts that explains all the conditions, most common first.

    A long list is often one disease under many names, so names are not counted: lupus, rheumatoid
    arthritis and Crohn's disease are all explained by the immune system. Chosen greedily.
    """
    open_ = [systems for condition in conditions if (systems := systems_for(condition))]
    chosen: list[str] = []
    while open_:
        counted = Counter(name for systems in open_ for name in systems)
        best = min(counted, key=lambda name: (-counted[name], name))
        chosen.append(best)
        open_ = [systems for systems in open_ if best not in systems]
    return tuple(chosen)
