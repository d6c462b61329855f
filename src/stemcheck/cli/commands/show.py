"""`stemcheck show`: one or more trials in full."""

from typing import TYPE_CHECKING, Annotated

import typer

from stemcheck.cli.options import (
    IN_FULL,
    ForceFlag,
    InFullFormatOption,
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
    option,
)
from stemcheck.errors import ExitCode
from stemcheck.words import entry_of, words

if TYPE_CHECKING:
    from stemcheck.services.search import Ask
    from stemcheck.services.show import Found

EPILOG = """\b
Examples:
  stemcheck show NCT04506073
  stemcheck show NCT04506073 --section results --section publications
  stemcheck show NCT04506073 NCT02035514 --json | jq '.trials[].reading.routes'
"""


def show_trials(  # noqa: PLR0913 (one parameter an option)
    *,
    numbers: Annotated[
        list[str], typer.Argument(metavar="NCT...", help=words("cli.report.numbers"))
    ],
    sites: Annotated[bool, option("--sites")] = False,
    criteria: Annotated[bool, option("--criteria")] = False,
    section: Annotated[
        list[str] | None,
        option(
            "--section", metavar="NAME", autocompletion=lambda: list(entry_of("in_full.sections"))
        ),
    ] = None,
    why: Annotated[bool, option("--why")] = False,
    all_cautions: Annotated[bool, option("--all-cautions")] = False,
    web: Annotated[bool, option("--web")] = False,
    format_: InFullFormatOption = None,
    json: JsonFlag = False,
    jsonl: JsonlFlag = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    offline: OfflineFlag = False,
    live: LiveFlag = False,
    refresh: RefreshFlag = False,
    strict: StrictFlag = False,
    quiet: QuietFlag = False,
    no_color: NoColorFlag = False,
    timeout: TimeoutOption = None,
) -> int:
    """Show trials in full: plain status, cells and route with quotes, sites, oversight, cautions."""
    shape = chosen_format(format_, json=json, jsonl=jsonl, output=output, offered=IN_FULL)

    from stemcheck.cli.asking import chosen_ask, command_line, settings_with
    from stemcheck.cli.writing import say_closing, write_sheet
    from stemcheck.output.detail import Parts, ShowSheet
    from stemcheck.output.sink import check_place
    from stemcheck.output.talk import Talk
    from stemcheck.services.mentions import mentions_in
    from stemcheck.services.show import find_trials
    from stemcheck.services.sources import today

    sections = tuple(_section_named(name) for name in section or ())
    wanted = tuple(dict.fromkeys(mention.nct_id for mention in mentions_in(numbers)))
    ask = chosen_ask(offline=offline, live=live, strict=strict, shape=shape, output=output)
    check_place(output, force=force)
    talk = Talk(quiet=quiet, for_machines=shape.is_for_machines, no_color=no_color)
    with talk.progress() as progress:
        found = find_trials(wanted, ask, settings_with(timeout, refresh=refresh), on_event=progress)
    found.raise_if_no_trial()
    if strict:
        found.raise_if_unreadable()
    parts = Parts(
        sites=sites, criteria=criteria, why=why, all_cautions=all_cautions, sections=sections
    )
    answer = found.answer(command_line() if shape.has_account else None)
    if why:
        answer = answer.model_copy(update={"why": found.steps()})
    sheet = ShowSheet(answer, found.text_of, parts, today=today())
    write_sheet(sheet, shape, talk, output, force=force)
    say_closing(found.closing_notices(), talk)
    if web:
        for trial in found.trials:
            typer.launch(trial.url)
    return _exit_code(found, ask)


def _section_named(text: str) -> str:
    """Parse the name of a section. Raises UsageError if there is no such section."""
    from stemcheck.services.filters import fold, one_value_of

    names = tuple(entry_of("in_full.sections"))
    values = {fold(name): (name,) for name in (*names, *_OTHER_NAMES)}
    found = one_value_of(text, values, name="--section", shown=names)
    return _OTHER_NAMES.get(found, found)


_OTHER_NAMES = {"criteria": "eligibility", "papers": "publications", "groups": "arms"}
"""Other common names of some sections."""


def _exit_code(found: "Found", ask: "Ask") -> int:
    if found.missing:
        return ExitCode.NOT_FOUND
    if any(notice.id == "not_saved" for notice in found.notices):
        return ExitCode.STORE
    return ExitCode.DONE if ask.is_answered_by(found.origin) else ExitCode.SAVED_DATA
