"""Packs the tables of words and rules into the wheel as JSON, which is read fifty times as fast as TOML.

Part of the build (see ``[tool.hatch.build.hooks.custom]``). The TOML files stay the one place where a word is
changed: the sources and an editable installation read them.
"""

import json
import lzma
import tomllib
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_PACKING = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "pb": 0}]
"""In text, what comes next does not depend on the place in the file."""


class TablePacking(BuildHookInterface):
    """Puts ``<name>.json`` where ``<name>.toml``, or a folder of nothing but tables, would stand."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the JSON files and have them included; an editable installation needs none."""
        self._place = Path(mkdtemp(prefix="stemcheck-tables-"))
        if version == "editable" or self.target_name != "wheel":
            return
        sources = Path(self.root) / "src"
        for written, table in sorted(_tables_in(sources / "stemcheck").items()):
            inside = written.relative_to(sources).with_suffix(".json")
            content = json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()
            if written.is_dir():  # large enough to be packed more closely than the wheel would
                inside = inside.with_suffix(".json.xz")
                content = lzma.compress(content, filters=_PACKING)
            packed = self._place / inside
            packed.parent.mkdir(parents=True, exist_ok=True)
            packed.write_bytes(content)
            build_data["force_include"][str(packed)] = inside.as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 (the interface)
        """Delete what was written for the build."""
        rmtree(self._place)


def _tables_in(room: Path) -> dict[Path, dict[str, Any]]:
    """Return what is to be packed: by file, or by folder where it holds tables only."""
    found: dict[Path, dict[str, Any]] = {}
    for written in sorted(room.rglob("*.toml")):
        table = tomllib.loads(written.read_text(encoding="utf-8"))
        folder = written.parent
        if all(entry.suffix == ".toml" for entry in folder.iterdir()):
            found.setdefault(folder, {})[written.name] = table
        else:
            found[written] = table
    return found
