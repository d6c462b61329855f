"""A question becomes the registry's parameters: broad, escaped, and within its limits."""

from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from stemcheck.errors import UsageError
from stemcheck.registry.question import IDS_PER_REQUEST, Addresses, question_for
from stemcheck.registry.record import SEARCH_FIELDS, STUDY_FIELDS
from stemcheck.trial.query import TrialQuery
from stemcheck.trial.terms import Product

ADDRESSES = Addresses("https://registry.example/api/v2/", page_size=1000)


def parameters_in(address: str) -> dict[str, str]:
    pairs = parse_qsl(urlsplit(address).query, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs), "a parameter is sent twice"
    return dict(pairs)


def asked(query: TrialQuery, token: str | None = None) -> dict[str, str]:
    return parameters_in(ADDRESSES.page(question_for(query), token=token))


def test_a_search_without_a_filter_asks_for_stem_cells_only() -> None:
    parameters = asked(TrialQuery())
    assert parameters.pop("query.intr").startswith("stem OR ")
    assert parameters.pop("fields").split("|") == list(SEARCH_FIELDS)
    assert parameters == {
        "sort": "LastUpdatePostDate:desc|StudyFirstPostDate:desc",
        "countTotal": "true",
        "pageSize": "1000",
    }


@pytest.mark.parametrize("cells", [(), ("any",), *((kind.value,) for kind in Product)])
def test_the_broad_question_stays_within_twelve_words(cells: tuple[str, ...]) -> None:
    terms = asked(TrialQuery(cells=cells))["query.intr"].split(" OR ")
    assert "mesenchymal" in terms
    assert len(terms) <= 12
    assert all(term.isalpha() for term in terms)


def test_all_kinds_of_cells_at_once_stay_within_twelve_words() -> None:
    every_kind = tuple(kind.value for kind in Product)
    assert len(asked(TrialQuery(cells=every_kind))["query.intr"].split(" OR ")) <= 12


def test_the_usual_question_is_twelve_words_even_with_its_operators() -> None:
    assert len(asked(TrialQuery())["query.intr"].split()) <= 12


def test_kinds_with_words_of_their_own_are_asked_for_by_them() -> None:
    assert "exosomes" in asked(TrialQuery(cells=("cell_free",)))["query.intr"]


def test_several_conditions_mean_any_of_them() -> None:
    parameters = asked(TrialQuery(conditions=("stroke", "heart failure", "ALL")))
    assert parameters["query.cond"] == 'stroke OR (heart failure) OR "ALL"'


def test_conditions_that_need_quotes_can_be_told() -> None:
    query = TrialQuery(conditions=("stroke", "ALL", "pain, chronic"))
    assert question_for(query).phrases == ("ALL", "pain, chronic")


def test_statuses_are_filtered_by_the_registry() -> None:
    parameters = asked(TrialQuery(statuses=("UNKNOWN", "RECRUITING")))
    assert parameters["filter.overallStatus"] == "UNKNOWN|RECRUITING"


def test_a_record_without_a_phase_or_a_country_comes_along_to_be_counted() -> None:
    parameters = asked(TrialQuery(phases=("PHASE2", "NA"), countries=("Spain", "Iran")))
    assert parameters["filter.advanced"] == (
        "(AREA[Phase](PHASE2 OR NA) OR AREA[Phase]MISSING)"
        ' AND (AREA[LocationCountry]("Spain" OR "Iran, Islamic Republic of" OR "Iran")'
        " OR AREA[LocationCountry]MISSING)"
    )


def test_a_filter_that_would_be_too_long_for_the_registry_is_left_to_us() -> None:
    many = tuple(f"Country {number}" for number in range(7))
    assert "filter.advanced" not in asked(TrialQuery(countries=many))
    parameters = asked(TrialQuery(countries=many, phases=("PHASE3",)))
    assert parameters["filter.advanced"] == "(AREA[Phase](PHASE3) OR AREA[Phase]MISSING)"


def test_a_raw_expression_goes_as_it_is_written() -> None:
    expression = "AREA[Sex]FEMALE AND NOT (mice)"
    assert asked(TrialQuery(raw=f" {expression} "))["query.term"] == expression


def test_later_pages_carry_the_token_and_ask_for_no_count() -> None:
    query = TrialQuery(conditions=("stroke",))
    first, later = asked(query), asked(query, token="abc")
    assert later.pop("pageToken") == "abc"
    assert first.pop("countTotal") == "true"
    assert later == first


