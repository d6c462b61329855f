"""Finds trials by number. Each number has its own result: found, missing, or not asked for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from shlex import quote
from typing import Any, NamedTuple, NoReturn

from pydantic import BaseModel

from stemcheck.errors import (
    AnswerUnreadableError,
    StemcheckError,
    StoreError,
    TrialNotFoundError,
    UsageError,
)
from stemcheck.guidance.cautions import cautions_for_search
from stemcheck.guidance.dates import last_day
from stemcheck.services.account import account_of
from stemcheck.services.connecting import Events, connect, find_past
from stemcheck.services.review import review, review_kept, review_saved, steps_of
from stemcheck.services.search import Ask, CannotAskError, add_address
from stemcheck.services.settings import Settings
from stemcheck.services.sources import (
    REGISTRY_NAME,
    day_of,
    not_live_notices,
    sample_source,
    today,
)
from stemcheck.trial.answer import Notice, Source, UnreadableRecord
from stemcheck.trial.details import (
    DetailedTrial,
    Details,
    LongForm,
    ShowAnswer,
    StepOfReading,
)
from stemcheck.trial.protocol import DesignInFull, EligibilityInFull, InterventionInFull
from stemcheck.trial.study import Missing, Study, Unreadable
from stemcheck.trial.text import RecordText
from stemcheck.trial.trial import STUDY_URL, Trial
from stemcheck.words import words

DIGITS = 8
"""The digits of an NCT number."""


@dataclass(frozen=True, slots=True)
class Record:
    """What came for one number: a trial, or the reason why its record could not be read."""

    trial: DetailedTrial | None
    text: RecordText | None = None
    """The words of the record, to explain its reading; the sample has none."""
    registry_terms: tuple[str, ...] = ()
    """The registry's own terms for the conditions; the sample has none."""
    problem: str | None = None
    """Why the record could not be read."""
    exists: bool | None = True
    """None: the answer was unreadable and did not even contain the number."""


@dataclass(slots=True)
class Found:
    """The results of asking for trials by number."""

    by_number: dict[str, Record | None] = field(default_factory=dict)
    """None: the registry has no such number. A number without a key got no answer."""
    source: Source | None = None
    """None: nothing came."""
    notices: list[Notice] = field(default_factory=list)
    error: StemcheckError | None = None
    """Why the registry did not answer for all of them."""

    @property
    def failure(self) -> StemcheckError | None:
        """The error, unless saved data answered in place of the registry."""
        return None if self.source and self.source.why_not_live else self.error

    @property
    def trials(self) -> tuple[DetailedTrial, ...]:
        """The trials, each once, in the order of the numbers."""
        found = (record.trial for record in self.by_number.values() if record and record.trial)
        return tuple({trial.nct_id: trial for trial in found}.values())

    @property
    def missing(self) -> tuple[str, ...]:
        """The numbers that the registry does not have."""
        return tuple(number for number, record in self.by_number.items() if record is None)

    @property
    def unreadable(self) -> tuple[UnreadableRecord, ...]:
        """The records that came but could not be read."""
        return tuple(
            UnreadableRecord(nct_id=number, reason=record.problem)
            for number, record in self.by_number.items()
            if record and record.problem
        )

    def text_of(self, trial: Trial) -> RecordText | None:
        """Return the words of a trial's record, if available."""
        texts = (r.text for r in self.by_number.values() if r and r.trial is trial)
        return next(texts, None)

    def steps(self) -> tuple[StepOfReading, ...]:
        """Return the steps of each record's reading."""
        return tuple(
            StepOfReading(nct_id=trial.nct_id, **step._asdict())
            for trial in self.trials
            for step in steps_of(self.text_of(trial))
        )

    @property
    def origin(self) -> Source:
        """Where the trials come from. Raises the error that explains why nothing came."""
        if self.source is None:
            self.raise_for_nothing()
        return self.source

    def answer(self, command: str | None = None) -> ShowAnswer:
        """Return the document of these trials; with ``command``, add its account. Raises if nothing came."""
        return ShowAnswer(
            source=self.origin,
            trials=self.trials,
            cautions=cautions_for_search(self.trials),
            missing=self.missing,
            unreadable=self.unreadable,
            notices=(*self.notices, *self._aliases()),
            explain=account_of(self.origin, (), command) if command else None,
        )

    def closing_notices(self) -> list[Notice]:
        """Return the notices that belong with the trials."""
        absent = [
            Notice(id="not_found", text=words("show.missing", number=number))
            for number in self.missing
        ]
        unread = [
            Notice(
                id="unreadable",
                text=words("show.unreadable", number=one.nct_id, reason=one.reason),
            )
            for one in self.unreadable
        ]
        return [*self.notices, *self._aliases(), *absent, *unread]

    def _aliases(self) -> Iterator[Notice]:
        for number, record in self.by_number.items():
            if record and record.trial and record.trial.nct_id != number:
                text = words("show.alias", number=number, nct_id=record.trial.nct_id)
                yield Notice(id="alias", text=text)

    def raise_if_no_trial(self) -> None:
        """Raise the error that explains why there is no trial, if there is none."""
        if not self.trials:
            self.raise_for_nothing()

    def raise_if_unreadable(self) -> None:
        """Raise AnswerUnreadableError if a record could not be read."""
        if self.unreadable:
            raise AnswerUnreadableError(
                words("asking.strict.unreadable", count=len(self.unreadable)),
                hint=words("asking.strict.hint"),
            )

    def raise_for_nothing(self) -> NoReturn:
        """Raise the error that explains why nothing can be shown."""
        facts: dict[str, object] = {
            "missing": list(self.missing),
            "unreadable": [one.model_dump() for one in self.unreadable],
        }
        if self.unreadable:
            first = self.unreadable[0]
            raise AnswerUnreadableError(
                words("show.nothing.unreadable", number=first.nct_id, reason=first.reason),
                hint=words("show.nothing.unreadable_hint"),
                facts=facts,
            )
        if self.missing:
            numbers = " and ".join(self.missing)
            raise TrialNotFoundError(
                words("show.nothing.missing", numbers=numbers, count=len(self.missing)),
                hint=words("show.nothing.missing_hint"),
                facts=facts,
            )
        raise StoreError(words("show.nothing.not_saved"), hint=words("show.nothing.not_saved_hint"))


