"""Public tools for the same registry, or of the same kind, as far as PyPI has them: how they start."""

import atexit
import shutil
import subprocess
import tempfile
from pathlib import Path

from benchmarks.installing import make_environment
from benchmarks.measuring import Case

_PEERS = {
    "biomcp-cli": ("biomcp", "--help"),
    "pytrials": ("python", "-c", "import pytrials.client"),
    "ctgov": ("python", "-c", "import ctgov"),
    "sqlite-utils": ("sqlite-utils", "--help"),
}


def cases() -> dict[str, Case]:
    """Install each peer by itself and return its command; one that cannot be installed is left out."""
    folder = Path(tempfile.mkdtemp(prefix="stemcheck-peers-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    found: dict[str, Case] = {}
    for package, (program, *arguments) in _PEERS.items():
        try:
            python = make_environment(folder / package, package)
        except (OSError, subprocess.CalledProcessError):
            continue
        command = Path(python).with_name(program)
        if command.exists():
            found[f"peer: {package}"] = ([str(command), *arguments], {})
    return found
