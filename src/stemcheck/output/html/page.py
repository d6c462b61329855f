"""The two kinds of pages: a search, and trials in full."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple, TextIO

from stemcheck import __version__
from stemcheck.guidance.cautions import ALWAYS, cautions_for, headline_cautions
from stemcheck.guidance.questions import Audience, Question, questions_for
from stemcheck.output.html.tallies import tallies_for
from stemcheck.output.html.templating import environment
from stemcheck.output.marks import Marks
from stemcheck.output.sections import sections_of
from stemcheck.output.summary import (
    gap_line,
    glance,
    headline,
    left_out_lines,
    missing_by_place,
    none_found,
)
from stemcheck.output.wording import day, not_live_lines, source_line
from stemcheck.trial.answer import AppliedCaution, Source, TrialsAnswer
from stemcheck.trial.details import ShowAnswer
from stemcheck.trial.trial import Trial
from stemcheck.words import words


class Group(NamedTuple):
    """Studies of a page under one heading."""

    id: str
    name: str
    trials: list[Trial]


def write_search_page(
    answer: TrialsAnswer,
    stream: TextIO,
    *,
    today: date,
    questions: Audience | None = None,
    is_short: bool = False,
) -> None:
    """Write a search as a page. With ``questions``, it ends with a sheet to take along.

    A short page has one line per study and fills one or two sheets of paper.
    """
    marks = Marks(answer.trials, answer.query)
    page = environment().get_template("short.html.j2" if is_short else "search.html.j2")
    stream.writelines(
        page.generate(
            **around(answer.source, today, answer.request.web_url),
            title=headline(answer.query),
            answer=answer,
            groups=_groups(answer),
            glance=glance(answer.trials, answer.source, answer.query),
            marks=marks,
            footnotes=marks.footnotes(),
            missing=missing_by_place(answer) if answer.trials else "",
            gap=gap_line(answer.counts),
            left_out=left_out_lines(answer.counts),
            none_found=none_found(answer),
            tallies=tallies_for(answer.trials) if answer.trials else (),
            sections=_sections(_without_headline(answer.cautions)),
            sheet_title=words(f"page.sheets.{questions or 'patient'}"),
            questions=_by_topic(questions_for(None, questions)) if questions else [],
        )
    )


def _groups(answer: TrialsAnswer) -> list[Group]:
    """Return the studies that are open to new participants, then the others."""
    saved_day = day(answer.source.saved_day)
    when = "then" if saved_day else "now"
    open_ = [trial for trial in answer.trials if trial.status.open_to_new_participants]
    closed = [trial for trial in answer.trials if not trial.status.open_to_new_participants]
    return [
        Group("open", words(f"page.groups.open_{when}", day=saved_day), open_),
        Group("closed", words(f"page.groups.closed_{when}", day=saved_day), closed),
    ]


def _without_headline(cautions: Iterable[AppliedCaution]) -> list[AppliedCaution]:
    """Return the cautions that are not among the few lines at the top of every page."""
    everywhere = {caution.id for caution in headline_cautions()}
    return [caution for caution in cautions if caution.id not in everywhere]


def write_trials_page(
    answer: ShowAnswer,
    stream: TextIO,
    *,
    today: date,
    questions: Audience | None = None,
    is_short: bool = False,
) -> None:
    """Write trials in full as a page. With ``questions``, it has a sheet with room for the answers."""
    marks = Marks(answer.trials)
    page = environment().get_template("short.html.j2" if is_short else "trials.html.j2")
    audience: Audience = questions or "patient"
    stream.writelines(
        page.generate(
            **around(answer.source, today, _record_of(answer)),
            title=_title(answer),
            answer=answer,
            told={
                trial.nct_id: list(sections_of(trial, answer.source, today))
                for trial in answer.trials
            },
            glance=glance(answer.trials, answer.source),
            marks=marks,
            footnotes=marks.footnotes(),
            missing="",
            gap=None,
            none_found="",
            cautions={
                trial.nct_id: [c for c in _without_headline(cautions_for(trial)) if c.why != ALWAYS]
                for trial in answer.trials
            },
            sections=_sections([c for c in _without_headline(answer.cautions) if c.why == ALWAYS]),
            sheet_title=words(f"page.sheets.{audience}"),
            is_sheet=questions is not None,
            questions={
                trial.nct_id: _by_topic(questions_for(trial, audience)) for trial in answer.trials
            },
        )
    )


def _record_of(answer: ShowAnswer) -> str | None:
    """Return the address of the record if the page is about a single one."""
    return answer.trials[0].url if len(answer.trials) == 1 else None


def around(source: Source, today: date, ask_at: str | None) -> dict[str, object]:
    """Return what every page says about itself: its source, its date, and who made it."""
    return {
        "ask_at": ask_at,
        "headline_cautions": headline_cautions(),
        "not_live": not_live_lines(source, today),
        "source": source,
        "source_line": source_line(source),
        "today": today.isoformat(),
        "version": __version__,
    }


def _title(answer: ShowAnswer) -> str:
    if len(answer.trials) == 1:
        return words("page.trial.title", number=answer.trials[0].nct_id)
    return words("page.trial.titles", count=len(answer.trials))


def _sections(cautions: Sequence[AppliedCaution]) -> list[tuple[str, list[AppliedCaution]]]:
    """Return the cautions under their headings, both in the order of first appearance."""
    names = dict.fromkeys(caution.section for caution in cautions)
    return [(name, [c for c in cautions if c.section == name]) for name in names]


def _by_topic(questions: Sequence[Question]) -> list[tuple[str, list[Question]]]:
    """Return the questions under their topics, in the order of the sheet."""
    topics = dict.fromkeys(question.topic for question in questions)
    return [(topic, [q for q in questions if q.topic == topic]) for topic in topics]
