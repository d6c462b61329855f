"""Questions to ask before deciding: for a patient, or for the clinician beside them."""

from typing import Literal

from stemcheck.guidance.cautions import ALWAYS, tags_for
from stemcheck.guidance.dates import day_words
from stemcheck.guidance.texts import read_texts, source_words
from stemcheck.trial.trial import Facts, Trial
from stemcheck.words import entry_of, once_a_language, words

Audience = Literal["patient", "clinician"]


class Question(Facts):
    """One question, with the subject it belongs under and when it is asked."""

    id: str
    audience: Audience
    topic: str
    text: str
    when: tuple[str, ...]
    """Tags (see `stemcheck.guidance.cautions`): asked of a trial that has any of them."""
    source: str


@once_a_language
def all_questions() -> tuple[Question, ...]:
    """Return every question for every audience."""
    return tuple(
        Question.model_validate(
            {
                **row,
                "topic": words(f"questions.topic.{row['topic']}"),
                "text": entry_of(f"questions.text.{row['id']}"),
                "source": source_words(row["source"]),
            }
        )
        for row in read_texts("questions")["question"]
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
    return question.model_copy(update={"text": question.text.format(day=day)})
