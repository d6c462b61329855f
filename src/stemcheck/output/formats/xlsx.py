"""xlsx, for spreadsheets: the studies, the search, and what it left out, each on its own sheet.

Every text is written as text, so that no cell acts as a formula or a link. A list has one value per line
in its cell.
"""

from collections.abc import Iterable
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Final, TextIO

from stemcheck.errors import UsageError
from stemcheck.output.account import facts_of
from stemcheck.output.formats import Sheet, Writer
from stemcheck.output.formats.csv import LONGEST_CELL
from stemcheck.output.plain import clean
from stemcheck.output.talk import Talk
from stemcheck.trial.answer import TrialsAnswer
from stemcheck.trial.columns import COLUMNS
from stemcheck.trial.trial import Facts
from stemcheck.words import words

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_IN_MEMORY: Final = 1 << 24
"""How many bytes of a workbook are held in memory before it moves to a temporary file."""
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
"""Write row by row, and keep every text as text."""


class Xlsx(Writer):
    """A workbook with the whole answer."""

    def write(self, sheet: Sheet, stream: TextIO, talk: Talk) -> int:  # noqa: ARG002 (it has no width)
        if stream.isatty():
            raise UsageError(
                words("exports.sheets.to_terminal"), hint=words("exports.sheets.to_terminal_hint")
            )
        answer = sheet.document()
        if not isinstance(answer, TrialsAnswer):
            raise NotImplementedError
        with SpooledTemporaryFile(_IN_MEMORY) as spool:  # a workbook needs random access
            write_workbook(answer, spool)
            spool.seek(0)
            stream.flush()
            copyfileobj(spool, stream.buffer)
        return len(answer.trials)


def write_workbook(answer: TrialsAnswer, stream: IO[bytes]) -> None:
    """Write an answer as a workbook."""
    try:
        import xlsxwriter
    except ImportError:
        raise UsageError(
            words("exports.sheets.no_xlsxwriter"), hint=words("exports.sheets.no_xlsxwriter_hint")
        ) from None
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        studies = ([value(t, answer.source) for value in COLUMNS.values()] for t in answer.trials)
        _write_sheet(book, "studies", list(COLUMNS), studies)
        if answer.explain:
            heads = [words("exports.sheets.fact"), words("exports.sheets.value")]
            _write_sheet(book, "search", heads, facts_of(answer, answer.explain))
            _write_models(book, "left_out", answer.explain.left_out)
        _write_models(book, "unreadable", answer.unreadable)
        if answer.evidence:
            _write_models(book, "evidence", (*answer.evidence.figures, *answer.evidence.phases))


def _write_models(book: "Workbook", name: str, models: tuple[Facts, ...]) -> None:
    """Write a sheet with one row per model; no sheet if there are none."""
    if models:
        fields = list(type(models[0]).model_fields)
        _write_sheet(book, name, fields, (dict(model).values() for model in models))


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
    """Return a text that fits into a cell; a text that is cut says so."""
    if len(text) <= LONGEST_CELL:
        return text
    note = words("exports.sheets.cut", most=f"{LONGEST_CELL:,}")
    return text[: LONGEST_CELL - len(note)] + note


WRITER = Xlsx()
