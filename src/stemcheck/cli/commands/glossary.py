"""`stemcheck glossary`: statuses, phases, cells and routes in plain words."""

from typing import Annotated

import typer

from stemcheck.cli.options import (
    ForceFlag,
    Format,
    FormatOption,
    JsonFlag,
    NoColorFlag,
    OutputOption,
    chosen_format,
)
from stemcheck.errors import UsageError


def show_glossary(  # noqa: PLR0913 (one parameter an option)
    *,
    topic: Annotated[
        str | None, typer.Argument(metavar="[TOPIC]", help="One topic, such as status or route.")
    ] = None,
    format_: FormatOption = None,
    json: JsonFlag = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    no_color: NoColorFlag = False,
) -> None:
    """Say in plain words what the registry's words mean, and for somebody who wants to join."""
    shape = chosen_format(format_, json=json, jsonl=False, csv=False)
    if shape in {Format.CSV, Format.JSONL}:
        raise UsageError(f"glossary has no {shape} format.", hint="Use table, json or markdown.")

    from stemcheck.cli.choices import fold, values_of
    from stemcheck.guidance.glossary import topics
    from stemcheck.output.glossary import (
        glossary_document,
        print_glossary,
        write_glossary_markdown,
    )
    from stemcheck.output.records import write_json
    from stemcheck.output.sink import answer_stream
    from stemcheck.output.talk import Talk

    words = {fold(name): (name,) for name in topics()}
    plurals = {f"{word}s": names for word, names in words.items()}
    plurals |= {"statuses": ("status",), "cells": ("product",)}
    asked = () if topic is None else (topic,)
    chosen = values_of(asked, words | plurals, option="glossary", shown=topics())
    name = chosen[0] if chosen else None
    with answer_stream(output, force=force) as stream:
        match shape:
            case Format.JSON:
                write_json(glossary_document(name), stream)
            case Format.MARKDOWN:
                write_glossary_markdown(name, stream)
            case _:
                print_glossary(name, Talk(no_color=no_color).console(stream))
