"""The options that commands share, each defined once."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from stemcheck.errors import UsageError
from stemcheck.output.formats import Format
from stemcheck.words import words


def option(*names: str, key: str | None = None, **how: Any) -> Any:
    """Return an option. Its help is in the table of words under ``key``, by default its first name."""
    key = key or names[0].removeprefix("--").replace("-", "_")
    return typer.Option(*names, help=words(f"cli.options.{key}"), **how)


def _format_option(*formats: Format) -> Any:
    """Return the option that chooses one of these formats."""
    return option(
        "--format",
        metavar=f"<{'|'.join(formats)}>",
        parser=partial(_format_named, formats),
        autocompletion=lambda: list(formats),
    )


def _format_named(formats: tuple[Format, ...], text: str) -> Format:
    """Parse the name of a format. Raises UsageError for a format that the command does not have."""
    from stemcheck.services.filters import fold, one_value_of

    names = {fold(shape): (shape.value,) for shape in formats}
    return Format(one_value_of(text, names, name="--format", shown=formats))


def _flag_for(shape: Format) -> Any:
    return typer.Option(f"--{shape}", help=words("cli.options.format_flag", format=shape))


LIST = tuple(Format)
"""The formats for a list of trials."""
TEXT = (Format.TABLE, Format.JSON, Format.MARKDOWN)
"""The formats for text."""
IN_FULL = (Format.TABLE, Format.JSON, Format.JSONL, Format.RIS)
"""The formats for trials in full."""
FINDINGS = (Format.TABLE, Format.JSON)
FIGURES = (Format.TABLE, Format.JSON, Format.CSV, Format.MARKDOWN)
"""The formats for counts."""

FormatOption = Annotated[Format | None, _format_option(*LIST)]
TextFormatOption = Annotated[Format | None, _format_option(*TEXT)]
InFullFormatOption = Annotated[Format | None, _format_option(*IN_FULL)]
FiguresFormatOption = Annotated[Format | None, _format_option(*FIGURES)]
FindingFormatOption = Annotated[Format | None, _format_option(*FINDINGS)]
JsonFlag = Annotated[bool, _flag_for(Format.JSON)]
JsonlFlag = Annotated[bool, _flag_for(Format.JSONL)]
CsvFlag = Annotated[bool, _flag_for(Format.CSV)]
OutputOption = Annotated[Path | None, option("--output", "-o", metavar="FILE")]
ForceFlag = Annotated[bool, option("--force")]
OfflineFlag = Annotated[bool, option("--offline")]
LiveFlag = Annotated[bool, option("--live")]
RefreshFlag = Annotated[bool, option("--refresh")]
StrictFlag = Annotated[bool, option("--strict")]
QuietFlag = Annotated[bool, option("--quiet", "-q")]
NoColorFlag = Annotated[bool, option("--no-color")]
LongFlag = Annotated[bool, option("--long")]
TimeoutOption = Annotated[str | None, option("--timeout", metavar="SECONDS")]


def chosen_format(  # noqa: PLR0913 (one parameter for each thing that can say it)
    named: Format | None,
    *,
    json: bool,
    jsonl: bool = False,
    csv: bool = False,
    output: Path | None = None,
    offered: tuple[Format, ...] = LIST,
) -> Format:
    """Return the format chosen by an option, or else by the ending of the file's name.

    Raises UsageError if two formats are chosen, or if the file's name contradicts the option.
    """
    flags = {Format.JSON: json, Format.JSONL: jsonl, Format.CSV: csv}
    asked = {shape for shape, is_on in flags.items() if is_on} | ({named} if named else set())
    if len(asked) > 1:
        raise UsageError(
            words("cli.two_formats", formats=" and ".join(sorted(asked))),
            hint=words("cli.choose_one"),
        )
    shape = asked.pop() if asked else None
    told = _format_of_file(output)
    if told is not None and (told not in offered or shape not in {None, told}):
        wrong = "other_ending" if told in offered else "not_offered"
        raise UsageError(
            words(f"cli.{wrong}", path=output, format=told),
            hint=words("cli.ending_hint", formats=", ".join(offered)),
        )
    return shape or told or Format.TABLE


def _format_of_file(output: Path | None) -> Format | None:
    """Return the format that a file's ending stands for; None if it stands for none."""
    ending = output.suffix.lower() if output else ""
    if ending in {".html", ".htm"}:
        raise UsageError(words("cli.page_ending", path=output), hint=words("cli.page_ending_hint"))
    if ending in _NEVER_WRITTEN:
        shapes = ", ".join(Format)
        raise UsageError(
            words("cli.never_written", path=output, ending=ending),
            hint=words("cli.ending_hint", formats=shapes),
        )
    return next((shape for shape in Format if ending in shape.endings), None)


_NEVER_WRITTEN = frozenset({".pdf", ".doc", ".docx", ".odt", ".ods", ".xls"})
"""Endings of files that only other programs write: a text file with such a name could not be opened."""


def check_page_ending(output: Path | None) -> None:
    """Raise UsageError if a page would have the ending of another kind of file."""
    ending = output.suffix.lower() if output else ""
    if ending in {*_NEVER_WRITTEN, ".txt"} or any(
        ending and ending in shape.endings for shape in Format
    ):
        raise UsageError(
            words("cli.not_a_page", path=output, ending=ending),
            hint=words("cli.not_a_page_hint", path=output.with_suffix(".html") if output else ""),
        )
