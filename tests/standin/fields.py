"""The fields of a study: piece names, paths and kinds, and the cut of a study to some of them.

``pieces.tsv`` lists every piece the registry published; areas and enums lie beside it.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
Study = dict[str, Any]
SIZES = {"NumArmGroups": "ArmGroup"}
"""Counts the site keeps for sorting, in no table of fields; the OpenAPI text names this one."""

Cut = dict[str, "Cut"]
"""A tree of the keys to keep; an empty one keeps everything below."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One field: its name for searching, its path in the JSON, its kind."""

    name: str
    path: str
    kind: str
    """text, markup, date, number, boolean, time, geopoint, struct, or ``enum:<type>``."""

    @property
    def steps(self) -> tuple[str, ...]:
        return tuple(self.path.split("."))

    @property
    def enum(self) -> tuple[str, ...] | None:
        """The allowed values of an enumerated field."""
        return enums()[self.kind.removeprefix("enum:")] if self.kind.startswith("enum:") else None


@cache
def pieces() -> dict[str, Piece]:
    """All pieces by name, as the registry spells them."""
    lines = (_HERE / "pieces.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {piece.name: piece for piece in (Piece(*line.split("\t")) for line in lines)}


@cache
def pieces_by_path() -> dict[str, Piece]:
    """All pieces by JSON path."""
    return {piece.path: piece for piece in pieces().values()}


@cache
def areas() -> dict[str, dict[str, float]]:
    """The search areas: for each, its pieces with their weights."""
    return tomllib.loads((_HERE / "areas.toml").read_text(encoding="utf-8"))


@cache
def enums() -> dict[str, tuple[str, ...]]:
    """Allowed values by enum type."""
    table = tomllib.loads((_HERE / "enums.toml").read_text(encoding="utf-8"))
    return {name: tuple(values) for name, values in table.items()}


def piece_for(name: str) -> Piece | None:
    """The piece of a piece name or of a JSON path; names are case-sensitive."""
    return pieces().get(name) or pieces_by_path().get(name)


def paths_for(name: str, queried: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The JSON paths a ``fields`` item stands for; none when the registry knows no such name.

    ``queried`` are the areas of the query, for the special name ``@query``.
    """
    if name == "@query":
        return tuple(pieces()[p].path for area in queried for p in areas()[area])
    if name in areas():
        return tuple(pieces()[p].path for p in areas()[name])
    piece = piece_for(name)
    return (piece.path,) if piece else ()


def cut_for(paths: tuple[str, ...]) -> Cut:
    """The tree of keys that the paths keep."""
    root: Cut = {}
    whole: set[tuple[str, ...]] = {tuple(path.split(".")) for path in paths}
    for steps in sorted(whole):
        if any(steps[:n] in whole for n in range(1, len(steps))):
            continue  # its branch is kept whole
        at = root
        for step in steps:
            at = at.setdefault(step, {})
    return root


def cut_study(value: Any, cut: Cut) -> Any:
    """The study with the named branches only; a branch that holds nothing is left out."""
    if not cut:
        return value
    if isinstance(value, list):
        return [kept for item in value if (kept := cut_study(item, cut)) not in ({}, [])]
    if not isinstance(value, dict):
        return value  # a broken record stays broken
    kept_keys = ((k, v, cut_study(v, cut[k])) for k, v in value.items() if k in cut)
    return {k: kept for k, v, kept in kept_keys if kept not in ({}, []) or v == kept}


def values_at(value: Any, steps: tuple[str, ...]) -> Iterator[Any]:
    """Every leaf below a path, through lists."""
    if isinstance(value, list):
        for item in value:
            yield from values_at(item, steps)
    elif not steps:
        if value is not None:
            yield value
    elif isinstance(value, dict) and steps[0] in value:
        yield from values_at(value[steps[0]], steps[1:])
