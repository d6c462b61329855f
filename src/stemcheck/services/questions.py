"""Questions to take along: about one trial, about a condition, or in general."""

from stemcheck.guidance.conditions import systems_for, topics_for
from stemcheck.guidance.questions import Audience, Question, all_questions, questions_for
from stemcheck.guidance.tags import ALWAYS
from stemcheck.trial.trial import Trial


def questions_to_ask(
    trial: Trial | None, condition: str | None, audience: Audience
) -> tuple[Question, ...]:
    """Return the questions that fit a trial, else a condition, else everybody."""
    if trial is not None or condition is None:
        return questions_for(trial, audience)
    tags = {f"system:{name}" for name in systems_for(condition)}
    tags |= {f"topic:{name}" for name in topics_for(condition)} | {ALWAYS}
    return tuple(
        question
        for question in all_questions()
        if question.audience == audience and not tags.isdisjoint(question.when)
    )
