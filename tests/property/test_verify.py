"""Whatever a leaflet or a record says, holding one against the other never breaks."""

from contextlib import suppress
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from stemcheck.errors import StemcheckError
from stemcheck.services.claim_checks import check_condition
from stemcheck.services.leaflet import read_leaflet
from stemcheck.services.place_checks import check_country, check_site
from stemcheck.services.show import in_full
from stemcheck.services.text_claims import TextClaims
from stemcheck.services.words import phrase
from stemcheck.trial.details import Details, Site
from stemcheck.trial.verification import Result
from tests.unit.trials_made_up import a_trial

MAKES = st.sampled_from([b"", b"%PDF-1.7\n", b"<html>", b"\xff\xfe", b"PK\x03\x04"])


@given(MAKES, st.binary(max_size=400))
def test_bytes_give_a_text_or_a_reason(head: bytes, rest: bytes) -> None:
    text = ""
    with suppress(StemcheckError):  # any other error fails the test
        text = read_leaflet(head + rest).text
    assert "\0" not in text


@given(st.text(min_size=1), st.lists(st.text(), max_size=4))
def test_a_quote_of_a_condition_stands_in_the_record(claimed: str, conditions: list[str]) -> None:
    trial = a_trial(conditions=tuple(conditions))
    check = check_condition(claimed, trial)
    if check.field and check.field.startswith("conditions"):
        number = int(check.field[len("conditions[") : -1])
        assert check.quote == trial.conditions[number]


@given(st.text(alphabet=st.characters(categories=["L", "N", "Zs"]), min_size=1))
def test_every_name_stands_in_itself(name: str) -> None:
    words = phrase(name)
    assert not words.plain or words.stands_in(words)


@given(st.text(), st.text(), st.text())
def test_places_of_any_name_are_compared(claimed: str, facility: str, country: str) -> None:
    site = Site(facility=facility, city=None, state=None, country=country, status=None)
    trial = in_full(a_trial(countries=(country,)), Details(locations=(site,)))
    assert check_site(claimed, trial).result in get_args(Result)
    assert check_country(claimed, trial).result in get_args(Result)


PIECES = st.sampled_from(
    [
        "NCT90000001", "NCT9000", "phase 3", "200 people", "Renova Clinic", "in Spain", "sponsored by A Firm",
        "own fat", "by drip", "recruiting", "|", "\n\n", "•", '"', "?", "not", "für",
    ]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=9), max_size=30))
def test_what_any_text_says_is_quoted_from_it(pieces: list[str]) -> None:
    text = " ".join(pieces)
    claims = TextClaims(text)
    said = [*(claim.quote for claim in claims.about("NCT90000001").claims)]
    said += [quote for _, quote in claims.offering()]
    assert all(quote in " ".join(text.split()) for quote in said)
