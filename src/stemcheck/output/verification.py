"""What was claimed next to what the record says, on a terminal and as a markdown sheet to pass on."""

from collections.abc import Iterator
from datetime import date

from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from stemcheck.guidance.cautions import ALWAYS, cautions_for
from stemcheck.output.detail import print_source
from stemcheck.output.formats import Sheet
from stemcheck.output.formats.markdown import address_of, escaped
from stemcheck.output.marks import SERIOUS, Marks
from stemcheck.output.plain import clean, shortened
from stemcheck.output.summary import attribution
from stemcheck.output.table import bullets
from stemcheck.output.verified import (
    TOLD_IN_PLACE,
    Row,
    claims_by_note,
    facts_of,
    not_asked_lines,
    other_notices,
    rows_of,
    text_notices,
    told_cautions,
)
from stemcheck.output.wording import not_live_lines, source_line, title_of
from stemcheck.trial.verification import ClaimFound, NumberChecked, VerifyAnswer
from stemcheck.words import words

__all__ = ["TOLD_IN_PLACE", "VerificationSheet"]

_STYLES = {"matches": "green", "differs": "bold yellow", "not_settled": "cyan", "none": "dim"}
_TOLD_IN_HEAD = frozenset({"participants-pay", "status-not-verified"})
"""Facts that the head of a number already gives."""
_MOST_NAMED = 4
"""How many numbers the suggested command lists."""


class VerificationSheet(Sheet):
    """Every number with its checks, the text's claims, and what to keep in mind."""

    def __init__(self, answer: VerifyAnswer, *, today: date) -> None:
        self._answer = answer
        self._today = today

    def document(self) -> VerifyAnswer:
        return self._answer

    def draw(self, console: Console) -> None:
        answer = self._answer
        if answer.source is not None:
            print_source(answer.source, console, self._today)
        if lines := not_asked_lines(answer):
            title = Text(lines[0], "bold")
            console.print(Panel(Text("\n".join(lines[1:])), title=title, border_style="yellow"))
        for number in answer.numbers:
            _print_number(number, console)
        if answer.other_numbers:
            _print_other_numbers(answer, console)
        if answer.claims:
            _print_claims(answer, console)
        if lines := text_notices(answer):
            console.print()
        for line in lines:
            console.print(Text(line, "bold"))
        console.print()
        console.print(Text(words("verify.decide"), "bold"))
        console.print(bullets([caution.text for caution in told_cautions(answer)]))
        console.print()
        for line in _next_steps(answer):
            console.print(Text(line, "dim"))

    def markdown(self) -> Iterator[str]:
        """Yield the sheet, with a box to tick for each question."""
        answer = self._answer
        yield f"# {escaped(words('verify.sheet.title'))}"
        yield ""
        if answer.source:
            above = not_live_lines(answer.source, self._today)
            yield from (f"> **{escaped(line)}**  " for line in above)
            yield from ("", escaped(source_line(answer.source)))
        yield from (f"> **{escaped(line)}**  " for line in not_asked_lines(answer))
        for number in answer.numbers:
            yield from _number_in_markdown(number)
        if answer.other_numbers:
            yield from ("", f"## {escaped(words('verify.other_numbers'))}", "")
        for other in answer.other_numbers:
            told = f"{clean(other.as_written)}: {clean(other.note)}"
            yield f"- {escaped(told)} {address_of(other.url)}"
        if answer.claims:
            yield from ("", f"## {escaped(words('verify.claims'))}")
        for note, claims in claims_by_note(answer.claims).items():
            yield from _claim_in_markdown(note, claims)
        yield from ("", *(f"**{escaped(line)}**  " for line in text_notices(answer)))
        yield from (f"{escaped(line)}  " for line in other_notices(answer))
        yield from ("", f"## {escaped(words('verify.decide'))}", "")
        yield from (f"- {escaped(caution.text)}" for caution in told_cautions(answer))
        yield from ("", escaped(words("page.no_advice")), "", escaped(attribution()))


# --- a terminal ---------------------------------------------------------------------------------------------


def _print_number(number: NumberChecked, console: Console) -> None:
    console.print()
    trial = number.trial
    head = Text(heading_of(number), "bold")
    if clean(number.as_written) != number.nct_id:
        written = shortened(clean(number.as_written), 60)
        head.append(f"  {words('verify.written', written=written)}", "dim")
    console.print(head)
    if number.unseen:
        console.print(Text(words("verify.unseen"), "yellow"))
    if trial is not None:
        console.print(Text(shortened(title_of(trial), 200)))
        grid = Table.grid(padding=(0, 2))
        grid.add_column(no_wrap=True, style="dim")
        grid.add_column(overflow="fold")
        for fact in facts_of(number):
            told = Text(fact.text)
            if fact.quote:
                told.append(f' "{fact.quote}"', "italic")
            grid.add_row(fact.name, told)
        console.print(Padding(grid, (1, 0, 0, 0)))
    console.print(Padding(Text(clean(number.summary)), (1, 0, 0, 0)))
    if number.checks:
        console.print(_table(rows_of(number)))
    if trial is not None:
        grid = Table.grid(padding=(0, 1))
        signals = tuple(one for one in trial.signals if one.id not in _TOLD_IN_HEAD)
        marks = Marks([trial.model_copy(update={"signals": signals})])
        for sign, sentence in marks.footnotes():
            grid.add_row(Text(f" {sign}", "yellow" if sign == SERIOUS else "dim"), Text(sentence))
        if grid.row_count:
            console.print(grid)


