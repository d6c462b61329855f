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
