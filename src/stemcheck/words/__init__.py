"""Every sentence that a person reads, by key: one folder a language, one TOML file a room.

A key is ``room.name`` or ``room.group.name``: ``words("errors.not_found", number="NCT04506073")`` is the
entry ``not_found`` of ``en/errors.toml``. A sentence names its facts in braces. Where a number decides the
form, the entry is a table with ``one`` and ``other``, and the fact ``count`` chooses. Another language is
another folder with the same files; what it lacks is said in English.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from stemcheck.tables import read_table

ENGLISH = "en"
_HERE = Path(__file__).parent


class _Language:
    """The language in use, and where its tables stand."""

    name: str = ENGLISH
    home: Path = _HERE


def use_language(name: str, home: Path = _HERE) -> None:
    """Choose the language of every sentence from here on; ``home`` holds its folder."""
    _Language.name, _Language.home = name, home


def words(key: str, /, **facts: object) -> str:
    """Return a sentence with its facts filled in; raise KeyError for a key that no table holds."""
    entry = entry_of(key)
    if isinstance(entry, Mapping):
        entry = entry["one" if facts.get("count") == 1 else "other"]
    return str(entry).format_map(facts) if facts else str(entry)


def entry_of(key: str) -> Any:
    """Return what stands under a key, as written: a sentence, a table of them, or a list."""
    room, _, name = key.partition(".")
    for home, language in ((_Language.home, _Language.name), (_HERE, ENGLISH)):
        entry = _find(_table(home / language / f"{room}.toml"), name)
        if entry is not None:
            return entry
    raise KeyError(key)


def _find(table: Any, name: str) -> Any:
    for part in name.split(".") if name else ():
        table = table.get(part) if isinstance(table, Mapping) else None
    return table


@cache
def _table(written: Path) -> dict[str, Any]:
    return read_table(written) if written.is_file() else {}
