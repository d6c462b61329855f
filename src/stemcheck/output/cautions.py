"""The catalogue of cautions, by section of the source document."""

from itertools import groupby
from typing import Literal, TextIO

from pydantic import Field
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from stemcheck.guidance.cautions import Caution, catalogue
from stemcheck.output.markdown import escaped
from stemcheck.trial.trial import Facts


class CautionsDocument(Facts):
    """Every caution, as JSON."""

    schema_: Literal["stemcheck.cautions/1"] = Field("stemcheck.cautions/1", alias="schema")
    cautions: tuple[Caution, ...]


def cautions_document() -> CautionsDocument:
    """Return the catalogue as a document."""
    return CautionsDocument(cautions=catalogue())


def print_cautions(console: Console) -> None:
    """Print the cautions under their sections."""
    for section, cautions in _sections():
        console.print(Text(section, "bold"))
        for caution in cautions:
            console.print(Padding(Text(f"• {caution.text}"), (0, 0, 0, 2), expand=False))
        console.print()


def write_cautions_markdown(stream: TextIO) -> None:
    """Write the cautions as markdown."""
    for section, cautions in _sections():
        stream.write(f"## {escaped(section)}\n\n")
        stream.writelines(f"- {escaped(caution.text)}\n" for caution in cautions)
        stream.write("\n")


def _sections() -> list[tuple[str, list[Caution]]]:
    """Return the cautions by section, sections in the document's order."""
    order = {caution.section: number for number, caution in reversed(list(enumerate(catalogue())))}
    ranked = sorted(catalogue(), key=lambda caution: order[caution.section])
    return [(name, list(group)) for name, group in groupby(ranked, lambda caution: caution.section)]
