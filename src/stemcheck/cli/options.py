"""The options that commands share, each said once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from stemcheck.errors import UsageError


class Format(StrEnum):
    """The shapes of an answer."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"

    @property
    def is_for_machines(self) -> bool:
        """True when a program reads the answer, and so also the errors."""
        return self in {Format.JSON, Format.JSONL, Format.CSV}


class SheetFormat(StrEnum):
    """The shapes of an answer that is words to read."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


class RecordFormat(StrEnum):
    """The shapes of trials in full."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


class FindingFormat(StrEnum):
    """The shapes of an answer that is findings."""

    TABLE = "table"
    JSON = "json"


AnyFormat = Format | SheetFormat | RecordFormat | FindingFormat
_FORMAT = typer.Option("--format", help="Shape of the answer. [table]")
FormatOption = Annotated[Format | None, _FORMAT]
SheetFormatOption = Annotated[SheetFormat | None, _FORMAT]
RecordFormatOption = Annotated[RecordFormat | None, _FORMAT]
FindingFormatOption = Annotated[FindingFormat | None, _FORMAT]
JsonFlag = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
JsonlFlag = Annotated[bool, typer.Option("--jsonl", help="Short for --format jsonl.")]
CsvFlag = Annotated[bool, typer.Option("--csv", help="Short for --format csv.")]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", help="Write to this file instead of the screen.", metavar="FILE"
    ),
]
ForceFlag = Annotated[
    bool, typer.Option("--force", help="Replace the --output file if it is there.")
]
OfflineFlag = Annotated[bool, typer.Option("--offline", help="Use saved data only; ask nobody.")]
LiveFlag = Annotated[
    bool, typer.Option("--live", help="Registry only; never fall back on saved data.")
]
RefreshFlag = Annotated[
    bool,
    typer.Option("--refresh", help="Ask for everything anew, whatever is kept of earlier answers."),
]
StrictFlag = Annotated[
    bool,
    typer.Option("--strict", help="Exit 6 if any record cannot be read or did not come."),
]
QuietFlag = Annotated[
    bool,
    typer.Option(
        "--quiet", "-q", help="No progress and no notices (but that studies are missing)."
    ),
]
NoColorFlag = Annotated[bool, typer.Option("--no-color", help="No colours (NO_COLOR works too).")]
TimeoutOption = Annotated[
    str | None,
    typer.Option(
        "--timeout", metavar="SECONDS", help="Time for one request, retries included. [30]"
    ),
]


def chosen_format(
    named: AnyFormat | None, *, json: bool, jsonl: bool = False, csv: bool = False
) -> Format:
    """Return the one format asked for; raise UsageError when two are."""
    flags = {Format.JSON: json, Format.JSONL: jsonl, Format.CSV: csv}
    asked = {format_ for format_, is_on in flags.items() if is_on}
    asked |= {Format(named.value)} if named else set()
    if len(asked) > 1:
        names = " and ".join(sorted(asked))
        raise UsageError(f"Two formats are asked for: {names}.", hint="Choose one of them.")
    return asked.pop() if asked else Format.TABLE