def find_trials(
    numbers: tuple[str, ...],
    ask: Ask,
    settings: Settings,
    *,
    is_long: bool = True,
    on_event: Events | None = None,
) -> Found:
    """Return the results for all of these numbers. Raises the registry's error if it left one unanswered.

    ``is_long`` adds everything that the records say, including the posted results.

    Saved data cannot prove that a number does not exist: with ``SAVED_ONLY``, a notice says it is missing.
    """
    found = look_up(numbers, ask, settings, on_event, is_long=is_long)
    if found.error and any(number not in found.by_number for number in numbers):
        raise found.error
    return found


def find_trial(
    number: str, ask: Ask, settings: Settings, *, on_event: Events | None = None
) -> Found:
    """Return the result for one trial. Raises if there is no trial to ask questions about."""
    wanted = checked_number(number)
    found = find_trials((wanted,), ask, settings, is_long=False, on_event=on_event)
    if found.trials:
        return found
    if found.unreadable:
        raise AnswerUnreadableError(words("show.questions.unreadable", number=wanted))
    where = "missing" if found.missing else "not_saved"
    raise TrialNotFoundError(
        words(f"show.questions.{where}", number=wanted), hint=words("show.questions.hint")
    )


def look_up(
    numbers: tuple[str, ...],
    ask: Ask,
    settings: Settings,
    on_event: Events | None = None,
    *,
    is_long: bool = False,
) -> Found:
    """Return the result for each number, from the registry or from saved data in its place.

    An answer has only one source: if the registry's answer broke off, the source that answers more of the
    numbers is used. A number without an answer is not in the result.
    """
    # The registry never assigned NCT00000000, and it refuses the question.
    zeros = [number for number in numbers if not number.strip("NCT0")]
    possible = tuple(number for number in numbers if number not in zeros)
    asking = _Asking(possible, ask, settings, on_event, is_long)
    found = _answers(asking) if possible else Found()
    answered = found.by_number | dict.fromkeys(zeros)
    found.by_number = {number: answered[number] for number in numbers if number in answered}
    return found


class _Asking(NamedTuple):
    """What to ask for, and how."""

    numbers: tuple[str, ...]
    ask: Ask
    settings: Settings
    on_event: Events | None
    is_long: bool


def _answers(asking: _Asking) -> Found:
    if asking.ask is Ask.SAVED_ONLY:
        return _saved(asking, None)
    live = _live(asking)
    if live.error is None or asking.ask is Ask.REGISTRY_ONLY:
        return live
    saved = _saved(asking, live.error.message)
    saved.error = live.error
    return saved if len(saved.by_number) > len(live.by_number) else live


def _live(asking: _Asking) -> Found:
    found = Found()
    days: list[str] = []
    has_fallback = asking.ask is Ask.REGISTRY_THEN_SAVED
    try:
        with connect(
            asking.settings, has_fallback=has_fallback, on_event=asking.on_event
        ) as registry:
            items = registry.fetch(asking.numbers, is_long=asking.is_long)
            for number, item in zip(asking.numbers, items, strict=True):
                found.by_number[number] = _record_of(item)
                days += [item.data_date] if isinstance(item, Study) and item.data_date else []
    except CannotAskError as error:
        add_address(error, address_of(asking.numbers))
        found.error = error
        found.notices.append(Notice(id="not_asked", text=error.message))
    if found.by_number:
        found.source = Source(
            kind="live",
            registry=REGISTRY_NAME,
            data_timestamp=min(days, default=None),
            retrieved_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        )
    return found


