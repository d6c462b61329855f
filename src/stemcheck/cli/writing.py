"""An answer, written in the shape that was asked for."""

from pathlib import Path
from typing import TYPE_CHECKING

from stemcheck.output.formats import Format, Sheet

if TYPE_CHECKING:
    from stemcheck.output.talk import Talk
    from stemcheck.services.search import Search


def write_sheet(
    sheet: Sheet, shape: Format, talk: "Talk", output: Path | None, *, force: bool
) -> None:
    """Write what a command has to tell, to standard output or into a file."""
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
) -> None:
    """Write what a search found; what has to be said beside it goes to stderr."""
    from stemcheck.output.search import SearchSheet
    from stemcheck.services.sources import today

    write_sheet(SearchSheet(search, rows=rows, today=today()), shape, talk, output, force=force)
    say_closing(search, talk)


def say_closing(search: "Search", talk: "Talk") -> None:
    """Say what has to be said beside an answer; that studies are missing is said even when quiet."""
    from stemcheck.services.sources import GAPS

    notices = search.closing_notices()
    if talk.quiet:
        notices = [notice for notice in notices if notice.id in GAPS]
    talk.say(notices, even_when_quiet=True)
