"""The answer to a search, ready for any format. Nothing that draws is loaded before it is needed."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Protocol

from stemcheck.guidance.cautions import headline_cautions
from stemcheck.output.formats import Sheet
from stemcheck.trial.answer import Counts, Notice, Source, TrialsAnswer
from stemcheck.trial.trial import Trial

if TYPE_CHECKING:
    from rich.console import Console

    from stemcheck.trial.brief import SummaryLine


class Running(Protocol):
    """A search that can be read trial by trial, or as a whole: once."""

    def __iter__(self) -> Iterator[Trial]: ...

    def answer(self) -> TrialsAnswer:
        """Read to the end and return the whole answer."""

    def counts(self) -> Counts:
        """Return what became of every record so far."""

    def closing_notices(self) -> list[Notice]:
        """Return what has to be said once all trials have come."""

    @property
    def source(self) -> Source:
        """Where the trials come from, as far as that is known by now."""


class SearchSheet(Sheet):
    """The trials of a search with their marks, the account of counts, and the cautions."""

    def __init__(
        self, search: Running, *, rows: int | None, is_long: bool = False, today: date
    ) -> None:
        self._search = search
        self._rows = rows
        """Rows of a table; None: all."""
        self._is_long = is_long
        """Rows of several lines, however many trials there are."""
        self._today = today
        self._answer: TrialsAnswer | None = None

    def gather(self) -> int:
        return len(self.document().trials)

    def document(self) -> TrialsAnswer:
        if self._answer is None:  # a search can be read once
            self._answer = self._search.answer()
        return self._answer

    def draw(self, console: "Console") -> None:
        if self.shaping and self.shaping.count:
            console.print(str(len(self.document().trials)))
            return
        from stemcheck.output.table import print_table

        answer = self.document()
        print_table(answer, console, today=self._today, rows=self._rows, is_long=self._is_long)
        if answer.evidence:
            from stemcheck.output.evidence import print_evidence

            print_evidence(answer.evidence, console)

    def markdown(self) -> Iterator[str]:
        from stemcheck.output.listing import markdown_of

        return markdown_of(self.document(), self._today)

    def trials(self) -> Iterator[tuple[Trial, Source]]:
        for trial in self._search:
            yield trial, self._search.source

    def summary(self) -> "SummaryLine":
        from stemcheck.trial.brief import Summary, SummaryLine

        told = Summary(
            source=self._search.source,
            counts=self._search.counts(),
            cautions=headline_cautions(),
            notices=tuple(self._search.closing_notices()),
        )
        return SummaryLine(summary=told)
