"""Every test climbs the connection ladder as a new process would."""

from collections.abc import Iterator

import pytest

from stemcheck.registry.connection import Ladder


@pytest.fixture(autouse=True)
def fresh_ladder() -> Iterator[None]:
    """Forget what other tests of this process were refused."""
    Ladder.refused_in_process.clear()
    yield
    Ladder.refused_in_process.clear()
