"""Questions to ask before deciding: for a patient, or for the clinician beside them."""

from functools import cache
from typing import Literal

from stemcheck.guidance.partial_dates import day_words
from stemcheck.guidance.tags import ALWAYS, tags_for
from stemcheck.guidance.texts import read_texts
from stemcheck.trial.trial import Facts, Trial

Audience = Literal["patient", "clinician"]


class Question(Facts):
    """One question, with the subject it belongs under and when it is asked."""

    id: str
    audience: Audience
    topic: str
    text: str
    when: tuple[str, ...]
    """Tags (see `stemcheck.guidance.tags`): asked of a trial that has any of them."""
    source: str


@cache
def all_questions() -> tuple[Question, ...]:
    """Return every question for every audience."""
    texts = read_texts("questions")
    return tuple(
        Question.model_validate({**row, "source": texts["sources"][row["source"]]})
        for row in texts["question"]
    )


def questions_for(trial: Trial | None, audience: Audience = "patient") -> tuple[Question, ...]:
    """Return the questions to ask about a trial; without one, those that always fit.

    The trial's reading and signals have to be there already: several questions rest on them.
    """
    tags = frozenset({ALWAYS}) if trial is None else tags_for(trial)
    day = day_words(trial.status.as_of) if trial else ""
    return tuple(
        _on_day(question, day)
        for question in all_questions()
        if question.audience == audience and not tags.isdisjoint(question.when)
    )


def _on_day(question: Question, day: str) -> Question:
    if "{day}" not in question.text:
        return question
    return question.model_copy(update={"text": question.text.replace("{day}", day)})
