"""`stemcheck history`: the versions of a record in the saved searches."""

from typing import Annotated

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
from stemcheck.errors import ExitCode
from stemcheck.words import words

EPILOG = """\b
Examples:
  stemcheck history NCT04506073
  stemcheck history NCT04506073 --json | jq '.trials[].changes[] | {since, kind, before, after}'
"""


def show_history(  # noqa: PLR0913 (one parameter an option)
    *,
    numbers: Annotated[
        list[str], typer.Argument(metavar="NCT...", help=words("cli.follow.numbers"))
    ],
    format_: TextFormatOption = None,
    json: JsonFlag = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    no_color: NoColorFlag = False,
) -> int:
    """Report the saved versions of a record, without asking the registry."""
    shape = chosen_format(format_, json=json, output=output, offered=TEXT)

    from stemcheck.cli.asking import settings_with
    from stemcheck.cli.writing import write_sheet
    from stemcheck.output.changes import HistorySheet
    from stemcheck.output.sink import check_place
    from stemcheck.output.talk import Talk
    from stemcheck.services.following import Follower
    from stemcheck.services.show import checked_number
    from stemcheck.trial.answer import Notice

    check_place(output, force=force)
    wanted = [checked_number(number) for number in numbers]
    answer = Follower(settings_with(None)).history(wanted)
    talk = Talk(for_machines=shape.is_for_machines, no_color=no_color)
    write_sheet(HistorySheet(answer), shape, talk, output, force=force)
    if answer.missing:
        text = words("follow.history.none", numbers=", ".join(answer.missing))
        talk.say([Notice(id="none_kept", text=text)])
    return ExitCode.STORE if answer.missing else ExitCode.DONE
