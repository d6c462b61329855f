"""A filter is one field of `TrialQuery`: whatever has to know it takes it from there."""

import inspect
import sys
from dataclasses import asdict

import pytest

from stemcheck.cli.commands import report, trials
from stemcheck.cli.filters import query_for
from stemcheck.errors import UsageError
from stemcheck.output.summary import headline
from stemcheck.services.filters import query_from
from stemcheck.services.sources import asked_for, english_notices
from stemcheck.trial.countries import is_same_country, registry_spellings
from stemcheck.trial.filter import Judge, Words
from stemcheck.trial.query import FILTERS, TrialQuery
from stemcheck.words import words


@pytest.mark.parametrize(
    ("cells", "query"),
    [
        ("adipose", TrialQuery(tissues=("adipose",))),
        (["fat", "own"], TrialQuery(tissues=("adipose",), donors=("autologous",))),
        ("mesenchymal, cord", TrialQuery(cells=("mesenchymal",), tissues=("umbilical_cord",))),
        ("none", TrialQuery(cells=("none",))),
    ],
)
def test_cells_are_asked_for_by_tissue_and_donor_as_in_verify(
    cells: str | list[str], query: TrialQuery
) -> None:
    assert query_from({"cells": cells}) == query


@pytest.mark.parametrize(
    ("spanish", "english"),
    [
        ({"statuses": "Reclutando"}, {"statuses": "recruiting"}),
        ({"statuses": "activo, no recluta"}, {"statuses": "active_not_recruiting"}),
        ({"statuses": "abierto"}, {"statuses": "open"}),
        ({"routes": "vía intravenosa"}, {"routes": "iv"}),
        ({"routes": "por vena"}, {"routes": "vein"}),
        ({"routes": "CORAZON"}, {"routes": "heart"}),
        ({"tissues": "médula ósea"}, {"tissues": "bone marrow"}),
        ({"donors": "propias"}, {"donors": "own"}),
        ({"cells": "mesenquimales, grasa"}, {"cells": "mesenchymal, fat"}),
        ({"cells": "células madre"}, {"cells": "any"}),
    ],
)
def test_words_in_spanish_are_understood(spanish: dict[str, str], english: dict[str, str]) -> None:
    assert query_from(spanish) == query_from(english)


@pytest.mark.parametrize(
    ("asked", "country"),
    [("Francia", "France"), ("EE. UU.", "United States"), ("corea del sur", "South Korea")],
)
def test_a_country_in_spanish_is_the_one_of_the_registry(asked: str, country: str) -> None:
    assert is_same_country(asked, country)
    assert country in registry_spellings(asked)
    assert query_from({"countries": asked}).countries == (asked,)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("ictus", ("ictus", "stroke")),
        ("Esclerosis Múltiple", ("Esclerosis Múltiple", "multiple sclerosis")),
        ("heart attack", ("heart attack",)),
        ("stroke", ("stroke",)),
        ("nothing known", ("nothing known",)),
    ],
)
def test_the_registry_is_asked_in_english_as_well(typed: str, asked: tuple[str, ...]) -> None:
    query = TrialQuery(conditions=(typed,))
    assert asked_for(query).conditions == asked
    assert bool(english_notices(query)) is (len(asked) > 1)


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_has_its_sentences(name: str) -> None:
    assert words(f"filters.help.{name}")
    if name not in {"conditions", "cells"}:
        words(f"filters.heading.{name}", value="x")


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_is_an_option_of_every_command_that_searches(name: str) -> None:
    parameter = FILTERS[name].option.removeprefix("--").replace("-", "_")
    for command in (trials.list_trials, report.write_report):
        if (name, command) != ("raw", report.write_report):
            assert parameter in inspect.signature(command).parameters


@pytest.mark.parametrize(
    "name", [name for name, filter_ in FILTERS.items() if isinstance(filter_.takes, Words)]
)
def test_every_word_that_is_shown_is_taken(name: str) -> None:
    taken = FILTERS[name].takes
    assert isinstance(taken, Words)
    offered = (*taken.completed, *(word for word in taken.shown if "glossary" not in word))
    for word in offered:
        assert getattr(query_for({name: [word]}), name)


def test_a_limit_that_no_machine_can_count_to_is_no_bug() -> None:
    assert query_for({"limit": "9" * 30}).limit == sys.maxsize


def test_a_query_is_printable_and_comparable_and_knows_what_is_in_use() -> None:
    query = query_for({"conditions": ["stroke"], "statuses": ["open"], "limit": "3"})
    assert query == TrialQuery(
        conditions=("stroke",),
        statuses=("RECRUITING", "NOT_YET_RECRUITING", "AVAILABLE"),
        limit=3,
    )
    assert "stroke" in repr(query)
    assert asdict(query)["limit"] == 3
    assert list(query.in_use()) == ["conditions", "statuses", "cells", "limit"]


def test_the_heading_names_what_was_asked() -> None:
    query = query_for(
        {
            "conditions": ["stroke"], "statuses": ["recruiting"], "phases": ["2"],
            "routes": ["iv"], "countries": ["Spain"],
        }
    )  # fmt: skip
    assert headline(query) == (
        "Stroke: mesenchymal stem cells, and other stem cells given by vein "
        "(recruiting, phase 2, by vein, Spain)"
    )


def test_facts_of_the_record_are_judged_before_the_scope_and_that_before_the_reading() -> None:
    judges = {name: filter_.judge for name, filter_ in FILTERS.items()}
    assert judges["statuses"] < judges["cells"] < judges["routes"] < Judge.REGISTRY


@pytest.mark.parametrize("given", ["0", "-1", "x", "1.5", ""])
def test_a_limit_is_a_whole_number_above_zero(given: str) -> None:
    with pytest.raises(UsageError, match="--limit"):
        query_for({"limit": given})
