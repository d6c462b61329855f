"""Reviews one study: adds the reading, the signals and the cautions to the facts of its record."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from stemcheck.guidance.cautions import catalogue, caution_ids_for
from stemcheck.guidance.dates import last_day
from stemcheck.guidance.glossary import past_status_meaning, status_meaning
from stemcheck.guidance.signals import kinds, reworded, signals_for
from stemcheck.trial.reading import Reading
from stemcheck.trial.study import Study
from stemcheck.trial.text import RecordText
from stemcheck.trial.trial import Signal, Trial

if TYPE_CHECKING:
    from stemcheck.reading import Step


def prepare_reviews() -> None:
    """Load the words that every review needs (some 10 ms) before the first one."""
    status_meaning("RECRUITING")
    catalogue()
    kinds()


def review(study: Study, *, today: date) -> Trial:
    """Return the trial of a study that came from the registry today, with everything that we add to it."""
    from stemcheck.reading import read

    return _with_our_words(study.trial, read(study.text), signals_for(study, today=today))


def review_kept(study: Study, *, day: date) -> Trial:
    """Return the trial of a saved study, with what could be said about it on its own date."""
    return review(study._replace(trial=_of_day(study.trial, day)), today=day)


def review_filed(study: Study, *, today: date) -> Trial:
    """Return the trial of a record from a file, which usually has an earlier date than today."""
    day = last_day(study.data_date)
    if day is None:
        return _review_undated(study, today)
    return review(study, today=today) if day == today else review_kept(study, day=day)


def _review_undated(study: Study, today: date) -> Trial:
    """Return the trial of a record without a date; it is at least as late as the latest date in it."""
    from stemcheck.reading import read

    told = study.trial.dates
    written = (study.trial.status.verified_on, told.last_update_posted, told.first_submitted)
    day = max(filter(None, map(last_day, written)), default=today)
    signals = signals_for(study, today=day)
    return _with_our_words(study.trial, read(study.text), signals, is_undated=True)


def review_unchanged(
    study: Study, reading: Reading, quoting: Iterable[Signal], *, today: date
) -> Trial:
    """Return the trial of a study whose words are those that were read before.

    ``quoting``: the signals that quote these words. Those that rest on other facts are of today.
    """
    facts = study._replace(text=RecordText(study_type=study.text.study_type))
    signals = (*signals_for(facts, today=today), *quoting)
    return _with_our_words(study.trial, reading, reworded(signals, study.trial))


def review_saved(trial: Trial, *, day: date) -> Trial:
    """Return a trial of the built-in sample, with the parts that depend on the date and on our words.

    Its reading, and the signals that quote the record, were saved when the sample was made.
    """
    trial = _of_day(trial, day)
    facts = Study(trial=trial, text=RecordText(study_type=trial.study_type or ""))
    signals = {signal.id: signal for signal in signals_for(facts, today=day)}
    kept = {signal.id: signal for signal in trial.signals if signal.quote}
    return _with_our_words(trial, trial.reading, reworded((signals | kept).values(), trial))


def steps_of(text: RecordText | None) -> "tuple[Step, ...]":
    """Return the steps of a record's reading; nothing if its words are not available."""
    if text is None:
        return ()
    from stemcheck.reading import explain

    return explain(text)[1]


def _of_day(trial: Trial, day: date) -> Trial:
    """Return a trial with its status marked as of a past date; everything else about it builds on this."""
    status = trial.status.model_copy(update={"as_of": day.isoformat()})
    return trial.model_copy(update={"status": status})


def _with_our_words(
    trial: Trial,
    reading: Reading | None,
    signals: tuple[Signal, ...],
    *,
    is_undated: bool = False,
) -> Trial:
    """Return a trial with everything that we add, set in a single copy because copies are slow."""
    as_of = trial.status.as_of
    is_past = trial.status.value is not None and (is_undated or as_of is not None)
    meaning = past_status_meaning(as_of) if is_past else status_meaning(trial.status.value)
    words = {
        "status": trial.status.model_copy(update={"meaning": meaning}),
        "reading": reading,
        "signals": signals,
        "cautions": caution_ids_for(trial, reading, signals),
    }
    return trial.model_copy(update=words)
