"""The catalogue of cautions, by section of the source document."""

from collections.abc import Iterator
from itertools import groupby
from typing import Literal

from pydantic import Field
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from stemcheck.guidance.cautions import Caution, catalogue
from stemcheck.output.formats import Sheet
from stemcheck.output.formats.markdown import escaped
from stemcheck.trial.trial import Facts


class CautionsDocument(Facts):
    """Every caution, as JSON."""

    schema_: Literal["stemcheck.cautions/1"] = Field("stemcheck.cautions/1", alias="schema")
    cautions: tuple[Caution, ...]


class CautionsSheet(Sheet):
    """Every caution under its section."""

    def document(self) -> CautionsDocument:
        return CautionsDocument(cautions=catalogue())

    def draw(self, console: Console) -> None:
        for section, cautions in _sections():
            console.print(Text(section, "bold"))
            for caution in cautions:
                console.print(Padding(Text(f"• {caution.text}"), (0, 0, 0, 2), expand=False))
            console.print()

    def markdown(self) -> Iterator[str]:
        for section, cautions in _sections():
            yield f"## {escaped(section)}"
            yield ""
            yield from (f"- {escaped(caution.text)}" for caution in cautions)
            yield ""


def _sections() -> list[tuple[str, list[Caution]]]:
    """Return the cautions by section, sections in the document's order."""
    order = {caution.section: number for number, caution in reversed(list(enumerate(catalogue())))}
    ranked = sorted(catalogue(), key=lambda caution: order[caution.section])
    return [(name, list(group)) for name, group in groupby(ranked, lambda caution: caution.section)]
