"""The answer to a search for a terminal: the trials, with the cautions.

Up to ten trials have a row of several lines each, in columns that grow with the terminal. If there are more,
each has two lines, so that a reader can scan the whole answer. One line above and one below say what most
people ask.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from rich.box import Box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from stemcheck.guidance.cautions import headline_cautions
from stemcheck.output.marks import SERIOUS, Marks
from stemcheck.output.plain import clean, shortened
from stemcheck.output.summary import (
    attribution,
    counts_line,
    gap_line,
    glance,
    headline,
    missing_by_place,
    next_step,
    none_found,
)
from stemcheck.output.wording import (
    day,
    given_briefly,
    given_by,
    nearest_of,
    not_live_lines,
    people_of,
    phase_of,
    places_of,
    source_line,
    status_of,
    title_of,
    way_of,
)
from stemcheck.trial.answer import Source, TrialsAnswer
from stemcheck.trial.status import style_for
from stemcheck.trial.trial import Trial
from stemcheck.words import words

WIDE = 120
"""From this width on, the route, the sponsor and the last update have their own columns."""
SLIM = 70
"""Below this width, everything about a trial is in one column."""
FEW = 10
"""Up to this many trials have rows of several lines; more have two lines each."""
_GAP = "  "
_INDENT = "  "
_LINK = " · "
_SHORTEST_TITLE = 8
_AND_MORE = ", …"
_LONGEST_TITLE = 90
_LONGEST_SPONSOR = 60
_STATUS_WIDTH = -19
"""Negative means a fixed width: room for a marked note, as in "! confirmed 2015-03"."""


def print_table(  # noqa: PLR0913 (what to print, where, and how much of it)
    answer: TrialsAnswer,
    console: Console,
    *,
    today: date,
    rows: int | None,
    is_long: bool = False,
    width: int | None = None,
) -> None:
    """Print the heading, at most ``rows`` trials with their notes, and the cautions."""
    shown = answer.trials[:rows]
    width = width or console.width
    console.print(_heading(answer, today))
    if shown:
        marks = Marks(answer.trials, answer.query)
        in_short = Text(glance(answer.trials, answer.source, answer.query), "bold")
        console.print(in_short)
        console.print()
        status = words(f"screens.columns.{'status_then' if answer.source.saved_day else 'status'}")
        if is_long or len(shown) <= FEW:
            console.print(_table(shown, marks, width, status))
        else:
            console.print(Text(words("screens.columns.two_lines", status=status), "dim"))
            for trial in shown:
                console.print(_two_lines(trial, marks, width))
        console.print()
        console.print(_footnotes(marks))
        if missing := missing_by_place(answer):
            console.print(Text(missing, "dim"))
        if len(answer.trials) > 1:
            console.print(in_short)
    else:
        console.print(Text(none_found(answer), "bold"))
    console.print()
    for line in _closing(answer, len(shown)):
        console.print(line)


def source_panel(source: Source, today: date, address: str | None) -> Panel | None:
    """Return the box above an answer that does not come from the registry itself; None if it does."""
    lines = not_live_lines(source, today, address)
    if not lines:
        return None
    body = Text("\n".join(lines[1:]), overflow="fold")
    return Panel(body, title=Text(lines[0], "bold"), border_style="yellow", expand=True)


def bullets(sentences: Sequence[str], sign: str = "•", style: str = "") -> Table:
    """Return sentences as a list that wraps at the edge and loses no word."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for sentence in sentences:
        grid.add_row(Text(f" {sign}", style), Text(sentence))
    return grid


def _heading(answer: TrialsAnswer, today: date) -> RenderableType:
    panel = source_panel(answer.source, today, answer.request.web_url)
    parts: list[RenderableType] = [panel] if panel else []
    parts.append(Text(headline(answer.query), "bold"))
    parts.append(Text(source_line(answer.source), "dim"))
    parts.append(Text(counts_line(answer.counts)))
    if gap := gap_line(answer.counts):
        parts.append(Text(gap, "bold"))
    return Group(*parts)


# --- more than a few trials: two lines each -------------------------------------------------------------


def _two_lines(trial: Trial, marks: Marks, width: int) -> Text:
    head = Text(no_wrap=True)
    head.append(f"{_dot(trial)} ", _style(trial)).append(trial.nct_id, "bold").append(_GAP)
    head.append(status_of(trial), _style(trial))
    if old := marks.old_status(trial):
        head.append(f" {SERIOUS} {old}", "bold yellow")
    head.append(_GAP)
    head.append(shortened(title_of(trial), max(width - head.cell_len, _SHORTEST_TITLE)))
    return Text("\n").join([head, *_filled(_facts(trial, marks, width - len(_INDENT)), width)])


def _facts(trial: Trial, marks: Marks, room: int) -> list[Text]:
    """Return the lines below a title. Routes and kinds of cells that do not fit end with an ellipsis."""
    serious = [f"{SERIOUS} {fact}" for fact in marks.serious(trial)]
    kind = [marks.kind(trial)]
    given = [way_of(trial.reading), given_briefly(trial.reading)]
    phase = [words("screens.trial.phase", phase=phase_of(trial))] if trial.phases else []
    who = [marks.who(trial)]
    where = nearest_of(trial) or places_of(trial, most=1, in_short=True)
    place = [f"{where}{marks.place_sign(trial)}"]
    others = [*filter(None, [*serious, *kind, *phase, *who, *place])]
    room -= sum(len(fact) + len(_LINK) for fact in others) + len(_LINK)
    for longest in sorted(range(len(given)), key=lambda n: -len(given[n])):
        rest = room - sum(len(fact) for n, fact in enumerate(given) if n != longest)
        given[longest] = _fewer(given[longest], rest)
    return [
        *(Text(fact, "bold yellow") for fact in serious),
        *(Text(fact) for fact in [*filter(None, kind), *given, *phase, *who, *place]),
    ]


