"""The functions of the package itself take the words of the command line, and refuse the others."""

from pathlib import Path
from typing import Any

import pytest

import stemcheck
from stemcheck.errors import UsageError
from stemcheck.services.filters import query_from
from stemcheck.services.settings import settings_from
from stemcheck.trial.scope import DEFAULT_SCOPE
from tests.conftest import PROJECT


@pytest.mark.parametrize(
    ("filters", "values"),
    [
        ({"routes": ["iv"]}, ("intravenous",)),
        ({"routes": "intravenous"}, ("intravenous",)),
        ({"cells": "any"}, ("any",)),
        ({"cells": None}, (DEFAULT_SCOPE,)),
        ({"cells": ()}, ()),
        ({"countries": "Spain"}, ("Spain",)),
        ({"statuses": ["recruiting"]}, ("RECRUITING",)),
        ({"statuses": "RECRUITING"}, ("RECRUITING",)),
        ({"phases": ["2"]}, ("PHASE2",)),
        ({"phases": iter(["PHASE2", "3"])}, ("PHASE2", "PHASE3")),
        ({"conditions": "heart  failure"}, ("heart failure",)),
    ],
)
def test_filters_read_the_words_of_the_command_line(
    filters: dict[str, Any], values: tuple[str, ...]
) -> None:
    query = query_from(filters)
    assert getattr(query, *filters) == values


@pytest.mark.parametrize(
    ("name", "given", "advice"),
    [
        ("routes", ["telepathy"], "drip"),
        ("cells", ["mesenchimal"], "mesenchymal"),
        ("countries", "Spian", "Spain"),
        ("statuses", ["recruting"], "recruiting"),
        ("phases", ["5"], "early1"),
        ("phases", [2], "text"),
        ("phases", 2, "text"),
        ("statuses", [None], "text"),
        ("routes", b"iv", "text"),
        ("routes", "", "drip"),
    ],
)
def test_what_no_filter_knows_is_refused_by_the_name_of_the_parameter(
    name: str, given: Any, advice: str
) -> None:
    filters: dict[str, Any] = {name: given}
    with pytest.raises(UsageError, match=f"^{name} ") as caught:
        stemcheck.search("stroke", **filters, offline=True)
    assert advice in str(caught.value.hint)


def test_a_filter_that_is_not_known_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="colour") as caught:
        stemcheck.search("stroke", colour="red", offline=True)
    assert "countries" in str(caught.value.hint)


@pytest.mark.parametrize("condition", [["stroke"], None, 5, b"stroke", ""])
def test_a_condition_that_is_no_text_is_refused(condition: Any) -> None:
    with pytest.raises(UsageError, match=r"^conditions "):
        stemcheck.search(condition, offline=True)


@pytest.mark.parametrize("number", [["NCT04506073"], None, 4506073])
def test_a_number_that_is_no_text_is_refused(number: Any) -> None:
    with pytest.raises(UsageError, match=r"^nct_ids "):
        stemcheck.fetch(number, offline=True)


def test_a_word_and_the_value_that_it_stands_for_find_the_same() -> None:
    by_word = stemcheck.search("stroke", routes="iv", offline=True)
    by_value = stemcheck.search("stroke", routes=["intravenous"], offline=True)
    assert by_word.trials
    assert by_word.trials == by_value.trials


def test_the_home_folder_may_be_written_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    settings = settings_from({"STEMCHECK_DATA_DIR": "~/abc"})
    assert settings.data_dir == Path("/home/somebody/abc")
    with pytest.raises(UsageError, match="STEMCHECK_DATA_DIR"):
        settings_from({"STEMCHECK_DATA_DIR": "~nobody-of-that-name/abc"})


def test_an_answer_is_a_list_of_trials_with_rows() -> None:
    answer = stemcheck.search("stroke", offline=True, limit=3)
    assert [trial.nct_id for trial in answer] == [row["nct_id"] for row in answer.rows()]
    assert (len(answer), bool(stemcheck.search("qqqq", offline=True))) == (3, True)
    assert len(repr(answer)) < 100
    row = answer.rows()[0]
    assert {type(row["routes"]), type(row["intravenous"])} == {list, str}


def test_a_notebook_draws_no_markup_of_a_record() -> None:
    answer = stemcheck.search("stroke", offline=True, limit=1)
    hostile = answer.trials[0].model_copy(update={"brief_title": "<script>alert(1)</script>"})
    assert "<script>" not in answer.model_copy(update={"trials": (hostile,)})._repr_html_()


def test_a_stream_gives_the_same_trials() -> None:
    streamed = {trial.nct_id for trial in stemcheck.search("stroke", offline=True, stream=True)}
    assert streamed == {trial.nct_id for trial in stemcheck.search("stroke", offline=True)}


def test_one_record_of_many_that_cannot_be_read_stops_nothing() -> None:
    record = (PROJECT / "fixtures" / "studies").glob("*.json")
    texts = [path.read_text(encoding="utf-8") for path in sorted(record)[:2]]
    odd: list[Any] = [texts[0], "{", 5, None, [1], b"\xff", texts[1]]
    first, broken, *others, last = stemcheck.read_many(odd)
    assert all(isinstance(one, stemcheck.UnreadableRecord) for one in others)
    assert isinstance(broken, stemcheck.UnreadableRecord)
    assert [first, last] == [stemcheck.read_study(text) for text in texts]


@pytest.mark.parametrize("name", stemcheck.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name: str) -> None:
    found = getattr(stemcheck, name)
    assert name == "__version__" or found.__doc__
