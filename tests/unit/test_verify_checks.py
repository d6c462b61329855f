"""Each claim held against one record: matches, differs, or the record does not settle it."""

from typing import Any

import pytest

from stemcheck.services.claim_checks import (
    check_cells,
    check_condition,
    check_route,
    checks_as_typed,
)
from stemcheck.services.place_checks import (
    check_country,
    check_open,
    check_site,
    standing_for,
)
from stemcheck.services.show import in_full
from stemcheck.trial.details import DetailedTrial, Details, Site
from stemcheck.trial.reading import Evidence
from stemcheck.trial.status import STATUSES, label_for
from stemcheck.trial.terms import Donor, Intravenous, Product, Route, Tissue
from stemcheck.trial.trial import Intervention
from stemcheck.trial.verification import Check, Expectations, Told
from tests.unit.trials_made_up import STALE, a_reading, a_trial, of_day


def a_site(facility: str | None, city: str, country: str, status: str | None = None) -> Site:
    return Site(facility=facility, city=city, state=None, country=country, status=status)


def with_sites(*sites: Site, status: str = "RECRUITING", **changes: Any) -> DetailedTrial:
    countries = tuple(dict.fromkeys(site.country for site in sites if site.country))
    trial = a_trial(status=status, countries=countries, **changes)
    return in_full(trial, Details(locations=sites))


HARBOUR = a_site("Example Harbour Hospital", "Boston", "United States", "RECRUITING")
LAKESIDE = a_site("Lakeside Example Hospital", "Toronto", "Canada", "COMPLETED")


def open_check(trial: DetailedTrial, **expected: Any) -> Check:
    wanted = Expectations(is_open=True, **expected)
    return check_open(standing_for(trial, wanted), is_claimed=True)


def test_a_condition_is_found_with_its_field_and_words() -> None:
    check = check_condition("heart attack", a_trial(conditions=("Gout", "Myocardial Infarction")))
    assert (check.result, check.field, check.quote) == (
        "matches",
        "conditions[1]",
        "Myocardial Infarction",
    )


def test_a_condition_is_looked_for_in_keywords_and_titles_too() -> None:
    trial = a_trial(
        conditions=("Pain",), keywords=("knee", "Lupus"), official_title="Cells in COPD"
    )
    assert check_condition("lupus", trial).field == "keywords[1]"
    assert check_condition("copd", trial).field == "officialTitle"


def test_the_registrys_own_terms_count_as_the_record() -> None:
    check = check_condition("brain disease", a_trial(), ("Brain Diseases",))
    assert (check.result, check.field) == ("matches", "derivedSection.conditionBrowseModule")


def test_another_condition_differs_and_is_quoted() -> None:
    check = check_condition("lupus", a_trial())
    assert (check.result, check.record, check.quote) == ("differs", "Stroke", "Stroke")


def test_a_wider_condition_of_the_record_settles_nothing() -> None:
    trial = a_trial(conditions=("Arthritis",), brief_title="Cells")
    assert check_condition("rheumatoid arthritis", trial).result == "not_stated"


def test_a_record_without_conditions_says_nothing() -> None:
    assert check_condition("stroke", a_trial(conditions=(), brief_title=None)).record is None


def reading_of(*routes: Route) -> Any:
    return a_trial(reading=a_reading(routes=routes, intravenous=Intravenous.NOT_STATED))


@pytest.mark.parametrize(
    ("claimed", "said", "result"),
    [
        ("intravenous", (Route.INTRAVENOUS,), "matches"),
        ("intravenous", (Route.INTRATHECAL, Route.INTRAVENOUS), "matches"),
        ("intravenous", (Route.INTRATHECAL,), "differs"),
        ("intravenous", (Route.INFUSION_UNSPECIFIED,), "not_stated"),
        ("intravenous", (Route.NOT_STATED,), "not_stated"),
        ("intravenous", (Route.NONE,), "differs"),
        ("infusion_unspecified", (Route.INTRA_ARTERIAL,), "matches"),
        ("topical", (Route.LOCAL_INJECTION,), "not_stated"),
        ("topical", (Route.INTRAVENOUS,), "differs"),
    ],
)
def test_a_way_is_held_against_the_reading(
    claimed: str, said: tuple[Route, ...], result: str
) -> None:
    assert check_route(claimed, reading_of(*said)).result == result


