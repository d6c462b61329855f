"""The tool that compares our table with the FDA's list of drugs, over a small stand-in of its own."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from stemcheck.guidance.approvals import approvals
from tools import compare_approvals
from tools.compare_approvals import compare, entries_in, main


def entry(brand: str, generic: str = "", maker: str = "A maker", **others: Any) -> dict[str, Any]:
    row = {
        "product_ndc": "1-2",
        "brand_name": brand,
        "generic_name": generic,
        "labeler_name": maker,
    }
    return {**row, "finished": True, "marketing_start_date": "20260101", **others}


OURS = [entry(item.product.partition(" (")[0], item.substance, item.maker) for item in approvals()]
OTHERS = [
    entry("KYMRIAH", "tisagenlecleucel"),
    entry("MACI", "autologous cultured chondrocytes"),
    entry("Rethymic", "allogeneic processed tissue"),
    entry("STEM CELLS", "", finished=False),
    entry("Exosomes", "", finished=False),
]


class Answers(BaseHTTPRequestHandler):
    """OpenFDA in small: two rows a page at most, and only what was searched for."""

    rows: ClassVar[list[dict[str, Any]]] = []

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        assert asked["search"] == ['product_type:"CELLULAR THERAPY"']
        skip, limit = int(asked["skip"][0]), int(asked["limit"][0])
        body = {"meta": {"results": {"total": len(self.rows)}}, "results": self.rows[skip:][:limit]}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/drug/ndc.json"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_list_that_agrees_says_so_over_all_its_pages(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compare_approvals, "PAGE", 2)
    monkeypatch.setattr(Answers, "rows", OURS + OTHERS)
    assert main(["--address", address]) == 0
    out = capsys.readouterr().out
    assert "not in our table: look each up (0)" in out
    assert "In our table, and not in the FDA's list (0)" in out
    assert "Unfinished entries: no approval (2)" in out
    assert "left out on purpose (3)" in out


def test_a_new_product_is_found_and_asks_for_a_look(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = entry("NEWCELL", "novestemcel-abcd", "New Bio", product_ndc="99999-001")
    file = tmp_path / "answer.json"
    file.write_text(json.dumps({"results": [*OURS[1:], new, *OTHERS]}), encoding="utf-8")
    assert main(["--file", str(file)]) == 1
    out = capsys.readouterr().out
    assert "NEWCELL / novestemcel-abcd, New Bio (NDC 99999-001, began 20260101)" in out
    assert "In our table, and not in the FDA's list (1)\n  Ryoncil" in out


def test_entries_with_gaps_are_taken() -> None:
    found = compare(entries_in([{"results": [{}]}, {}]))
    assert [str(item) for item in found.unfinished] == ["no name, no maker (NDC ?, began ?)"]
    assert len(found.only_ours) == len(approvals())
