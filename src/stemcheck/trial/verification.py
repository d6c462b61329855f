"""What somebody was told about a trial, and what came of holding it against the record."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from stemcheck.trial.answer import AppliedCaution, Notice, Source
from stemcheck.trial.trial import Facts, Trial

What = Literal[
    "condition",
    "phase",
    "people",
    "cells",
    "route",
    "country",
    "site",
    "sponsor",
    "payment",
    "open",
]
Bound = Literal["exactly", "about", "more", "so_far"]
Result = Literal["matches", "differs", "not_stated", "not_settled"]


@dataclass(frozen=True, slots=True)
class Told:
    """One claim in the words that it was typed in, and the values that any of them would fulfil.

    "Into the spine" is into its fluid or into its cord.
    """

    words: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class People:
    """How many people were said to take part, and how exactly that was said."""

    words: str
    count: int
    bound: Bound = "exactly"
    """``so_far``: they took part or were treated, so that more may have been planned."""


@dataclass(frozen=True, slots=True)
class Expectations:
    """What was claimed of every number. Empty means that nothing was claimed about it."""

    conditions: tuple[str, ...] = ()
    routes: tuple[Told, ...] = ()
    """With values of ``Route``."""
    cells: tuple[Told, ...] = ()
    """With values of ``Product``, ``Tissue`` or ``Donor``, ``exosomes``, or ``any`` for any stem cells."""
    countries: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    phases: tuple[Told, ...] = ()
    """With the registry's words; a study in phase 2/3 is in all values of one claim."""
    people: tuple[People, ...] = ()
    sponsors: tuple[str, ...] = ()
    is_open: bool = False
    """It was claimed that the study takes new people now."""


class Check(Facts):
    """One claim held against the record."""

    what: What
    claimed: str | None
    """None: nothing was claimed; the record's answer stands here because everybody needs it."""
    record: str | None
    """What the record says instead or as well. None: it says nothing on this."""
    result: Result | None
    """None exactly when nothing was claimed. ``not_stated``: the record does not settle it.
    ``not_settled``: stemcheck does not understand one of the two sides, or what the words speak of."""
    field: str | None
    """Where the words stand, in the registry's own path words, as in ``conditions[0]``."""
    quote: str | None
    """Verbatim words or value of that field."""
    told: str | None = None
    """The claim in the words it was typed in, where ``claimed`` is a value that they stand for."""
    note: str | None = None
    """Why it is not settled, where that needs saying."""
    text_quote: str | None = None
    """The words of the text that was given, where the claim is read from it. None: an option stated it."""


class OfferedBy(Facts):
    """A clinic or another place that makes the offer, and whether the record names it anywhere."""

    name: str
    named: bool | None
    """Among sponsor, collaborators and sites. None: these data do not settle it."""
    field: str | None
    quote: str | None
    """The record's own words, where it names the place."""
    text_quote: str | None = None
    """The words of the text that name it. None: an option did."""


class NumberChecked(Facts):
    """One NCT number, and what its record says to each claim."""

    as_written: str
    nct_id: str | None
    """None: what is written has too few or too many digits to be any number."""
    found: bool | None
    """True: the registry, or saved data of it, has this number. None: it could not be asked."""
    unseen: bool = False
    """It stands only in a part of a web page that a reader may not see, or in the words of a picture."""
    trial: Trial | None
    """None also for a record that came and could not be read."""
    where: tuple[str, ...] = ()
    """Sites of the record, each in one line, at most five; ``trial.sites`` says how many there are."""
    offered_by: tuple[OfferedBy, ...] = ()
    """Empty: neither an option nor the text names a place."""
    checks: tuple[Check, ...]
    summary: str


class ClaimFound(Facts):
    """A sentence of a text that deserves a question, with a neutral note."""

    kind: str
    quote: str
    note: str
    question: str
    """What a reader can ask whoever makes the claim."""
    source: str


class OtherNumberFound(Facts):
    """A number of another register, which stemcheck does not read."""

    as_written: str
    registry: str
    url: str
    """Where to look it up."""
    note: str


class VerifyAnswer(Facts):
    """The answer to "a clinic gave me this"."""

    schema_: Literal["stemcheck.verify/1"] = Field("stemcheck.verify/1", alias="schema")
    numbers: tuple[NumberChecked, ...]
    other_numbers: tuple[OtherNumberFound, ...] = ()
    claims: tuple[ClaimFound, ...] = ()
    source: Source | None
    """None: nobody was asked, or nobody could answer."""
    cautions: tuple[AppliedCaution, ...]
    notices: tuple[Notice, ...] = ()
