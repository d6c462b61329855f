"""The tables as the wheel holds them."""

import json
from pathlib import Path

from stemcheck.tables import read_table


def test_a_packed_table_is_read_where_the_wheel_holds_it(tmp_path: Path) -> None:
    written = tmp_path / "words.toml"
    written.write_text('[about]\nsource = "as written"\n', encoding="utf-8")
    assert read_table(written) == {"about": {"source": "as written"}}
    table = {"about": {"source": "as packed"}}
    written.with_suffix(".json").write_text(json.dumps(table), encoding="utf-8")
    written.unlink()
    assert read_table(written) == table
