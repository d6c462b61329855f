"""One study, reviewed: the facts of the record with our reading, its signals and the cautions that apply."""

from datetime import date
from typing import TYPE_CHECKING

from stemcheck.guidance.glossary import status_meaning
from stemcheck.guidance.select import caution_ids_for, cautions_for
from stemcheck.guidance.signals import signals_for
from stemcheck.trial.answer import AppliedCaution
from stemcheck.trial.study import Study
from stemcheck.trial.text import RecordText
from stemcheck.trial.trial import Signal, Trial

if TYPE_CHECKING:
    from stemcheck.reading import Step


def review(study: Study, *, today: date) -> Trial:
    """Return the trial of a study with everything that stemcheck has to say about it."""
    from stemcheck.reading import read

    trial = study.trial.model_copy(update={"reading": read(study.text)})
    return _with_our_words(trial, signals_for(study, today=today))


def review_saved(trial: Trial, *, today: date) -> Trial:
    """Return a trial of the built-in sample with what depends on the day and on our own words.

    Its reading, and the signals that quote the record's text, were kept when the sample was made.
    """
    facts = Study(trial=trial, text=RecordText(study_type=trial.study_type or ""))
    signals = {signal.id: signal for signal in signals_for(facts, today=today)}
    kept = {signal.id: signal for signal in trial.signals if signal.quote}
    return _with_our_words(trial, tuple((signals | kept).values()))


def cautions_of(trial: Trial) -> tuple[AppliedCaution, ...]:
    """Return the cautions that apply to one trial, each with its reason."""
    return cautions_for(trial)


def steps_of(text: RecordText | None) -> "tuple[Step, ...]":
    """Return how a record was read, step by step; nothing when its words are not at hand."""
    if text is None:
        return ()
    from stemcheck.reading import explain

    return explain(text)[1]


def _with_our_words(trial: Trial, signals: tuple[Signal, ...]) -> Trial:
    status = trial.status.model_copy(update={"meaning": status_meaning(trial.status.value)})
    trial = trial.model_copy(update={"status": status, "signals": signals})
    return trial.model_copy(update={"cautions": caution_ids_for(trial)})
