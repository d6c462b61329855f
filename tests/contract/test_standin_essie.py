"""The stand-in reads the registry's query language, and finds studies by it."""

import contextlib
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.standin import StandIn, parse_back
from tests.standin.essie_parse import (
    MOST_WORDS,
    Context,
    EssieError,
    Junction,
    Negation,
    Node,
    Part,
    Special,
    Term,
    parse_query,
    words_in,
)


def term(text: str) -> Term:
    return Term(tuple(Part(word, False) for word in text.split()), text)


TREES: dict[str, Node] = {
    "heart attack": term("heart attack"),
    "a and b or not c": term("a and b or not c"),
    "a OR b AND c": Junction("OR", (term("a"), Junction("AND", (term("b"), term("c"))))),
    "(a OR b) AND c": Junction("AND", (Junction("OR", (term("a"), term("b"))), term("c"))),
    "NOT a AND b": Junction("AND", (Negation(term("a")), term("b"))),
    "a NOT b": Junction("AND", (term("a"), Negation(term("b")))),
    "a, b": Junction("AND", (term("a"), term("b"))),
    "AREA[Condition]a b AND c": Junction(
        "AND", (Context("AREA", "Condition", term("a b")), term("c"))
    ),
    "COVER[FullMatch]a": Context("COVERAGE", "FullMatch", term("a")),
    "AREA[StartDate]RANGE[2020-01, MAX]": Context(
        "AREA", "StartDate", Special("RANGE", ("2020-01", "MAX"))
    ),
    "AREA[Sex]ALL": Context("AREA", "Sex", Special("ALL")),
    'AREA[Sex]"ALL"': Context("AREA", "Sex", Term((Part("ALL", True),), '"ALL"')),
    r'"a \"b\" \\ c"': Term((Part(r'a "b" \ c', True),), r'"a \"b\" \\ c"'),
}


@pytest.mark.parametrize("value", TREES)
def test_a_query_is_read_by_its_precedence(value: str) -> None:
    assert parse_query(value) == TREES[value]


@pytest.mark.parametrize(
    "value", ["", "AND", "a OR", "()", "a [b]", 'a "b', "AREA [X] a", "AREA[X", "RANGE[1]", "MIN"]
)
def test_what_is_no_query_is_refused(value: str) -> None:
    with pytest.raises(EssieError):
        parse_query(value)


def test_twelve_words_pass_and_thirteen_do_not() -> None:
    parse_query(" OR ".join("abcdefghijkl"))
    with pytest.raises(EssieError, match="Too complicated query"):
        parse_query(" OR ".join("abcdefghijklm"))


@pytest.mark.parametrize(
    "value", ["a AND b", "AREA[Condition]a", "ALL", "(a)", "NOT a", "a, b", 'a "b"', "a]"]
)
def test_text_with_an_operator_is_not_read_back_as_text(value: str) -> None:
    assert parse_back(value) is None


@given(st.text())
def test_quoted_text_is_read_back_exactly(text: str) -> None:
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    assert parse_back(quoted) == text


@given(st.text())
def test_reading_never_fails_in_another_way(value: str) -> None:
    with contextlib.suppress(EssieError):
        assert words_in(parse_query(value)) <= MOST_WORDS


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with StandIn() as registry, httpx.Client(base_url=registry.base_url, trust_env=False) as client:
        yield client


def numbers(client: httpx.Client, **parameters: str) -> set[int]:
    """The last digits of the studies found."""
    named = {name.replace("_", "."): value for name, value in parameters.items()}
    answer = client.get("/studies", params=named | {"fields": "NCTId", "pageSize": "1000"})
    assert answer.status_code == 200, answer.text
    modules = [s["protocolSection"]["identificationModule"] for s in answer.json()["studies"]]
    return {int(module["nctId"][3:]) - 90_000_000 for module in modules}


def test_a_condition_is_found_by_name_by_title_by_mesh_and_by_synonym(client: httpx.Client) -> None:
    strokes = numbers(client, query_cond="stroke")
    assert {1, 19, 26, 32, 45} <= strokes
    assert strokes == numbers(client, query_cond="STROKES")
    assert numbers(client, query_cond="cerebrovascular accident") == strokes
    assert 1 in numbers(client, query_cond="brain diseases")


def test_words_are_wanted_all_and_a_phrase_side_by_side(client: httpx.Client) -> None:
    assert 1 in numbers(client, query_cond="stroke subacute")
    assert numbers(client, query_cond='"stroke ischemic"') == set()
    assert 1 in numbers(client, query_cond='"ischemic stroke"')


def test_an_abbreviation_of_the_cells_is_not_known(client: httpx.Client) -> None:
    written_out = numbers(client, query_intr="mesenchymal stem cell")
    assert 26 not in written_out
    assert not written_out <= numbers(client, query_intr="MSC")


