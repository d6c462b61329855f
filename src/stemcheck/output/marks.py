"""The facts next to a trial in a list: serious ones in words, neutral ones as a small sign.

Below the list there is one sentence for each kind of fact, with the number of trials that have it.
"""

from collections.abc import Iterable
from typing import NamedTuple

from stemcheck.guidance.signals import find_kind
from stemcheck.output.plain import clean, shortened
from stemcheck.output.wording import not_a_trial, status_notes, who_of
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.status import label_for
from stemcheck.trial.trial import Signal, Trial
from stemcheck.words import words, words_or_none

SERIOUS = "!"
QUIET = {"no-us-site": "°", "expanded-access": "†", "observational": "‡"}
"""A sign for each kind of neutral fact."""
_OTHER_QUIET = "·"
_LONGEST_QUOTE = 90
_PLACE = "no-us-site"
_STATUS = "status-not-verified"


class Footnote(NamedTuple):
    """One kind of fact, explained below the list."""

    sign: str
    sentence: str


class Marks:
    """The facts to show with the trials of an answer to a query."""

    serious_sign = SERIOUS

    def __init__(self, trials: Iterable[Trial], query: TrialQuery | None = None) -> None:
        self._query = query
        self._found: dict[str, list[Signal]] = {}
        self._trials = 0
        for trial in trials:
            self._trials += 1
            for signal in _marked(trial):
                self._found.setdefault(signal.id, []).append(signal)

    def who(self, trial: Trial, *, under_heading: bool = False) -> str:
        """Return who may take part, with "no limit given" if a limit was asked for and is missing."""
        return who_of(trial.eligibility, self._query, under_heading=under_heading)

    def serious(self, trial: Trial) -> list[str]:
        """Return the serious facts of one trial except for its status, each in two or three words."""
        facts = [signal for signal in _marked(trial) if signal.id != _STATUS]
        return [_short(signal) for signal in facts if _is_serious(signal)]

    def kind(self, trial: Trial) -> str:
        """Return what a study that is not a trial is, with the sign of its footnote."""
        told = not_a_trial(trial)
        return f"{told}{self.kind_sign(trial)}" if told else ""

    def kind_sign(self, trial: Trial) -> str:
        """Return the sign of the footnote for a study that is not a trial."""
        return self._sign(trial, "expanded-access", "observational")

    def status_notes(self, trial: Trial) -> list[str]:
        """Return remarks about the status, marked if nobody has confirmed it for a long time."""
        notes = status_notes(trial)
        if old := self.old_status(trial):
            first, *others = notes or [old]
            notes = [f"{SERIOUS} {first}", *others]
        return notes

    def old_status(self, trial: Trial) -> str:
        """Return when a status was last confirmed, if that is long ago; otherwise nothing."""
        if not any(signal.id == _STATUS for signal in _marked(trial)):
            return ""
        status = trial.status
        known = ("day" if status.verified_on else "") + ("_and_status" if status.last_known else "")
        facts = {
            "day": clean(status.verified_on),
            "status": label_for(status.last_known or "").lower(),
        }
        return clean(words(f"screens.old_status.{known or 'neither'}", **facts))

    def place_sign(self, trial: Trial) -> str:
        """Return the small sign if there is something to know about the places of a trial."""
        return self._sign(trial, _PLACE)

    @staticmethod
    def _sign(trial: Trial, *kinds: str) -> str:
        return "".join(QUIET[signal.id] for signal in _marked(trial) if signal.id in kinds)

    def footnotes(self) -> list[Footnote]:
        """Return each fact with its sentence, serious ones first; for a single trial, the record's words."""
        notes = [self._footnote(signals) for signals in self._found.values()]
        return sorted(notes, key=lambda note: note.sign != SERIOUS)

    def _footnote(self, signals: list[Signal]) -> Footnote:
        first = signals[0]
        sentence = clean(first.text)
        if len(signals) == 1 and first.quote:
            sentence = f'{sentence} "{shortened(clean(first.quote), _LONGEST_QUOTE)}"'
        if self._trials > 1:
            studies = words("screens.studies", count=len(signals))
            sentence = words("screens.footnote", studies=studies, sentence=sentence)
        return Footnote(_sign_of(first), sentence)


def _marked(trial: Trial) -> list[Signal]:
    return [signal for signal in trial.signals if (kind := find_kind(signal.id)) and kind.mark]


def _is_serious(signal: Signal) -> bool:
    kind = find_kind(signal.id)
    return kind is not None and kind.tone == "attention"


def _sign_of(signal: Signal) -> str:
    return SERIOUS if _is_serious(signal) else QUIET.get(signal.id, _OTHER_QUIET)


def _short(signal: Signal) -> str:
    """Return a serious fact in the few words for a row, or in its own sentence if there are none."""
    return words_or_none(f"screens.serious.{signal.id}") or clean(signal.text)
