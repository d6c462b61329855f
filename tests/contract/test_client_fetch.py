"""Fetching by number: one answer for each number asked for, in that order."""

from collections.abc import Iterator
from typing import Any

import pytest

from stemcheck.errors import AnswerUnreadableError, RegistryRefusedError, UsageError
from stemcheck.registry.client import Registry
from stemcheck.trial.study import Missing, Study, Unreadable
from tests.contract.made_up import (
    HurriedClock,
    made_up_studies,
    made_up_study,
    quick_settings,
)
from tests.standin import Fault, StandIn
from tests.standin.answers import Answer, Asked

FIRST, SECOND, ABSENT = "NCT90000001", "NCT90000002", "NCT99999999"


def study_with_alias(alias: str) -> dict[str, Any]:
    study = made_up_study(50)
    study["protocolSection"]["identificationModule"]["nctIdAliases"] = [alias]
    return study


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn([*made_up_studies(9), study_with_alias("NCT80000001")]) as registry:
        yield registry


def fetch(standin: StandIn, *numbers: str, **changes: Any) -> list[Study | Unreadable | Missing]:
    settings = quick_settings(standin, **changes)
    with Registry(settings, clock=HurriedClock()) as registry:
        return list(registry.fetch(numbers))


def number_of(item: Study | Unreadable | Missing) -> str | None:
    return item.trial.nct_id if isinstance(item, Study) else item.nct_id


def test_each_number_gets_its_answer_in_the_order_asked(standin: StandIn) -> None:
    items = fetch(standin, SECOND, ABSENT, FIRST)
    assert [type(item) for item in items] == [Study, Missing, Study]
    assert [number_of(item) for item in items] == [SECOND, ABSENT, FIRST]


def test_a_fetched_study_comes_with_its_details(standin: StandIn) -> None:
    (study,) = fetch(standin, FIRST)
    assert isinstance(study, Study)
    assert study.details is not None


def test_case_and_missing_zeros_are_forgiven(standin: StandIn) -> None:
    (study,) = fetch(standin, " nct90000001 ")
    assert number_of(study) == FIRST
    assert standin.asked[0].path == f"/studies/{FIRST}"


@pytest.mark.parametrize(
    "text",
    ["", "90000001", "NCT", "NCT00000000", "NCT123456789", "NCT9000000x", "../version",
     "NCT90000001/../../version", "NCT90000001?x=1", "NCT\u0669000000\u0661", "NCT90000001\nHost: x"],
)  # fmt: skip
def test_what_is_no_number_never_becomes_an_address(standin: StandIn, text: str) -> None:
    with pytest.raises(UsageError):
        fetch(standin, text)
    assert standin.asked == []


@pytest.mark.parametrize("connection", ["1", "2"])
def test_an_older_number_leads_to_the_study_and_is_told(standin: StandIn, connection: str) -> None:
    (study,) = fetch(standin, "NCT80000001", connection=connection)
    assert isinstance(study, Study)
    assert study.trial.nct_id == "NCT90000050"
    assert "NCT80000001" in study.trial.aliases
    assert len({asked.connection for asked in standin.asked}) == (1 if connection == "1" else 2)


def test_many_numbers_are_asked_for_together(standin: StandIn) -> None:
    numbers = [f"NCT9000000{n}" for n in range(1, 10)]
    items = fetch(standin, *numbers)
    assert [number_of(item) for item in items] == numbers
    assert len(standin.asked) == 1


def test_of_many_numbers_only_those_not_given_are_asked_for_singly(standin: StandIn) -> None:
    items = fetch(standin, FIRST, "NCT80000001", ABSENT, SECOND, FIRST)
    assert [type(item) for item in items] == [Study, Study, Missing, Study, Study]
    assert number_of(items[1]) == "NCT90000050"
    singly = [asked.path for asked in standin.asked[1:]]
    assert set(singly) <= {"/studies/NCT80000001", "/studies/NCT90000050", f"/studies/{ABSENT}"}


def test_a_web_page_that_says_404_is_not_taken_for_a_missing_trial(standin: StandIn) -> None:
    standin.always = Fault.STATUS_404_HTML
    with pytest.raises(AnswerUnreadableError):
        fetch(standin, FIRST)


@pytest.mark.parametrize(
    "sentence", ["", "Not Found", "NCT number NCT12345678 not found", "<p>NCT90000001 not found"]
)
def test_only_the_registrys_own_word_on_this_number_means_missing(
    standin: StandIn, monkeypatch: pytest.MonkeyPatch, sentence: str
) -> None:
    answer_with(standin, monkeypatch, Answer(404, sentence.encode(), "text/plain"))
    with pytest.raises(AnswerUnreadableError):
        fetch(standin, FIRST)


def test_another_study_than_asked_for_is_not_passed_off_as_it(
    standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = standin.registry.answer

    def swap(asked: Asked, fault: Fault | None = None) -> Answer:
        given = answer(asked, fault)
        given.body = given.body.replace(FIRST.encode(), SECOND.encode())
        return given

    monkeypatch.setattr(standin.registry, "answer", swap)
    (item,) = fetch(standin, FIRST)
    assert isinstance(item, Unreadable)
    assert item.nct_id is None  # that one of this number exists, nobody has said
    assert SECOND in item.reason


def test_a_record_that_cannot_be_read_is_a_value(standin: StandIn) -> None:
    broken = made_up_study(1)
    broken["protocolSection"]["statusModule"] = "RECRUITING"
    standin.replace_records([broken])
    (item,) = fetch(standin, FIRST)
    assert isinstance(item, Unreadable)
    assert item.nct_id == FIRST


def test_a_failure_half_way_comes_after_what_had_come(standin: StandIn) -> None:
    standin.trouble(Fault.DOWN_503, path=f"/studies/{SECOND}")
    with Registry(quick_settings(standin), clock=HurriedClock()) as registry:
        items = registry.fetch([FIRST, SECOND])
        assert number_of(next(items)) == FIRST
        with pytest.raises(RegistryRefusedError):
            next(items)


def test_the_version_is_told(standin: StandIn) -> None:
    with Registry(quick_settings(standin)) as registry:
        assert registry.data_timestamp() == standin.data_timestamp


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"2.0.5"', b"{", b"[" * 100_000])
def test_a_version_that_is_none_is_an_error(
    standin: StandIn, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    answer_with(standin, monkeypatch, Answer(200, body, "application/json"))
    with Registry(quick_settings(standin)) as registry, pytest.raises(AnswerUnreadableError):
        registry.data_timestamp()


@pytest.mark.parametrize("body", [b"{}", b'{"apiVersion": 2, "dataTimestamp": null}'])
def test_a_version_with_gaps_has_gaps(
    standin: StandIn, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    answer_with(standin, monkeypatch, Answer(200, body, "application/json"))
    with Registry(quick_settings(standin)) as registry:
        assert registry.data_timestamp() is None


def answer_with(standin: StandIn, monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    monkeypatch.setattr(standin.registry, "answer", lambda _asked, _fault=None: answer)
