"""What every command line costs before it does anything."""

from benchmarks.installing import Installed
from benchmarks.measuring import Case

BARS = (
    ("--version / python -c pass", "--version", "python -c pass", 2.0),
    ("--help / import typer", "--help", "import typer", 1.4),
    ("trials --help / import typer, pydantic", "trials --help", "import typer, pydantic", 1.3),
)


def cases_for(installed: Installed) -> dict[str, Case]:
    """Return the command lines and their floors."""
    floors = {
        "python -c pass": "pass",
        "import typer": "import typer",
        "import typer, pydantic": "import typer, pydantic",
    }
    commands = {
        "--version": ["--version"],
        "--help": ["--help"],
        "trials --help": ["trials", "--help"],
    }
    cases: dict[str, Case] = {}
    for name, code in floors.items():
        cases[name] = ([installed.python, "-c", code], {})
    for name, words in commands.items():
        cases[name] = ([installed.program, *words], {})
    return cases
