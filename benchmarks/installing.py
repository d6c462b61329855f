"""The program as users have it: the built wheel in a virtual environment of its own.

A developer's environment will not do: it holds click and pygments, for which httpx then loads a command
line of its own, and it runs the sources without their compiled form.
"""

import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_FLOOR_NEEDS = ("orjson",)
"""For the floors only; nothing that stemcheck imports."""


@dataclass(frozen=True)
class Installed:
    """Where the program was installed."""

    python: str
    program: str
    wheel_bytes: int
    folder: Path
    """Free for files of the runs; gone at the end."""


@contextmanager
def install_wheel() -> Iterator[Installed]:
    """Build and install the wheel; everything is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="stemcheck-benchmarks-") as name:
        folder = Path(name)
        _pip(sys.executable, "wheel", "--no-deps", "--wheel-dir", name, str(ROOT))
        (wheel,) = folder.glob("*.whl")
        python = make_environment(folder / "venv", str(wheel), *_FLOOR_NEEDS)
        program = str(Path(python).with_name("stemcheck"))
        yield Installed(python, program, wheel.stat().st_size, folder)


def make_environment(place: Path, *requirements: str) -> str:
    """Make a virtual environment, install into it, and return its Python."""
    venv.create(place, with_pip=True)
    python = str(place / "bin" / "python")
    _pip(python, "install", *requirements)
    return python


def _pip(python: str, *arguments: str) -> None:
    command = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
