"""The answer to a search, ready for any format. The drawing code is loaded only when needed."""

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
    """A search that can be read once, either trial by trial or as a whole."""

    def __iter__(self) -> Iterator[Trial]: ...

    def answer(self) -> TrialsAnswer:
        """Read to the end and return the whole answer."""

    def counts(self) -> Counts:
        """Return the number of records shown, left out and unreadable so far."""

    def closing_notices(self) -> list[Notice]:
        """Return the notices about the whole answer, after all trials have come."""

    @property
    def source(self) -> Source:
        """Where the trials come from, as far as this is known yet."""


class SearchSheet(Sheet):
    """The trials of a search with their marks, the counts, and the cautions."""

    def __init__(
        self, search: Running, *, rows: int | None, is_long: bool = False, today: date
    ) -> None:
        self._search = search
        self._rows = rows
        """The most rows of a table; None: all."""
        self._is_long = is_long
        """Give every trial several lines, however many trials there are."""
        self._today = today
        self._answer: TrialsAnswer | None = None

    def gather(self) -> int:
        return len(self.document().trials)

    def document(self) -> TrialsAnswer:
        if self._answer is None:  # a search can be read only once
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
