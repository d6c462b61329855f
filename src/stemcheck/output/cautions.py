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
from stemcheck.words import words

OURS = "+"
"""The sign after a caution that the source document does not have."""


class CautionsDocument(Facts):
    """Every caution, as JSON."""

    schema_: Literal["stemcheck.cautions/1"] = Field("stemcheck.cautions/1", alias="schema")
    cautions: tuple[Caution, ...]


class CautionsSheet(Sheet):
    """Every caution in its section, with its source."""

    def document(self) -> CautionsDocument:
        return CautionsDocument(cautions=catalogue())

    def draw(self, console: Console) -> None:
        sources = list(dict.fromkeys(caution.source for caution in catalogue()))
        for section, cautions in _sections():
            console.print(Text(section, "bold"))
            for caution in cautions:
                marks = f"{_mark(caution)} [{sources.index(caution.source) + 1}]"
                line = Text(f"• {caution.text}").append(marks, "dim")
                console.print(Padding(line, (0, 0, 0, 2), expand=False))
            console.print()
        console.print(Text(f"{OURS} {words('cautions.ours')}", "dim"))
        for number, source in enumerate(sources, 1):
            console.print(Text(f"[{number}] {source}", "dim"))

    def markdown(self) -> Iterator[str]:
        for section, cautions in _sections():
            yield f"## {escaped(section)}"
            yield ""
            for caution in cautions:
                source = f"*{words('sheets.source')}: {escaped(caution.source)}*"
                yield f"- {escaped(caution.text)}{escaped(_mark(caution))} {source}"
            yield ""
        yield f"{escaped(OURS)} {escaped(words('cautions.ours'))}"


def _mark(caution: Caution) -> str:
    return f" {OURS}" if caution.ours else ""


def _sections() -> list[tuple[str, list[Caution]]]:
    """Return the cautions by section, in the order of the document."""
    order = {caution.section: number for number, caution in reversed(list(enumerate(catalogue())))}
    ranked = sorted(catalogue(), key=lambda caution: order[caution.section])
    return [(name, list(group)) for name, group in groupby(ranked, lambda caution: caution.section)]
