"""What every test starts from: no network but this machine, a clean environment, a home of its own."""

import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import settings

PROJECT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("STEMCHECK_SHARED", PROJECT.parent / "shared"))
"""The real records, where they are at hand. They do not belong to the project."""

settings.register_profile("stemcheck", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("stemcheck")
"""A busy machine is no reason to fail: speed is measured in ``benchmarks/``.

A gate asks the same each time, so that what it finds can be found again; new examples are looked for at a
developer's desk.
"""

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
"""Some images ask for it, and then each program begun here would compile all of stemcheck again."""

signal.signal(signal.SIGINT, signal.default_int_handler)
"""A shell has what it begins in the background ignore Ctrl-C, and so would the programs begun here."""


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away what a developer's shell may hold, and give the test a home of its own."""
    for name in list(os.environ):
        if name.startswith("STEMCHECK_") or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("STEMCHECK_DATA_DIR", str(tmp_path / "stemcheck-data"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the deeper tests, on real records, where these are not at hand: nothing is skipped."""
    if (SHARED / "data").is_dir():
        return
    deeper = [item for item in items if "shared" in getattr(item, "fixturenames", ())]
    config.hook.pytest_deselected(items=deeper)
    items[:] = [item for item in items if item not in deeper]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the real records, for whoever has them (STEMCHECK_SHARED names it)."""
    return SHARED