def test_a_way_carries_the_records_words() -> None:
    check = check_route("intravenous", a_trial())
    assert (check.field, check.quote) == ("interventions[0].description", "given intravenously")


def test_a_record_without_cells_shows_what_it_gives_instead() -> None:
    reading = a_reading(products=(Product.NONE,), routes=(Route.NONE,))
    trial = a_trial(
        reading=reading.model_copy(update={"evidence": ()}),
        interventions=(Intervention(type="DRUG", name="Atorvastatin"),),
    )
    check = check_cells("mesenchymal", trial)
    assert (check.result, check.record, check.quote) == ("differs", "none", "Atorvastatin")


@pytest.mark.parametrize(
    ("claimed", "said", "result"),
    [
        ("mesenchymal", (Product.MESENCHYMAL,), "matches"),
        ("mesenchymal", (Product.UNSPECIFIED_STEM,), "not_stated"),
        ("mesenchymal", (Product.HEMATOPOIETIC,), "differs"),
        ("any", (Product.HEMATOPOIETIC,), "matches"),
        ("any", (Product.CELL_FREE,), "differs"),
        ("cell_free", (Product.UNSPECIFIED_STEM,), "differs"),
        ("unspecified_stem", (Product.MESENCHYMAL,), "matches"),
    ],
)
def test_cells_are_held_against_the_reading(
    claimed: str, said: tuple[Product, ...], result: str
) -> None:
    assert check_cells(claimed, a_trial(reading=a_reading(products=said))).result == result


def test_tissue_and_donor_are_cells_too() -> None:
    assert check_cells("allogeneic", a_trial()).result == "matches"
    assert check_cells("autologous", a_trial()).result == "differs"
    assert check_cells("adipose", a_trial()).record == "umbilical_cord"
    silent = a_reading().model_copy(
        update={"donor": (Donor.NOT_STATED,), "tissue": (Tissue.NOT_STATED,)}
    )
    assert check_cells("autologous", a_trial(reading=silent)).result == "not_stated"


def test_a_trial_that_was_not_read_settles_nothing() -> None:
    trial = a_trial(reading=None)
    assert check_route("intravenous", trial).result == "not_stated"
    assert check_cells("mesenchymal", trial).result == "not_stated"


def test_a_country_is_found_under_its_other_names() -> None:
    trial = with_sites(LAKESIDE, HARBOUR)
    check = check_country("USA", trial)
    assert (check.result, check.field, check.quote) == (
        "matches",
        "locations[1].country",
        "United States",
    )
    assert check_country("Mexico", trial).result == "differs"


def test_a_record_without_sites_says_nothing_on_places() -> None:
    trial = in_full(a_trial(countries=()), None)
    assert check_country("Spain", trial).result == "not_stated"
    assert check_site("Madrid", trial).result == "not_stated"


def test_saved_facts_know_the_countries_without_the_sites() -> None:
    trial = in_full(a_trial(countries=("Spain",)), None)
    assert check_country("Spain", trial).result == "matches"
    assert check_country("Mexico", trial).result == "differs"


@pytest.mark.parametrize(
    ("claimed", "result"),
    [
        ("Example Harbor Hospital", "matches"),
        ("harbour hospital boston", "matches"),
        ("Toronto", "matches"),
        ("Harbor Clinic", "not_stated"),
        ("Somewhere Else Clinic", "differs"),
        ("!!!", "not_settled"),
        ("XQZ", "not_settled"),
        ("Nowhere, XQZ", "differs"),
    ],
)
def test_a_site_is_held_against_the_sites(claimed: str, result: str) -> None:
    assert check_site(claimed, with_sites(HARBOUR, LAKESIDE)).result == result


def test_a_site_without_a_name_may_be_the_claimed_one() -> None:
    for name in (None, "Investigational Site 12", "Local Institution - 0001"):
        trial = with_sites(a_site(name, "Lyon", "France"))
        assert check_site("Somewhere Else Clinic", trial).result == "not_stated"


@pytest.mark.parametrize("status", STATUSES)
def test_open_is_settled_by_every_status_but_the_unknown_ones(status: str) -> None:
    result = open_check(in_full(a_trial(status=status), None)).result
    if status in {"RECRUITING", "AVAILABLE"}:
        assert result == "matches"
    elif status in {"UNKNOWN", "WITHHELD"}:
        assert result == "not_stated"
    else:
        assert result == "differs"


