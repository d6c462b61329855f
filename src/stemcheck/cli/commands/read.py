"""`stemcheck read`: reads study records from files, without asking the registry."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from stemcheck.cli.filters import Given, query_for, takes_filters
from stemcheck.cli.options import (
    CsvFlag,
    ForceFlag,
    FormatOption,
    JsonFlag,
    JsonlFlag,
    LongFlag,
    NoColorFlag,
    OutputOption,
    QuietFlag,
    StrictFlag,
    chosen_format,
    option,
)
from stemcheck.cli.shaping import takes_shaping
from stemcheck.errors import ExitCode
from stemcheck.output.shaping import Shaping
from stemcheck.words import words

if TYPE_CHECKING:
    from stemcheck.services.search import Search

EPILOG = """\b
Examples:
  stemcheck read study.json
  stemcheck read ctg-studies.json.zip --route iv --cells mesenchymal --status open
  curl -s 'https://clinicaltrials.gov/api/v2/studies/NCT04506073' | stemcheck read - --json
  stemcheck read records.jsonl.gz --format jsonl | jq -r '.nct_id, .reading.routes[]'
"""


@takes_shaping()
@takes_filters(without=("raw",))
def read_records(  # noqa: PLR0913 (one parameter an option)
    *,
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE|FOLDER|ZIP|-]...", help=words("read.help")),
    ] = None,
    filters: Given,
    shaping: Shaping,
    long: LongFlag = False,
    format_: FormatOption = None,
    json: JsonFlag = False,
    jsonl: JsonlFlag = False,
    csv: CsvFlag = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    strict: StrictFlag = False,
    explain: Annotated[bool, option("--explain")] = False,
    quiet: QuietFlag = False,
    no_color: NoColorFlag = False,
) -> int:
    """Read study records from files or a pipe, and show what is given and how, with quotes."""
    shape = chosen_format(format_, json=json, jsonl=jsonl, csv=csv, output=output)
    shaping.check(shape)
    query = query_for(filters)
    if "cells" not in filters:  # without a filter, nothing is left out
        query = replace(query, cells=())

    from stemcheck.cli.asking import command_line
    from stemcheck.cli.writing import write_search
    from stemcheck.output.sink import check_place
    from stemcheck.output.talk import Talk
    from stemcheck.services.records import open_records

    check_place(output, force=force)
    talk = Talk(quiet=quiet, for_machines=shape.is_for_machines, no_color=no_color)
    is_explained = explain or shape.has_account
    with (
        talk.progress() as progress,
        open_records(files or ["-"], query, explain=is_explained, on_event=progress) as search,
    ):
        search.command = command_line()
        write_search(
            search, shape, talk, output, force=force, rows=None, is_long=long, shaping=shaping
        )
        if explain:
            from stemcheck.output.explain import explain_search

            explain_search(
                search.origin.request,
                search.counts(),
                search.account(),
                talk,
                search.closing_notices(),
            )
        return _exit_code(search, strict=strict)


def _exit_code(search: "Search", *, strict: bool) -> int:
    nothing_read = bool(search.unreadable) and search.counts().shown == 0
    return ExitCode.UNREADABLE if nothing_read or (strict and search.unreadable) else ExitCode.DONE
