"""Stem-cell products that the FDA has approved: dated, sourced, each for its own use."""

import re
from datetime import date
from functools import cache
from typing import Any

from stemcheck.guidance.dates import day_words, months_between
from stemcheck.guidance.texts import checked_on, read_texts, source_words
from stemcheck.trial.trial import Facts
from stemcheck.words import once_a_language, words, words_or_none

_STALE_MONTHS = 6
_SHARED = ("use", "plain_use", "used_for", "ages", "warning")
_ITS_OWN = ("note", "not_confirmed")
_OTHER_CHARACTERS = re.compile(r"[\W_]+")
_UNREAD_LABEL = "class"
"""The route of products whose own label we did not read."""


class Approval(Facts):
    """One approved product and what it is approved for."""

    id: str
    product: str
    substance: str
    maker: str
    approved_on: str
    """As precise as our sources: a day, a month or a year."""
    kind: str
    """``mesenchymal``, ``hematopoietic`` or ``gene_modified`` (blood stem cells with a changed gene)."""
    use: str
    """In the words of doctors."""
    plain_use: str
    """In plain words."""
    used_for: str
    """In a few words, for a line beside a trial."""
    ages: str
    """For whom; empty where our sources name no age."""
    route: str
    warning: str
    """What the label warns of; empty where our sources name nothing, which does not mean that it is safe."""
    note: str
    label_was_read: bool
    """Whether route and warnings come from the product's own label."""
    not_confirmed: str
    """What else we could not check."""
    source: str


class NotListed(Facts):
    """Well-known products that a reader may look for here in vain, and why."""

    id: str
    products: str
    why: str
    not_confirmed: str
    """What we could not check."""
    source: str


class ApprovalNotes(Facts):
    """What has to be said around the table."""

    lead: str
    closing: str
    trial_note: str
    gaps: str
    """From when on approvals may be missing, and where the FDA's own list stands."""
    checked: str
    """When the table was last checked, and the latest approval that it knows of."""
    label_not_read: str
    """What it means for a row that its label was not read."""
    unfinished: str
    """What unfinished entries of the FDA's list of drugs are not."""
    state_note: str
    checked_on: date
    """When the table was last compared with its sources."""
    known_until: date
    """The latest approval that our sources report: later ones are missing."""
    fda_list: str
    """Where the FDA keeps its own list."""
    source: str


@once_a_language
def approvals() -> tuple[Approval, ...]:
    """Return the approved products, the mesenchymal one first."""
    return tuple(_approval(row) for row in read_texts("approvals")["approval"])


def _approval(row: dict[str, Any]) -> Approval:
    route = row["route"]
    return Approval.model_validate(
        {
            **{name: value for name, value in row.items() if name in Approval.model_fields},
            **{name: _worded(row, name) for name in (*_SHARED, *_ITS_OWN)},
            "route": words(f"approvals.route.{route}"),
            "label_was_read": route != _UNREAD_LABEL,
            "source": source_words(row["source"]),
        }
    )


def _worded(row: dict[str, Any], name: str) -> str:
    """Return a product's own words, else those that it shares with the product it is like."""
    like = row.get("same_as")
    homes = [row["id"]] + ([f"same_as_{like}", like] if like and name in _SHARED else [])
    dated = {"day": day_words(checked_on().isoformat())}
    found = (words_or_none(f"approvals.{home}.{name}", **dated) for home in homes)
    return next((text for text in found if text), "")


@once_a_language
def not_listed() -> tuple[NotListed, ...]:
    """Return what is not in the table on purpose."""
    return tuple(
        NotListed(
            id=row["id"],
            products=words(f"approvals.not_listed.{row['id']}.products"),
            why=words(f"approvals.not_listed.{row['id']}.why"),
            not_confirmed=words_or_none(f"approvals.not_listed.{row['id']}.not_confirmed") or "",
            source=source_words(row["source"]),
        )
        for row in read_texts("approvals")["not_listed"]
    )


@once_a_language
def approval_notes() -> ApprovalNotes:
    """Return the sentences and dates that belong with the table."""
    facts = read_texts("approvals")
    checked, known = (day_words(facts[key].isoformat()) for key in ("checked_on", "known_until"))
    return ApprovalNotes(
        lead=words("approvals.lead"),
        closing=words("approvals.closing"),
        trial_note=words("approvals.trial_note"),
        gaps=words("approvals.gaps", day=known, address=facts["fda_list"]),
        checked=words("approvals.checked", day=checked, known=known),
        label_not_read=words("approvals.label_not_read"),
        unfinished=words("approvals.unfinished"),
        state_note=words("approvals.state_note"),
        checked_on=checked_on(),
        known_until=facts["known_until"],
        fda_list=facts["fda_list"],
        source=source_words(facts["source"]),
    )


def age_warning(today: date) -> str | None:
    """Return what to say of a table that was last checked more than six months ago; None of a newer one."""
    if months_between(checked_on(), today) < _STALE_MONTHS:
        return None
    return words("approvals.stale", day=day_words(checked_on().isoformat()))


def approved_name_in(name: str) -> Approval | None:
    """Return the approved product that an intervention is, by any of its names; None for a mere placebo."""
    folded = f" {_OTHER_CHARACTERS.sub(' ', name.casefold())} "
    found = _names().search(folded)
    return _by_id()[_ids_by_name()[found[1]]] if found and "placebo" not in folded else None


@once_a_language
def _by_id() -> dict[str, Approval]:
    return {approval.id: approval for approval in approvals()}


@cache
def _ids_by_name() -> dict[str, str]:
    rows = read_texts("approvals")["approval"]
    return {name: row["id"] for row in rows for name in row.get("known_as", ())}


@cache
def _names() -> re.Pattern[str]:
    """Return a search for the names as whole words."""
    return re.compile(f" ({'|'.join(map(re.escape, _ids_by_name()))}) ")
