"""Stem-cell products that the FDA has approved: dated, sourced, each for its own use."""

from datetime import date
from functools import cache

from stemcheck.guidance.texts import read_texts
from stemcheck.trial.trial import Facts


class Approval(Facts):
    """One approved product (or a group of like ones) and what it is approved for."""

    product: str
    substance: str
    maker: str
    approved_on: str
    """As precise as our sources: a day, a month, or years."""
    kind: str
    """``mesenchymal``, ``hematopoietic`` or ``gene_modified`` (blood stem cells with a changed gene)."""
    use: str
    """In the words of doctors."""
    plain_use: str
    """In plain words."""
    route: str
    note: str
    source: str


class NotListed(Facts):
    """Well-known products that a reader may look for here in vain, and why."""

    products: str
    why: str


class ApprovalNotes(Facts):
    """What has to be said around the table."""

    lead: str
    closing: str
    trial_note: str
    checked_on: date
    """When the table was last looked over."""
    known_until: date
    """The latest approval that our sources report: later ones are missing."""


@cache
def approvals() -> tuple[Approval, ...]:
    """Return the approved products, the mesenchymal one first."""
    texts = read_texts("approvals")
    return tuple(
        Approval.model_validate({**row, "source": texts["sources"][row["source"]]})
        for row in texts["approval"]
    )


@cache
def not_listed() -> tuple[NotListed, ...]:
    """Return what is not in the table on purpose."""
    return tuple(NotListed.model_validate(row) for row in read_texts("approvals")["not_listed"])


@cache
def approval_notes() -> ApprovalNotes:
    """Return the sentences and dates that belong with the table."""
    texts = read_texts("approvals")
    return ApprovalNotes.model_validate({name: texts[name] for name in ApprovalNotes.model_fields})


def checked_on() -> date:
    """Return the day on which the table was last looked over."""
    return approval_notes().checked_on
