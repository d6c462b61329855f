"""`stemcheck trials`: the trials that the registry lists."""

from typing import TYPE_CHECKING, Annotated

import typer

from stemcheck.cli.options import (
    CsvFlag,
    ForceFlag,
    FormatOption,
    JsonFlag,
    JsonlFlag,
    LiveFlag,
    NoColorFlag,
    OfflineFlag,
    OutputOption,
    QuietFlag,
    RefreshFlag,
    StrictFlag,
    TimeoutOption,
    chosen_format,
)
from stemcheck.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from stemcheck.services.search import Ask, Search
    from stemcheck.trial.query import TrialQuery

EPILOG = """\b
Examples:
  stemcheck trials --condition stroke
  stemcheck trials -c "heart failure" --status open --country "United States"
  stemcheck trials -c lupus --route iv --json | jq '.trials[].nct_id'
"""

TABLE_ROWS = 40
"""Rows of a table unless --all or --limit says otherwise; every other format prints all."""


def list_trials(  # noqa: PLR0913 (one parameter an option)
    *,
    condition: Annotated[
        list[str] | None,
        typer.Option(
            "--condition",
            "-c",
            metavar="WORDS",
            help="Illness, in plain words. Repeat it for any of several.",
        ),
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option(
            "--status",
            metavar="WORD",
            help="Registry status, or open, closed, stopped. Repeat for any of several.",
        ),
    ] = None,
    phase: Annotated[
        list[str] | None, typer.Option("--phase", metavar="PHASE", help="early1, 1, 2, 3, 4 or na.")
    ] = None,
    route: Annotated[
        list[str] | None,
        typer.Option("--route", metavar="WORD", help="How the cells are given, such as iv."),
    ] = None,
    cells: Annotated[
        list[str] | None,
        typer.Option(
            "--cells",
            metavar="WORD",
            help="Kind of cells. Default: mesenchymal ones, and other stem cells if given by vein. "
            "any = every stem-cell product.",
        ),
    ] = None,
    country: Annotated[
        list[str] | None,
        typer.Option("--country", metavar="NAME", help="Country with at least one site."),
    ] = None,
    raw: Annotated[
        str | None,
        typer.Option(
            "--raw",
            metavar="ESSIE",
            help="Extra search terms in the registry's own query language (Essie).",
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", "-n", min=1, metavar="N", help="Show at most this many."),
    ] = None,
    show_all: Annotated[
        bool, typer.Option("--all", help=f"Show all rows in the table, not only {TABLE_ROWS}.")
    ] = False,
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
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Show the exact request, and what was left out and why."),
    ] = False,
    quiet: QuietFlag = False,
    no_color: NoColorFlag = False,
    timeout: TimeoutOption = None,
) -> int:
    """List stem-cell trials with status, what is given and how, and the cautions that apply."""
    shape = chosen_format(format_, json=json, jsonl=jsonl, csv=csv)
    if show_all and limit is not None:
        raise UsageError("--all and --limit contradict each other.", hint="Use one of them.")
    query = _query(condition, status, phase, route, cells, country, raw, limit)

    from stemcheck.cli.asking import chosen_ask, settings_with
    from stemcheck.cli.writing import write_search
    from stemcheck.output.explain import explain_search
    from stemcheck.output.talk import Talk
    from stemcheck.services.search import open_search

    talk = Talk(quiet=quiet, for_machines=shape.is_for_machines, no_color=no_color)
    settings = settings_with(timeout, refresh=refresh)
    ask = chosen_ask(offline=offline, live=live)
    with (
        talk.progress() as progress,
        open_search(query, ask, settings, explain=explain, on_event=progress) as search,
    ):
        rows = None if show_all or limit is not None else TABLE_ROWS
        write_search(search, shape, talk, output, force=force, rows=rows)
        if explain:
            explain_search(search.origin.request, search.counts(), search.left_out_ids(), talk)
    return _exit_code(search, ask, strict=strict)


def _query(  # noqa: PLR0913, PLR0917 (one parameter a filter)
    condition: list[str] | None,
    status: list[str] | None,
    phase: list[str] | None,
    route: list[str] | None,
    cells: list[str] | None,
    country: list[str] | None,
    raw: str | None,
    limit: int | None,
) -> "TrialQuery":
    from stemcheck.cli import choices
    from stemcheck.trial.query import TrialQuery

    statuses = choices.values_of(
        status or (), choices.STATUS_WORDS, option="--status", shown=choices.STATUS_SHOWN
    )
    phases = choices.values_of(
        phase or (), choices.PHASE_WORDS, option="--phase", shown=choices.PHASE_SHOWN
    )
    conditions = _texts(condition, "--condition", "Name an illness, like stroke.")
    countries = _texts(country, "--country", "Name a country, like Spain.")
    route_words, routes_shown = choices.route_words()
    cells_words, cells_shown = choices.cells_words()
    query = TrialQuery(
        conditions=conditions,
        statuses=statuses,
        phases=phases,
        routes=choices.values_of(route or (), route_words, option="--route", shown=routes_shown),
        countries=countries,
        raw=raw,
        limit=limit,
    )
    if not cells:
        return query
    from dataclasses import replace

    return replace(
        query, cells=choices.values_of(cells, cells_words, option="--cells", shown=cells_shown)
    )


def _texts(values: list[str] | None, option: str, hint: str) -> tuple[str, ...]:
    """Return the texts of a repeated option, each once; raise UsageError for an empty one."""
    texts = tuple(dict.fromkeys(" ".join(value.split()) for value in values or ()))
    if "" in texts:
        raise UsageError(f"{option} is empty.", hint=hint)
    return texts


def _exit_code(search: "Search", ask: "Ask", *, strict: bool) -> int:
    from stemcheck.services.search import Ask

    if strict and search.unreadable:
        return ExitCode.UNREADABLE
    if search.origin.source.kind != "live" and ask is not Ask.SAVED_ONLY:
        return ExitCode.SAVED_DATA
    return ExitCode.DONE
