"""The landscape in every format: bars on a terminal, rows, markdown, a page, a picture."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stemcheck.output.formats import Sheet
from stemcheck.output.formats.markdown import escaped
from stemcheck.output.html.tallies import Bar, Tally
from stemcheck.output.plain import clean
from stemcheck.output.summary import attribution, headline
from stemcheck.output.wording import not_live_lines, source_line
from stemcheck.trial.landscape import By, CountsBy, Cross, CrossFigure, LandscapeAnswer
from stemcheck.trial.status import label_for
from stemcheck.words import words

_MOST_ROWS = 15
"""The most rows of a table on a terminal; other formats have all."""
_MOST_COLUMNS = 5
"""The most columns of a cross table on a terminal."""
_BAR_WIDTH = 24
_PICTURE_ROWS = 20


class LandscapeSheet(Sheet):
    """The counts by each fact, the cross table, and the studies behind a figure."""

    def __init__(self, answer: LandscapeAnswer, subject: str, *, today: date) -> None:
        self._answer = answer
        self._subject = subject
        """What the studies are about, if there is no query to say it."""
        self._today = today

    def document(self) -> LandscapeAnswer:
        return self._answer

    def gather(self) -> int:
        return self._answer.studies

    @property
    def title(self) -> str:
        """The main heading."""
        query = self._answer.query
        subject = headline(query) if query and not self._subject else clean(self._subject)
        return words("landscape.title", subject=subject)

    def account(self) -> list[str]:
        """Return how many studies are counted, and what was left out and why."""
        lines = [words("landscape.counted", count=self._answer.studies)]
        counts = self._answer.counts
        if counts is None:
            return lines
        lines += [
            words("landscape.left_out", count=count, why=words(f"filters.left_out.{reason}"))
            for reason, count in counts.left_out.items()
        ]
        if counts.unreadable:
            lines.append(words("landscape.unreadable", count=counts.unreadable))
        return lines

    def draw(self, console: Console) -> None:
        source = self._answer.source
        for line in not_live_lines(source, self._today):
            console.print(Text(line, "bold red"))
        console.print(Text(self.title, "bold"))
        console.print(Text(source_line(source), "dim"))
        for line in self.account():
            console.print(Text(line))
        if not self._answer.studies:
            console.print(Text(words("landscape.none")))
        for table in self._answer.tables if self._answer.studies else ():
            console.print()
            console.print(_bars(table))
            for note in _notes(table):
                console.print(Text(note, "dim"))
        if self._answer.cross and self._answer.studies:
            console.print()
            console.print(
                _grid(_upright(self._answer.cross, self._answer.tables), self._answer.tables)
            )
        if listed := self._answer.listed:
            console.print()
            of = clean(", ".join(listed.of))
            console.print(Text(words("landscape.listed", count=len(listed.studies), of=of), "bold"))
            for study in listed.studies:
                status = label_for(study.status) if study.status else ""
                line = f"{study.nct_id}  {clean(status)}  {clean(study.title)}"
                console.print(Text(line), no_wrap=True, overflow="ellipsis")
        console.print()
        console.print(Text(attribution(), "dim"))

    def rows(self) -> Iterator[Sequence[object]]:
        """Yield the figures as rows: those of the cross table, or else of each table."""
        answer = self._answer
        about = (answer.source.kind, answer.source.as_of)
        if answer.listed:
            yield ("nct_id", "title", "status", "url", "source", "as_of")
            for study in answer.listed.studies:
                yield (study.nct_id, study.title, study.status, study.url, *about)
        elif answer.cross:
            one, other = answer.cross.by
            yield (one, other, "count", "studies", "source", "as_of")
            for pair in answer.cross.figures:
                yield (*pair.values, pair.count, answer.studies, *about)
        else:
            yield ("by", "value", "label", "count", "share", "studies", "from_reading",
                   "source", "as_of")  # fmt: skip
            for table in answer.tables:
                for one_ in table.figures:
                    yield (table.by, one_.value, one_.label, one_.count, one_.share,
                           answer.studies, table.from_reading, *about)  # fmt: skip

    def markdown(self) -> Iterator[str]:
        yield from (f"# {escaped(self.title)}", "", escaped(source_line(self._answer.source)), "")
        yield from (f"- {escaped(line)}" for line in self.account())
        for table in self._answer.tables:
            yield from ("", f"## {escaped(table.title)}", "")
            yield from (
                f"| {escaped(table.title)} | {words('landscape.studies')} |",
                "| --- | --: |",
            )
            yield from (f"| {escaped(one.label)} | {one.count} |" for one in table.figures)
            yield from ("", *(escaped(note) for note in _notes(table)))
        if self._answer.cross:
            cross = _upright(self._answer.cross, self._answer.tables)
            one, other = (words(f"landscape.by.{by}") for by in cross.by)
            yield from ("", f"## {escaped(words('landscape.cross', one=one, other=other))}", "")
            for row in _matrix(cross, self._answer.tables, most=None):
                yield f"| {' | '.join(escaped(cell) for cell in row)} |"
                if row[0] == one:
                    yield f"| --- |{' --: |' * (len(row) - 1)}"
        if listed := self._answer.listed:
            yield from ("", f"## {escaped(', '.join(listed.of))}", "")
            for study in listed.studies:
                yield f"- <{study.url}> {escaped(study.title or '')}"
        yield from ("", escaped(attribution()))


def write_page(sheet: LandscapeSheet, stream: TextIO, *, today: date) -> None:
    """Write the landscape as one page without scripts."""
    from stemcheck.output.html.page import around
    from stemcheck.output.html.templating import environment

    answer = sheet.document()
    cross = _upright(answer.cross, answer.tables) if answer.cross else None
    names = [words(f"landscape.by.{by}") for by in cross.by] if cross else []
    page = environment().get_template("landscape.html.j2")
    stream.writelines(
        page.generate(
            **around(answer.source, today, None),
            title=sheet.title,
            account=sheet.account(),
            tallies=[(_tally(table), _notes(table)) for table in answer.tables],
            studies_counted=answer.studies,
            cross_title=words("landscape.cross", one=names[0], other=names[1]) if cross else "",
            cross=_matrix(cross, answer.tables, most=None) if cross else [],
            listed=answer.listed,
        )
    )


def write_picture(sheet: LandscapeSheet, stream: TextIO) -> None:
    """Write the counts by each fact as a bar chart (SVG), with the figures in its description."""
    from stemcheck.output.html.templating import environment

    answer = sheet.document()
    blocks, height = [], 70
    for table in answer.tables:
        figures = table.figures[:_PICTURE_ROWS]
        most = max((one.count for one in figures), default=1)
        bars = [
            {
                "label": one.label if len(one.label) <= 40 else f"{one.label[:39]}…",  # noqa: PLR2004
                "count": one.count,
                "y": height + 30 + 22 * place,
                "width": round(380 * one.count / most, 1),
            }
            for place, one in enumerate(figures)
        ]
        more = len(table.figures) - len(figures)
        notes = [*_notes(table), *([words("landscape.more", count=more)] if more else [])]
        end = height + 30 + 22 * len(bars)
        blocks.append({"title": table.title, "y": height, "bars": bars, "note": " ".join(notes),
                       "end": end})  # fmt: skip
        height = end + 40
    told = [
        words(
            "landscape.svg_description",
            title=table.title,
            figures=", ".join(
                words("landscape.figure", label=one.label, count=one.count) for one in table.figures
            ),
        )
        for table in answer.tables
    ]
    page = environment().get_template("landscape.svg.j2")
    stream.write(
        page.render(
            title=sheet.title,
            account=" ".join(sheet.account()),
            source_line=source_line(answer.source),
            description=" ".join(told),
            blocks=blocks,
            height=height + 30,
        )
    )


def _notes(table: CountsBy) -> list[str]:
    notes = []
    if table.is_overlapping:
        notes.append(words("landscape.overlapping"))
    if table.from_reading:
        notes.append(words("landscape.reading"))
    return notes


def _tally(table: CountsBy) -> Tally:
    return Tally(
        title=table.title,
        heading=table.title,
        bars=tuple(Bar(one.label, one.count, one.share) for one in table.figures),
        is_overlapping=False,  # said in the notes
    )


def _bars(table: CountsBy) -> Table:
    grid = Table(box=None, padding=(0, 1, 0, 0), title=None)
    grid.add_column(Text(clean(table.title), "bold"), max_width=40)
    grid.add_column(words("landscape.studies"), justify="right")
    grid.add_column("", no_wrap=True)
    shown = table.figures
    if len(shown) > _MOST_ROWS and table.by is not By.START_YEAR:
        shown = shown[:_MOST_ROWS]
    most = max((one.count for one in table.figures), default=1)
    for one in shown:
        bar = "█" * max(1, round(_BAR_WIDTH * one.count / most))
        cells = (clean(one.label), f"{one.count:,}")
        grid.add_row(*map(Text, cells), Text.assemble((bar, "cyan"), f" {one.share:g} %"))
    if more := len(table.figures) - len(shown):
        grid.add_row(Text(words("landscape.more", count=more), "dim"), "", "")
    return grid


def _upright(cross: Cross, tables: Sequence[CountsBy]) -> Cross:
    """Return a cross table with the longer side in the rows: there is more room below than beside."""
    sizes = {table.by: len(table.figures) for table in tables}
    one, other = cross.by
    if sizes[other] <= sizes[one]:
        return cross
    figures = tuple(
        CrossFigure(values=(pair.values[1], pair.values[0]), count=pair.count)
        for pair in cross.figures
    )
    return Cross(by=(other, one), figures=figures)


def _grid(cross: Cross, tables: Sequence[CountsBy]) -> Table:
    head, *rows = _matrix(cross, tables, most=_MOST_COLUMNS)
    one, other = (words(f"landscape.by.{by}") for by in cross.by)
    grid = Table(
        box=None,
        padding=(0, 1, 0, 0),
        title=Text(words("landscape.cross", one=one, other=other), "bold"),
        title_justify="left",
    )
    for place, name in enumerate(head):
        grid.add_column(Text(name), justify="right" if place else "left", max_width=26)
    for row in rows[:_MOST_ROWS]:
        grid.add_row(*map(Text, row))
    if len(rows) > _MOST_ROWS:
        grid.add_row(Text(words("landscape.more", count=len(rows) - _MOST_ROWS), "dim"))
    return grid


def _matrix(cross: Cross, tables: Sequence[CountsBy], *, most: int | None) -> list[list[str]]:
    """Return the rows of a cross table, the first with the column names; an empty cell means none."""
    figures = {table.by: table.figures for table in tables}
    one, other = cross.by
    counts = {pair.values: pair.count for pair in cross.figures}
    columns = figures[other][:most]
    more = len(figures[other]) - len(columns)
    head = [words(f"landscape.by.{one}"), words("landscape.all")]
    head += [clean(column.label) for column in columns]
    head += [words("landscape.more", count=more)] if more else []
    rows = [head]
    for row in figures[one]:
        cells = [counts.get((row.value, column.value), 0) for column in columns]
        told = [f"{count:,}" if count else "" for count in cells]
        if more:
            rest = figures[other][len(columns) :]
            left = sum(counts.get((row.value, column.value), 0) for column in rest)
            told.append(f"{left:,}" if left else "")
        rows.append([clean(row.label), f"{row.count:,}", *told])
    return rows
