"""`stemcheck landscape`: how many studies there are by status, route, country and other facts."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stemcheck.cli.filters import Given, query_for, takes_filters
from stemcheck.cli.options import (
    FIGURES,
    CsvFlag,
    FiguresFormatOption,
    ForceFlag,
    JsonFlag,
    LiveFlag,
    NoColorFlag,
    OfflineFlag,
    OutputOption,
    QuietFlag,
    TimeoutOption,
    chosen_format,
    option,
)
from stemcheck.errors import ExitCode, UsageError
from stemcheck.words import words

if TYPE_CHECKING:
    from stemcheck.output.landscape import LandscapeSheet

EPILOG = """\b
Examples:
  stemcheck landscape -c stroke
  stemcheck landscape -c stroke --by status,phase
  stemcheck landscape --country Spain --by start_year --csv
  stemcheck landscape -c stroke --by country --list "country=Spain"
  stemcheck landscape --saved stroke --by route -o routes.html
  stemcheck landscape records.jsonl.gz --by cells,route -o cells.svg
"""

_PAGES = frozenset({".html", ".htm", ".svg"})


@takes_filters(without=("limit", "sort"))
def show_landscape(  # noqa: PLR0913 (one parameter an option)
    *,
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE|FOLDER|ZIP]...", help=words("read.help")),
    ] = None,
    filters: Given,
    by: Annotated[list[str] | None, option("--by", metavar="THING[,THING]")] = None,
    listed: Annotated[list[str] | None, option("--list", metavar="THING=VALUE")] = None,
    saved: Annotated[str | None, option("--saved", metavar="NAME")] = None,
    format_: FiguresFormatOption = None,
    json: JsonFlag = False,
    csv: CsvFlag = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    offline: OfflineFlag = False,
    live: LiveFlag = False,
    quiet: QuietFlag = False,
    no_color: NoColorFlag = False,
    timeout: TimeoutOption = None,
) -> int:
    """Count studies by status, phase, route, cells, country, sponsor or year, or by two of these at once."""
    is_page = output is not None and output.suffix.lower() in _PAGES
    place = None if is_page else output
    shape = chosen_format(format_, json=json, csv=csv, output=place, offered=FIGURES)

    from stemcheck.cli.asking import chosen_ask, settings_with
    from stemcheck.cli.writing import say_closing, write_sheet
    from stemcheck.output.landscape import LandscapeSheet
    from stemcheck.output.sink import check_place
    from stemcheck.output.talk import Talk
    from stemcheck.services.landscape import Counting, things_from, wanted_from
    from stemcheck.services.sources import today

    if saved and (files or filters):
        text = words("landscape.two_sources")
        raise UsageError(text, hint=words("landscape.two_sources_hint"))
    counting = Counting(things_from(by or ()), wanted_from(listed or ()), settings_with(timeout))
    query = query_for(filters)
    check_place(output, force=force)
    talk = Talk(quiet=quiet, for_machines=shape.is_for_machines, no_color=no_color)
    is_picture = (
        output is not None and output.suffix.lower() == ".svg"
    )  # it is put into other pages
    ask = chosen_ask(offline=offline, live=live, shape=shape, output=output, goes_on=is_picture)
    with talk.progress() as progress:
        if saved:
            answer, subject = counting.of_saved(saved), words("landscape.saved", name=saved)
        elif files:
            answer = counting.of_files(files, query, filters, on_event=progress)
            names = ", ".join(Path(one).name for one in files)
            subject = words("landscape.files", names=names)
        else:
            answer, subject = counting.of_search(query, ask, on_event=progress), ""
    sheet = LandscapeSheet(answer, subject, today=today())
    if is_page and output:
        _write_page(sheet, output, force=force)
        talk.say_written(output, answer.studies)
    else:
        write_sheet(sheet, shape, talk, output, force=force)
    say_closing(answer.notices, talk)
    is_asked = bool(saved or files) or ask.is_answered_by(answer.source)
    return ExitCode.DONE if is_asked else ExitCode.SAVED_DATA


def _write_page(sheet: "LandscapeSheet", output: Path, *, force: bool) -> None:
    from stemcheck.output.landscape import write_page, write_picture
    from stemcheck.output.sink import answer_stream
    from stemcheck.services.sources import today

    with answer_stream(output, force=force) as stream:
        if output.suffix.lower() == ".svg":
            write_picture(sheet, stream)
        else:
            write_page(sheet, stream, today=today())
