"""The answer to a search as a table: a few lines a trial, and the cautions beside them.

80 columns hold everything that matters; a wide terminal gets more columns and a slim one fewer, not other
facts.
"""

from collections.abc import Iterator
from datetime import date

from rich.box import Box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from stemcheck.guidance.cautions import headline_cautions
from stemcheck.output.marks import Marks
from stemcheck.output.plain import clean, shortened
from stemcheck.output.summary import (
    ATTRIBUTION,
    counts_line,
    gap_line,
    headline,
    next_step,
    none_found,
)
from stemcheck.output.wording import (
    NOT_A_TRIAL,
    day,
    given_by,
    not_live_lines,
    people_of,
    phase_of,
    places_of,
    source_line,
    status_notes,
    status_of,
    title_of,
    way_of,
)
from stemcheck.trial.answer import TrialsAnswer
from stemcheck.trial.status import style_for
from stemcheck.trial.trial import Trial

WIDE = 120
"""From this width on, how the cells are given, the sponsor and the update have columns of their own."""
SLIM = 70
"""Below this width, all that is told of a trial stands in one column."""
_GAP = "  "


def print_table(
    answer: TrialsAnswer,
    console: Console,
    *,
    today: date,
    rows: int | None,
    width: int | None = None,
) -> None:
    """Print the heading, at most ``rows`` trials, their marks, the account of counts, the cautions."""
    shown = answer.trials[:rows]
    marks = Marks(shown)
    console.print(_heading(answer, today))
    if shown:
        is_today = answer.source.saved_day is None
        console.print(_table(shown, marks, width or console.width, is_today=is_today))
        console.print()
        console.print(_footnotes(marks))
    else:
        console.print(Text(none_found(answer), "bold"))
    console.print()
    for line in _closing(answer, len(shown)):
        console.print(line)


def _heading(answer: TrialsAnswer, today: date) -> RenderableType:
    title = Text(headline(answer.query), "bold")
    parts: list[RenderableType] = [title, Text(source_line(answer.source), "dim")]
    if warning := not_live_lines(answer.source, today):
        body = Text("\n".join(warning[1:]))
        parts.insert(
            0, Panel(body, title=Text(warning[0], "bold"), border_style="yellow", expand=True)
        )
    parts.append(Text(counts_line(answer.counts)))
    if gap := gap_line(answer.counts):
        parts.append(Text(gap, "bold"))
    return Group(*parts)


def _table(trials: tuple[Trial, ...], marks: Marks, width: int, *, is_today: bool) -> Table:
    table = Table(box=_blank_box(), show_edge=False, leading=1, padding=0, header_style="bold")
    status = "Status" if is_today else "Status then"
    if width < SLIM:
        cells = _slim_cells
        table.add_column(f"{status} · study · what is given, and how", ratio=1)
    elif width < WIDE:
        cells = _narrow_cells
        table.add_column(status, width=17)
        table.add_column("Study", ratio=5)
        table.add_column("What is given, and how", width=24)
    else:
        cells = _wide_cells
        table.add_column(status, width=17)
        table.add_column("Study", ratio=5)
        table.add_column("What is given", ratio=3)
        table.add_column("How", ratio=2)
        table.add_column("Phase", width=7)
        table.add_column("Run by · last update", ratio=3)
    table.add_column("!", width=7 if width >= WIDE else 5, style="yellow")
    table.width = width - (len(_GAP) - 1) * (len(table.columns) - 1)  # of a gap, rich counts one
    for trial in trials:
        table.add_row(*cells(trial), Text(marks.row(trial)))
    return table


def _blank_box() -> Box:
    """Return what keeps columns apart: with padding, rich would lay out every cell twice."""
    box = Box("    \n" * 8, ascii=True)
    box.head_vertical = box.head_row_cross = box.mid_vertical = box.foot_vertical = _GAP
    return box


def _slim_cells(trial: Trial) -> Iterator[Text]:
    yield Text("\n").join(_narrow_cells(trial))


def _narrow_cells(trial: Trial) -> Iterator[Text]:
    yield _status_cell(trial)
    yield _study_cell(trial, with_phase=True)
    yield Text(f"{given_by(trial.reading)}\n→ {way_of(trial.reading)}")


def _wide_cells(trial: Trial) -> Iterator[Text]:
    yield _status_cell(trial)
    yield _study_cell(trial, with_phase=False)
    yield Text(given_by(trial.reading))
    yield Text(way_of(trial.reading))
    yield Text(phase_of(trial))
    sponsor = shortened(clean(trial.sponsor.name), 60) if trial.sponsor else "sponsor not given"
    yield Text(f"{sponsor}\n").append(day(trial.dates.last_update_posted), "dim")


def _status_cell(trial: Trial) -> Text:
    mark = "●" if trial.status.open_to_new_participants else "○"
    style = style_for(trial.status.value)
    cell = Text(f"{mark} {status_of(trial)}", style)
    for note in status_notes(trial):
        cell.append(f"\n{note}", "dim")
    return cell


def _study_cell(trial: Trial, *, with_phase: bool) -> Text:
    cell = Text()
    cell.append(trial.nct_id, "bold").append(f"  {shortened(title_of(trial), 90)}")
    facts = [NOT_A_TRIAL[trial.study_type]] if trial.study_type in NOT_A_TRIAL else []
    if with_phase and trial.phases:
        facts.append(f"phase {phase_of(trial)}")
    facts += [people_of(trial), places_of(trial)]
    return cell.append(f"\n{' · '.join(facts)}", "dim")


def _footnotes(marks: Marks) -> Table:
    grid = Table.grid(padding=(0, 1))
    for number, sentence in marks.footnotes():
        grid.add_row(Text(f" ! {number}", "yellow"), Text(sentence))
    return grid


def _closing(answer: TrialsAnswer, shown: int) -> Iterator[RenderableType]:
    if shown < len(answer.trials):
        yield Text(
            f"{shown} of {len(answer.trials)} trials are printed. Add --all for the rest.", "bold"
        )
        yield Text()
    yield Text("Before you decide", "bold")
    grid = Table.grid(padding=(0, 1))
    for caution in headline_cautions():
        grid.add_row(Text(" •"), Text(caution.text))
    yield grid
    yield Text()
    yield Text(next_step(answer))
    yield Text(ATTRIBUTION, "dim")
