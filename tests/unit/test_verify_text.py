"""A leaflet's own words, held against the record of the number that stands in it."""

import time
from typing import Any

import pytest

from stemcheck.services.place_checks import standing_for
from stemcheck.services.show import in_full
from stemcheck.services.text_checks import checks_from_text
from stemcheck.services.text_claims import TextClaims
from stemcheck.trial.details import DetailedTrial, Details, Site
from stemcheck.trial.verification import Expectations
from tests.unit.html_made_up import PAYS
from tests.unit.trials_made_up import a_trial

NUMBER, OTHER = "NCT90000001", "NCT90000002"
"""The record: stroke, phase 1/2, 20 people planned, donor's cord cells by vein, Spain, recruiting."""


def recorded() -> DetailedTrial:
    site = Site(
        facility="Hospital del Mar",
        city="Barcelona",
        state=None,
        country="Spain",
        status="RECRUITING",
    )
    return in_full(a_trial(), Details(locations=(site,)))


def told_of(text: str, number: str = NUMBER) -> dict[tuple[str, str | None], Any]:
    """Return by subject and claim what came of the words of a text."""
    trial = recorded()
    checks = checks_from_text(
        TextClaims(text).about(number), trial, (), standing_for(trial, Expectations())
    )
    found: dict[tuple[str, str | None], Any] = {}
    for check in checks:
        assert check.text_quote
        found[check.what, check.claimed] = check.result
    return found


@pytest.mark.parametrize(
    ("sentence", "what", "claimed", "result"),
    [
        # English
        ("for people after a stroke", "condition", "stroke", "matches"),
        ("for lupus", "condition", "lupus", "differs"),
        ("in phase 1/2", "phase", "PHASE1/PHASE2", "matches"),
        ("now in Phase III", "phase", "PHASE3", "differs"),
        ("200 people take part", "people", "200", "differs"),
        ("20 participants", "people", "20", "matches"),
        ("mesenchymal cells are given", "cells", "mesenchymal", "matches"),
        ("your father's own stem cells are used", "cells", "autologous", "differs"),
        ("cells from a healthy donor", "cells", "allogeneic", "matches"),
        ("cells from fat tissue", "cells", "adipose", "differs"),
        ("umbilical cord tissue is used", "cells", "umbilical_cord", "matches"),
        ("given through a drip", "route", "intravenous", "matches"),
        ("injected into the knee", "route", "intra_articular", "differs"),
        ("carried out in Spain", "country", "Spain", "matches"),
        ("carried out in Mexico", "country", "Mexico", "differs"),
        ("at our rooms in Barcelona", "site", "Barcelona", "matches"),
        ("at our rooms in Miami", "site", "Miami", "differs"),
        ("at Hospital del Mar", "site", "Hospital del Mar", "matches"),
        ("sponsored by Renova Biotech", "sponsor", "Renova Biotech", "differs"),
        ("run by A Hospital", "sponsor", "A Hospital", "matches"),
        ("which is recruiting now", "open", "open", "matches"),
        ("Participants: 90", "people", "90", "differs"),
        ("is given into the spine", "route", "intrathecal", "differs"),
        ("is free of charge", "payment", "free", "not_stated"),
        # Spanish
        ("para el ictus", "condition", "ictus", "matches"),
        ("está en fase 3", "phase", "PHASE3", "differs"),
        ("con 200 participantes", "people", "200", "differs"),
        ("con sus propias células madre", "cells", "autologous", "differs"),
        ("con células de la grasa", "cells", "adipose", "differs"),
        ("por vía intravenosa", "route", "intravenous", "matches"),
        ("en México", "country", "México", "differs"),
        ("con reclutamiento abierto", "open", "open", "matches"),
        ("es gratuito", "payment", "free", "not_stated"),
        # German
        ("nach Schlaganfall in Phase 3", "phase", "PHASE3", "differs"),
        ("mit 200 Teilnehmern", "people", "200", "differs"),
        ("mit Ihren eigenen Stammzellen", "cells", "autologous", "differs"),
        ("mit Zellen aus Fettgewebe", "cells", "adipose", "differs"),
        ("über die Vene", "route", "intravenous", "matches"),
        ("die noch Teilnehmer rekrutiert", "open", "open", "matches"),
        ("ist kostenlos", "payment", "free", "not_stated"),
    ],
)  # fmt: skip
def test_what_stands_with_the_number_is_held_against_its_record(
    sentence: str, what: str, claimed: str, result: str
) -> None:
    for text in (f"Our study {NUMBER} {sentence}.", f"{NUMBER}\n{sentence}\n"):
        assert told_of(text)[what, claimed] == result


