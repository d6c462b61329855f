"""Trials in full, by their numbers."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from shlex import quote
from typing import TYPE_CHECKING

from stemcheck.errors import (
    AnswerUnreadableError,
    StoreError,
    TrialNotFoundError,
    UsageError,
)
from stemcheck.guidance.partial_dates import last_day
from stemcheck.guidance.select import cautions_for_search
from stemcheck.services.connecting import Events, connect, find_past
from stemcheck.services.review import review, review_kept, review_saved
from stemcheck.services.search import Ask, CannotAskError
from stemcheck.services.settings import Settings
from stemcheck.services.sources import (
    REGISTRY_NAME,
    day_of,
    not_live_notices,
    sample_source,
    today,
)
from stemcheck.trial.answer import Notice, Source, UnreadableRecord
from stemcheck.trial.details import DetailedTrial, Details, ShowAnswer
from stemcheck.trial.study import Study, Unreadable
from stemcheck.trial.text import RecordText
from stemcheck.trial.trial import Trial

if TYPE_CHECKING:
    from stemcheck.registry.client import Registry


@dataclass(slots=True)
class Found:
    """What came of asking for trials by number."""

    source: Source
    trials: list[DetailedTrial] = field(default_factory=list)
    texts: dict[str, RecordText] = field(default_factory=dict)
    """The words of each record, for explaining its reading; saved data have none."""
    missing: list[str] = field(default_factory=list)
    unreadable: list[UnreadableRecord] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def answer(self) -> ShowAnswer:
        """Return the document of these trials."""
        return ShowAnswer(
            source=self.source,
            trials=tuple(self.trials),
            cautions=cautions_for_search(self.trials),
            missing=tuple(self.missing),
            unreadable=tuple(self.unreadable),
            notices=tuple(self.notices),
        )

    def closing_notices(self) -> list[Notice]:
        """Return what has to be said beside the trials."""
        absent = [Notice(id="not_found", text=f"{n} is not in the registry.") for n in self.missing]
        unread = [
            Notice(id="unreadable", text=f"{r.nct_id} could not be read: {r.reason}")
            for r in self.unreadable
        ]
        return [*self.notices, *absent, *unread]

    def raise_if_nothing(self) -> None:
        """Raise the error that says why there is nothing to show, when there is nothing."""
        if self.trials:
            return
        facts = {"missing": self.missing, "unreadable": [r.model_dump() for r in self.unreadable]}
        if self.unreadable:
            first = self.unreadable[0]
            text = f"The record {first.nct_id or ''} could not be read: {first.reason}"
            hint = "Look at the record itself on https://clinicaltrials.gov"
            raise AnswerUnreadableError(text, hint=hint, facts=facts)
        if self.missing:
            names, has = (
                " and ".join(self.missing),
                "have" if len(self.missing) == 1 else "have any of",
            )
            text = f"The registry was asked and does not {has} {names}."
            hint = "Check the number, digit by digit. Old numbers of a study are found, too."
            raise TrialNotFoundError(text, hint=hint, facts=facts)
        text = "Saved data do not hold this trial. That says nothing about the registry."
        raise StoreError(text, hint="Ask the registry: the same command without --offline.")


def find_trials(
    nct_ids: tuple[str, ...], ask: Ask, settings: Settings, *, on_event: Events | None = None
) -> Found:
    """Return the trials of these numbers from the registry, or from saved data when it cannot be asked.

    A number that the registry does not have stands in ``missing``. Saved data cannot say that a number
    does not exist: when they lack one, the registry's own error is raised, or with ``SAVED_ONLY`` a
    notice says so.
    """
    if ask is Ask.SAVED_ONLY:
        return _saved(settings, nct_ids, None)
    with connect(
        settings, has_fallback=ask is Ask.REGISTRY_THEN_SAVED, on_event=on_event
    ) as registry:
        try:
            return _live(registry, nct_ids)
        except CannotAskError as error:
            saved = _saved(settings, nct_ids, error.message)
            if ask is Ask.REGISTRY_ONLY or len(saved.trials) < len(nct_ids):
                raise
            return saved


def _live(registry: "Registry", nct_ids: tuple[str, ...]) -> Found:
    found = Found(
        Source(
            kind="live",
            registry=REGISTRY_NAME,
            retrieved_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        )
    )
    for asked, item in zip(nct_ids, registry.fetch(nct_ids), strict=True):
        if isinstance(item, Study):
            _add(found, item, review(item, today=today()))
            if asked in item.trial.aliases:
                text = f"{asked} is an older number of {item.trial.nct_id}, shown here."
                found.notices.append(Notice(id="alias", text=text))
        elif isinstance(item, Unreadable):
            found.unreadable.append(
                UnreadableRecord(nct_id=item.nct_id or asked, reason=item.reason)
            )
        else:
            found.missing.append(asked)
    return found


def _add(found: Found, study: Study, trial: Trial) -> None:
    found.texts[trial.nct_id] = study.text
    found.trials.append(in_full(trial, study.details))
    dates = sorted(filter(None, (found.source.data_timestamp, study.data_date)))
    if dates:
        found.source = found.source.model_copy(update={"data_timestamp": dates[0]})


def _saved(settings: Settings, nct_ids: tuple[str, ...], why_not_live: str | None) -> Found:
    """Return the trials as they were last fetched when all were kept, else those of the sample."""
    answers = find_past(settings)
    found_kept = [answers.find_study(nct_id) for nct_id in nct_ids] if answers else []
    kept = [past for past in found_kept if past is not None]
    if len(kept) < len(nct_ids):
        return _from_sample(nct_ids, why_not_live)
    oldest = min(past.retrieved_at for past in kept)
    found = Found(
        Source(kind="saved", registry=REGISTRY_NAME, retrieved_at=oldest, why_not_live=why_not_live)
    )
    for past in kept:
        kept_on = last_day(past.study.data_date) or last_day(past.retrieved_at) or today()
        _add(found, past.study, review_kept(past.study, day=kept_on))
    found.notices += not_live_notices(found.source)
    return found


def _from_sample(nct_ids: tuple[str, ...], why_not_live: str | None) -> Found:
    from stemcheck.saved.sample import load_sample

    sample = load_sample()
    found = Found(sample_source(sample, why_not_live))
    found.notices += not_live_notices(found.source)
    for nct_id in nct_ids:
        trial = sample.find(nct_id)
        if trial is None:
            text = f"{nct_id} is not in the built-in sample. The registry may have it."
            found.notices.append(Notice(id="not_in_sample", text=text))
        else:
            found.trials.append(in_full(review_saved(trial, day=day_of(found.source)), None))
    return found


def in_full(trial: Trial, details: Details | None) -> DetailedTrial:
    """Return a trial together with its details."""
    return DetailedTrial(**dict(trial), details=details or Details())


def checked_number(text: str) -> str:
    """Return an NCT number in its usual form; raise UsageError that shows the right form."""
    letters = "".join(text.split()).upper()
    digits = letters.removeprefix("NCT").lstrip("-#:")
    if digits.isdecimal() and digits.isascii() and len(digits) == 8:  # noqa: PLR2004 (the form of the number)
        if letters.startswith("NCT"):
            return f"NCT{digits}"
        raise UsageError(
            f"{text!r} is only the digits of a number.", hint=f"Did you mean NCT{digits}?"
        )
    is_word = letters.isalpha() and letters != "NCT"
    illness = f" For an illness: stemcheck trials --condition {quote(text)}" if is_word else ""
    count = f": it has {len(digits)} digits" if digits.isdecimal() else ""
    raise UsageError(
        f"{text!r} is not an NCT number{count}.",
        hint=f"An NCT number is the letters NCT and eight digits, like NCT04506073.{illness}",
    )
