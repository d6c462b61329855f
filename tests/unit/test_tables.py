"""The tables as the wheel holds them."""

import json
import lzma
from pathlib import Path

from stemcheck.tables import read_table, read_tables


def test_a_packed_table_is_read_where_the_wheel_holds_it(tmp_path: Path) -> None:
    written = tmp_path / "words.toml"
    written.write_text('[about]\nsource = "as written"\n', encoding="utf-8")
    assert read_table(written) == {"about": {"source": "as written"}}
    table = {"about": {"source": "as packed"}}
    written.with_suffix(".json").write_text(json.dumps(table), encoding="utf-8")
    written.unlink()
    assert read_table(written) == table


def test_a_folder_of_tables_is_packed_as_one_file(tmp_path: Path) -> None:
    folder = tmp_path / "vocabulary"
    folder.mkdir()
    for name in ("b", "a"):
        (folder / f"{name}.toml").write_text(f'[about]\nname = "{name}"\n', encoding="utf-8")
    tables = read_tables(folder)
    assert list(tables.items()) == [(f"{name}.toml", {"about": {"name": name}}) for name in "ab"]
    folder.with_suffix(".json.xz").write_bytes(lzma.compress(json.dumps(tables).encode()))
    for written in folder.iterdir():
        written.unlink()
    assert read_tables(folder) == tables
