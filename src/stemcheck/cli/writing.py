"""A search, written in the shape that was asked for."""

from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from stemcheck.cli.options import Format

if TYPE_CHECKING:
    from stemcheck.output.talk import Talk
    from stemcheck.services.search import Search
    from stemcheck.trial.answer import TrialsAnswer


def write_search(  # noqa: PLR0913 (what to write, in which shape, where, and how much)
    search: "Search",
    shape: Format,
    talk: "Talk",
    output: Path | None,
    *,
    force: bool,
    rows: int | None,
) -> None:
    """Write what a search found, in one shape; what has to be said beside it goes to stderr."""
    from stemcheck.output.sink import answer_stream

    with answer_stream(output, force=force) as stream:
        if shape is Format.JSONL:
            _stream_lines(search, stream)
        else:
            _write_whole(search.answer(), shape, talk, stream, rows=rows)
    say_closing(search, talk)


def say_closing(search: "Search", talk: "Talk") -> None:
    """Say what has to be said beside an answer; that studies are missing is said even when quiet."""
    from stemcheck.services.sources import GAPS

    notices = search.closing_notices()
    if talk.quiet:
        notices = [notice for notice in notices if notice.id in GAPS]
    talk._replace(quiet=False).say(notices)


def _stream_lines(search: "Search", stream: TextIO) -> None:
    """Write each trial as it arrives; a failure half-way says how many were written."""
    from stemcheck.errors import StemcheckError
    from stemcheck.output.records import json_line

    written = 0
    try:
        for trial in search:
            stream.write(json_line(trial, search.origin.source))
            written += 1
    except StemcheckError as error:
        stream.flush()
        error.facts |= {"complete": False, "trials_written": written}
        raise


def _write_whole(
    answer: "TrialsAnswer", shape: Format, talk: "Talk", stream: TextIO, *, rows: int | None
) -> None:
    from stemcheck.services.sources import today

    match shape:
        case Format.JSON:
            from stemcheck.output.records import write_json

            write_json(answer, stream)
        case Format.CSV:
            from stemcheck.output.records import write_csv

            write_csv(answer.trials, answer.source, stream)
        case Format.MARKDOWN:
            from stemcheck.output.markdown import write_markdown

            write_markdown(answer, stream, today=today())
        case Format.TABLE | Format.JSONL:
            from stemcheck.output.table import print_table

            print_table(answer, talk.console(stream), today=today(), rows=rows)
