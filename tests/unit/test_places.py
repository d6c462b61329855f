"""Where places lie, and which site of a trial is nearest to one."""

from typing import Any

import pytest

from stemcheck.errors import UsageError
from stemcheck.services.filters import query_from
from stemcheck.services.nearby import with_nearest
from stemcheck.trial.details import Site
from stemcheck.trial.places import (
    Near,
    kilometres_between,
    kilometres_from,
    near_from,
    position_of,
)
from stemcheck.trial.query import TrialQuery, reason_left_out
from tests.unit.trials_made_up import a_trial

MADRID = Near("Madrid", "Spain", 40.4165, -3.70256)


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("Madrid", "Madrid, Spain"), ("madrid", "Madrid, Spain"), ("Munich", "Munich, Germany"),
        ("M\u00fcnchen", "Munich, Germany"), ("munchen", "Munich, Germany"),
        ("Canc\u00fan", "Canc\u00fan, Mexico"), ("Cancun", "Canc\u00fan, Mexico"),
        ("Paris", "Paris, France"), ("Paris, Texas", "Paris, Texas, United States"),
        ("paris, france", "Paris, France"), ("Cologne", "K\u00f6ln, Germany"),
        ("Wien", "Vienna, Austria"), ("\u041c\u043e\u0441\u043a\u0432\u0430", "Moscow, Russian Federation"),
        ("\u6771\u4eac", "Tokyo, Japan"), ("Ciudad de M\u00e9xico", "Mexico City, Mexico"),
        ("Barcelona, Spain", "Barcelona, Spain"), ("Barcelona, Espa\u00f1a", "Barcelona, Spain"),
        ("Valencia, Venezuela", "Valencia, Venezuela"),
        ("40.4,-3.7", "40.4, -3.7"), ("-33.9; 151.2", "-33.9, 151.2"),
    ],
)  # fmt: skip
def test_a_place_is_found_by_any_of_its_names(typed: str, taken: str) -> None:
    assert str(near_from(typed, "--near")) == taken


@pytest.mark.parametrize(
    "typed",
    [
        "Barcelona",
        "Valencia",
        "Cambridge",
        "Springfield",
        "San Jose",
        "Pekín",
        "Calcutta",
        "Mexico",
    ],
)
def test_where_several_may_be_meant_it_is_asked_back(typed: str) -> None:
    with pytest.raises(UsageError, match="several places") as caught:
        near_from(typed, "--near")
    candidates: Any = caught.value.facts["candidates"]
    assert len(candidates) > 1
    for candidate in candidates[:2]:
        assert candidate in str(caught.value.hint)
        assert str(near_from(candidate, "--near")).startswith(candidate.partition(",")[0])


@pytest.mark.parametrize(
    ("city", "state", "country", "near"),
    [
        ("Salamanca", None, "Spain", (40.97, -5.66)),  # and a district of Madrid
        ("Wilmington", "North Carolina", "United States", (34.23, -77.94)),
        ("Cambridge", "Massachusetts", "United States", (42.37, -71.11)),
        ("Cambridge", "Minnesota", "United States", None),  # too small for the gazetteer
        ("Princeton", "Illinois", "United States", None),
        ("M\u00fcnchen", "Bavaria", "Germany", (48.14, 11.58)),
    ],
)
def test_a_city_of_a_record_is_placed_where_it_lies_or_not_at_all(
    city: str, state: str | None, country: str, near: tuple[float, float] | None
) -> None:
    found = position_of(city, state, country)
    assert (found is None) is (near is None)
    if found and near:
        assert kilometres_between(found, near) < 12


def test_namesakes_in_one_country_are_told_apart_by_their_position() -> None:
    with pytest.raises(UsageError) as caught:
        near_from("Aurora, United States", "--near")
    candidates: Any = caught.value.facts["candidates"]
    assert len(set(candidates)) == len(candidates)


@pytest.mark.parametrize(
    ("typed", "listed"), [("Paris, Spain", "Paris, France"), ("Madrid, Germany", "Madrid, Spain")]
)
def test_a_city_with_the_wrong_country_is_told_with_where_it_is(typed: str, listed: str) -> None:
    with pytest.raises(UsageError, match="no place is listed that fits all of") as caught:
        near_from(typed, "--near")
    assert listed in str(caught.value.hint)


@pytest.mark.parametrize("typed", ["Atlantis City of Nowhere", "", "91,0", "40,200"])
def test_a_place_that_is_not_known_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="does not know the place"):
        near_from(typed, "--near")


@pytest.mark.parametrize(
    ("typed", "kilometres"),
    [("100km", 100), ("100", 100), ("60 mi", 96.6), ("60miles", 96.6), ("1.5 km", 1.5)],
)
def test_a_distance_is_read_in_kilometres_and_miles(typed: str, kilometres: float) -> None:
    assert kilometres_from(typed, "--within") == kilometres


