"""``python -m tests.standin``: the stand-in as a program."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.standin", *request.param]
    with subprocess.Popen(
        command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as program:
        assert program.stdout is not None
        line = program.stdout.readline()
        yield line.strip().removeprefix("export STEMCHECK_REGISTRY_URL=")
        program.terminate()


@pytest.mark.parametrize("address", [["--repeat", "2"]], indirect=True, ids=["repeat"])
def test_it_prints_where_it_serves(address: str) -> None:
    first = httpx.get(address + "/studies", params={"countTotal": "true"}, trust_env=False).json()
    assert first["totalCount"] == 2 * len(list((CHECKOUT / "fixtures" / "studies").glob("*.json")))


@pytest.mark.parametrize("address", [["--fault", "503"]], indirect=True, ids=["fault"])
def test_it_shows_a_fault_by_name(address: str) -> None:
    assert httpx.get(address + "/version", trust_env=False).status_code == 503
