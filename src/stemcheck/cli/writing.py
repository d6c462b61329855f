"""Writes an answer in the chosen format."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from stemcheck.errors import StemcheckError
from stemcheck.output.formats import Format, Sheet

if TYPE_CHECKING:
    from stemcheck.output.shaping import Shaping
    from stemcheck.output.talk import Talk
    from stemcheck.services.search import Search
    from stemcheck.trial.answer import Notice


TOLD_IN_ANSWER = frozenset({"none_fits", "none_found", "sites_without_position"})
"""Notices that people find in the answer itself."""


def write_sheet(
    sheet: Sheet, shape: Format, talk: "Talk", output: Path | None, *, force: bool
) -> None:
    """Write the answer of a command to standard output or into a file."""
    from stemcheck.output.sink import answer_stream, is_file

    with answer_stream(output, force=force) as stream:
        if is_file(output):
            stream.write(shape.writer.file_start)
        count = shape.writer.write(sheet, stream, talk)
    if is_file(output):
        talk.say_written(output, count)


def write_search(  # noqa: PLR0913 (what to write, in which shape, where, and how much)
    search: "Search",
    shape: Format,
    talk: "Talk",
    output: Path | None,
    *,
    force: bool,
    rows: int | None,
    is_long: bool = False,
    shaping: "Shaping | None" = None,
) -> None:
    """Write the answer to a search; notices go to stderr."""
    from stemcheck.output.search import SearchSheet
    from stemcheck.services.sources import today

    sheet = SearchSheet(search, rows=rows, is_long=is_long, today=today())
    sheet.shaping = shaping
    if search.is_strict and shape is Format.JSONL and output is None:
        _write_if_whole(sheet, shape, talk)
    else:
        write_sheet(sheet, shape, talk, output, force=force)
    is_count = shaping is not None and shaping.count  # a bare number has no room for notices
    told = frozenset() if shape.is_for_machines or is_count else TOLD_IN_ANSWER
    say_closing((one for one in search.closing_notices() if one.id not in told), talk)


def _write_if_whole(sheet: Sheet, shape: Format, talk: "Talk") -> None:
    """Write to standard output only when everything has come, in a format that is usually written live."""
    import shutil
    import sys
    import tempfile

    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as spool:
        try:
            shape.writer.write(sheet, spool, talk)
        except StemcheckError as error:
            error.facts["trials_written"] = 0
            raise
        spool.seek(0)
        shutil.copyfileobj(spool, sys.stdout)


def say_closing(notices: "Iterable[Notice]", talk: "Talk") -> None:
    """Say the notices that belong with an answer; the most serious ones even in quiet mode."""
    from stemcheck.services.sources import ALWAYS_SAID

    said = [notice for notice in notices if not talk.quiet or notice.id in ALWAYS_SAID]
    talk.say(said, even_when_quiet=True)
