"""What the registry refuses is said in our own options, with what to do about it."""

import json

import pytest

from stemcheck.errors import ExitCode, QueryRejectedError, RegistryRefusedError
from stemcheck.registry.failures import error_for_400
from stemcheck.trial.query import TrialQuery

PLAIN = TrialQuery(conditions=("stroke",))
RAW = TrialQuery(raw="AREA[X]y")
STROKE = TrialQuery(conditions=("stroke",))
PARSER = "no viable alternative at input 'onset'\nmissing ')' at '<EOF>'"
EXPECTED = "mismatched input '[' expecting {<EOF>, '(', ',', 'NOT', 'AND', 'OR', 'DISTANCE'}"


@pytest.mark.parametrize(
    ("sentence", "query", "reason", "says", "advice"),
    [
        ("Parameter `nctId` has incorrect format", None, "not_a_number", "number", "NCT04506073"),
        (
            "Item 2 in parameter `filter.ids` has incorrect format",
            None,
            "not_a_number_in_list",
            "number 2",
            "eight digits",
        ),
        ("Invalid value in parameter `overallStatus`: `OPEN`", PLAIN, "unknown_status", "OPEN", "--status"),
        ("Invalid value in parameter `format`: `xml`", PLAIN, "unknown_value", "xml", "another value"),
        ("Too complicated query", PLAIN, "too_complicated", "twelve words", "--condition"),
        ("Too complicated query", RAW, "too_complicated", "twelve words", "--raw"),
        (
            f"Error parsing query in Conditions or disease: {PARSER}",
            RAW,
            "unreadable_expression",
            "--condition",
            "plain words",
        ),
        (
            f"Error parsing query in Other terms: {EXPECTED}",
            RAW,
            "unreadable_expression",
            "--raw",
            "bracket",
        ),
        (
            f"Error parsing query in Intervention / treatment: {EXPECTED}",
            PLAIN,
            "unreadable_expression",
            "--condition",
            "plain",
        ),
        ("Unknown area name: `LocationContry`", RAW, "unknown_area", "LocationContry", "LocationCountry"),
        ("Unknown area name: `Xyzzy`", RAW, "unknown_area", "Xyzzy", "clinicaltrials.gov"),
        (
            "Allowed values for enum field `protocolSection.designModule.phases` are `NA`, `PHASE1`",
            RAW,
            "bad_enum_value",
            "phases",
            "NA, PHASE1",
        ),
        ("Invalid coverage: FullMatc", RAW, "bad_coverage", "FullMatc", "FullMatch"),
        ("Invalid expansion: Som", RAW, "bad_expansion", "Som", "Relaxation"),
        (
            "Error parsing query in Other terms: java.lang.NumberFormatException: x",
            RAW,
            "bad_distance",
            "--raw",
            "DISTANCE[",
        ),
        ("Something new", RAW, "not_understood", "could not run", "--raw"),
    ],
)  # fmt: skip
def test_each_sentence_has_its_own_words_and_advice(
    sentence: str, query: TrialQuery | None, reason: str, says: str, advice: str
) -> None:
    error = error_for_400(sentence, query)
    assert isinstance(error, QueryRejectedError)
    assert error.exit_code is ExitCode.USAGE
    assert error.facts["reason"] == reason
    assert says in error.message
    assert advice in (error.hint or "")
    assert "`" not in error.message
    assert "{" not in f"{error.message}{error.hint}"
    json.dumps(error.facts)


@pytest.mark.parametrize(
    ("sentence", "reason", "says"),
    [
        ("`filter.phase` is unknown parameter", "unknown_parameter", "filter.phase"),
        ("Parameter 'fields' contains invalid field name: 'StudyDesign'", "unknown_field", "StudyDesign"),
        ("Unsupported sort field type: text", "unsortable", "order"),
        ("Item 1 in parameter `sort` has incorrect format", "bad_item", "sort"),
    ],
)  # fmt: skip
def test_a_setting_that_nobody_typed_is_refused_to_stemcheck(
    sentence: str, reason: str, says: str
) -> None:
    error = error_for_400(sentence, RAW)
    assert isinstance(error, RegistryRefusedError)
    assert (error.facts["reason"], says in error.message) == (reason, True)
    assert "update" in (error.hint or "")


@pytest.mark.parametrize("query", [None, STROKE])
def test_what_is_not_about_the_search_does_not_blame_its_words(query: TrialQuery | None) -> None:
    error = error_for_400("Request Header Or Cookie Too Large", query)
    assert isinstance(error, RegistryRefusedError)
    assert "Request Header Or Cookie Too Large" in error.message


def test_what_the_registry_said_is_kept_short_and_harmless() -> None:
    error = error_for_400("Bad\x1b[31m\n{what} " + "x" * 5_000, STROKE)
    said = str(error.facts["registry_says"])
    assert said.startswith("Bad [31m {what} xxx")
    assert len(said) == 300


def test_braces_in_a_sentence_are_only_text() -> None:
    error = error_for_400("`{option}{0}` is unknown parameter")
    assert "{option}{0}" in error.message
