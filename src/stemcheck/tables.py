"""Reading a table of words or rules.

They are written as TOML. The wheel holds them as JSON (see ``tools/pack_tables.py``): nearly every command
needs some, and Python reads TOML at a fiftieth of the speed.
"""

import json
from pathlib import Path
from typing import Any


def read_table(written: Path) -> dict[str, Any]:
    """Return the content of a TOML file, from its packed form where that stands in its place."""
    packed = written.with_suffix(".json")
    table: dict[str, Any]
    if packed.is_file():
        table = json.loads(packed.read_bytes())
    else:
        import tomllib

        table = tomllib.loads(written.read_text(encoding="utf-8"))
    return table


def read_tables(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the content of every TOML file of a folder, by the file's name; packed, they are one file."""
    packed = folder.with_suffix(".json.xz")
    tables: dict[str, dict[str, Any]]
    if packed.is_file():
        import lzma

        tables = json.loads(lzma.decompress(packed.read_bytes()))
    else:
        tables = {written.name: read_table(written) for written in sorted(folder.glob("*.toml"))}
    return tables
