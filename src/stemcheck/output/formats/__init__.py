"""The formats of an answer: one class each, in a file of its name."""

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
        """Whether a search in this format always includes its account."""
        return self in {Format.RIS, Format.XLSX}

    @property
    def has_evidence(self) -> bool:
        """Whether this format has room for ``--evidence``."""
        return self not in {Format.JSONL, Format.CSV, Format.RIS}

    @property
    def is_for_machines(self) -> bool:
        """True when a program reads the answer, and so the errors as well."""
        return self in {Format.JSON, Format.JSONL, Format.CSV}

    @property
    def is_kept(self) -> bool:
        """Whether the answer is kept for other work, where nobody would see that it came from the sample."""
        return self not in {Format.TABLE, Format.MARKDOWN}

    @property
    def endings(self) -> tuple[str, ...]:
        """File name endings of this format. None: any ending will do."""
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
        """Read everything that is needed before writing; return the number of studies."""
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
    """Written at the start of a file in this format, but not on standard output."""

    @abstractmethod
    def write(self, sheet: Sheet, stream: TextIO, talk: "Talk") -> int | None:
        """Write a sheet to a stream; return the number of studies."""
