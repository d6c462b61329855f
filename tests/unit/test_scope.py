"""Every trial is either part of the answer or left out for a reason that can be told."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from stemcheck.errors import AnswerUnreadableError, UsageError
from stemcheck.output.summary import none_found
from stemcheck.registry.question import question_for
from stemcheck.services.filters import query_from
from stemcheck.services.search import Search, in_reading_order
from stemcheck.services.sources import Papers
from stemcheck.trial.answer import Notice, Request, Source
from stemcheck.trial.query import TrialQuery, reason_left_out
from stemcheck.trial.study import Unreadable
from stemcheck.trial.terms import Intravenous, Product, Route
from stemcheck.trial.trial import Dates, Eligibility, Enrollment, Sponsor, Trial
from stemcheck.words import entry_of
from tests.unit.trials_made_up import a_reading, a_trial

YES, NO, NOT_STATED = Intravenous.YES, Intravenous.NO, Intravenous.NOT_STATED


class Given:
    """An origin that holds some trials."""

    judges_all = True
    asked_again: list[TrialQuery]

    def __init__(self, trials: Sequence[Any]) -> None:
        self.trials = trials
        self.source = Source(kind="live", registry="-")
        self.request = Request(url=None, web_url=None)
        self.total: int | None = len(trials)
        self.is_complete = True
        self.notices: list[Notice] = []
        self.asked_again = []

    def leaves_out(self, trial: Trial) -> str | None:
        return None if trial.nct_id else "condition"

    def trials_for(self, query: TrialQuery) -> Sequence[Trial]:
        self.asked_again.append(query)
        return [trial for trial in self.trials if not query.raw or trial.nct_id.endswith("1")]

    papers: Papers | None = None

    def items(self) -> Iterator[Trial | Unreadable]:
        yield from self.trials

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("products", "intravenous", "reason"),
    [
        ((Product.MESENCHYMAL,), YES, None),
        ((Product.MESENCHYMAL,), NO, None),
        ((Product.MESENCHYMAL, Product.CELL_FREE), NOT_STATED, None),
        ((Product.HEMATOPOIETIC,), YES, None),
        ((Product.MIXED_TISSUE,), NO, "not_by_vein"),
        ((Product.UNSPECIFIED_STEM,), NOT_STATED, "route_not_stated"),
        ((Product.CELL_FREE,), YES, "cell_free"),
        ((Product.OTHER_CELLS,), YES, "other_cells"),
        ((Product.NONE,), NO, "no_cells_given"),
        ((Product.NOT_STATED,), NOT_STATED, None),
    ],
)
def test_the_scope_is_mesenchymal_cells_and_other_stem_cells_by_vein(
    products: tuple[Product, ...], intravenous: Intravenous, reason: str | None
) -> None:
    trial = a_trial(reading=a_reading(products=products, intravenous=intravenous))
    assert reason_left_out(trial, TrialQuery()) == reason


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (TrialQuery(statuses=("COMPLETED",)), "status"),
        (TrialQuery(phases=("PHASE3",)), "phase"),
        (TrialQuery(phases=("PHASE2",)), None),
        (TrialQuery(countries=("spain",)), None),
        (TrialQuery(countries=("Malta",)), "country"),
        (TrialQuery(countries=("USA", "Espana", "SPAIN")), None),
        (TrialQuery(routes=("intrathecal",)), "route"),
        (TrialQuery(routes=("intrathecal", "intravenous")), None),
        (TrialQuery(cells=("hematopoietic",)), "cells"),
        (TrialQuery(cells=("any",)), None),
        (TrialQuery(cells=()), None),
    ],
)
def test_filters_leave_out_what_was_not_asked_for(query: TrialQuery, reason: str | None) -> None:
    assert reason_left_out(a_trial(), query) == reason


def test_every_kind_of_stem_cell_can_be_asked_for_but_not_things_that_are_none() -> None:
    query = TrialQuery(cells=("any",))
    other = a_reading(products=(Product.OTHER_STEM,), routes=(Route.OCULAR,), intravenous=NO)
    assert reason_left_out(a_trial(reading=other), query) is None
    assert (
        reason_left_out(a_trial(reading=a_reading(products=(Product.NONE,))), query)
        == "no_cells_given"
    )


def test_a_record_without_words_on_what_is_given_fits_no_kind_of_cells() -> None:
    trial = a_trial(reading=a_reading(products=(Product.NOT_STATED,), intravenous=NOT_STATED))
    assert reason_left_out(trial, TrialQuery(cells=("any",))) is None
    assert reason_left_out(trial, TrialQuery(cells=("mesenchymal",))) == "cells_not_stated"


@pytest.mark.parametrize("unreadable", [0, 5])
def test_an_answer_that_lost_everything_it_announced_is_no_answer(unreadable: int) -> None:
    for read in (lambda search: search.answer(), list):
        origin = Given([Unreadable(None, "broken")] * unreadable)
        origin.total = 5
        with pytest.raises(AnswerUnreadableError, match="announced 5 studies"):
            read(Search(TrialQuery(), origin))


def test_an_answer_that_announced_none_is_an_answer() -> None:
    assert Search(TrialQuery(), Given([])).answer().trials == ()


@pytest.mark.parametrize("lost", ["a study", "a record"])
def test_strict_takes_nothing_but_the_whole(lost: str) -> None:
    origin = Given([a_trial(1), *([Unreadable(None, "broken")] if lost == "a record" else [])])
    origin.is_complete = lost != "a study"
    with pytest.raises(AnswerUnreadableError, match="--strict"):
        Search(TrialQuery(), origin, strict=True).answer()
    assert len(Search(TrialQuery(), origin).answer().trials) == 1


@pytest.mark.parametrize("number", [1, 2])
def test_records_without_words_on_what_is_given_are_counted(number: int) -> None:
    told = a_trial(1)
    untold = a_trial(2, reading=a_reading(products=(Product.NOT_STATED,)))
    search = Search(TrialQuery(), Given([told, *[untold] * number]))
    assert len(search.answer().trials) == number + 1
    (notice,) = [n for n in search.closing_notices() if n.id == "without_words"]
    assert notice.text.startswith(f"{number} record")


def test_a_zero_names_every_filter_with_the_count_without_it() -> None:
    trials = [
        a_trial(1, status="COMPLETED"),
        a_trial(2, countries=("Malta",)),
        a_trial(3, countries=("Malta",), status="COMPLETED"),
    ]
    query = TrialQuery(conditions=("copd",), statuses=("RECRUITING",), countries=("Spain",))
    search = Search(query, Given(trials))
    answer = search.answer()
    (text,) = [notice.text for notice in answer.notices if notice.id == "none_fits"]
    assert "--status recruiting, --country Spain." in text
    assert "Without --status: 1 study. Without --country: 1 study." in text
    assert text.endswith("Without all of these: 3 studies.")
    assert text in none_found(answer)


def test_what_the_registry_left_out_is_asked_for_again_to_be_counted() -> None:
    query = TrialQuery(statuses=("RECRUITING",), raw="AREA[LocationCity]Madrid")
    origin = Given([a_trial(1, status="COMPLETED"), a_trial(2)])
    origin.judges_all, origin.total = False, 0
    origin.items = lambda: iter(())  # type: ignore[method-assign]
    text = next(n.text for n in Search(query, origin).answer().notices if n.id == "none_fits")
    assert "--raw AREA[LocationCity]Madrid" in text
    assert "Without --status: 1 study." in text
    assert "Without --raw: 1 study." in text
    assert text.endswith("Without all of these: 2 studies.")
    assert [asked.raw for asked in origin.asked_again] == [None, query.raw]


def test_a_study_outside_the_scope_is_found_with_every_kind_of_cells() -> None:
    untold = a_trial(1, reading=a_reading(products=(Product.OTHER_STEM,), intravenous=NO))
    told = {n.id: n.text for n in Search(TrialQuery(), Given([untold])).answer().notices}
    assert "With --cells any: 1 study." in told["none_fits"]


def test_an_illness_that_the_registry_does_not_have_is_put_on_no_filter() -> None:
    answer = Search(TrialQuery(conditions=("x",)), Given([])).answer()
    assert [notice.id for notice in answer.notices] == ["none_found"]
    assert 'lists no such study under "x" today' in none_found(answer)


def test_every_reason_has_words() -> None:
    reasons = {
        reason_left_out(a_trial(reading=a_reading(products=(product,), intravenous=way)), query)
        for product in Product
        for way in Intravenous
        for query in (TrialQuery(), TrialQuery(cells=("any",)), TrialQuery(cells=("cell_free",)))
    }
    assert reasons - {None} <= set(entry_of("filters.left_out"))


def test_open_trials_come_first_and_then_the_latest_update() -> None:
    trials = [
        a_trial(1, status="COMPLETED", dates=Dates(last_update_posted="2026-10-01")),
        a_trial(2, dates=Dates(last_update_posted="2020-01-01")),
        a_trial(3, status="UNKNOWN", dates=Dates()),
        a_trial(4, status="AVAILABLE", dates=Dates(last_update_posted="2024-01-01")),
    ]
    order = [trial.nct_id[-1] for trial in in_reading_order(trials)]
    assert order == ["4", "2", "1", "3"]


@pytest.mark.parametrize(
    ("asked", "recorded"),
    [
        ("Iran", "Iran, Islamic Republic of"), ("South Korea", "Korea, Republic of"),
        ("Türkiye", "Turkey"), ("Turkey", "Turkey (Türkiye)"), ("usa", "United States"),
        ("Cote d'Ivoire", "Côte D'Ivoire"), ("Spain", "SPAIN"),
    ],
)  # fmt: skip
def test_a_country_is_found_under_every_name(asked: str, recorded: str) -> None:
    query = TrialQuery(countries=(asked,))
    assert reason_left_out(a_trial(countries=(recorded,)), query) is None
    assert reason_left_out(a_trial(countries=("Malta",)), query) == "country"


@pytest.mark.parametrize(
    ("age", "minimum", "maximum", "fits"),
    [
        ("67", "18 Years", None, True),
        ("67", "18 Years", "67 Years", True),
        ("67", "18 Years", "66 Years", False),
        ("67", "68 Years", None, False),
        ("67", None, None, True),
        ("67 years", "18 Years", "65 Years", False),
        ("8 months", "6 Months", "1 Year", True),
        ("8 months", "1 Year", None, False),
        ("8 months", "9 Months", None, False),
        ("8 months", None, "7 Months", False),
        ("8 months", "30 Weeks", "40 Weeks", True),
        ("8 months", None, "30 Days", False),
        ("0", None, "28 Days", True),
        ("2 weeks", "1 Day", "28 Days", True),
        ("1", "12 Months", "24 Months", True),
        ("1", None, "6 Months", False),
        ("67", "18", "rubbish", True),
    ],
)
def test_an_age_fits_the_limits_that_a_record_gives(
    age: str, minimum: str | None, maximum: str | None, fits: bool
) -> None:
    limits = Eligibility(sex="ALL", minimum_age=minimum, maximum_age=maximum)
    query = query_from({"age": age})
    assert (reason_left_out(a_trial(eligibility=limits), query) is None) is fits


@pytest.mark.parametrize("typed", ["67", "67 years", "67y", "67 yrs", "67-year-old", "67 años"])
def test_an_age_is_read_in_every_usual_spelling(typed: str) -> None:
    assert query_from({"age": typed}).age == "67 years"


@pytest.mark.parametrize("typed", ["old", "", "-3", "67 lightyears", "six"])
def test_what_is_no_age_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="age"):
        query_from({"age": typed})


@pytest.mark.parametrize(
    ("sex", "recorded", "fits"),
    [
        ("female", "ALL", True), ("female", "FEMALE", True), ("female", "MALE", False),
        ("men", "MALE", True), ("m", "FEMALE", False), ("female", None, True),
    ],
)  # fmt: skip
def test_a_sex_fits_what_a_record_gives(sex: str, recorded: str | None, fits: bool) -> None:
    limits = Eligibility(sex=recorded)
    query = query_from({"sex": sex})
    assert (reason_left_out(a_trial(eligibility=limits), query) is None) is fits


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({"age": "67"}, "2 studies shown give no limit on age."),
        ({"sex": "f"}, "1 study shown gives no limit on sex."),
        ({"age": "67", "sex": "f"}, "2 studies shown give no limit on age or sex."),
    ],
)
def test_trials_without_a_limit_are_counted(filters: dict[str, str], told: str) -> None:
    trials = [a_trial(1, eligibility=Eligibility(sex="ALL")), a_trial(2, eligibility=Eligibility())]
    answer = Search(query_from(filters), Given(trials)).answer()
    (text,) = [notice.text for notice in answer.notices if notice.id == "no_limit_given"]
    assert text.startswith(told)


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        ({"started_after": "2020"}, None),
        ({"started_after": "2021-05-17"}, None),  # the record says 2021-05: it may be that day
        ({"started_after": "2021-06"}, "started"),
        ({"updated_after": "2026-01-01"}, None),
        ({"updated_after": "2027"}, "updated"),
        ({"with_results": True}, "no_results"),
        ({"tissues": "cord"}, None),
        ({"tissues": "fat"}, "tissue"),
        ({"donors": "donor"}, None),
        ({"donors": "own"}, "donor"),
        ({"sponsors": "cell works"}, None),
        ({"sponsors": "Works, CELL"}, None),
        ({"sponsors": ["university", "works"]}, None),
        ({"sponsors": "university"}, "sponsor"),
        ({"sponsor_classes": "industry"}, None),
        ({"sponsor_classes": "university"}, "sponsor_class"),
        ({"study_types": "trial"}, None),
        ({"study_types": "compassionate use"}, "study_type"),
    ],
)
def test_facts_of_the_record_are_held_against_what_was_asked(
    filters: dict[str, Any], reason: str | None
) -> None:
    trial = a_trial(
        dates=Dates(start="2021-05", last_update_posted="2026-03-01"),
        sponsor=Sponsor(name="The Cell Works, Inc.", class_="INDUSTRY"),
        study_type="INTERVENTIONAL",
        has_results=False,
    )
    assert reason_left_out(trial, query_from(filters)) == reason


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        ({"started_after": "2020"}, "no_start_given"),
        ({"updated_after": "2020"}, None),
        ({"with_results": True}, "results_not_stated"),
        ({"sponsors": "x"}, "no_sponsor_given"),
        ({"sponsor_classes": "industry"}, "sponsor_class"),
    ],
)
def test_what_a_record_does_not_give_is_counted_as_that(
    filters: dict[str, Any], reason: str | None
) -> None:
    trial = a_trial(dates=Dates(), sponsor=None, has_results=None)
    assert reason_left_out(trial, query_from(filters)) == reason


@pytest.mark.parametrize("typed", ["2020-13", "2021-02-30", "yesterday", "20", "2020/05"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="started_after"):
        query_from({"started_after": typed})


@pytest.mark.parametrize(
    ("sort", "order"), [("updated", "312"), ("started", "213"), ("people", "132"), (None, "312")]
)
def test_trials_stand_in_the_order_asked_for(sort: str | None, order: str) -> None:
    trials = [
        a_trial(number, dates=Dates(start=start, last_update_posted=updated), enrollment=people)
        for number, start, updated, people in (
            (1, "2020-02", "2025-01-01", Enrollment(count=90, type="ACTUAL")),
            (2, "2021", "2024-01-01", None),
            (3, None, "2026-01-01", Enrollment(count=20, type="ESTIMATED")),
        )
    ]
    assert "".join(trial.nct_id[-1] for trial in in_reading_order(trials, sort)) == order


@pytest.mark.parametrize(
    ("filters", "sent"),
    [
        ({"age": "67"}, "RANGE[MIN,68 years]"),
        ({"age": "67"}, "(AREA[MaximumAge]RANGE[66 years,MAX] OR AREA[MaximumAge]MISSING)"),
        ({"sex": "female"}, "(AREA[Sex](FEMALE OR ALL) OR AREA[Sex]MISSING)"),
        ({"started_after": "2020-05"}, "AREA[StartDate]RANGE[2020-05-01,MAX]"),
        ({"with_results": True}, "AREA[HasResults](true)"),
        ({"study_types": "observational"}, "AREA[StudyType](OBSERVATIONAL)"),
        ({"sponsor_classes": "nih"}, "AREA[LeadSponsorClass](NIH)"),
    ],
)
def test_the_registry_is_asked_to_send_less(filters: dict[str, Any], sent: str) -> None:
    parameters = dict(question_for(query_from(filters)).parameters)
    assert sent in parameters["filter.advanced"]
