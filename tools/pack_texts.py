"""Packs the texts of `stemcheck.guidance` into the wheel as JSON, which is read fifty times as fast as TOML.

Part of the build (see ``[tool.hatch.build.hooks.custom]``). The TOML files stay the one place where a word is
changed: the sources and an editable installation read them.
"""

import json
import tomllib
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_ROOM = "stemcheck/guidance"


class TextPacking(BuildHookInterface):
    """Puts ``<name>.json`` where ``<name>.toml`` would stand in the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the JSON files and have them included; an editable installation needs none."""
        self._place = Path(mkdtemp(prefix="stemcheck-texts-"))
        if version == "editable" or self.target_name != "wheel":
            return
        for source in sorted((Path(self.root) / "src" / _ROOM).glob("*.toml")):
            packed = self._place / f"{source.stem}.json"
            texts = tomllib.loads(source.read_text(encoding="utf-8"))
            packed.write_text(json.dumps(texts, ensure_ascii=False, separators=(",", ":")), "utf-8")
            build_data["force_include"][str(packed)] = f"{_ROOM}/{packed.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 (the interface)
        """Delete what was written for the build."""
        rmtree(self._place)
