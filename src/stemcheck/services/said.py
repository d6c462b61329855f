"""What a record says about a claim: the result, the field and the record's own words."""

from typing import NamedTuple

from stemcheck.trial.verification import Check, Result, What
from stemcheck.words import words


class Said(NamedTuple):
    """A record's words on one subject."""

    record: str | None = None
    field: str | None = None
    quote: str | None = None


NOTHING = Said()


def check(
    what: What,
    claimed: str | None,
    result: Result | None,
    said: Said = NOTHING,
    *,
    note: str | None = None,
) -> Check:
    """Return the check of one claim against the record. Without ``said``, the record is silent about it."""
    return Check(
        what=what,
        claimed=claimed,
        record=said.record,
        result=result,
        field=said.field,
        quote=said.quote,
        note=note,
    )


def unknown(what: What, claimed: str, said: Said = NOTHING) -> Check:
    """Return the check of a claim that is not understood; the record's words may not contradict it."""
    return check(what, claimed, "not_settled", said, note=words("verify.note.unknown_name"))
