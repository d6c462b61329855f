"""`stemcheck save`: saves a search, so that its changes can be reported later."""

from typing import Annotated

import typer

from stemcheck.cli.filters import Given, takes_filters
from stemcheck.cli.options import (
    FindingFormatOption,
    JsonFlag,
    NoColorFlag,
    QuietFlag,
    TimeoutOption,
    chosen_format,
    option,
)
from stemcheck.errors import ExitCode
from stemcheck.words import words

EPILOG = """\b
Examples:
  stemcheck save stroke -c stroke --route iv
  stemcheck save "near madrid" --near Madrid --within 100km --status open
  stemcheck changes stroke
"""


@takes_filters(without=("limit", "sort"))
def save_search(  # noqa: PLR0913 (one parameter an option)
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help=words("cli.follow.name"))],
    filters: Given,
    replace: Annotated[bool, option("--force", key="replace")] = False,
    format_: FindingFormatOption = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
    no_color: NoColorFlag = False,
    timeout: TimeoutOption = None,
) -> int:
    """Save a search, with its studies as they are today."""
    shape = chosen_format(format_, json=json)

    from stemcheck.cli.asking import settings_with
    from stemcheck.cli.filters import query_for
    from stemcheck.cli.writing import write_sheet
    from stemcheck.output.changes import SavedSheet
    from stemcheck.output.talk import Talk
    from stemcheck.services.following import Follower
    from stemcheck.trial.answer import Notice
    from stemcheck.trial.changes import SavedAnswer

    query_for(filters)
    talk = Talk(quiet=quiet, for_machines=shape.is_for_machines, no_color=no_color)
    with talk.progress() as progress:
        follower = Follower(settings_with(timeout), on_event=progress)
        count = follower.save(name, filters, replace=replace)
    saved = tuple(one for one in follower.saved() if one.name == name)
    write_sheet(SavedSheet(SavedAnswer(searches=saved)), shape, talk, None, force=False)
    text = words("follow.saved.kept", name=name, count=count)
    talk.say([Notice(id="saved", text=text)])
    return ExitCode.DONE
