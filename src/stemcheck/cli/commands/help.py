"""`stemcheck help`: the help of a command, as text or as a manual page."""

from typing import Annotated

import typer

from stemcheck.cli.options import option
from stemcheck.errors import UsageError
from stemcheck.words import words

EPILOG = """\b
Examples:
  stemcheck help trials
  stemcheck help trials --man > stemcheck-trials.1
"""


def print_help(
    *,
    command: Annotated[
        str | None,
        typer.Argument(metavar="[COMMAND]", help=words("cli.arguments.help")),
    ] = None,
    man: Annotated[bool, option("--man")] = False,
) -> None:
    """Print the ``--help`` of a command, or the same as a manual page."""
    from typer.main import get_command

    from stemcheck.cli.app import COMMANDS, app_for

    if command is not None and command not in COMMANDS:
        from difflib import get_close_matches

        near = get_close_matches(command, COMMANDS, n=1)
        meant = words("cli.commands_are", names=", ".join(near)) if near else ""
        raise UsageError(
            words("cli.no_command", name=command),
            hint=meant or words("cli.see_help", command="stemcheck"),
        )
    app = get_command(app_for([command] if command else ["--help"]))
    context = app.make_context("stemcheck", [], resilient_parsing=True)
    if command is not None:
        app = app.get_command(context, command)  # type: ignore[attr-defined]
        context = app.make_context(command, [], parent=context, resilient_parsing=True)
    if man:
        from stemcheck.cli.manual import manual_page

        typer.echo(manual_page(app, context))
    else:
        typer.echo(app.get_help(context))
