"""A first search: offline from the sample, and live, one page from the stand-in registry."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.installing import Installed
from benchmarks.measuring import Case
from tests.standin import StandIn

THREE = "import typer, pydantic, httpx"
FOUR = f"{THREE}, rich.console, rich.table, rich.text"
GET = "import os, orjson; orjson.loads(httpx.get(os.environ['ADDRESS']).content)"

BARS = (
    ("offline, jsonl / three imports", "offline --jsonl", "three imports", 1.6),
    ("offline, table / four imports", "offline table", "four imports", 1.6),
    (
        "live, one page, jsonl / three imports + httpx.get",
        "live --jsonl",
        "three imports + get",
        1.75,
    ),
)


@contextmanager
def cases_for(installed: Installed, records: Path | None) -> Iterator[dict[str, Case]]:
    """Give the searches and their floors while a stand-in registry is there."""
    with StandIn(records) as registry:
        # Two folders: what the live search keeps would answer the offline one in place of the sample.
        empty = {"STEMCHECK_DATA_DIR": str(installed.folder / "empty")}
        settings = {
            "STEMCHECK_REGISTRY_URL": registry.base_url,
            "STEMCHECK_DATA_DIR": str(installed.folder / "kept"),
        }
        address = f"{registry.base_url}/studies?query.cond=stroke&pageSize=30&countTotal=true"
        there = {"ADDRESS": address}
        python, program = installed.python, installed.program
        search = [program, "trials", "-c", "stroke"]
        cases: dict[str, Case] = {
            "three imports": ([python, "-c", THREE], {}),
            "offline --jsonl": ([*search, "--offline", "--jsonl"], empty),
            "four imports": ([python, "-c", FOUR], {}),
            "offline table": ([*search, "--offline"], empty),
            "three imports + get": ([python, "-c", f"{THREE}\n{GET}"], there),
            "live --jsonl": ([*search, "--live", "--refresh", "--jsonl"], settings),
        }
        if shutil.which("curl") and shutil.which("jq"):
            cases["curl | jq"] = (["sh", "-c", 'curl -s "$ADDRESS" | jq -c ".studies[]"'], there)
        yield cases