def _fewer(listed: str, room: int) -> str:
    """Return as many items of a list as fit, and always at least one."""
    kept = listed.split(", ")
    while len(kept) > 1 and len(", ".join(kept)) + len(_AND_MORE) > room:
        kept.pop()
    words_kept = ", ".join(kept)
    return listed if len(listed) <= room or words_kept == listed else words_kept + _AND_MORE


def _filled(facts: list[Text], width: int) -> Iterator[Text]:
    """Yield lines of facts. A fact that does not fit moves to the next line as a whole."""
    line = Text(_INDENT)
    for fact in facts:
        is_first = line.cell_len == len(_INDENT)
        if not is_first and line.cell_len + len(_LINK) + fact.cell_len > width:
            yield line
            line, is_first = Text(_INDENT), True
        line.append("" if is_first else _LINK, "dim").append_text(fact)
    yield line


# --- a few trials: rows in columns ----------------------------------------------------------------------


def _table(trials: Sequence[Trial], marks: Marks, width: int, status: str) -> Table:
    table = Table(box=_blank_box(), show_edge=False, leading=1, padding=0, header_style="bold")
    study, given_and_how, given, how, phase, run_by = (
        words(f"screens.columns.{name}")
        for name in ("study", "given_and_how", "given", "how", "phase", "run_by")
    )
    if width < SLIM:
        cells = _slim_cells
        columns = {words("screens.columns.all", status=status): 0}
    elif width < WIDE:
        cells = _narrow_cells
        columns = {status: _STATUS_WIDTH, study: 5, given_and_how: -24}
    else:
        cells = _wide_cells
        columns = {status: _STATUS_WIDTH, study: 5, given: 3, how: 2, phase: -7, run_by: 3}
    for name, share in columns.items():  # a share of the width, or a negative width
        table.add_column(
            name, ratio=max(share, 1) if share >= 0 else None,
            width=-share if share < 0 else None, overflow="fold",
        )  # fmt: skip
    table.width = width - (len(_GAP) - 1) * (len(table.columns) - 1)  # rich counts each gap as 1
    for trial in trials:
        table.add_row(*cells(trial, marks))
    return table


def _blank_box() -> Box:
    """Return a box that separates columns. With padding instead, rich would lay out every cell twice."""
    box = Box("    \n" * 8, ascii=True)
    box.head_vertical = box.head_row_cross = box.mid_vertical = box.foot_vertical = _GAP
    return box


def _slim_cells(trial: Trial, marks: Marks) -> Iterator[Text]:
    yield Text("\n").join(_narrow_cells(trial, marks))


def _narrow_cells(trial: Trial, marks: Marks) -> Iterator[Text]:
    yield _status_cell(trial, marks)
    yield _study_cell(trial, marks, with_phase=True)
    yield Text(f"{given_by(trial.reading)}\n→ {way_of(trial.reading)}")


def _wide_cells(trial: Trial, marks: Marks) -> Iterator[Text]:
    yield _status_cell(trial, marks)
    yield _study_cell(trial, marks, with_phase=False)
    yield Text(given_by(trial.reading))
    yield Text(way_of(trial.reading))
    yield Text(phase_of(trial))
    sponsor = clean(trial.sponsor.name) if trial.sponsor else words("screens.trial.no_sponsor")
    updated = day(trial.dates.last_update_posted)
    yield Text(f"{shortened(sponsor, _LONGEST_SPONSOR)}\n").append(updated, "dim")


def _status_cell(trial: Trial, marks: Marks) -> Text:
    cell = Text(f"{_dot(trial)} {status_of(trial)}", _style(trial))
    style = "bold yellow" if marks.old_status(trial) else "dim"
    for note in marks.status_notes(trial):
        cell.append(f"\n{note}", style)
    return cell


def _study_cell(trial: Trial, marks: Marks, *, with_phase: bool) -> Text:
    cell = Text()
    cell.append(trial.nct_id, "bold").append(f"  {shortened(title_of(trial), _LONGEST_TITLE)}")
    facts = [marks.kind(trial)]
    if with_phase and trial.phases:
        facts.append(words("screens.trial.phase", phase=phase_of(trial)))
    facts += [people_of(trial), marks.who(trial)]
    facts.append(f"{nearest_of(trial) or places_of(trial)}{marks.place_sign(trial)}")
    cell.append(f"\n{' · '.join(filter(None, facts))}", "dim")
    for serious in marks.serious(trial):
        cell.append(f"\n{SERIOUS} {serious}", "bold yellow")
    return cell


def _dot(trial: Trial) -> str:
    return "●" if trial.status.open_to_new_participants else "○"


def _style(trial: Trial) -> str:
    """Return the colour of a status; a status of a past day does not get today's green."""
    style = style_for(trial.status.value)
    return style.replace("bold green", "cyan") if trial.status.as_of else style


def _footnotes(marks: Marks) -> RenderableType:
    grids = [
        bullets([note.sentence], note.sign, "bold yellow" if note.sign == SERIOUS else "dim")
        for note in marks.footnotes()
    ]
    return Group(*grids)


def _closing(answer: TrialsAnswer, shown: int) -> Iterator[RenderableType]:
    if shown < len(answer.trials):
        yield Text(words("screens.printed", printed=shown, all=len(answer.trials)), "bold")
        yield Text()
    yield Text(words("screens.before_you_decide"), "bold")
    yield bullets([caution.text for caution in headline_cautions()])
    yield Text()
    yield Text(next_step(answer))
    yield Text(attribution(), "dim")
