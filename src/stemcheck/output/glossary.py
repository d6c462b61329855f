"""The registry's words and ours in plain language, by topic."""

from collections.abc import Sequence
from itertools import groupby
from typing import Literal, TextIO

from pydantic import Field
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from stemcheck.guidance.glossary import Entry
from stemcheck.output.markdown import escaped
from stemcheck.trial.trial import Facts

HEADINGS = {
    "status": "Status: where a study stands",
    "phase": "Phase: how far the testing has come",
    "study_type": "Kinds of study",
    "product": "What is given",
    "tissue": "Where the cells come from",
    "donor": "Whose cells they are",
    "route": "How the cells get into the body",
    "intravenous": "By vein or not",
    "oversight": "Who watches: what the sponsor ticked",
    "allocation": "How people are put into groups",
    "masking": "Who knows what is given",
    "model": "How the groups are set up",
    "sponsor_class": "Who answers for the study",
    "word": "Other words",
}


class GlossaryDocument(Facts):
    """Words and their meaning, as JSON."""

    schema_: Literal["stemcheck.glossary/1"] = Field("stemcheck.glossary/1", alias="schema")
    entries: tuple[Entry, ...]


def glossary_document(entries: Sequence[Entry]) -> GlossaryDocument:
    """Return some entries as a document."""
    return GlossaryDocument(entries=tuple(entries))


def print_glossary(entries: Sequence[Entry], console: Console) -> None:
    """Print each word with its meaning, under its topic."""
    for name, rows in _by_topic(entries).items():
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


def write_glossary_markdown(entries: Sequence[Entry], stream: TextIO) -> None:
    """Write the glossary as markdown."""
    for name, rows in _by_topic(entries).items():
        stream.write(f"## {escaped(_heading(name))}\n\n")
        for entry in rows:
            words = (
                f"**{escaped(entry.label)}** ({escaped(entry.value)}): {escaped(_meaning(entry))}"
            )
            stream.write(f"- {words} *Source: {escaped(entry.source)}*\n")
        stream.write("\n")


def _by_topic(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    return {name: list(rows) for name, rows in groupby(entries, key=lambda entry: entry.topic)}


def _heading(topic: str) -> str:
    return HEADINGS.get(topic, topic.replace("_", " ").capitalize())


def _meaning(entry: Entry) -> str:
    return f"{entry.meaning} {entry.join}".strip()
