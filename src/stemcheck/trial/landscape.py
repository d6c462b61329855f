"""The landscape of many studies: counts, and the cross table of two of them."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from stemcheck.trial.answer import Counts, Notice, Source
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.trial import Facts


class By(StrEnum):
    """By what studies can be counted."""

    STATUS = "status"
    PHASE = "phase"
    ROUTE = "route"
    CELLS = "cells"
    TISSUE = "tissue"
    DONOR = "donor"
    COUNTRY = "country"
    SPONSOR_CLASS = "sponsor_class"
    START_YEAR = "start_year"
    RESULTS = "results"
    PAY = "pay"

    @property
    def is_reading(self) -> bool:
        """Whether the value is our reading of the record's words, and no field of the registry."""
        return self in {By.ROUTE, By.CELLS, By.TISSUE, By.DONOR, By.PAY}


class Figure(Facts):
    """How many studies have one value."""

    value: str | None
    """As in a trial; null: the record does not say."""
    label: str
    count: int
    share: float
    """Of all studies, in percent."""


class CountsBy(Facts):
    """The studies by one thing."""

    by: By
    """What they are counted by."""
    title: str
    figures: tuple[Figure, ...]
    from_reading: bool
    """Our reading of the record's words, and no field of the registry."""
    is_overlapping: bool
    """A study can stand in several rows, so that these add up to more than the studies."""


class CrossFigure(Facts):
    """How many studies have two values."""

    values: tuple[str | None, str | None]
    """One of each of the two things. Null: the record does not say."""
    count: int


class Cross(Facts):
    """The studies by two things at once."""

    by: tuple[By, By]
    """The two things."""
    figures: tuple[CrossFigure, ...]
    """Pairs that are there; all others count 0."""


class ListedStudy(Facts):
    """A study behind a figure."""

    nct_id: str
    title: str | None
    status: str | None
    url: str


class Listed(Facts):
    """The studies behind a figure."""

    of: tuple[str, ...]
    """As asked for: ``country=Spain``. A study has all of them."""
    studies: tuple[ListedStudy, ...]


class LandscapeAnswer(Facts):
    """The landscape of a search, a saved search, or files."""

    schema_: Literal["stemcheck.landscape/1"] = Field("stemcheck.landscape/1", alias="schema")
    query: TrialQuery | None
    name: str | None = None
    """Of the saved search."""
    source: Source
    studies: int
    """How many are counted."""
    counts: Counts | None
    """What became of every record. Null for a saved search: that was told when it was asked."""
    tables: tuple[CountsBy, ...]
    """One for each thing that was asked for."""
    cross: Cross | None = None
    """Where two things were asked for."""
    listed: Listed | None = None
    """Null: no list was asked for."""
    notices: tuple[Notice, ...] = ()
