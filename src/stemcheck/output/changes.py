"""Changes, saved searches and the versions of a record, for any format."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from stemcheck.output.formats import Sheet
from stemcheck.output.formats.markdown import address_of, escaped
from stemcheck.output.plain import clean
from stemcheck.output.summary import attribution
from stemcheck.output.wording import day, source_line
from stemcheck.trial.changes import (
    Change,
    ChangesAnswer,
    Compared,
    HistoryAnswer,
    Kind,
    RecordHistory,
    SavedAnswer,
)
from stemcheck.trial.trial import STUDY_URL
from stemcheck.words import words

_GRAVE = {Kind.GONE: "bold red", Kind.STATUS: "bold", Kind.PAY: "bold red", Kind.READING: "bold"}


class ChangesSheet(Sheet):
    """The changes, study by study, most serious first."""

    def __init__(self, answer: ChangesAnswer, *, files: tuple[str, str] | None = None) -> None:
        self._answer = answer
        self._files = files
        """The names of two compared files. None: saved searches were asked."""

    def document(self) -> ChangesAnswer:
        return self._answer

    def gather(self) -> int:
        return len({change.nct_id for change in self._answer.changes})

    def draw(self, console: Console) -> None:
        for place, compared in enumerate(self._answer.searches):
            if place:
                console.print()
            console.print(Text(self._heading(compared), "bold"))
            console.print(Text(source_line(compared.source), "dim"))
            console.print(Text(_sum(compared)))
            for study in _studies(self._changes_in(compared)):
                console.print()
                first = study[0]
                console.print(
                    Text.assemble((first.nct_id, "bold cyan"), f"  {_title(first.title)}"),
                    no_wrap=True,
                    overflow="ellipsis",
                )
                grid = Table.grid(padding=(0, 2))
                grid.add_column(no_wrap=True)
                for change in study:
                    style = _GRAVE.get(change.kind, "")
                    grid.add_row(Text(_kind(change), style), Text(clean(change.text)))
                console.print(Padding(grid, (0, 0, 0, 2)))
            for line in self._apart(compared):
                console.print()
                console.print(Text(line, "dim"))
        console.print()
        console.print(Text(attribution(), "dim"))

    def markdown(self) -> Iterator[str]:
        for compared in self._answer.searches:
            yield from (f"# {escaped(self._heading(compared))}", "")
            yield from (escaped(source_line(compared.source)), "", escaped(_sum(compared)))
            for study in _studies(self._changes_in(compared)):
                number = study[0].nct_id
                yield from ("", f"## {escaped(number)} {escaped(_title(study[0].title))}", "")
                yield from (f"- **{_kind(one)}**: {escaped(one.text)}" for one in study)
                yield from ("", address_of(STUDY_URL + number))
            for line in self._apart(compared):
                yield from ("", escaped(line))
            yield ""
        yield escaped(attribution())

    def _heading(self, compared: Compared) -> str:
        if self._files:
            old, new = map(clean, self._files)
            return words("follow.changes.files", old=old, new=new)
        return words("follow.changes.heading", name=clean(compared.name), day=day(compared.since))

    def _changes_in(self, compared: Compared) -> list[Change]:
        return [one for one in self._answer.changes if one.search == compared.name]

    def _apart(self, compared: Compared) -> Iterator[str]:
        for why in ("rules", "calendar"):
            found = {
                one.nct_id
                for one in self._answer.apart
                if one.why == why and one.search == compared.name
            }
            if found:
                yield words(f"follow.apart_lines.{why}", count=len(found))


def _studies(changes: list[Change]) -> list[list[Change]]:
    """Return the changes grouped by study, in the order of first appearance."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.nct_id, []).append(change)
    return list(found.values())


def _sum(compared: Compared) -> str:
    if not compared.changed:
        return words("follow.changes.none", count=compared.studies_now)
    return words(
        "follow.changes.some",
        count=compared.changed,
        before=compared.studies_before,
        now=compared.studies_now,
    )


def _kind(change: Change) -> str:
    return words(f"follow.kinds.{change.kind}")


def _title(title: str | None) -> str:
    return clean(title) or words("screens.trial.no_title")


class SavedSheet(Sheet):
    """The saved searches."""

    def __init__(self, answer: SavedAnswer) -> None:
        self._answer = answer

    def document(self) -> SavedAnswer:
        return self._answer

    def draw(self, console: Console) -> None:
        for name in self._answer.removed:
            console.print(Text(words("follow.saved.removed", name=name)))
        if not self._answer.searches and not self._answer.removed:
            console.print(Text(words("follow.saved.none")))
            console.print(Text(words("follow.saved.first"), "dim"))
        if not self._answer.searches:
            return
        table = Table(box=None, padding=(0, 2, 0, 0))
        for name in ("name", "studies", "told", "search"):
            table.add_column(
                words(f"follow.saved.columns.{name}"),
                justify="right" if name == "studies" else "left",
            )
        for one in self._answer.searches:
            row = (one.name, f"{one.studies:,}", day(one.told_at), _filters(one.filters))
            table.add_row(*map(Text, row))
        console.print(table)

    def markdown(self) -> Iterator[str]:
        for one in self._answer.searches:
            line = f"{one.name}: {one.studies:,}, {day(one.told_at)}. {_filters(one.filters)}"
            yield f"- {escaped(line)}"


def _filters(filters: dict[str, object]) -> str:
    told = []
    for name, value in filters.items():
        values = value if isinstance(value, list) else [value]
        told.append(f"{name}: {', '.join(map(str, values))}")
    return clean("; ".join(told)) or words("filters.heading.any")


class HistorySheet(Sheet):
    """The versions of some records."""

    def __init__(self, answer: HistoryAnswer) -> None:
        self._answer = answer

    def document(self) -> HistoryAnswer:
        return self._answer

    def draw(self, console: Console) -> None:
        for record in self._answer.trials:
            for place, (line, is_inner) in enumerate(_history(record)):
                style = "" if is_inner else ("bold" if place == 0 else "cyan")
                console.print(Padding(Text(clean(line), style), (0, 0, 0, 2 if is_inner else 0)))
            url = STUDY_URL + record.nct_id + "?tab=history"
            console.print(Text(words("follow.history.registry", url=url), "dim"))
            console.print()

    def markdown(self) -> Iterator[str]:
        for record in self._answer.trials:
            for place, (line, is_inner) in enumerate(_history(record)):
                mark = "- " if is_inner else ("# " if place == 0 else "## ")
                yield f"{mark}{escaped(line)}"
            yield ""


def _history(record: RecordHistory) -> Iterable[tuple[str, bool]]:
    """Yield the lines about a record, each with whether it belongs to the line above."""
    title = _title(record.title)
    yield words("follow.history.heading", number=record.nct_id, title=title), False
    searches = dict.fromkeys(name for version in record.versions for name in version.searches)
    since = day(record.versions[0].since)
    yield words("follow.history.seen", day=since, searches=", ".join(searches)), False
    status = record.versions[0].facts.get("status.value")
    from stemcheck.trial.status import label_for

    named = label_for(status) if status else words("follow.not_stated")
    yield words("follow.history.first", status=named), True
    if not record.changes:
        yield words("follow.history.no_change"), True
    for since_, changes in groupby(record.changes, key=lambda change: change.since):
        yield day(since_), False
        for change in changes:
            where = f" ({change.search})" if change.search and len(searches) > 1 else ""
            yield f"{_kind(change)}{where}: {change.text}", True
