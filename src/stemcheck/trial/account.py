"""How an answer came about: what a methods section has to tell of a search."""

from pydantic import Field

from stemcheck.trial.trial import Facts


class LeftOut(Facts):
    """A study that the registry returned and the answer does not show."""

    nct_id: str
    title: str | None
    reason: str
    """Which test it failed, as in ``counts.left_out``."""
    why: str
    """The same as a sentence."""
    field: str | None = None
    """Where the record says so, in the registry's own path words."""
    quote: str | None = None
    """The record's own words, where it has words on it."""


class InABrowser(Facts):
    """How the same search on the registry's site (``request.web_url``) differs from this one."""

    left_out: dict[str, int] = Field(default_factory=dict)
    """Studies read here that the site does not show, by the filter of which their record lacks the field."""
    shown: int = 0
    """Studies that are left out here, and that the site shows."""
    not_asked: tuple[str, ...] = ()
    """Filters that the site cannot be asked for. It shows more for them, and it is not known how many."""


class Account(Facts):
    """What was asked, with what, and what was left out: beside ``request``, ``source`` and ``counts``."""

    command: str | None
    """The command line. None: the search was made by a program."""
    asked_at: str
    """When the search was made (UTC)."""
    stemcheck_version: str
    rules_version: str
    """The version of the rules that read the records."""
    left_out: tuple[LeftOut, ...] = ()
    in_browser: InABrowser | None = None
    """None: the registry did not answer, so there is nothing to compare with."""
