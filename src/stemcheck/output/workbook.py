"""xlsx, for spreadsheets: the studies, the search itself, and what it left out, each on a sheet of its own.

Every text is written as text, so that no cell can be taken for a formula or a link, and lists stand one value
a line in their cell.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, BinaryIO, Final

from stemcheck.errors import UsageError
from stemcheck.output.account import facts_of
from stemcheck.output.plain import clean
from stemcheck.trial.account import Account
from stemcheck.trial.answer import Source, TrialsAnswer
from stemcheck.trial.trial import Trial
from stemcheck.words import words

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

LONGEST_CELL: Final = 32_767
"""Letters that a cell of the format can hold."""
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}

Columns = Mapping[str, Callable[[Trial, Source], object]]
"""Each column, by its name, and what stands in it."""


def write_workbook(
    answer: TrialsAnswer, account: Account, what: str, columns: Columns, stream: BinaryIO
) -> None:
    """Write an answer as a workbook."""
    try:
        import xlsxwriter
    except ImportError:
        raise UsageError(
            words("exports.sheets.no_xlsxwriter"), hint=words("exports.sheets.no_xlsxwriter_hint")
        ) from None
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        # Sheets are written from first to last: what is done is no longer held in memory.
        studies = ([value(t, answer.source) for value in columns.values()] for t in answer.trials)
        _write_sheet(book, "studies", list(columns), studies)
        heads = [words("exports.sheets.fact"), words("exports.sheets.value")]
        _write_sheet(book, "search", heads, facts_of(answer, account, what))
        if account.left_out:
            fields = list(type(account.left_out[0]).model_fields)
            rows = ([getattr(one, name) for name in fields] for one in account.left_out)
            _write_sheet(book, "left_out", fields, rows)
        if answer.unreadable:
            fields = list(type(answer.unreadable[0]).model_fields)
            rows = ([getattr(one, name) for name in fields] for one in answer.unreadable)
            _write_sheet(book, "unreadable", fields, rows)


def _write_sheet(
    book: "Workbook", name: str, heads: list[str], rows: Iterable[Iterable[object]]
) -> None:
    sheet = book.add_worksheet(words(f"exports.sheets.{name}"))
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, max(len(heads) - 1, 0), 18)
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"valign": "top"})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write_cell(sheet, last, column, value, wrapped)
    sheet.autofilter(0, 0, last, max(len(heads) - 1, 0))


def _write_cell(sheet: "Worksheet", row: int, column: int, value: object, how: object) -> None:
    match value:
        case None | "" | () | []:
            return
        case bool():
            sheet.write_boolean(row, column, value, how)
        case int() | float():
            sheet.write_number(row, column, value, how)
        case tuple() | list():
            sheet.write_string(
                row, column, _cell("\n".join(clean(str(item)) for item in value)), how
            )
        case _:
            sheet.write_string(row, column, _cell(clean(str(value))), how)


def _cell(text: str) -> str:
    """Return a text that a cell can hold; one that is cut says so."""
    if len(text) <= LONGEST_CELL:
        return text
    note = words("exports.sheets.cut", most=f"{LONGEST_CELL:,}")
    return text[: LONGEST_CELL - len(note)] + note
