"""What a record says to a claim: the answer, the field it stands in, and its own words."""

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
    """Return one claim held against the record; without words, the record says nothing on it."""
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
    """Return a claim that is not understood: what the record says instead cannot be called different."""
    return check(what, claimed, "not_settled", said, note=words("verify.note.unknown_name"))
