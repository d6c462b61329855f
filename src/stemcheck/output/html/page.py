"""The two pages: a search, and trials in full."""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import TextIO

from stemcheck import __version__
from stemcheck.guidance.cautions import ALWAYS, cautions_for, headline_cautions
from stemcheck.guidance.dates import last_day
from stemcheck.guidance.questions import Audience, Question, questions_for
from stemcheck.output.html.tallies import tallies_for
from stemcheck.output.html.templating import environment
from stemcheck.output.summary import gap_line, headline, left_out_lines, none_found
from stemcheck.output.wording import day, not_live_lines, source_line
from stemcheck.trial.answer import AppliedCaution, Source, TrialsAnswer
from stemcheck.trial.details import ShowAnswer
from stemcheck.words import words


def write_search_page(
    answer: TrialsAnswer, stream: TextIO, *, today: date, questions: Audience | None = None
) -> None:
    """Write a search as a page; with ``questions``, a sheet to take along stands at its end."""
    sections = _sections(answer.cautions)
    ordered = [caution for _, cautions in sections for caution in cautions]
    numbers = {caution.id: number for number, caution in enumerate(ordered, 1)}
    special = {caution.id for caution in ordered if caution.why != ALWAYS}
    is_open = attrgetter("status.open_to_new_participants")
    saved_day = day(answer.source.saved_day)
    when = "then" if saved_day else "now"
    page = environment().get_template("search.html.j2")
    stream.writelines(
        page.generate(
            **_around(answer.source, today),
            title=headline(answer.query),
            answer=answer,
            groups=[
                (
                    words(f"page.groups.open_{when}", day=saved_day),
                    [trial for trial in answer.trials if is_open(trial)],
                ),
                (
                    words(f"page.groups.closed_{when}", day=saved_day),
                    [trial for trial in answer.trials if not is_open(trial)],
                ),
            ],
            gap=gap_line(answer.counts),
            left_out=left_out_lines(answer.counts),
            none_found=none_found(answer),
            tallies=tallies_for(answer.trials) if answer.trials else (),
            sections=sections,
            numbers=numbers,
            own_cautions={
                trial.nct_id: sorted(numbers[id_] for id_ in special.intersection(trial.cautions))
                for trial in answer.trials
            },
            sheet_title=words(f"page.sheets.{questions or 'patient'}"),
            questions=_by_topic(questions_for(None, questions)) if questions else [],
        )
    )


def write_trials_page(
    answer: ShowAnswer, stream: TextIO, *, today: date, questions: Audience | None = None
) -> None:
    """Write trials in full as a page; with ``questions``, the questions are a sheet to write on."""
    page = environment().get_template("trials.html.j2")
    audience: Audience = questions or "patient"
    stream.writelines(
        page.generate(
            **_around(answer.source, today),
            title=_title(answer),
            answer=answer,
            data_day=last_day(answer.source.saved_day) or today,
            cautions={
                trial.nct_id: [c for c in cautions_for(trial) if c.why != ALWAYS]
                for trial in answer.trials
            },
            sections=_sections([c for c in answer.cautions if c.why == ALWAYS]),
            sheet_title=words(f"page.sheets.{audience}"),
            is_sheet=questions is not None,
            questions={
                trial.nct_id: _by_topic(questions_for(trial, audience)) for trial in answer.trials
            },
        )
    )


def _around(source: Source, today: date) -> dict[str, object]:
    """Return what every page says of itself: where it comes from, of when it is, who made it."""
    return {
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
    """Return the cautions under their headings, both in the order in which they come."""
    names = dict.fromkeys(caution.section for caution in cautions)
    return [(name, [c for c in cautions if c.section == name]) for name in names]


def _by_topic(questions: Sequence[Question]) -> list[tuple[str, list[Question]]]:
    """Return the questions under their topics, in the order of the sheet."""
    topics = dict.fromkeys(question.topic for question in questions)
    return [(topic, [q for q in questions if q.topic == topic]) for topic in topics]
