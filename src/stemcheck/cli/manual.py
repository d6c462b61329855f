"""Makes a manual page from the command line's own definitions."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from stemcheck import __version__


def manual_page(command: Any, context: Any) -> str:
    """Return the manual page of a command in roff, the language of man."""
    return "\n".join(_lines(command, context))


def _lines(command: Any, context: Any) -> Iterator[str]:
    name = context.command_path.replace(" ", "-")
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    yield f'.TH "{name.upper()}" "1" "{day}" "stemcheck {__version__}" "stemcheck"'
    yield ".SH NAME"
    yield f"{_safe(name)} \\- {_safe(command.get_short_help_str(200))}"
    yield ".SH SYNOPSIS"
    yield f".B {_safe(context.command_path)}"
    yield _safe(" ".join(command.collect_usage_pieces(context)))
    yield ".SH DESCRIPTION"
    yield from _paragraphs(command.help or "")
    rows = [
        row
        for parameter in command.get_params(context)
        if (row := parameter.get_help_record(context))
    ]
    if rows:
        yield ".SH OPTIONS"
    yield from _rows(rows)
    if commands := getattr(command, "commands", None):
        yield ".SH COMMANDS"
        yield from _rows(
            (one, command.get_short_help_str(200)) for one, command in commands.items()
        )
    if command.epilog:
        yield ".SH NOTES"
        yield from _paragraphs(command.epilog)


def _rows(rows: Any) -> Iterator[str]:
    for label, text in rows:
        yield ".TP"
        yield f"\\fB{_safe(label)}\\fR"
        yield _safe(" ".join(text.split()))


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs; as in ``--help``, one that begins with a backspace keeps its line breaks."""
    for part in text.strip().split("\n\n"):
        yield ".PP"
        keeps_lines = part.lstrip().startswith("\b")
        lines = [line for line in part.replace("\b", "").splitlines() if line.strip()]
        if keeps_lines:
            yield ".nf"
            yield from map(_safe, lines)
            yield ".fi"
        else:
            yield _safe(" ".join(line.strip() for line in lines))


def _safe(text: str) -> str:
    """Return text escaped for man, so that nothing in it acts as a command."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text
