"""The formats of an answer: one class for each, in the file of its name."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pydantic import BaseModel
    from rich.console import Console

    from stemcheck.output.shaping import Shaping
    from stemcheck.output.talk import Talk
    from stemcheck.trial.answer import Source
    from stemcheck.trial.trial import Trial


class Format(StrEnum):
    """Every format of an answer."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"
    RIS = "ris"
    XLSX = "xlsx"

    @property
    def has_account(self) -> bool:
        """True if a search in this format always includes its account."""
        return self in {Format.RIS, Format.XLSX}

    @property
    def has_evidence(self) -> bool:
        """True if the format has room for evidence next to the studies."""
        return self not in {Format.JSONL, Format.CSV, Format.RIS}

    @property
    def is_for_machines(self) -> bool:
        """True if a program reads the answer, and so the errors too."""
        return self in {Format.JSON, Format.JSONL, Format.CSV}

    @property
    def is_kept(self) -> bool:
        """True if an answer is used in other work, where nobody sees that it came from a sample."""
        return self not in {Format.TABLE, Format.MARKDOWN}

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings of file names in this format. Empty: any ending will do."""
        return _ENDINGS[self]

    @property
    def writer(self) -> "Writer":
        """The writer of this format; its module is loaded on first use."""
        writer: Writer = import_module(f"{__name__}.{self}").WRITER
        return writer


_ENDINGS: dict[Format, tuple[str, ...]] = {
    Format.TABLE: (),
    Format.JSON: (".json",),
    Format.JSONL: (".jsonl", ".ndjson"),
    Format.CSV: (".csv",),
    Format.MARKDOWN: (".md", ".markdown"),
    Format.RIS: (".ris",),
    Format.XLSX: (".xlsx",),
}


class Sheet(ABC):
    """The content of a command's answer, for any format that the command offers."""

    shaping: "Shaping | None" = None
    """How much of the answer is wanted; None: all."""

    @abstractmethod
    def document(self) -> "BaseModel":
        """Return everything as one document."""

    @abstractmethod
    def draw(self, console: "Console") -> None:
        """Print it for a person at a terminal."""

    def gather(self) -> int | None:
        """Read everything that must be read before writing. Return the number of studies, if it is known."""
        return None

    def rows(self) -> "Iterable[Sequence[object]] | None":
        """Return it as rows of cells, the first with the column names; None: it consists of trials."""
        return None

    def markdown(self) -> Iterable[str]:
        """Yield it as lines of markdown."""
        raise NotImplementedError

    def trials(self) -> "Iterator[tuple[Trial, Source]]":
        """Yield each trial as it arrives, with its source."""
        raise NotImplementedError

    def summary(self) -> "BaseModel":
        """Return the facts of the whole answer, after all trials have come."""
        raise NotImplementedError


class Writer(ABC):
    """Writes one format."""

    file_start = ""
    """What a file in this format begins with; it is not written to standard output."""

    @abstractmethod
    def write(self, sheet: Sheet, stream: TextIO, talk: "Talk") -> int | None:
        """Write a sheet to a stream. Return the number of its studies, if it is known."""
