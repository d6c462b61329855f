"""Questions to take along: about one trial, about a condition, or in general."""

from typing import Literal

from pydantic import Field

from stemcheck.errors import AnswerUnreadableError, TrialNotFoundError
from stemcheck.guidance.conditions import systems_for, topics_for
from stemcheck.guidance.questions import Audience, Question, all_questions, questions_for
from stemcheck.guidance.tags import ALWAYS
from stemcheck.services.connecting import Events
from stemcheck.services.search import Ask
from stemcheck.services.settings import Settings
from stemcheck.services.show import Found, checked_number, find_trials
from stemcheck.trial.answer import Source
from stemcheck.trial.trial import Facts


class QuestionsAnswer(Facts):
    """A sheet of questions, as JSON."""

    schema_: Literal["stemcheck.questions/1"] = Field("stemcheck.questions/1", alias="schema")
    audience: Audience
    nct_id: str | None
    """The trial that the questions are about. None: no trial was named."""
    title: str | None
    condition: str | None
    questions: tuple[Question, ...]
    source: Source | None
    """Where the trial's record comes from. None: no trial was named."""


def find_trial(
    number: str, ask: Ask, settings: Settings, *, on_event: Events | None = None
) -> Found:
    """Return what came of asking for one trial; raise when there is no trial to ask questions about."""
    wanted = checked_number(number)
    found = find_trials((wanted,), ask, settings, on_event=on_event)
    if found.trials:
        return found
    if found.unreadable:
        raise AnswerUnreadableError(f"The record of {wanted} could not be read.")
    where = "the registry" if found.missing else "saved data"
    raise TrialNotFoundError(
        f"{wanted} is not in {where}.", hint="Questions for every trial: stemcheck questions"
    )


def sheet_for(found: Found | None, condition: str | None, audience: Audience) -> QuestionsAnswer:
    """Return the questions that fit a trial, else a condition, else everybody."""
    asked = " ".join((condition or "").split()) or None
    trial = found.trials[0] if found else None
    if trial is not None or asked is None:
        questions = questions_for(trial, audience)
    else:
        questions = _questions_on(asked, audience)
    return QuestionsAnswer(
        audience=audience,
        nct_id=trial.nct_id if trial else None,
        title=trial.brief_title if trial else None,
        condition=asked,
        questions=questions,
        source=found.source if found else None,
    )


def _questions_on(condition: str, audience: Audience) -> tuple[Question, ...]:
    tags = {f"system:{name}" for name in systems_for(condition)}
    tags |= {f"topic:{name}" for name in topics_for(condition)} | {ALWAYS}
    return tuple(
        question
        for question in all_questions()
        if question.audience == audience and not tags.isdisjoint(question.when)
    )
