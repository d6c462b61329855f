"""`stemcheck saved`: the saved searches."""

from typing import Annotated

from stemcheck.cli.options import (
    FindingFormatOption,
    JsonFlag,
    NoColorFlag,
    chosen_format,
    option,
)
from stemcheck.errors import ExitCode

EPILOG = """\b
Examples:
  stemcheck saved
  stemcheck saved --remove stroke
"""


def list_saved(
    *,
    remove: Annotated[list[str] | None, option("--remove", metavar="NAME")] = None,
    format_: FindingFormatOption = None,
    json: JsonFlag = False,
    no_color: NoColorFlag = False,
) -> int:
    """List the saved searches, or remove some."""
    shape = chosen_format(format_, json=json)

    from stemcheck.cli.asking import settings_with
    from stemcheck.cli.writing import write_sheet
    from stemcheck.output.changes import SavedSheet
    from stemcheck.output.talk import Talk
    from stemcheck.services.following import Follower
    from stemcheck.trial.changes import SavedAnswer

    follower = Follower(settings_with(None))
    removed = tuple(dict.fromkeys(remove or ()))
    for name in removed:  # either all of them exist, or none is removed
        follower.found(name)
    for name in removed:
        follower.store.remove(name)
    answer = SavedAnswer(searches=follower.saved(), removed=removed)
    talk = Talk(for_machines=shape.is_for_machines, no_color=no_color)
    write_sheet(SavedSheet(answer), shape, talk, None, force=False)
    return ExitCode.DONE