def _record_of(item: Study | Unreadable | Missing) -> Record | None:
    match item:
        case Study():
            trial = in_full(review(item, today=today()), item.details, item.long_form)
            return Record(trial, item.text, item.condition_terms)
        case Unreadable():
            return Record(None, problem=item.reason, exists=bool(item.nct_id) or None)
        case Missing():
            return None


def _saved(asking: _Asking, why_not_live: str | None) -> Found:
    """Return the trials as last fetched, or those of the sample if it has more of them."""
    numbers = asking.numbers
    is_kept_only = asking.ask is Ask.REGISTRY_THEN_KEPT
    found = _kept(asking, why_not_live)
    if is_kept_only and not found.by_number:
        return found
    if len(found.by_number) < len(numbers) and not is_kept_only:
        sample = _from_sample(numbers, why_not_live)
        if not found.by_number or len(sample.by_number) > len(found.by_number):
            found = sample
    found.notices += not_live_notices(found.origin, address_of(numbers))
    key = "show.not_in_sample" if found.origin.kind == "sample" else "show.not_saved"
    for number in numbers:
        if number not in found.by_number:
            found.notices.append(Notice(id="not_saved", text=words(key, number=number)))
    return found


def _kept(asking: _Asking, why_not_live: str | None) -> Found:
    """Return the saved trials. The date of the source is the oldest of theirs."""
    answers = find_past(asking.settings)
    each = (
        {number: answers.find_study(number, is_long=asking.is_long) for number in asking.numbers}
        if answers
        else {}
    )
    kept = {number: past for number, past in each.items() if past is not None}
    found = Found()
    for number, past in kept.items():
        kept_on = last_day(past.study.data_date) or last_day(past.retrieved_at) or today()
        study = past.study
        trial = in_full(review_kept(study, day=kept_on), study.details, study.long_form)
        found.by_number[number] = Record(trial, study.text, study.condition_terms)
    if kept:
        days = [past.study.data_date for past in kept.values() if past.study.data_date]
        found.source = Source(
            kind="saved",
            registry=REGISTRY_NAME,
            data_timestamp=min(days, default=None),
            retrieved_at=min(past.retrieved_at for past in kept.values()),
            why_not_live=why_not_live,
        )
    return found


def _from_sample(numbers: Iterable[str], why_not_live: str | None) -> Found:
    from stemcheck.saved.sample import load_sample

    sample = load_sample()
    found = Found(source=sample_source(sample, why_not_live))
    day = day_of(found.origin)
    for number in numbers:
        kept = sample.find(number)
        if kept is not None:
            found.by_number[number] = Record(in_full(review_saved(kept, day=day)))
    return found


def address_of(numbers: Sequence[str]) -> str:
    """Return the address at which the registry shows these trials to people."""
    if len(numbers) == 1:
        return f"{STUDY_URL}{numbers[0]}"
    return f"https://clinicaltrials.gov/search?term={'%20OR%20'.join(numbers)}"


def in_full(
    trial: Trial, details: Details | None = None, long_form: LongForm | None = None
) -> DetailedTrial:
    """Return a trial with everything that its record says; the long form stays empty if it is not given."""
    from stemcheck.reading.criteria import divide_criteria

    more = dict(long_form or LongForm())
    about_design = {name: more.pop(name) for name in _own_fields(DesignInFull) if name in more}
    about_people = {name: more.pop(name) for name in _own_fields(EligibilityInFull) if name in more}
    text = details.eligibility_criteria if details else None
    lists = dict(divide_criteria(text)) if text else {}
    facts = dict(trial) | {
        "eligibility": EligibilityInFull(
            **dict(trial.eligibility) | about_people | lists, text=text
        ),
        "design": DesignInFull(**dict(trial.design) | about_design),
    }
    if long_form is None:
        given = (InterventionInFull(**dict(item)) for item in trial.interventions)
        return DetailedTrial(
            **facts | {"interventions": tuple(given)}, details=details or Details()
        )
    return DetailedTrial(**facts | more, details=details or Details())


def _own_fields(model: type[BaseModel]) -> Iterator[str]:
    """Yield the fields that a model adds to its base."""
    short: Any = model.__base__
    yield from (name for name in model.model_fields if name not in short.model_fields)


def checked_number(text: str) -> str:
    """Return an NCT number in its usual form. Raises UsageError, which shows the right form."""
    letters = "".join(text.split()).upper()
    digits = letters.removeprefix("NCT").lstrip("-#:")
    if digits.isdecimal() and digits.isascii() and len(digits) == DIGITS:
        if letters.startswith("NCT"):
            return f"NCT{digits}"
        raise UsageError(
            words("show.number.only_digits", text=repr(text)),
            hint=words("show.number.only_digits_hint", digits=digits),
        )
    is_word = letters.isalpha() and letters != "NCT"
    illness = f" {words('show.number.illness', text=quote(text))}" if is_word else ""
    wrong = "wrong_count" if digits.isdecimal() else "wrong"
    raise UsageError(
        words(f"show.number.{wrong}", text=repr(text), count=len(digits)),
        hint=words("show.number.wrong_hint") + illness,
    )
