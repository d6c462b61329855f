"""One browser for the tests of the pages; they are skipped, saying what is missing, where there is none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import Chromium, find_axe, find_chromium


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """A running Chromium."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium: install it, or name one in STEMCHECK_CHROMIUM")
    chromium = Chromium(program, tmp_path_factory.mktemp("chromium"))
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, which judges how accessible a page is."""
    script: Path | None = find_axe()
    if script is None:
        pytest.skip("no axe-core: npm install -g axe-core, or name its axe.min.js in STEMCHECK_AXE")
    return script.read_text(encoding="utf-8")