def test_the_intervention_area_is_wider_than_the_name(client: httpx.Client) -> None:
    narrow = numbers(client, query_term="AREA[InterventionName]mesenchymal")
    assert narrow < numbers(client, query_intr="mesenchymal")


def test_operators_combine(client: httpx.Client) -> None:
    stroke, iv = numbers(client, query_cond="stroke"), numbers(client, query_intr="intravenous")
    everything = numbers(client)
    assert numbers(client, query_cond="stroke", query_intr="intravenous") == stroke & iv
    assert numbers(client, query_cond="NOT stroke") == everything - stroke
    assert numbers(client, query_cond="ALL") == everything
    assert numbers(client, query_cond="stroke OR autism") == stroke | {8, 30}
    assert numbers(client, query_cond="EXPANSION[None]strokes") == set()


def test_ranges_drop_what_has_no_value_unless_missing_is_asked(client: httpx.Client) -> None:
    clause = "AREA[StartDate]RANGE[2024-01-01,MAX]"
    dated, undated = (
        numbers(client, filter_advanced=clause),
        numbers(client, filter_advanced="AREA[StartDate]MISSING"),
    )
    assert {11, 15, 34} <= undated
    assert dated.isdisjoint(undated)
    both = numbers(client, filter_advanced=f"{clause} OR AREA[StartDate]MISSING")
    assert both == dated | undated


def test_partial_dates_match_by_their_month_or_year(client: httpx.Client) -> None:
    assert 37 in numbers(client, filter_advanced="AREA[StartDate]2009")
    assert 37 in numbers(client, filter_advanced="AREA[StartDate]RANGE[2009-06-01,2009-06-30]")
    assert 37 in numbers(client, filter_advanced="AREA[PrimaryCompletionDate]2011-07")
    assert 37 not in numbers(client, filter_advanced="AREA[StartDate]2009-03-01")


def test_ages_are_compared_as_times(client: httpx.Client) -> None:
    fit = "AREA[MinimumAge]RANGE[MIN, 3 years] AND AREA[MaximumAge]RANGE[3 years, MAX]"
    assert numbers(client, filter_advanced=fit) == {4, 30}
    assert 39 in numbers(client, filter_advanced="AREA[MaximumAge]MISSING")


def test_an_unquoted_all_is_an_operator_and_a_quoted_one_a_value(client: httpx.Client) -> None:
    assert numbers(client, filter_advanced="AREA[Sex]ALL") == numbers(client)
    assert 35 not in numbers(client, filter_advanced='AREA[Sex]"ALL"')


def test_a_search_in_locations_stays_at_one_site(client: httpx.Client) -> None:
    same = "SEARCH[Location](AREA[LocationCity]Madrid AND AREA[LocationStatus]RECRUITING)"
    apart = "AREA[LocationCity]Madrid AND AREA[LocationStatus]RECRUITING"
    assert 45 not in numbers(client, filter_advanced=same)
    assert 45 in numbers(client, filter_advanced=apart)
    assert 28 in numbers(client, filter_advanced=same)


def test_distance_counts_any_site(client: httpx.Client) -> None:
    by_filter = numbers(client, filter_geo="distance(42.36,-71.06,30km)")
    assert {1, 4, 46} <= by_filter
    assert numbers(client, filter_advanced="DISTANCE[42.36,-71.06,30km]") == by_filter
    assert 2 not in by_filter


def test_sizes_of_lists_can_be_asked(client: httpx.Client) -> None:
    assert 1 in numbers(client, filter_advanced="AREA[Phase:size]2")
    assert 2 not in numbers(client, filter_advanced="AREA[Phase:size]2")


def test_coverage_looks_at_the_whole_value(client: httpx.Client) -> None:
    assert numbers(client, filter_advanced="AREA[Condition]COVERAGE[FullMatch]autism") == {30}
    starts = numbers(client, filter_advanced="AREA[Condition]COVERAGE[StartsWith]autism")
    assert starts == {8, 30}


def test_facets_and_filters_narrow(client: httpx.Client) -> None:
    assert numbers(client, filter_overallStatus="WITHHELD|SUSPENDED") == {6, 15}
    assert numbers(client, aggFilters="status:sus wit") == {6, 8}
    assert numbers(client, aggFilters="violation:y") == {38}
    assert numbers(client, aggFilters="results:with,docs:sap") == {4}
    assert numbers(client, aggFilters="phase:2,phase:4") == {29}
    assert numbers(client, postFilter_ids="NCT90000001") == {1}


def test_a_place_and_a_sponsor_are_found(client: httpx.Client) -> None:
    assert {1, 35} <= numbers(client, query_locn="Toronto")
    assert numbers(client, query_lead="Palm Cove") == {18}
    assert 46 in numbers(client, query_spons="National Kidney Agency")
    assert 46 not in numbers(client, query_lead="National Kidney Agency")