@pytest.mark.parametrize(
    "sentence",
    [
        "is not in phase 3",
        "is not free of charge",
        "comes before a phase 3 study",
        "never uses your own cells",
        "no longer is recruiting",
        "is not yet recruiting",
        "no es de fase 3",
        "ist nicht in Phase 3",
        "costs US$ 20,000",
        "was asked: is it in phase 3?",
        "takes nobody with a history of lupus",
        "helped 1 in 10 people",
    ],
)
def test_a_denial_a_question_or_a_boast_is_no_claim(sentence: str) -> None:
    told = told_of(f"Our study {NUMBER} {sentence}.")
    assert not [key for key, result in told.items() if result in {"differs", "matches"}]


def test_nothing_to_pay_differs_from_a_record_that_says_that_people_pay() -> None:
    trial = in_full(a_trial(signals=(PAYS,)), Details())
    about = TextClaims(f"Study {NUMBER}: you pay nothing.").about(NUMBER)
    (check,) = checks_from_text(about, trial, (), standing_for(trial, Expectations()))
    assert (check.what, check.result, check.told) == ("payment", "differs", "pay nothing")
    assert (check.quote, check.text_quote) == (PAYS.quote, f"Study {NUMBER}: you pay nothing.")


def test_words_of_another_study_are_not_held_against_this_one() -> None:
    text = (
        f"{NUMBER} is our phase 1/2 study in stroke.\n\n"
        f"{OTHER} is a phase 3 study in lupus, with your own cells, in Mexico."
    )
    assert told_of(text) == {
        ("condition", "stroke"): "matches",
        ("phase", "PHASE1/PHASE2"): "matches",
    }
    table = f"Study | Illness | Phase\n{NUMBER} | Stroke | Phase 1/2\n{OTHER} | Lupus | Phase 3\n"
    assert told_of(table) == {
        ("condition", "Stroke"): "matches",
        ("phase", "PHASE1/PHASE2"): "matches",
    }


@pytest.mark.parametrize(
    "text",
    [
        f"{NUMBER} and {OTHER} are phase 3 studies in lupus with your own cells.",
        f"Your own cells in a phase 3 study of lupus.\n\nBy bus.\n\n{NUMBER} is a study.\n\n{OTHER}",
        f"{NUMBER} is our study. In Germany such cells are allowed by law.",
        f'{NUMBER} is our study. "In my knee I got my own fat cells," says Mr Smith.',
        f"{NUMBER} is our study. An earlier study of 12 patients was small.",
        f"{NUMBER} is our study. 10 patients in each group are enrolled.",
        f"Some give your own cells in a phase 3 study of lupus.\n\nA similar study is {NUMBER}.",
    ],
)
def test_what_may_speak_of_something_else_never_differs(text: str) -> None:
    assert "differs" not in told_of(text).values()


def test_a_long_list_of_illnesses_far_from_the_number_is_no_claim_on_the_study() -> None:
    text = f"We treat lupus, autism, ALS and arthritis.\n\nWe are registered: {NUMBER}."
    assert set(told_of(text).values()) == {"not_settled"}


def test_the_only_number_of_a_leaflet_stands_for_all_that_it_says_of_its_study() -> None:
    text = (
        "Help after a stroke\n\nWe give you your own cells by drip. The trial is in phase 3.\n\n"
        f"Join our registered trial: {NUMBER}"
    )
    assert told_of(text) == {
        ("condition", "stroke"): "matches",
        ("phase", "PHASE3"): "differs",
        ("cells", "autologous"): "differs",
        ("route", "intravenous"): "matches",
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Renova Institute\n\nWe treat stroke. {number}", "Renova Institute"),
        ("Stroke\n\nAt Clínica Vida Nueva we care. {number}", "Clínica Vida Nueva"),
        ("Stroke. The cells were studied at the University of Kyoto. {number}", None),
        ("Stroke. {number} is sponsored by Renova Institute.", None),
    ],
)
def test_who_makes_the_offer_is_read_from_the_leaflet(text: str, name: str | None) -> None:
    offering = TextClaims(text.format(number=NUMBER)).offering()
    assert [found for found, _ in offering] == ([name] if name else [])


def test_any_text_is_read_in_linear_time() -> None:
    pieces = (
        "In Phase 3 of 200 people at A Hospital of B Clinic, ",
        f"{NUMBER} | ",
        "A B C D ",
        "sponsored by A ",
    )
    for piece in pieces:
        text = (piece * (60_000 // len(piece)))[:60_000]
        started = time.process_time()
        claims = TextClaims(text)
        claims.about(NUMBER)
        claims.offering()
        assert time.process_time() - started < 20