def heading_of(number: NumberChecked) -> str:
    """Return the number as a heading, or say that the text is not a valid number."""
    return number.nct_id or words("verify.no_nct_number")


def _table(rows: Iterator[Row]) -> Padding:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), expand=True, header_style="bold")
    names = [words(f"verify.columns.{name}") for name in ("what", "told", "result", "record")]
    table.add_column(names[0], width=9)
    table.add_column(names[1], ratio=3)
    table.add_column(names[2], width=13, no_wrap=True)
    table.add_column(names[3], ratio=4)
    for row in rows:
        told = Text(row.told) if row.told else Text("–", "dim")
        if row.told_quote:
            told.append(f'\n"{row.told_quote}"', "italic dim")
        record = Text(row.record)
        if row.record_quote:
            record.append(f'\n"{row.record_quote}"', "italic")
        if row.note:
            record.append(f"\n{row.note}" if row.record else row.note, "dim")
        table.add_row(row.what, told, Text(row.result_words, _STYLES[row.result]), record)
    return Padding(table, (1, 0, 1, 2))


def _print_other_numbers(answer: VerifyAnswer, console: Console) -> None:
    console.print()
    console.print(Text(words("verify.other_numbers"), "bold"))
    told = [
        f"{clean(one.as_written)}: {clean(one.note)} {clean(one.url)}"
        for one in answer.other_numbers
    ]
    console.print(bullets(told))


def _print_claims(answer: VerifyAnswer, console: Console) -> None:
    console.print()
    console.print(Text(words("verify.claims"), "bold"))
    grid = Table.grid(padding=(0, 1))
    for note, claims in claims_by_note(answer.claims).items():
        quotes = "\n".join(f'"{clean(claim.quote)}"' for claim in claims)
        told = Text(quotes, "italic").append(f"\n{clean(note)} ", "not italic")
        told.append(f"[{clean(claims[0].source)}]", "not italic dim")
        told.append(f"\n{words('verify.ask', question=clean(claims[0].question))}", "not italic")
        grid.add_row(Text(" •"), told)
    console.print(grid)


def _next_steps(answer: VerifyAnswer) -> Iterator[str]:
    trials = {number.trial.nct_id: number.trial for number in answer.numbers if number.trial}
    if not trials:
        yield words("verify.next.search")
        yield words("verify.next.questions", number="").rstrip()
        return
    beside = {caution.id for caution in told_cautions(answer)}
    own = {c.id for trial in trials.values() for c in cautions_for(trial) if c.why != ALWAYS}
    general = {caution.id for caution in answer.cautions} - own - beside
    named = " ".join(trials) if len(trials) <= _MOST_NAMED else f"{next(iter(trials))} ..."
    yield words("verify.next.show", numbers=named)
    yield words("verify.next.questions", number=next(iter(trials)))
    if more := len(own - beside):
        yield words("verify.next.own_cautions", count=more)
    if general:
        yield words("verify.next.cautions", count=len(general))


# --- markdown -----------------------------------------------------------------------------------------------


def _number_in_markdown(number: NumberChecked) -> Iterator[str]:
    yield from ("", f"## {escaped(heading_of(number))}")
    if clean(number.as_written) != number.nct_id:
        yield escaped(words("verify.written", written=shortened(clean(number.as_written), 60)))
    if number.unseen:
        yield from ("", f"**{escaped(words('verify.unseen'))}**")
    if number.trial is not None:
        yield from ("", f"**{escaped(title_of(number.trial))}** {address_of(number.trial.url)}", "")
    for fact in facts_of(number, on_paper=True):
        quote = f' "{escaped(fact.quote)}"' if fact.quote else ""
        yield f"- **{escaped(fact.name)}:** {escaped(fact.text)}{quote}"
    yield from ("", escaped(number.summary))
    rows = list(rows_of(number))
    if rows:
        names = [words(f"verify.columns.{name}") for name in ("what", "told", "result", "record")]
        yield from ("", _cells(names), _cells(["---"] * len(names), is_rule=True))
    for row in rows:
        told = [row.told or "–", f'"{row.told_quote}"' if row.told_quote else ""]
        record = [row.record, f'"{row.record_quote}"' if row.record_quote else "", row.note]
        yield _cells([row.what, _joined(told), row.result_words, _joined(record)])


def _joined(parts: list[str]) -> str:
    return " — ".join(part for part in parts if part)


def _cells(cells: list[str], *, is_rule: bool = False) -> str:
    return f"| {' | '.join(cells if is_rule else map(escaped, cells))} |"


def _claim_in_markdown(note: str, claims: list[ClaimFound]) -> Iterator[str]:
    yield ""
    yield from (f'> "{escaped(claim.quote)}"  ' for claim in claims)
    yield from ("", f"{escaped(note)} ({escaped(claims[0].source)})", "")
    yield f"- [ ] {escaped(claims[0].question)}"
