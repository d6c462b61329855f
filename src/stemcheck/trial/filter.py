"""What a filter of a search is made of. The filters themselves stand in `stemcheck.trial.query`.

Everything that has to know a filter takes it from there: the options of the command line and the parameters
of the Python API, what the registry is asked, what is left out here, the heading, the web link, the words
that a shell completes. The sentences on it stand under its name in ``words/en/filters.toml``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from stemcheck.trial.trial import Trial


class Words(NamedTuple):
    """A filter takes any of some words, and several of them."""

    values: Mapping[str, Sequence[str]]
    """By word, the values that it stands for. Case, blanks and punctuation do not matter."""
    shown: Sequence[str]
    """The words that are named to a person who typed another one."""
    completed: Sequence[str] = ()
    """The words that a shell offers, where they are not those shown."""
    topic: str = ""
    """A topic of the glossary: its words are taken, too."""
    spanish: str = ""
    """A table of spanish.toml: its words are taken, too. Where none is named, that of the topic."""
    refused: Sequence[str] = ()
    """Values of the topic that make no sense as a filter."""
    is_single: bool = False
    """Only one of them can be asked for at a time."""


class Texts(NamedTuple):
    """A filter takes any text, and several of them."""

    check: Callable[[str, str], None] = lambda _text, _name: None
    """Raises UsageError for a text that the filter, called by this name, cannot be asked for."""


class One(NamedTuple):
    """A filter takes one value."""

    read: Callable[[Any, str], Any]
    """Returns the value of what was typed; raises UsageError that calls the filter by this name."""


class Switch(NamedTuple):
    """A filter is on or off."""


class Test(NamedTuple):
    """What the registry can test for us: that a field holds any of some values, or lies in a range."""

    area: str
    """The field, as the registry's query language calls it."""
    any_of: Sequence[str] = ()
    is_text: bool = False
    """The values are text, to be looked for as a phrase, and no words of the registry's own."""
    lowest: str | None = None
    highest: str | None = None
    """The ends of a range, a day or an age; None: it has no end there."""


class Asked(NamedTuple):
    """What a filter asks of the registry, so that less has to come.

    Records that lack the field of a test come all the same: they are left out here, and counted.
    """

    tests: Sequence[Test] = ()
    parameters: Mapping[str, str] = {}
    """Of the API, by name."""
    web: Mapping[str, str] = {}
    """Of the address of a search on the registry's site, by name."""
    web_tests: Sequence[Test] = ()
    """What the site can only be asked in the query language."""
    fields: Sequence[str] = ()
    """What is needed of each record beside what every search asks for, in the registry's words."""
    boxes: tuple[str, Sequence[str]] = ("", ())
    """A group of the site's tick boxes, and which of them are ticked. None: the site shows all."""

    @property
    def is_asked_of_the_site(self) -> bool:
        """Whether the registry's site can be asked for it, too."""
        return bool(self.web or self.web_tests or self.boxes[1])

    @property
    def is_asked_of_the_api(self) -> bool:
        """Whether the registry itself keeps away what does not fit."""
        return bool(self.tests or self.parameters)


class Judge(IntEnum):
    """By what a filter decides, in the order in which a trial is judged: the first reason counts."""

    RECORD = 1
    """A field of the record."""
    SCOPE = 2
    """Whether the trial belongs to what stemcheck is about."""
    READING = 3
    """Our reading of the record's words."""
    REGISTRY = 4
    """Only who answers the search can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One filter of a search."""

    option: str
    short: str | None = None
    metavar: str = "WORD"
    takes: Words | Texts | One | Switch
    judge: Judge = Judge.RECORD
    leaves_out: "Callable[[Trial, Any], str | None]" = lambda _trial, _value: None
    """Returns why a trial does not fit the value of this filter, in one word, or None when it may."""
    asks: Callable[[Any], Asked] = lambda _value: Asked()
    """Returns what the registry is asked for the value of this filter."""
    lacks: "Callable[[Trial], bool]" = lambda _trial: False
    """Returns whether a record lacks the field: asked for it, the registry's site hides such a record."""
    reads: Callable[[Any], str] = str
    """Returns a value as it reads in a heading, where the glossary has no words for it."""

    @property
    def topic(self) -> str:
        """The topic of the glossary that has words for its values, if any."""
        return self.takes.topic if isinstance(self.takes, Words) else ""

    @property
    def is_repeatable(self) -> bool:
        """Whether it can be given more than once, for any of several."""
        takes = self.takes
        return isinstance(takes, Texts) or (isinstance(takes, Words) and not takes.is_single)
