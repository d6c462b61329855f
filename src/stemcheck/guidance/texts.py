"""The rules and facts of this room (TOML beside the modules), and the words for what they rest on."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from stemcheck.guidance.dates import day_words
from stemcheck.tables import read_table
from stemcheck.words import words

_ROOM = Path(__file__).parent


@cache
def read_texts(name: str) -> dict[str, Any]:
    """Return the content of ``<name>.toml``. The result is shared: do not change it."""
    return read_table(_ROOM / f"{name}.toml")


def checked_on() -> date:
    """Return the day on which the table of approvals was last compared with its sources."""
    day: date = read_texts("approvals")["checked_on"]
    return day


def source_words(keys: Iterable[str]) -> str:
    """Return what a fact rests on, in words with their day."""
    day = day_words(checked_on().isoformat())
    return "; ".join(words(f"sources.{key}", day=day) for key in keys)
