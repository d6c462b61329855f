"""`stemcheck trials`: the trials that the registry lists."""

from typing import Annotated

import typer

from stemcheck.cli.filters import Given, query_for, takes_filters
from stemcheck.cli.options import (
    CsvFlag,
    ForceFlag,
    FormatOption,
    JsonFlag,
    JsonlFlag,
    LiveFlag,
    LongFlag,
    NoColorFlag,
    OfflineFlag,
    OutputOption,
    QuietFlag,
    RefreshFlag,
    StrictFlag,
    TimeoutOption,
    chosen_format,
    option,
)
from stemcheck.cli.shaping import takes_shaping
from stemcheck.errors import ExitCode, UsageError
from stemcheck.output.shaping import Shaping
from stemcheck.words import words

EPILOG = """\b
Examples:
  stemcheck trials --condition stroke
  stemcheck trials -c "heart failure" --status open --country "United States"
  stemcheck trials -c lupus --route iv --json | jq '.trials[].nct_id'
"""

TABLE_ROWS = 40
"""The rows of a table unless --all or --limit is given; every other format prints all."""


@takes_shaping()
@takes_filters()
def list_trials(  # noqa: PLR0913 (one parameter an option)
    *,
    filters: Given,
    shaping: Shaping,
    show_all: Annotated[
        bool, typer.Option("--all", help=words("cli.options.all", count=TABLE_ROWS))
    ] = False,
    long: LongFlag = False,
    format_: FormatOption = None,
    json: JsonFlag = False,
    jsonl: JsonlFlag = False,
    csv: CsvFlag = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    offline: OfflineFlag = False,
    live: LiveFlag = False,
    refresh: RefreshFlag = False,
    strict: StrictFlag = False,
    explain: Annotated[bool, option("--explain")] = False,
    evidence: Annotated[bool, option("--evidence")] = False,
    quiet: QuietFlag = False,
    no_color: NoColorFlag = False,
    timeout: TimeoutOption = None,
) -> int:
    """List stem-cell trials with status, what is given and how, and the cautions that apply."""
    shape = chosen_format(format_, json=json, jsonl=jsonl, csv=csv, output=output)
    if show_all and "limit" in filters:
        clash = words("cli.contradiction", one="--all", other="--limit")
        raise UsageError(clash, hint=words("cli.use_one"))
    if evidence and not shape.has_evidence:
        raise UsageError(words("cli.no_evidence", format=shape), hint=words("cli.no_evidence_hint"))
    shaping.check(shape)
    query = query_for(filters)

    from stemcheck.cli.asking import chosen_ask, command_line, settings_with
    from stemcheck.cli.writing import write_search
    from stemcheck.output.sink import check_place
    from stemcheck.output.talk import Talk
    from stemcheck.services.search import open_search

    check_place(output, force=force)
    talk = Talk(quiet=quiet, for_machines=shape.is_for_machines, no_color=no_color)
    settings = settings_with(timeout, refresh=refresh)
    ask = chosen_ask(
        offline=offline,
        live=live,
        strict=strict,
        shape=shape,
        output=output,
        goes_on=bool(shaping.asked),
    )
    with (
        talk.progress() as progress,
        open_search(
            query,
            ask,
            settings,
            explain=explain or shape.has_account,
            evidence=evidence,
            strict=strict,
            on_event=progress,
        ) as search,
    ):
        search.command = command_line()
        rows = None if show_all or query.limit is not None else TABLE_ROWS
        write_search(
            search, shape, talk, output, force=force, rows=rows, is_long=long, shaping=shaping
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
    return ExitCode.DONE if ask.is_answered_by(search.origin.source) else ExitCode.SAVED_DATA
