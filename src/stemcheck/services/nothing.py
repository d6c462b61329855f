"""Explains why a search found nothing: which filters may be the cause, with the counts without them."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from stemcheck.trial.answer import Notice, SourceKind
from stemcheck.trial.filter import Judge
from stemcheck.trial.query import FILTERS, TrialQuery, reason_left_out
from stemcheck.trial.scope import ANY_CELLS, DEFAULT_SCOPE
from stemcheck.trial.trial import Trial
from stemcheck.words import words

MOST_STUDIES = 1000
"""A broader search with more studies than this is not read just to count them."""


@dataclass(slots=True)
class Relaxed:
    """The same search without each of its filters, and without all of them."""

    query: TrialQuery
    counts: Counter[TrialQuery] = field(default_factory=Counter)
    """How many trials each of `queries` would show."""

    @property
    def narrowing(self) -> tuple[str, ...]:
        """The names of the filters that may be the reason."""
        return self.query.narrowing()

    @property
    def queries(self) -> dict[str, TrialQuery]:
        """Each search, by the name of the filter that it lacks or by the key of its sentence."""
        found = {name: self.query.without(name) for name in self.narrowing}
        if len(found) > 1:
            found["without_all"] = self.query.without(*found)
        if self.query.cells == (DEFAULT_SCOPE,):
            found["any_cells"] = replace(self.query, cells=(ANY_CELLS,))
        return found

    @property
    def is_narrowed_elsewhere(self) -> bool:
        """Whether the registry itself leaves out studies, which cannot be counted here."""
        return any(
            FILTERS[name].judge is Judge.REGISTRY or asked.tests or asked.parameters
            for name in self.narrowing
            for asked in (FILTERS[name].asks(getattr(self.query, name)),)
        )

    def broad(self) -> list[TrialQuery]:
        """Return the searches that together cover the studies of all `queries`."""
        cells = (ANY_CELLS,) if self.query.cells == (DEFAULT_SCOPE,) else self.query.cells
        everything = replace(self.query.without(*self.narrowing), cells=cells, limit=None)
        return [everything] + ([replace(everything, raw=self.query.raw)] if self.query.raw else [])

    def count(self, trial: Trial, *, raw: str | None) -> None:
        """Count a trial that was found by a search with this expression (None: without one)."""
        for query in self.queries.values():
            if query.raw == raw and reason_left_out(trial, query) is None:
                self.counts[query] += 1

    def recount(self, studies_for: Callable[[TrialQuery], Iterable[Trial] | None]) -> bool:
        """Count again, from the studies of broader searches. Return False if they were not available."""
        self.counts.clear()
        for query in self.broad():
            trials = studies_for(query)
            if trials is None:
                return False
            for trial in trials:
                self.count(trial, raw=query.raw)
        return True

    def notice(self, *, is_counted: bool) -> Notice:
        """Return a notice with every filter that may be the cause, and its count if known."""
        asked = [f"{FILTERS[name].option} {_value(self.query, name)}" for name in self.narrowing]
        sentences = [words("answers.none_fits.asked", filters=", ".join(asked))] if asked else []
        if is_counted:
            for key, query in self.queries.items():
                if key == "any_cells" and not self.counts[query]:
                    continue
                filter_ = FILTERS.get(key)
                name = f"answers.none_fits.{'without' if filter_ else key}"
                option = filter_.option if filter_ else ""
                sentences.append(words(name, option=option, count=self.counts[query]))
        return Notice(id="none_fits", text=" ".join(sentences))


def none_found(source: SourceKind) -> Notice:
    """Return a notice with the next steps. It belongs in every format: an empty list looks like an answer."""
    keys = {"live": ("next.wider",), "sample": ("none.sample", "next.sample")}
    text = " ".join(words(f"answers.{key}") for key in keys.get(source, (f"none.{source}",)))
    return Notice(id="none_found", text=text)


def _value(query: TrialQuery, name: str) -> str:
    value = getattr(query, name)
    read = FILTERS[name].reads
    return ", ".join(map(read, value)) if isinstance(value, tuple) else read(value)
