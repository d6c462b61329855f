"""Numbers and claims as they are typed."""

from typing import Any

import pytest

from stemcheck.cli.claims import expectations_from
from stemcheck.errors import UsageError
from stemcheck.services.mentions import mentions_in
from stemcheck.trial.verification import Expectations, Told


def told(**claims: list[str]) -> Expectations:
    given: dict[str, Any] = dict.fromkeys(("condition", "route", "cells", "country", "site"))
    return expectations_from(**given | claims, is_open=False)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("NCT04506073",), ["NCT04506073"]),
        (("NCT", "0450", "6073"), ["NCT04506073"]),
        (("NCT", "04", "506", "073"), ["NCT04506073"]),
        (("nct-04506073", "NCT02035514"), ["NCT04506073", "NCT02035514"]),
        (("NCT 0450 6073", "NCT", "02035514"), ["NCT04506073", "NCT02035514"]),
        (("see NCT04506073.",), ["NCT04506073"]),
        ((), []),
    ],
)
def test_a_number_may_be_typed_in_pieces(words: tuple[str, ...], found: list[str]) -> None:
    assert [mention.nct_id for mention in mentions_in(words)] == found


@pytest.mark.parametrize(
    "words", [("NCT04506073", "stroke"), ("stroke", "NCT04506073"), ("04506073",), ("NCT", "hello")]
)
def test_a_word_that_is_no_number_is_named(words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        mentions_in(words)


def test_claims_are_read_forgivingly() -> None:
    expected = told(
        route=["IV", "spinal"], cells=["MSCs", "Fat", "own cells"], condition=[" a  b "]
    )
    assert expected.routes == (Told("IV", ("intravenous",)), Told("spinal", ("intrathecal",)))
    assert expected.cells == (
        Told("MSCs", ("mesenchymal",)),
        Told("Fat", ("adipose",)),
        Told("own cells", ("autologous",)),
    )
    assert expected.conditions == ("a b",)


@pytest.mark.parametrize(
    "claims",
    [
        {"route": ["not_stated"]},
        {"cells": ["none"]},
        {"cells": ["iv_or_mesenchymal"]},
        {"cells": ["foo"]},
        {"condition": [" "]},
        {"country": [""]},
        {"site": [""]},
        {"site": ["..."]},
    ],
)
def test_what_nobody_is_told_by_a_clinic_is_wrong_usage(claims: dict[str, list[str]]) -> None:
    with pytest.raises(UsageError):
        told(**claims)


def test_a_value_is_itself_and_words_of_several_values_are_one_claim() -> None:
    expected = told(route=["Intra-Venous", "into the spine"], cells=["exosomes, own"])
    assert expected.routes == (
        Told("intravenous", ("intravenous",)),
        Told("into the spine", ("intrathecal", "intraspinal")),
    )
    assert expected.cells == (Told("exosomes", ("exosomes",)), Told("own", ("autologous",)))
