"""The shapes of an answer: one class a format, each in the file of its name."""

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
    """Every shape in which an answer can be had."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"
    RIS = "ris"
    XLSX = "xlsx"

    @property
    def has_account(self) -> bool:
        """True when a search in this format tells how it was made, also without being asked."""
        return self in {Format.RIS, Format.XLSX}

    @property
    def has_evidence(self) -> bool:
        """True when what the registry shows so far can stand beside the studies."""
        return self not in {Format.JSONL, Format.CSV, Format.RIS}

    @property
    def is_for_machines(self) -> bool:
        """True when a program reads the answer, and so the errors as well."""
        return self in {Format.JSON, Format.JSONL, Format.CSV}

    @property
    def is_kept(self) -> bool:
        """True when an answer goes on into other work, where nobody sees that it came from a sample."""
        return self not in {Format.TABLE, Format.MARKDOWN}

    @property
    def endings(self) -> tuple[str, ...]:
        """How the names of files in this format end. None: any ending will do."""
        return _ENDINGS[self]

    @property
    def writer(self) -> "Writer":
        """The writer of this format; its module is loaded when it is first used."""
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
    """What a command has to tell, ready to be written in any format that the command offers."""

    shaping: "Shaping | None" = None
    """How much of it is wanted; None: all."""

    @abstractmethod
    def document(self) -> "BaseModel":
        """Return all of it as one document."""

    @abstractmethod
    def draw(self, console: "Console") -> None:
        """Print it for a person at a terminal."""

    def gather(self) -> int | None:
        """Read all that has to be read before it can be written; return how many studies it tells of."""
        return None

    def rows(self) -> "Iterable[Sequence[object]] | None":
        """Return it as rows of cells, the first with their names; None: it is trials."""
        return None

    def markdown(self) -> Iterable[str]:
        """Yield it as lines of markdown."""
        raise NotImplementedError

    def trials(self) -> "Iterator[tuple[Trial, Source]]":
        """Yield each trial as it comes, with the source that answers for it."""
        raise NotImplementedError

    def summary(self) -> "BaseModel":
        """Return what the envelope would say, once all trials have come."""
        raise NotImplementedError


class Writer(ABC):
    """One format."""

    file_start = ""
    """What stands at the beginning of a file in this format, and not on standard output."""

    @abstractmethod
    def write(self, sheet: Sheet, stream: TextIO, talk: "Talk") -> int | None:
        """Write a sheet to a stream; return how many studies it tells of."""
