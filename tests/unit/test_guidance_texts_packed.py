"""The texts as the wheel holds them."""

import json
from pathlib import Path

import pytest

from stemcheck.guidance import texts


def test_packed_texts_are_read_where_the_wheel_holds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = texts.read_texts("cautions")
    (tmp_path / "cautions.json").write_text(json.dumps(written), encoding="utf-8")
    monkeypatch.setattr(texts, "_ROOM", tmp_path)
    texts.read_texts.cache_clear()
    assert texts.read_texts("cautions") == written
    texts.read_texts.cache_clear()
