"""The registry's words and ours in plain language, by topic."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal

from pydantic import Field
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from stemcheck.guidance.glossary import Entry
from stemcheck.output.formats import Sheet
from stemcheck.output.formats.markdown import escaped
from stemcheck.trial.trial import Facts
from stemcheck.words import entry_of, words


class GlossaryDocument(Facts):
    """Words and their meaning, as JSON."""

    schema_: Literal["stemcheck.glossary/1"] = Field("stemcheck.glossary/1", alias="schema")
    entries: tuple[Entry, ...]


class GlossarySheet(Sheet):
    """Each word with its meaning, under its topic."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = tuple(entries)

    def document(self) -> GlossaryDocument:
        return GlossaryDocument(entries=self._entries)

    def draw(self, console: Console) -> None:
        for name, rows in _by_topic(self._entries).items():
            sources = list(dict.fromkeys(entry.source for entry in rows))
            console.print(Text(_heading(name), "bold cyan"))
            for entry in rows:
                head = Text(entry.label, "bold").append(f"  {entry.value}", "not bold dim")
                head.append(f"  [{sources.index(entry.source) + 1}]", "not bold dim")
                console.print(Padding(head, (0, 2)))
                console.print(Padding(Text(_meaning(entry)), (0, 0, 0, 4)))
            for number, source in enumerate(sources, 1):
                console.print(Padding(Text(f"[{number}] {source}", "dim"), (0, 0, 0, 2)))
            console.print()

    def markdown(self) -> Iterator[str]:
        for name, rows in _by_topic(self._entries).items():
            yield f"## {escaped(_heading(name))}"
            yield ""
            for entry in rows:
                word = f"**{escaped(entry.label)}** ({escaped(entry.value)})"
                source = f"*{words('sheets.source')}: {escaped(entry.source)}*"
                yield f"- {word}: {escaped(_meaning(entry))} {source}"
            yield ""


def _by_topic(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    return {name: list(rows) for name, rows in groupby(entries, key=lambda entry: entry.topic)}


def _heading(topic: str) -> str:
    headings: dict[str, str] = entry_of("sheets.glossary.headings")
    return headings.get(topic) or topic.replace("_", " ").capitalize()


def _meaning(entry: Entry) -> str:
    return f"{entry.meaning} {entry.join}".strip()
