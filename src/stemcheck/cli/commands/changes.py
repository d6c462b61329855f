"""`stemcheck changes`: what changed since the last run, or between two files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stemcheck.cli.options import (
    TEXT,
    ForceFlag,
    JsonFlag,
    NoColorFlag,
    OutputOption,
    QuietFlag,
    TextFormatOption,
    TimeoutOption,
    chosen_format,
    option,
)
from stemcheck.errors import ExitCode, UsageError
from stemcheck.words import words

if TYPE_CHECKING:
    from stemcheck.saved.following import SearchRow
    from stemcheck.services.following import Follower, Told
    from stemcheck.trial.changes import ChangesAnswer

EPILOG = """\b
Examples:
  stemcheck save stroke -c stroke --route iv
  stemcheck changes stroke
  stemcheck changes stroke --since 2026-11-01 --json | jq -r '.changes[] | [.nct_id, .kind] | @tsv'
  stemcheck changes --exit-code --feed changes.xml --calendar dates.ics
  stemcheck changes last-week.jsonl today.jsonl
"""


def tell_changes(  # noqa: PLR0913 (one parameter an option)
    *,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...|[OLD NEW]", help=words("cli.follow.names")),
    ] = None,
    since: Annotated[str | None, option("--since", metavar="DATE")] = None,
    exit_code: Annotated[bool, option("--exit-code")] = False,
    feed: Annotated[Path | None, option("--feed", metavar="FILE.xml")] = None,
    calendar: Annotated[Path | None, option("--calendar", metavar="FILE.ics")] = None,
    format_: TextFormatOption = None,
    json: JsonFlag = False,
    output: OutputOption = None,
    force: ForceFlag = False,
    quiet: QuietFlag = False,
    no_color: NoColorFlag = False,
    timeout: TimeoutOption = None,
) -> int:
    """Report what changed since the last run, and save the new state afterwards."""
    shape = chosen_format(format_, json=json, output=output, offered=TEXT)

    from stemcheck.cli.asking import settings_with
    from stemcheck.cli.writing import say_closing, write_sheet
    from stemcheck.output.changes import ChangesSheet
    from stemcheck.output.sink import check_place
    from stemcheck.output.talk import Talk
    from stemcheck.services.following import Follower, changes_answer, since_from

    day = since_from(since)
    check_place(output, force=force)
    _check_places(feed, calendar)
    talk = Talk(quiet=quiet, for_machines=shape.is_for_machines, no_color=no_color)
    told: list[Told] = []
    follower: Follower | None = None
    files = _two_files(names)
    if files:
        _refuse_for_files(since, feed, calendar)
        from stemcheck.services.files_compared import compare_files

        answer = compare_files(*files)
        sheet = ChangesSheet(answer, files=(files[0].name, files[1].name))
    else:
        with talk.progress() as progress:
            follower = Follower(settings_with(timeout), on_event=progress)
            rows = _rows(follower, names)
            found = [follower.changes(row, day) for row in rows]
        told = [one[-1] for one in found]
        answer = changes_answer([one[:-1] for one in found])
        sheet = ChangesSheet(answer)
    write_sheet(sheet, shape, talk, output, force=force)
    if follower and (feed or calendar):
        _write_for_others(follower, told, answer, feed, calendar)
    say_closing([*answer.notices, *filter(None, [one.keep() for one in told])], talk)
    return ExitCode.CHANGED if exit_code and answer.changes else ExitCode.DONE


def _check_places(feed: Path | None, calendar: Path | None) -> None:
    """Raise UsageError if the feed or the calendar would replace a file that is not ours."""
    if not feed and not calendar:
        return
    from stemcheck.output.feed import check_calendar, check_feed
    from stemcheck.output.sink import check_place

    for place in (feed, calendar):
        check_place(place, force=True)
    check_feed(feed)
    check_calendar(calendar)


def _two_files(names: list[str] | None) -> tuple[Path, Path] | None:
    """Return the two files on the command line; None if the names are not files."""
    paths = [Path(name) for name in names or ()]
    if len(paths) != 2 or not any(path.exists() or path.suffix for path in paths):  # noqa: PLR2004
        return None
    for path in paths:
        if not path.exists():
            text = words("follow.changes.no_file", path=path)
            raise UsageError(text, hint=words("follow.changes.no_file_hint"))
    return paths[0], paths[1]


def _refuse_for_files(since: str | None, feed: Path | None, calendar: Path | None) -> None:
    if since:
        text = words("follow.changes.files_since")
        raise UsageError(text, hint=words("follow.changes.files_since_hint"))
    if feed or calendar:
        named = "--feed" if feed else "--calendar"
        text = words("follow.changes.files_feed", option=named)
        raise UsageError(text, hint=words("follow.changes.files_since_hint"))


def _rows(follower: "Follower", names: list[str] | None) -> "list[SearchRow]":
    if not names:
        rows = follower.store.searches()
        if not rows:
            raise UsageError(words("follow.saved.none"), hint=words("follow.saved.first"))
        return rows
    rows = []
    for name in dict.fromkeys(names):
        try:
            rows.append(follower.found(name))
        except UsageError:
            if Path(name).is_file():
                text = words("follow.changes.one_file", path=name)
                raise UsageError(text, hint=words("follow.changes.no_file_hint")) from None
            raise
    return rows


def _write_for_others(
    follower: "Follower",
    told: "list[Told]",
    answer: "ChangesAnswer",
    feed: Path | None,
    calendar: Path | None,
) -> None:
    """Write the feed and the calendar, before the new state is saved."""
    from stemcheck.output.feed import calendar_text, feed_text
    from stemcheck.output.sink import answer_stream
    from stemcheck.services.following import now_text
    from stemcheck.services.sources import today

    now = now_text()
    rows = [one.row for one in told]
    if feed:
        earlier = sorted(
            (entry for row in rows for entry in follower.told_before(row)),
            key=lambda entry: entry[0],
            reverse=True,
        )
        entries = [(now, change) for change in answer.changes] + earlier
        with answer_stream(feed, force=True) as stream:
            stream.write(feed_text([row.name for row in rows], entries, now=now))
    if calendar:
        dates = (date for one in told for date in follower.dates_ahead(one))
        with answer_stream(calendar, force=True) as stream:
            stream.write(calendar_text(dates, now=now, today=today()))
