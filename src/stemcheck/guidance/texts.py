"""Reading the TOML files of this room: each is parsed once, when it is first needed."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_ROOM = Path(__file__).parent


@cache
def read_texts(name: str) -> dict[str, Any]:
    """Return the content of ``<name>.toml``. The result is shared: do not change it."""
    with (_ROOM / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
