"""A sheet of questions to take along; the printed form has room for answers."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Literal

from pydantic import Field
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stemcheck.guidance.cautions import ALWAYS
from stemcheck.guidance.conditions import systems_for, topics_for
from stemcheck.guidance.questions import Audience, Question, all_questions, questions_for
from stemcheck.output.detail import print_source
from stemcheck.output.formats import Sheet
from stemcheck.output.formats.markdown import escaped
from stemcheck.output.plain import clean
from stemcheck.output.wording import not_live_lines, source_line
from stemcheck.trial.answer import Source
from stemcheck.trial.trial import Facts, Trial
from stemcheck.words import words


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
    """Return the questions for a trial, or else for a condition, or else for everybody."""
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


class QuestionsSheet(Sheet):
    """The questions under their topics."""

    def __init__(self, document: QuestionsDocument, *, today: date) -> None:
        self._document = document
        self._today = today

    def document(self) -> QuestionsDocument:
        return self._document

    def draw(self, console: Console) -> None:
        if self._document.source is not None:
            print_source(self._document.source, console, self._today)
        console.print(Text(_heading(self._document), "bold"))
        for topic, questions in _topics(self._document):
            console.print()
            console.print(Text(topic, "bold cyan"))
            grid = Table.grid(padding=(0, 1))
            for question in questions:
                grid.add_row(Text("  •"), Text(question.text))
            console.print(grid)
        console.print()
        console.print(Text(words("sheets.questions.closing"), "dim"))

    def markdown(self) -> Iterator[str]:
        """Yield the sheet with a box to tick for each question."""
        yield f"# {escaped(_heading(self._document))}"
        yield ""
        if source := self._document.source:
            yield from (f"> **{escaped(line)}**  " for line in not_live_lines(source, self._today))
            yield from ("", escaped(source_line(source)))
        for topic, questions in _topics(self._document):
            yield from ("", f"## {escaped(topic)}", "")
            yield from (f"- [ ] {escaped(question.text)}" for question in questions)
        yield from ("", escaped(words("sheets.questions.closing")))


def _heading(sheet: QuestionsDocument) -> str:
    who = words(f"sheets.questions.{sheet.audience}")
    if sheet.nct_id:
        title = clean(sheet.title) or words("sheets.no_title")
        return words("sheets.questions.on_trial", who=who, number=sheet.nct_id, title=title)
    if sheet.condition:
        return words("sheets.questions.on_condition", who=who, condition=clean(sheet.condition))
    return who


def _topics(sheet: QuestionsDocument) -> Iterator[tuple[str, list[Question]]]:
    """Yield the questions by topic, in the order of first appearance."""
    order = {
        question.topic: place for place, question in reversed(list(enumerate(sheet.questions)))
    }
    ranked = sorted(sheet.questions, key=lambda question: order[question.topic])
    for topic, group in groupby(ranked, key=lambda question: question.topic):
        yield topic, list(group)
