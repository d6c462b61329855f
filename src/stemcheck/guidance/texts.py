"""Reading the texts of this room: each file is parsed once, when it is first needed."""

from functools import cache
from pathlib import Path
from typing import Any

from stemcheck.tables import read_table

_ROOM = Path(__file__).parent


@cache
def read_texts(name: str) -> dict[str, Any]:
    """Return the content of ``<name>.toml``. The result is shared: do not change it."""
    return read_table(_ROOM / f"{name}.toml")
