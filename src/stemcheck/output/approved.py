"""The products with stem cells that the FDA has approved: dated, sourced, each for its own use."""

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from stemcheck.guidance.approvals import (
    Approval,
    ApprovalNotes,
    NotListed,
    approval_notes,
    approvals,
    not_listed,
)
from stemcheck.output.formats import Sheet
from stemcheck.output.formats.markdown import escaped
from stemcheck.output.wording import day
from stemcheck.trial.trial import Facts
from stemcheck.words import words


class ApprovedDocument(Facts):
    """The approved products, as JSON."""

    schema_: Literal["stemcheck.approved/1"] = Field("stemcheck.approved/1", alias="schema")
    notes: ApprovalNotes
    approvals: tuple[Approval, ...]
    not_listed: tuple[NotListed, ...]


class ApprovedSheet(Sheet):
    """The approved products, what is left out on purpose, and how old the list is."""

    def document(self) -> ApprovedDocument:
        return ApprovedDocument(
            notes=approval_notes(), approvals=approvals(), not_listed=not_listed()
        )

    def draw(self, console: Console) -> None:
        notes = approval_notes()
        console.print(Text(notes.lead, "bold"))
        console.print(Text(_dates(notes), "dim"))
        console.print(_table())
        console.print(Text(notes.closing))
        console.print(Text(notes.trial_note))
        console.print()
        console.print(Text(words("sheets.approved.not_listed"), "bold"))
        for row in not_listed():
            console.print(Padding(Text(f"• {row.products}: {row.why}"), (0, 0, 0, 2)))

    def markdown(self) -> Iterator[str]:
        notes = approval_notes()
        yield from (f"**{escaped(notes.lead)}**", "", escaped(_dates(notes)), "")
        yield from _markdown_row(words(f"sheets.approved.{name}") for name in _MARKDOWN_COLUMNS)
        yield from _markdown_row("---" for _ in _MARKDOWN_COLUMNS)
        for row in approvals():
            product = f"{row.product} ({row.substance}, {row.maker})"
            cells = (product, _approved_on(row), row.plain_use, row.route, row.note, row.source)
            yield from _markdown_row(map(escaped, cells))
        yield ""
        yield f"{escaped(notes.closing)} {escaped(notes.trial_note)}"
        yield from ("", f"## {escaped(words('sheets.approved.not_listed'))}", "")
        yield from (f"- {escaped(f'{row.products}: {row.why}')}" for row in not_listed())


_MARKDOWN_COLUMNS = ("product", "approved", "use", "how", "note", "source")


def _markdown_row(cells: Iterable[str]) -> Iterator[str]:
    yield f"| {' | '.join(cells)} |"


def _table() -> Padding:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0), expand=True, header_style="bold")
    table.add_column(words("sheets.approved.product"), ratio=3)
    table.add_column(words("sheets.approved.approved"), width=11)
    table.add_column(words("sheets.approved.use"), ratio=5)
    table.add_column(words("sheets.approved.how"), ratio=2)
    for row in approvals():
        product = Text(row.product, "bold").append(
            f"\n{row.substance}\n{row.maker}", "not bold dim"
        )
        use = Text(row.plain_use)
        if row.note:
            use.append(f"\n{row.note}", "dim")
        use.append(f"\n{words('sheets.approved.source')}: {row.source}", "dim")
        table.add_row(product, Text(_approved_on(row)), use, Text(row.route))
    return Padding(table, (1, 0, 0, 0))


def _dates(notes: ApprovalNotes) -> str:
    checked, known = (day(str(date)) for date in (notes.checked_on, notes.known_until))
    return words("sheets.approved.dates", checked=checked, known=known)


def _approved_on(row: Approval) -> str:
    return row.approved_on if " " in row.approved_on else day(row.approved_on)
