"""The figures as a table, and the machine that they are of, without its name or its places."""

import os
import platform
from collections.abc import Mapping, Sequence

from benchmarks.measuring import Bar


def table_of(bars: Sequence[Bar], figures: Mapping[str, Mapping[str, float]]) -> str:
    """Return bars and figures for reading."""
    lines = [f"{'':4}{'bar':52}{'measured':>10}{'by CPU':>9}{'at most':>9}"]
    for bar in bars:
        by_cpu = f"{bar.by_cpu:.2f}" if bar.by_cpu is not None else ""
        mark = "ok" if bar.is_met else "--"
        lines.append(f"{mark:4}{bar.text:52}{bar.measured:10.2f}{by_cpu:>9}{bar.most:9.2f}")
    lines.append("")
    for name, values in figures.items():
        said = "  ".join(f"{key} {value:g}" for key, value in values.items())
        lines.append(f"{name:26} {said}")
    return "\n".join(lines)


def machine() -> dict[str, object]:
    """Return what kind of machine this is."""
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "architecture": platform.machine(),
        "processors": os.cpu_count(),
        "load": [round(load, 1) for load in os.getloadavg()],
    }
