"""The stem-cell products that the FDA has approved, each with its use, date and source."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Literal

from pydantic import Field
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from stemcheck.guidance.approvals import (
    Approval,
    ApprovalNotes,
    NotListed,
    age_warning,
    approval_notes,
    approvals,
    not_listed,
)
from stemcheck.output.formats import Sheet
from stemcheck.output.formats.markdown import escaped
from stemcheck.output.wording import day
from stemcheck.trial.trial import Facts
from stemcheck.words import words

_UNREAD = "*"
"""The sign after how a product is given if we have not read its own label."""


class ApprovedDocument(Facts):
    """The approved products, as JSON."""

    schema_: Literal["stemcheck.approved/1"] = Field("stemcheck.approved/1", alias="schema")
    warning: str | None
    """Set when the list is more than six months old."""
    notes: ApprovalNotes
    approvals: tuple[Approval, ...]
    not_listed: tuple[NotListed, ...]


class ApprovedSheet(Sheet):
    """The approved products, the products left out on purpose, and the age of the list."""

    def __init__(self, today: date) -> None:
        self._warning = age_warning(today)

    def document(self) -> ApprovedDocument:
        return ApprovedDocument(
            warning=self._warning,
            notes=approval_notes(),
            approvals=approvals(),
            not_listed=not_listed(),
        )

    def draw(self, console: Console) -> None:
        notes = approval_notes()
        sources = _sources()
        console.print(Text(notes.lead, "bold"))
        if self._warning:
            console.print(Text(self._warning, "bold yellow"))
        console.print(Text(f"{notes.checked} {notes.gaps}", "dim"))
        for line in _rows(sources):
            console.print(line)
        console.print()
        console.print(Text(f"{_UNREAD} {notes.label_not_read}", "dim"))
        for sentence in _closing(notes):
            console.print(Text(f"• {sentence}"))
        console.print()
        console.print(Text(words("sheets.approved.not_listed"), "bold"))
        for unlisted in not_listed():
            line = Text(f"• {unlisted.products}: {unlisted.why}")
            if unlisted.not_confirmed:
                line.append(f" {_not_confirmed(unlisted)}", "dim")
            line.append(_number(unlisted.source, sources), "dim")
            console.print(Padding(line, (0, 0, 0, 2)))
        console.print()
        console.print(Text(words("sheets.sources"), "bold"))
        for number, source in enumerate(sources, 1):
            console.print(Padding(Text(f"[{number}] {source}", "dim"), (0, 0, 0, 2)))

    def markdown(self) -> Iterator[str]:
        notes = approval_notes()
        yield from (f"**{escaped(notes.lead)}**", "")
        if self._warning:
            yield from (f"> **{escaped(self._warning)}**", "")
        yield from (escaped(f"{notes.checked} {notes.gaps}"), "")
        yield from _markdown_row(words(f"sheets.approved.{name}") for name in _MARKDOWN_COLUMNS)
        yield from _markdown_row("---" for _ in _MARKDOWN_COLUMNS)
        for row in approvals():
            product = f"{row.product} ({row.substance}, {row.maker})"
            use = f"{row.plain_use} {row.ages}".strip()
            unread = "" if row.label_was_read else notes.label_not_read
            cells = (product, day(row.approved_on), use, row.route, row.warning)
            others = (row.note, f"{row.not_confirmed} {unread}".strip(), row.source)
            yield from _markdown_row(map(escaped, (*cells, *others)))
        yield ""
        yield from (f"- {escaped(line)}" for line in _closing(notes))
        yield from ("", f"## {escaped(words('sheets.approved.not_listed'))}", "")
        for unlisted in not_listed():
            source = f"*{words('sheets.source')}: {escaped(unlisted.source)}*"
            why = f"{unlisted.why} {_not_confirmed(unlisted)}".strip()
            yield f"- {escaped(f'{unlisted.products}: {why}')} {source}"


_MARKDOWN_COLUMNS = (
    "product", "approved", "use", "how", "warning", "note", "not_confirmed", "source",
)  # fmt: skip


def _markdown_row(cells: Iterable[str]) -> Iterator[str]:
    yield f"| {' | '.join(cells)} |"


def _closing(notes: ApprovalNotes) -> tuple[str, ...]:
    return (notes.closing, notes.trial_note, notes.unfinished, notes.state_note)


def _not_confirmed(row: Approval | NotListed) -> str:
    """Return what we could not confirm about a row, marked as such; empty if everything is confirmed."""
    if not row.not_confirmed:
        return ""
    return words("sheets.approved.not_confirmed_line", what=row.not_confirmed)


def _sources() -> list[str]:
    """Return every source once, in the order of first use."""
    named = [row.source for row in approvals()] + [row.source for row in not_listed()]
    return list(dict.fromkeys(named))


def _number(source: str, sources: list[str]) -> str:
    return f" [{sources.index(source) + 1}]"


def _rows(sources: list[str]) -> Iterator[Text | Padding]:
    """Yield the products by kind: maker, date and how each is given; then remarks about it."""
    for kind, rows in groupby(approvals(), key=lambda row: row.kind):
        yield Text(f"\n{words(f'approvals.kind.{kind}')}", "bold cyan")
        for row in rows:
            route = row.route if row.label_was_read else f"{row.route}{_UNREAD}"
            head = Text(row.product, "bold")
            head.append(f"  {day(row.approved_on)} · {route}", "not bold")
            names = [row.maker] if row.substance in row.product else [row.substance, row.maker]
            yield head.append(f" · {', '.join(names)}", "not bold dim")
            body = Text(f"{row.plain_use} {row.ages}".strip())
            if row.warning:
                body.append(f" {row.warning}", "yellow")
            for line in filter(None, (row.note, _not_confirmed(row))):
                body.append(f" {line}", "dim")
            yield Padding(body.append(_number(row.source, sources), "dim"), (0, 0, 0, 2))
