"""What the registry shows so far on the studies of a search, counted: each figure with its list."""

from typing import Literal

from stemcheck.trial.trial import Facts


class Figure(Facts):
    """So many studies of so many, and which ones."""

    id: str
    text: str
    """The figure as a sentence."""
    count: int | None
    """None: the answer does not carry what it takes to count them."""
    of: int
    """Among how many studies they were looked for."""
    nct_ids: tuple[str, ...]


class People(Facts):
    """How many people took part in the studies that have ended, by their records."""

    text: str
    count: int
    """The sum of the numbers that are counts, not plans."""
    nct_ids: tuple[str, ...]
    """The studies that give one."""
    not_given: tuple[str, ...]
    """Studies that have ended and give none."""


class Stopped(Facts):
    """A study that stopped early, and why, in its sponsor's words."""

    nct_id: str
    status: str
    why: str | None
    """None: the record does not say why."""


class Evidence(Facts):
    """What the registry shows so far. It cannot show whether a treatment works."""

    base: Literal["by_vein", "all"]
    """``by_vein``: the studies of the answer whose records say that the cells go into a vein."""
    heading: str
    studies: int
    figures: tuple[Figure, ...]
    phases: tuple[Figure, ...]
    """In which phase the studies are that have ended."""
    people: People
    stopped: tuple[Stopped, ...]
    limits: tuple[str, ...]
    """What these figures do not show."""
    cautions: tuple[str, ...]
    """Ids of the cautions on evidence: the source document's own words."""
