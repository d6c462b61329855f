"""Counts for the bars of a search: how many studies have each status, phase, route or kind of cells."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from stemcheck.guidance.glossary import plain
from stemcheck.output.wording import phase_of, status_of
from stemcheck.trial.trial import Trial
from stemcheck.words import words


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a label, the number of studies, and their share in percent."""

    label: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Tally:
    """The bars for one question. With ``is_overlapping``, a study may count in several rows."""

    title: str
    heading: str
    bars: tuple[Bar, ...]
    is_overlapping: bool


def tallies_for(trials: Sequence[Trial]) -> tuple[Tally, ...]:
    """Return the bars of a search: phases in their own order, others with the most common row first."""
    return tuple(
        _tally(name, [tuple(dict.fromkeys(told(trial))) for trial in trials])
        for name, told in _QUESTIONS.items()
    )


def _tally(name: str, told: Sequence[Sequence[str]]) -> Tally:
    counts = Counter(word for each in told for word in each)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if name == _IN_ORDER:
        ranked.sort(key=lambda item: _place_of_phase(item[0]))
    return Tally(
        title=words(f"page.tallies.{name}.title"),
        heading=words(f"page.tallies.{name}.heading"),
        bars=tuple(Bar(word, count, round(100 * count / len(told), 1)) for word, count in ranked),
        is_overlapping=any(len(each) > 1 for each in told),
    )


def _statuses(trial: Trial) -> Iterable[str]:
    return (status_of(trial),)


def _phases(trial: Trial) -> Iterable[str]:
    if not trial.phases:
        return (words("page.tallies.no_phase"),)
    if trial.phases == ("NA",):
        return (words("page.tallies.phases_do_not_apply"),)
    return (words("page.tallies.phase", phase=phase_of(trial)),)


def _routes(trial: Trial) -> Iterable[str]:
    return (plain("route", route) for route in trial.reading.routes) if trial.reading else ()


def _products(trial: Trial) -> Iterable[str]:
    return (plain("product", cells) for cells in trial.reading.products) if trial.reading else ()


def _place_of_phase(told: str) -> tuple[bool, bool, str]:
    """Return the sort key of a phase: early 1, 1, 1/2 and so on; last if there is none."""
    early = words("page.tallies.phase", phase=words("screens.trial.early_1"))
    no_phase = {words("page.tallies.no_phase"), words("page.tallies.phases_do_not_apply")}
    return told in no_phase, told != early, told


_IN_ORDER = "phase_bars"
_QUESTIONS: dict[str, Callable[[Trial], Iterable[str]]] = {
    "status": _statuses,
    "route": _routes,
    "product": _products,
    "phase_bars": _phases,
}
