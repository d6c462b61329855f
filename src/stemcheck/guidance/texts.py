"""Reading the texts of this room: each file is parsed once, when it is first needed.

They are written as TOML. The wheel holds them as JSON (see ``tools/pack_texts.py``): nearly every command
needs some, and Python reads TOML at a fiftieth of the speed.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

_ROOM = Path(__file__).parent


@cache
def read_texts(name: str) -> dict[str, Any]:
    """Return the content of ``<name>.toml``. The result is shared: do not change it."""
    packed = _ROOM / f"{name}.json"
    texts: dict[str, Any]
    if packed.is_file():
        texts = json.loads(packed.read_bytes())
    else:
        import tomllib

        texts = tomllib.loads((_ROOM / f"{name}.toml").read_text(encoding="utf-8"))
    return texts
