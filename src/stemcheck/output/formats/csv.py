"""One row per trial, for spreadsheets."""

import csv
from collections.abc import Iterable
from typing import TextIO

from stemcheck.output.formats import Sheet, Writer
from stemcheck.output.plain import harmless
from stemcheck.output.talk import Talk
from stemcheck.trial.answer import Notice, Source, TrialsAnswer
from stemcheck.trial.columns import COLUMNS
from stemcheck.trial.trial import Trial
from stemcheck.words import words

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # noqa: RUF001 (full width)
LONGEST_CELL = 32_767
"""The most characters in a cell: Excel would cut a longer text without saying so."""
_CUT = "… [cut]"
_MANY = "; "


class Csv(Writer):
    """A row for each trial, in the order of the answer."""

    file_start = "\ufeff"
    """Without this mark, Excel reads a file in the machine's old code page."""

    def write(self, sheet: Sheet, stream: TextIO, talk: Talk) -> int | None:
        if (rows := sheet.rows()) is not None:
            table = csv.writer(stream, lineterminator="\n")
            table.writerows(map(_cell, row) for row in rows)
            return sheet.gather()
        answer = sheet.document()
        if not isinstance(answer, TrialsAnswer):
            raise NotImplementedError
        chosen = sheet.shaping.fields if sheet.shaping else ()
        cut = write_csv(answer.trials, answer.source, stream, chosen)
        if cut:
            text = words("talk.cells_cut", count=cut)
            talk.say([Notice(id="cells_cut", text=text)], even_when_quiet=True)
        return len(answer.trials)


def write_csv(
    trials: Iterable[Trial], source: Source, stream: TextIO, chosen: Iterable[str] = ()
) -> int:
    """Write one row per trial, with the chosen columns or all. Return how many cells were too long."""
    columns = {name: COLUMNS[name] for name in chosen} or COLUMNS
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(columns)
    cut = 0
    for trial in trials:
        cells = [_cell(value(trial, source)) for value in columns.values()]
        cut += sum(len(cell) > LONGEST_CELL for cell in cells)
        rows.writerow(map(_cut, cells))
    return cut


def _cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case tuple() | list():
            return _defused(_MANY.join(_one_of_many(harmless(str(item))) for item in value))
        case _:
            return _defused(harmless(str(value)))


def _one_of_many(text: str) -> str:
    """Return one of several values for a cell, in quotes if it contains a semicolon."""
    if ";" not in text and not text.startswith('"'):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _defused(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _cut(cell: str) -> str:
    return cell if len(cell) <= LONGEST_CELL else cell[: LONGEST_CELL - len(_CUT)] + _CUT


__all__ = ["COLUMNS", "LONGEST_CELL", "WRITER", "Csv", "write_csv"]

WRITER = Csv()
