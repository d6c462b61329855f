"""A sheet of questions to take along, with room for the answers in the printable form."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Literal, TextIO

from pydantic import Field
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stemcheck.guidance.cautions import ALWAYS
from stemcheck.guidance.conditions import systems_for, topics_for
from stemcheck.guidance.questions import Audience, Question, all_questions, questions_for
from stemcheck.output.detail import print_source
from stemcheck.output.markdown import escaped
from stemcheck.output.plain import clean
from stemcheck.output.wording import not_live_lines, source_line
from stemcheck.trial.answer import Source
from stemcheck.trial.trial import Facts, Trial


class QuestionsDocument(Facts):
    """Questions to ask, as JSON."""

    schema_: Literal["stemcheck.questions/1"] = Field("stemcheck.questions/1", alias="schema")
    audience: Audience
    nct_id: str | None
    """The trial that the questions are about. None: no trial was named."""
    title: str | None
    condition: str | None
    questions: tuple[Question, ...]
    source: Source | None
    """Where the trial's record comes from. None: no trial was named."""


def questions_document(
    trial: Trial | None, condition: str | None, audience: Audience, source: Source | None
) -> QuestionsDocument:
    """Return the questions that fit a trial, else a condition, else everybody."""
    asked = clean(condition) or None
    is_general = trial is not None or asked is None
    return QuestionsDocument(
        audience=audience,
        nct_id=trial.nct_id if trial else None,
        title=trial.brief_title if trial else None,
        condition=asked,
        questions=questions_for(trial, audience) if is_general else _on(asked or "", audience),
        source=source,
    )


def _on(condition: str, audience: Audience) -> tuple[Question, ...]:
    tags = {f"system:{name}" for name in systems_for(condition)}
    tags |= {f"topic:{name}" for name in topics_for(condition)} | {ALWAYS}
    return tuple(
        question
        for question in all_questions()
        if question.audience == audience and not tags.isdisjoint(question.when)
    )


def print_questions(sheet: QuestionsDocument, console: Console, *, today: date) -> None:
    """Print the questions under their topics."""
    if sheet.source is not None:
        print_source(sheet.source, console, today)
    console.print(Text(_heading(sheet), "bold"))
    for topic, questions in _topics(sheet):
        console.print()
        console.print(Text(topic, "bold cyan"))
        grid = Table.grid(padding=(0, 1))
        for question in questions:
            grid.add_row(Text("  •"), Text(question.text))
        console.print(grid)
    console.print()
    console.print(Text(_CLOSING, "dim"))


def write_questions_markdown(sheet: QuestionsDocument, stream: TextIO, *, today: date) -> None:
    """Write the sheet as markdown, with a box to tick beside each question."""
    stream.write(f"# {escaped(_heading(sheet))}\n\n")
    if sheet.source is not None:
        stream.writelines(
            f"> **{escaped(line)}**  \n" for line in not_live_lines(sheet.source, today)
        )
        stream.write(f"\n{escaped(source_line(sheet.source))}\n")
    for topic, questions in _topics(sheet):
        stream.write(f"\n## {escaped(topic)}\n\n")
        stream.writelines(f"- [ ] {escaped(question.text)}\n" for question in questions)
    stream.write(f"\n{escaped(_CLOSING)}\n")


_CLOSING = "Write the answers down. Talk them over with your own doctor."


def _heading(sheet: QuestionsDocument) -> str:
    who = (
        "Questions to ask" if sheet.audience == "patient" else "Questions for the clinician to ask"
    )
    if sheet.nct_id:
        return f"{who} about {sheet.nct_id}: {clean(sheet.title) or '(no title)'}"
    return f"{who} about stem cells for {clean(sheet.condition)}" if sheet.condition else who


def _topics(sheet: QuestionsDocument) -> Iterator[tuple[str, list[Question]]]:
    """Yield the questions by topic, topics in the order in which they first come."""
    order = {
        question.topic: place for place, question in reversed(list(enumerate(sheet.questions)))
    }
    ranked = sorted(sheet.questions, key=lambda question: order[question.topic])
    for topic, group in groupby(ranked, key=lambda question: question.topic):
        yield topic, list(group)
