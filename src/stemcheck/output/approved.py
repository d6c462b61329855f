"""The products with stem cells that the FDA has approved: dated, sourced, each for its own use."""

from typing import Literal, TextIO

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
from stemcheck.output.markdown import escaped
from stemcheck.output.wording import day
from stemcheck.trial.trial import Facts


class ApprovedDocument(Facts):
    """The approved products, as JSON."""

    schema_: Literal["stemcheck.approved/1"] = Field("stemcheck.approved/1", alias="schema")
    notes: ApprovalNotes
    approvals: tuple[Approval, ...]
    not_listed: tuple[NotListed, ...]


def approved_document() -> ApprovedDocument:
    """Return the table with everything that has to be said around it."""
    return ApprovedDocument(notes=approval_notes(), approvals=approvals(), not_listed=not_listed())


def print_approved(console: Console) -> None:
    """Print the table, what it leaves out on purpose, and how old it is."""
    notes = approval_notes()
    console.print(Text(notes.lead, "bold"))
    console.print(Text(_dates(notes), "dim"))
    console.print(_table())
    console.print(Text(notes.closing))
    console.print(Text(notes.trial_note))
    console.print()
    console.print(Text("Not in this table, on purpose", "bold"))
    for row in not_listed():
        console.print(Padding(Text(f"• {row.products}: {row.why}"), (0, 0, 0, 2)))


def _table() -> Padding:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0), expand=True, header_style="bold")
    table.add_column("Product", ratio=3)
    table.add_column("Approved", width=11)
    table.add_column("For what", ratio=5)
    table.add_column("How", ratio=2)
    for row in approvals():
        product = Text(row.product, "bold").append(
            f"\n{row.substance}\n{row.maker}", "not bold dim"
        )
        use = Text(row.plain_use)
        if row.note:
            use.append(f"\n{row.note}", "dim")
        use.append(f"\nSource: {row.source}", "dim")
        table.add_row(product, Text(_approved_on(row)), use, Text(row.route))
    return Padding(table, (1, 0, 0, 0))


def write_approved_markdown(stream: TextIO) -> None:
    """Write the table as markdown."""
    notes = approval_notes()
    stream.write(f"**{escaped(notes.lead)}**\n\n{escaped(_dates(notes))}\n\n")
    stream.write("| Product | Approved | For what | How | Note | Source |\n")
    stream.write("| --- | --- | --- | --- | --- | --- |\n")
    for row in approvals():
        product = f"{row.product} ({row.substance}, {row.maker})"
        cells = (product, _approved_on(row), row.plain_use, row.route, row.note, row.source)
        stream.write(f"| {' | '.join(escaped(cell) for cell in cells)} |\n")
    stream.write(f"\n{escaped(notes.closing)} {escaped(notes.trial_note)}\n\n")
    stream.write("## Not in this table, on purpose\n\n")
    stream.writelines(f"- {escaped(f'{row.products}: {row.why}')}\n" for row in not_listed())


def _dates(notes: ApprovalNotes) -> str:
    checked, known = (day(str(date)) for date in (notes.checked_on, notes.known_until))
    return f"Looked over on {checked}. The latest approval that our sources report is of {known}."


def _approved_on(row: Approval) -> str:
    return row.approved_on if " " in row.approved_on else day(row.approved_on)
