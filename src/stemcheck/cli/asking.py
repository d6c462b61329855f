"""Turns options into whom to ask, and how."""

import shlex
import sys
from dataclasses import replace
from pathlib import Path

from stemcheck.errors import UsageError
from stemcheck.output.formats import Format
from stemcheck.services.search import Ask
from stemcheck.services.settings import Settings, seconds_from, settings_from
from stemcheck.words import words


def chosen_ask(  # noqa: PLR0913 (one parameter an option)
    *,
    offline: bool,
    live: bool,
    strict: bool = False,
    shape: Format | None = None,
    output: Path | None = None,
    goes_on: bool = False,
) -> Ask:
    """Return whom to ask. Raises UsageError if the options contradict each other.

    The built-in sample is only for people: it is not used if a program reads the answer, or if it would
    replace an existing file.
    """
    if offline and live:
        text = words("cli.contradiction", one="--offline", other="--live")
        raise UsageError(text, hint=words("cli.use_one"))
    if offline:
        return Ask.SAVED_ONLY
    if live or strict:
        return Ask.REGISTRY_ONLY
    is_for_program = goes_on or (shape is not None and shape.is_kept)
    replaces = output is not None and output.exists()
    return Ask.REGISTRY_THEN_KEPT if is_for_program or replaces else Ask.REGISTRY_THEN_SAVED


def settings_with(timeout: str | None, *, refresh: bool = False) -> Settings:
    """Return the settings from the environment, changed by the options of the command line."""
    settings = replace(settings_from(), is_refresh=refresh)
    if timeout is None:
        return settings
    seconds = seconds_from(timeout, "--timeout")
    return replace(settings, timeout_seconds=seconds, is_timeout_given=True)


def command_line() -> str:
    """Return the command as typed, but without the output file, which is private."""
    kept: list[str] = []
    follows_output = False
    for argument in sys.argv[1:]:
        is_output = argument in {"-o", "--output"} or argument.startswith(("--output=", "-o"))
        if not follows_output and not is_output and argument != "--force":
            kept.append(argument)
        follows_output = argument in {"-o", "--output"}
    return shlex.join(["stemcheck", *kept])
