"""Every sentence that a person reads, by key: one folder a language, one TOML file a room.

A key is ``room.name`` or ``room.group.name``: ``words("errors.not_found", number="NCT04506073")`` is the
entry ``not_found`` of ``en/errors.toml``. A sentence names its facts in braces. Where a number decides the
form, the entry is a table with ``one`` and ``other``, and the fact ``count`` chooses. Another language is
another folder with the same files; what it lacks is said in English.
"""

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from stemcheck.tables import read_table

ENGLISH = "en"
_HERE = Path(__file__).parent

Asked = ParamSpec("Asked")
Made = TypeVar("Made")
_MOST_KEPT = 1024


class _Language:
    """The language in use, and where its tables stand."""

    name: str = ENGLISH
    home: Path = _HERE


_forget: list[Callable[[], None]] = []
"""What to empty when another language is chosen."""


def use_language(name: str, home: Path = _HERE) -> None:
    """Choose the language of every sentence from here on; ``home`` holds its folder."""
    _Language.name, _Language.home = name, home
    for forget in _forget:
        forget()


def once_a_language(make: Callable[Asked, Made]) -> Callable[Asked, Made]:
    """Keep what a function makes out of sentences until another language is chosen."""
    kept = lru_cache(maxsize=_MOST_KEPT)(make)
    _forget.append(kept.cache_clear)
    return cast("Callable[Asked, Made]", kept)


def words(key: str, /, **facts: object) -> str:
    """Return a sentence with its facts filled in; raise KeyError for a key that no table holds."""
    entry = entry_of(key)
    if isinstance(entry, Mapping):
        entry = entry["one" if facts.get("count") == 1 else "other"]
    return str(entry).format_map(facts) if facts else str(entry)


def words_or_none(key: str, /, **facts: object) -> str | None:
    """Return a sentence, or None where no table holds one: not every approval has a warning."""
    try:
        return words(key, **facts)
    except KeyError:
        return None


def entry_of(key: str) -> Any:
    """Return what stands under a key, as written: a sentence, a table of them, or a list."""
    room, _, name = key.partition(".")
    for home, language in ((_Language.home, _Language.name), (_HERE, ENGLISH)):
        entry = _find(_table(home, language, room), name)
        if entry is not None:
            return entry
    raise KeyError(key)


def _find(table: Any, name: str) -> Any:
    for part in name.split(".") if name else ():
        table = table.get(part) if isinstance(table, Mapping) else None
    return table


@cache
def _table(home: Path, language: str, room: str) -> dict[str, Any]:
    written = home / language / f"{room}.toml"
    return read_table(written) if written.is_file() else {}
