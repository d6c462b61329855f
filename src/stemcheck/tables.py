"""Reading a table of words or rules, written as TOML."""

import tomllib
from pathlib import Path
from typing import Any


def read_table(written: Path) -> dict[str, Any]:
    """Return the content of a TOML file."""
    return tomllib.loads(written.read_text(encoding="utf-8"))


def read_tables(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the content of every TOML file of a folder, by the file's name."""
    return {written.name: read_table(written) for written in sorted(folder.glob("*.toml"))}
