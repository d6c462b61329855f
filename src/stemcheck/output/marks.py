"""The marks that stand in a trial's row, and the sentences below the table that they stand for."""

from collections.abc import Iterable

from stemcheck.guidance.signals import find_kind
from stemcheck.output.plain import clean, shortened
from stemcheck.trial.trial import Signal, Trial

_LONGEST_QUOTE = 90


class Marks:
    """Numbers for the signals of some trials, in the order in which they first appear."""

    def __init__(self, trials: Iterable[Trial]) -> None:
        self._numbers: dict[str, int] = {}
        self._first: dict[str, Signal] = {}
        self._counts: dict[str, int] = {}
        for trial in trials:
            for signal in _marked(trial):
                self._numbers.setdefault(signal.id, len(self._numbers) + 1)
                self._first.setdefault(signal.id, signal)
                self._counts[signal.id] = self._counts.get(signal.id, 0) + 1

    def row(self, trial: Trial) -> str:
        """Return the marks of one trial, as in ``1 3``."""
        return " ".join(map(str, sorted(self._numbers[signal.id] for signal in _marked(trial))))

    def footnotes(self) -> list[tuple[int, str]]:
        """Return each mark with its sentence; with the record's words when it stands in one row."""
        lines = []
        for id_, number in self._numbers.items():
            signal = self._first[id_]
            quote = ""
            if signal.quote and self._counts[id_] == 1:
                words = shortened(clean(signal.quote), _LONGEST_QUOTE)
                quote = f' "{words}" ({signal.field})'
            lines.append((number, f"{clean(signal.text)}{quote}"))
        return lines


def _marked(trial: Trial) -> list[Signal]:
    return [signal for signal in trial.signals if (kind := find_kind(signal.id)) and kind.mark]
