"""`stemcheck glossary`: statuses, phases, cells and routes in plain words."""

from typing import TYPE_CHECKING, Annotated

import typer

from stemcheck.cli.options import (
    TEXT,
    ForceFlag,
    JsonFlag,
    NoColorFlag,
    OutputOption,
    TextFormatOption,
    chosen_format,
)
from stemcheck.cli.writing import write_sheet
from stemcheck.words import words

if TYPE_CHECKING:
    from stemcheck.guidance.glossary import Entry


def show_glossary(  # noqa: PLR0913 (one parameter an option)
    *,
    word: Annotated[
        str | None, typer.Argument(metavar="[WORD]", help=words("cli.arguments.glossary"))
    ] = None,
    format_: TextFormatOption = None,
    json: JsonFlag = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    no_color: NoColorFlag = False,
) -> None:
    """Write the glossary, or its entries on one word, in the chosen format."""
    shape = chosen_format(format_, json=json, output=output, offered=TEXT)

    from stemcheck.output.glossary import GlossarySheet
    from stemcheck.output.talk import Talk

    sheet = GlossarySheet(_chosen(word))
    write_sheet(sheet, shape, Talk(no_color=no_color), output, force=force)


def _chosen(word: str | None) -> "tuple[Entry, ...]":
    """Return the entries of a topic, or those for a word; all entries if no word is given."""
    from stemcheck.guidance.glossary import entries, topics, words_of
    from stemcheck.guidance.ids import id_entries, id_topics
    from stemcheck.services.filters import fold, values_of

    if word is None:
        return entries()
    kinds = {fold(name): topic for topic in id_topics() for name in (topic, f"{topic}s")}
    if kind := kinds.get(fold(word)):
        return id_entries(kind)
    names = {fold(name): (name,) for name in topics()}
    names |= {f"{name}s": found for name, found in names.items()}
    names |= {"statuses": ("status",), "cells": ("product",)}
    if known := names.get(fold(word)):
        return entries(known[0])
    if found := tuple(e for t in id_topics() for e in id_entries(t) if e.value == word):
        return found
    rows = {fold(name): (name,) for entry in entries() for name in words_of(entry)}
    shown = tuple(dict.fromkeys((*topics(), "cells", words("cli.glossary_words"))))
    asked = {
        fold(text) for text in values_of((word,), {**rows, **names}, name="glossary", shown=shown)
    }
    return tuple(e for e in entries() if asked & {fold(name) for name in words_of(e)})