@pytest.mark.parametrize("typed", ["far", "-5km", "0", "10 feet", ""])
def test_what_is_no_distance_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="distance"):
        kilometres_from(typed, "--within")


def test_a_distance_needs_a_place() -> None:
    assert query_from({"near": "Madrid", "within": "60mi"}).near == Near(
        "Madrid", "Spain", 40.416, -3.703, within_km=96.6
    )
    with pytest.raises(UsageError, match="--near"):
        query_from({"within": "50km"}, called="options")


def test_distances_are_those_of_the_globe() -> None:
    assert kilometres_between((40.4165, -3.70256), (48.85341, 2.3488)) == pytest.approx(1052, abs=5)
    assert kilometres_between((0, 179.9), (0, -179.9)) == pytest.approx(22, abs=1)
    assert kilometres_between((51.5, -0.1), (51.5, -0.1)) == 0


@pytest.mark.parametrize(
    ("city", "state", "country", "position"),
    [
        ("Houston", "Texas", "United States", (29.76328, -95.36327)),
        ("Saint John's", None, "Antigua and Barbuda", (17.12096, -61.84329)),
        ("M\u00fcnchen", None, "Germany", (48.137, 11.575)),
        ("Guangzhou, Guangdong", None, "China", (23.117, 113.25)),
        ("Springfield", "Illinois", "United States", (39.802, -89.644)),
        ("Tehran", None, "Iran", (35.69439, 51.42151)),
        ("Tehran", None, "Iran, Islamic Republic of", (35.69439, 51.42151)),
        ("Seoul", None, "Korea, Republic of", (37.566, 126.9784)),
    ],
)
def test_a_city_of_a_record_is_placed_within_12_km(
    city: str, state: str | None, country: str, position: tuple[float, float]
) -> None:
    placed = position_of(city, state, country)
    assert placed is not None
    assert kilometres_between(placed, position) < 12


@pytest.mark.parametrize(
    ("city", "country"), [("Nowhere", "Spain"), ("Madrid", "Japan"), (None, "Spain")]
)
def test_a_city_that_is_not_known_has_no_place(city: str | None, country: str) -> None:
    assert position_of(city, None, country) is None


def a_site(
    city: str | None, country: str, status: str | None, position: tuple[float, float] | None = None
) -> Site:
    latitude, longitude = position or (None, None)
    return Site(
        facility=None, city=city, state=None, country=country, status=status,
        latitude=latitude, longitude=longitude,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sites", "nearest"),
    [
        ([a_site("Paris", "France", "RECRUITING"), a_site("Madrid", "Spain", "RECRUITING")], "Madrid"),
        ([a_site("Toledo", "Spain", "RECRUITING"), a_site("Madrid", "Spain", "COMPLETED")], "Toledo"),
        ([a_site("Paris", "France", "RECRUITING"), a_site("Madrid", "Spain", "COMPLETED")], "Madrid"),
        ([a_site("Toledo", "Spain", "WITHDRAWN"), a_site("Madrid", "Spain", "COMPLETED")], "Madrid"),
        ([a_site("Madrid", "Spain", "NOT_YET_RECRUITING"), a_site("Nowhere", "Spain", "RECRUITING")],
         "Madrid"),
        ([a_site("Nowhere", "Spain", "RECRUITING")], None),
    ],
)  # fmt: skip
def test_the_nearest_site_is_one_that_is_open_there(sites: list[Site], nearest: str | None) -> None:
    found = with_nearest(a_trial(), sites, TrialQuery(near=MADRID)).nearest
    assert (found.city if found else None) == nearest


def test_a_position_of_the_record_counts_before_its_city() -> None:
    query = TrialQuery(near=MADRID)
    known = with_nearest(a_trial(), [a_site("Madrid", "Spain", None, (48.85, 2.35))], query).nearest
    placed = with_nearest(a_trial(), [a_site("Madrid", "Spain", None)], query).nearest
    assert known is not None
    assert placed is not None
    assert (known.placed_by, known.distance_km > 1000) == ("position", True)
    assert (placed.placed_by, placed.distance_km < 12) == ("city", True)
    assert placed.status == "RECRUITING"  # the study's own, as the site has none


@pytest.mark.parametrize(
    ("sites", "reason"),
    [
        ([a_site("Toledo", "Spain", None)], None),
        ([a_site("Paris", "France", None)], "too_far"),
        ([a_site("Nowhere", "Spain", None)], "place_unknown"),
    ],
)
def test_a_trial_too_far_away_is_left_out(sites: list[Site], reason: str | None) -> None:
    query = TrialQuery(near=MADRID)
    assert reason_left_out(with_nearest(a_trial(), sites, query), query) == reason


def test_without_a_place_nothing_is_nearest() -> None:
    assert with_nearest(a_trial(), [a_site("Madrid", "Spain", None)], TrialQuery()).nearest is None