def test_open_is_told_without_a_result_when_nobody_claimed_it() -> None:
    trial = in_full(a_trial(status="COMPLETED"), None)
    check = check_open(standing_for(trial, Expectations()), is_claimed=False)
    assert (check.claimed, check.result, check.record) == (
        None,
        None,
        "Completed; confirmed 2026-03",
    )


def test_open_looks_at_the_claimed_place() -> None:
    trial = with_sites(HARBOUR, LAKESIDE)
    assert open_check(trial, countries=("USA",)).result == "matches"
    closed = open_check(trial, countries=("Canada",))
    assert (closed.result, closed.field, closed.quote) == (
        "differs",
        "locations[1].status",
        "COMPLETED",
    )
    assert open_check(trial, sites=("Toronto",)).result == "differs"
    assert open_check(trial, countries=("Mexico",)).result == "differs"


def test_open_rests_on_the_whole_study_where_sites_have_no_status() -> None:
    trial = with_sites(a_site("A Hospital", "Madrid", "Spain"))
    assert open_check(trial, countries=("Spain",)).field == "overallStatus"


def test_an_open_site_does_not_open_a_study_of_unknown_status() -> None:
    trial = with_sites(HARBOUR, status="UNKNOWN")
    assert open_check(trial, countries=("USA",)).result == "not_stated"


def test_a_finished_study_is_not_open_at_any_site() -> None:
    assert (
        open_check(with_sites(HARBOUR, status="COMPLETED"), countries=("USA",)).result == "differs"
    )


@pytest.mark.parametrize("status", [s for s, known in STATUSES.items() if known.final])
def test_saved_data_settle_what_is_over(status: str) -> None:
    check = open_check(in_full(of_day(a_trial(status=status)), None))
    assert check.result == "differs"


@pytest.mark.parametrize("status", [s for s, known in STATUSES.items() if not known.final])
def test_saved_data_never_settle_what_is_open_now(status: str) -> None:
    trial = in_full(of_day(a_trial(status=status)), None)
    check = open_check(trial, countries=("Mexico",))
    assert check.result == "not_stated"
    assert check.record
    assert check.record.startswith(f"{label_for(status)}; confirmed 2022-03")
    assert "saved data of 13 Oct 2022" in check.record


@pytest.mark.parametrize("status", ["RECRUITING", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING"])
def test_a_status_that_nobody_confirmed_for_long_settles_nothing(status: str) -> None:
    check = open_check(with_sites(HARBOUR, status=status, signals=(STALE,)))
    assert check.result == "not_stated"
    assert check.record == f"{label_for(status)}; last confirmed 2026-03"


def test_a_study_that_is_over_stays_over() -> None:
    assert open_check(in_full(a_trial(status="COMPLETED"), None)).result == "differs"


@pytest.mark.parametrize(
    ("quote", "result"),
    [
        ("MSC-derived exosomes", "matches"),
        ("extracellular vesicles (EVs)", "matches"),
        ("MSC-Exo", "matches"),
        ("Conditioned Medium", "not_stated"),
        ("exogenous secretome", "not_stated"),
    ],
)
def test_exosomes_are_there_only_where_the_record_speaks_of_them(quote: str, result: str) -> None:
    words = Evidence(claim="product", value="cell_free", field="briefTitle", quote=quote)
    reading = a_reading(products=(Product.CELL_FREE,)).model_copy(update={"evidence": (words,)})
    check = check_cells("exosomes", a_trial(reading=reading))
    assert (check.claimed, check.result, check.quote) == ("exosomes", result, quote)


def test_exosomes_differ_from_cells() -> None:
    assert check_cells("exosomes", a_trial()).result == "differs"


def test_any_value_of_the_typed_words_fulfils_them_and_they_are_one_claim() -> None:
    trial = reading_of(Route.INTRASPINAL)
    spine = Told("spine", ("intrathecal", "intraspinal"))
    fluid = Told("intrathecal", ("intrathecal",))
    checks = list(checks_as_typed((spine, fluid), check_route, trial))
    assert [(check.told, check.result) for check in checks] == [
        ("spine", "matches"),
        (None, "differs"),
    ]
