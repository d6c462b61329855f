"""Counts of a search for its bars: how many of the studies have which status, phase, route or cells."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from stemcheck.guidance.glossary import plain
from stemcheck.output.wording import phase_of, status_of
from stemcheck.trial.trial import Trial


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a word, how many studies, and their share of all in percent."""

    label: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Tally:
    """The bars of one question. With ``is_overlapping`` a study may stand in several rows."""

    title: str
    heading: str
    bars: tuple[Bar, ...]
    is_overlapping: bool


def tallies_for(trials: Sequence[Trial]) -> tuple[Tally, ...]:
    """Return the bars that stand above the studies of a search, the most common row first."""
    return tuple(
        _tally(title, heading, [tuple(dict.fromkeys(words(trial))) for trial in trials])
        for title, heading, words in _QUESTIONS
    )


def _tally(title: str, heading: str, words: Sequence[Sequence[str]]) -> Tally:
    counts = Counter(word for each in words for word in each)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Tally(
        title=title,
        heading=heading,
        bars=tuple(Bar(word, count, round(100 * count / len(words), 1)) for word, count in ranked),
        is_overlapping=any(len(each) > 1 for each in words),
    )


def _statuses(trial: Trial) -> Iterable[str]:
    return (status_of(trial),)


def _phases(trial: Trial) -> Iterable[str]:
    words = {"–": "not given", "n/a": "phases do not apply"}
    phase = phase_of(trial)
    return (words.get(phase, f"phase {phase}"),)


def _routes(trial: Trial) -> Iterable[str]:
    return (plain("route", route) for route in trial.reading.routes) if trial.reading else ()


def _products(trial: Trial) -> Iterable[str]:
    return (plain("product", cells) for cells in trial.reading.products) if trial.reading else ()


_QUESTIONS: tuple[tuple[str, str, Callable[[Trial], Iterable[str]]], ...] = (
    ("Status of the studies", "Status", _statuses),
    ("How the cells are given", "Way", _routes),
    ("What is given", "Cells", _products),
    ("How far the testing is", "Phase", _phases),
)
