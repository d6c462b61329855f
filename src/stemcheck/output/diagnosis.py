"""The findings of `stemcheck doctor`, for the terminal."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from stemcheck.output.plain import clean
from stemcheck.trial.diagnosis import Diagnosis, Finding
from stemcheck.words import entry_of, words

_MARKS = {"ok": ("✓", "green"), "failed": ("✗", "red"), "skipped": ("-", "dim"), "noted": ("·", "")}


def print_finding(finding: Finding, console: Console) -> None:
    """Print one step, with the facts behind it if it failed."""
    mark, style = _MARKS[finding.state]
    line = Text(f"{mark} ", style).append(f"{finding.id.replace('_', ' ')}: ", "bold")
    console.print(line.append(clean(finding.text)))
    if finding.state == "failed" and finding.facts:
        facts = ", ".join(f"{name}={clean(str(value))}" for name, value in finding.facts.items())
        console.print(Padding(Text(facts, "dim"), (0, 0, 0, 4), expand=False))


def print_advice(diagnosis: Diagnosis, console: Console) -> None:
    """Print what to do next."""
    console.print()
    if diagnosis.registry_can_be_asked:
        console.print(Text(words("sheets.doctor.fine")))
        return
    console.print(Text(words("sheets.doctor.advice"), "bold"))
    for advice in entry_of("sheets.doctor.ways"):
        console.print(Padding(Text(f"• {advice}"), (0, 0, 0, 2), expand=False))