def test_one_study_is_asked_for_in_full_without_personal_data() -> None:
    fields = parameters_in(ADDRESSES.study("NCT00000001"))["fields"].split("|")
    assert set(fields) == set(STUDY_FIELDS) > set(SEARCH_FIELDS)
    for personal in ("Contact", "OverallOfficial", "Investigator", "ResponsibleParty"):
        assert not [field for field in fields if personal in field]


def test_several_studies_are_asked_for_on_one_page() -> None:
    parameters = parameters_in(ADDRESSES.studies(["NCT00000001", "NCT00000002"]))
    assert parameters["filter.ids"] == "NCT00000001|NCT00000002"
    assert int(parameters["pageSize"]) >= IDS_PER_REQUEST


@pytest.mark.parametrize("count", [0, IDS_PER_REQUEST + 1])
def test_too_many_numbers_at_a_time_are_a_mistake_of_ours(count: int) -> None:
    with pytest.raises(ValueError, match=str(count)):
        ADDRESSES.studies(["NCT00000001"] * count)


@pytest.mark.parametrize(
    ("query", "message", "hint"),
    [
        (TrialQuery(conditions=("",)), "condition is empty", "stroke"),
        (TrialQuery(conditions=("stroke", " \t")), "condition is empty", "stroke"),
        (TrialQuery(conditions=("\u200b",)), "no word", "stroke"),
        (TrialQuery(conditions=("?!",)), "no word", "stroke"),
        (TrialQuery(conditions=("🧠",)), "no word", "stroke"),
        (TrialQuery(conditions=("stroke\x00",)), "cannot be sent", "by hand"),
        (TrialQuery(conditions=("stroke \x1b[31m",)), "cannot be sent", "by hand"),
        (TrialQuery(conditions=("stroke \ud800",)), "cannot be sent", "by hand"),
        (TrialQuery(raw=" "), "search expression is empty", ""),
        (TrialQuery(raw="a\udfff"), "cannot be sent", "by hand"),
        (TrialQuery(conditions=("nct04506073",)), "trial's number", "show NCT04506073"),
        (TrialQuery(raw="NCT04506073, NCT04506074"), "trial's number", "NCT04506074"),
        (TrialQuery(conditions=("a " * 13,)), "13 words", "main words"),
        (TrialQuery(conditions=("a-b " * 7,)), "14 words", "main words"),
        (TrialQuery(conditions=("one two three",) * 5), "15 words", "several searches"),
    ],
)
def test_what_the_registry_could_not_answer_is_refused_with_advice(
    query: TrialQuery, message: str, hint: str
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        question_for(query)
    assert hint in (caught.value.hint or "")


def test_twelve_words_are_not_too_many() -> None:
    question_for(
        TrialQuery(conditions=("one two three four", "five six seven eight", "9 10 11 12"))
    )


def shown(query: TrialQuery) -> dict[str, str]:
    address = urlsplit(question_for(query).web_url)
    assert (address.scheme, address.netloc, address.path) == (
        "https",
        "clinicaltrials.gov",
        "/search",
    )
    return {name: value for name, (value,) in parse_qs(address.query).items()}


def test_the_page_asks_what_we_ask() -> None:
    page = shown(
        TrialQuery(
            conditions=("stroke & <pain>", "ALL"),
            statuses=("RECRUITING", "ACTIVE_NOT_RECRUITING"),
            phases=("EARLY_PHASE1", "PHASE2", "NA"),
            countries=("South Korea",),
            raw="AREA[Sex]FEMALE",
        )
    )
    assert page.pop("intr").startswith("stem OR ")
    assert page == {
        "cond": '"stroke & <pain>" OR "ALL"',
        "term": "AREA[Sex]FEMALE",
        "locStr": "South Korea",
        "country": "South Korea",
        "aggFilters": "status:rec act,phase:0 2 NA",
    }


def test_several_countries_are_written_as_a_term() -> None:
    page = shown(TrialQuery(countries=("Chile", "Peru"), raw="mice OR men"))
    assert page["term"] == '(mice OR men) AND (AREA[LocationCountry]("Chile" OR "Peru"))'
    assert "country" not in page


def test_a_filter_that_the_page_does_not_have_is_left_out() -> None:
    query = TrialQuery(statuses=("RECRUITING", "WITHHELD"), phases=("PHASE9",))
    assert "aggFilters" not in shown(query)
