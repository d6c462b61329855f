"""Lines for people about what the registry shows so far on the studies of a search."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from stemcheck.guidance.cautions import catalogue
from stemcheck.output.plain import clean
from stemcheck.trial.evidence import Evidence
from stemcheck.words import words

if TYPE_CHECKING:
    from rich.console import Console

MOST_NUMBERS: Final = 6
"""How many study numbers are listed behind a figure; JSON lists all."""
INDENT: Final = "  "


def print_evidence(evidence: Evidence, console: "Console") -> None:
    """Print the figures below the table of a search."""
    from rich.padding import Padding
    from rich.text import Text

    heading, *lines = evidence_lines(evidence)
    console.print()
    console.print(Text(heading, "bold cyan"))
    for line in lines:
        deeper = len(line) - len(line.lstrip(" "))
        console.print(Padding(Text(line[deeper:]), (0, 0, 0, 2 + deeper), expand=False))


def evidence_lines(evidence: Evidence) -> Iterator[str]:
    """Yield the figures with the numbers behind them, then what they do not show."""
    yield clean(evidence.heading)
    for figure in evidence.figures:
        yield f"• {figure.text}{_numbers(figure.nct_ids)}"
        if figure.id == "completed":
            yield from (
                f"{INDENT}{phase.text}{_numbers(phase.nct_ids)}" for phase in evidence.phases
            )
            yield f"{INDENT}{evidence.people.text}"
        if figure.id == "stopped":
            for study in evidence.stopped:
                why = f'"{clean(study.why)}"' if study.why else words("evidence.no_reason")
                yield f"{INDENT}{clean(study.nct_id)}: {why}"
    yield from evidence.limits
    yield from (one.text for one in catalogue() if one.id in evidence.cautions)


def _numbers(nct_ids: tuple[str, ...]) -> str:
    """Return the first numbers behind a figure, and how many more there are."""
    if not nct_ids:
        return ""
    more = len(nct_ids) - MOST_NUMBERS
    shown = " ".join(clean(number) for number in nct_ids[:MOST_NUMBERS])
    return f" {shown}{' ' + words('evidence.more', count=more) if more > 0 else ''}"
