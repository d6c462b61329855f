"""`stemcheck glossary`: statuses, phases, cells and routes in plain words."""

from typing import TYPE_CHECKING, Annotated

import typer

from stemcheck.cli.options import (
    ForceFlag,
    Format,
    JsonFlag,
    NoColorFlag,
    OutputOption,
    SheetFormatOption,
    chosen_format,
)

if TYPE_CHECKING:
    from stemcheck.guidance.glossary import Entry


def show_glossary(  # noqa: PLR0913 (one parameter an option)
    *,
    word: Annotated[
        str | None,
        typer.Argument(
            metavar="[WORD]", help="A topic, such as status or route, or a word, such as msc or iv."
        ),
    ] = None,
    format_: SheetFormatOption = None,
    json: JsonFlag = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    no_color: NoColorFlag = False,
) -> None:
    """Say in plain words what the registry's words mean, and for somebody who wants to join."""
    shape = chosen_format(format_, json=json)

    from stemcheck.output.glossary import (
        glossary_document,
        print_glossary,
        write_glossary_markdown,
    )
    from stemcheck.output.records import write_json
    from stemcheck.output.sink import answer_stream
    from stemcheck.output.talk import Talk

    rows = _chosen(word)
    with answer_stream(output, force=force) as stream:
        match shape:
            case Format.JSON:
                write_json(glossary_document(rows), stream)
            case Format.MARKDOWN:
                write_glossary_markdown(rows, stream)
            case _:
                print_glossary(rows, Talk(no_color=no_color).console(stream))


def _chosen(word: str | None) -> "tuple[Entry, ...]":
    """Return the entries of a topic, or those that a word means; all of them without one."""
    from stemcheck.guidance.glossary import entries, topics, words_of
    from stemcheck.services.filters import fold, values_of

    if word is None:
        return entries()
    names = {fold(name): (name,) for name in topics()}
    names |= {f"{name}s": found for name, found in names.items()}
    names |= {"statuses": ("status",), "cells": ("product",)}
    if found := names.get(fold(word)):
        return entries(found[0])
    rows = {fold(name): (name,) for entry in entries() for name in words_of(entry)}
    shown = tuple(dict.fromkeys((*topics(), "cells", "or a word such as msc or iv")))
    asked = {
        fold(text) for text in values_of((word,), {**rows, **names}, name="glossary", shown=shown)
    }
    return tuple(e for e in entries() if asked & {fold(name) for name in words_of(e)})
