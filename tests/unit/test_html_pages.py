"""What stands on a page, in which order, and for whom."""

import re
from itertools import pairwise

import pytest

from stemcheck.guidance.cautions import headline_cautions
from stemcheck.guidance.signals import kinds
from stemcheck.output.html.shapes import shape_for
from stemcheck.output.html.tallies import tallies_for
from stemcheck.output.html.templating import environment
from stemcheck.output.summary import attribution
from stemcheck.trial.answer import Counts, Notice, UnreadableRecord
from stemcheck.trial.details import Details, Site
from stemcheck.trial.reading import Evidence
from stemcheck.trial.status import STATUSES, label_for
from stemcheck.trial.terms import Intravenous, Product, Route
from stemcheck.trial.trial import Dates, Design, Signal, Sites, Status
from tests.unit.html_made_up import (
    PAYS,
    SAMPLE,
    PageReader,
    a_search,
    an_answer,
    in_detail,
    search_page,
    trials_page,
    typical_answer,
    typical_pages,
    typical_search,
)
from tests.unit.trials_made_up import a_reading, a_trial

PAGES = typical_pages()
every_page = pytest.mark.parametrize("page", list(PAGES.values()), ids=list(PAGES))


@every_page
def test_headings_go_down_one_step_at_a_time(page: str) -> None:
    levels = [int(tag[1]) for tag, _ in PageReader(page).all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@every_page
def test_every_element_is_closed_where_it_should_be(page: str) -> None:
    assert PageReader(page).misnested == []


@every_page
def test_every_reference_finds_its_place(page: str) -> None:
    reader = PageReader(page)
    ids = reader.attributes("id")
    inside = {href[1:] for href in reader.attributes("href") if href.startswith("#")}
    assert len(ids) == len(set(ids))
    assert {*inside, *reader.attributes("aria-labelledby")} <= set(ids)


@every_page
def test_a_screen_reader_finds_its_way(page: str) -> None:
    reader = PageReader(page)
    tags = [tag for tag, _ in reader.elements]
    assert [tags.count(landmark) for landmark in ("main", "header", "footer", "title")] == [1] * 4
    assert reader.all("html") == [("html", {"lang": "en-GB"})]
    assert reader.all("a")[0][1] == {"class": "skip", "href": "#content"}
    assert tags.count("caption") == tags.count("table")
    assert all("scope" in found for _, found in reader.all("th"))
    assert all(found.get("aria-hidden") == "true" for _, found in reader.all("svg"))


@every_page
def test_a_caution_comes_first_and_the_library_is_named(page: str) -> None:
    text = PageReader(page).text
    first = headline_cautions()[0].text
    for later in ("Who can join", "Last confirmed by the sponsor", "On this page"):
        assert text.index(first) < text.find(later) or later not in text
    assert all(caution.text in text for caution in headline_cautions())
    assert attribution() in text
    assert "Page made on 22 Nov 2026" in text


@pytest.mark.parametrize("name", ["sample", "saved trial"])
def test_saved_data_stand_under_a_warning_with_date_age_and_reason(name: str) -> None:
    text = PageReader(PAGES[name]).text
    warning = text.index("THIS IS NOT AN ANSWER FROM THE REGISTRY")
    assert warning < text.index("Before you decide")
    assert "data of 25 Oct 2022 (4 years old)" in text
    assert "Why: The registry did not answer." in text


def test_an_answer_of_the_registry_has_no_such_warning() -> None:
    assert "THIS IS NOT" not in PAGES["search"] + PAGES["trials"]


def test_what_was_left_out_or_unreadable_or_missing_is_told() -> None:
    counts = Counts(
        registry_total=9,
        fetched=7,
        shown=1,
        left_out={"cell_free": 5},
        unreadable=1,
        complete=False,
    )
    answer = a_search(
        a_trial(),
        counts=counts,
        unreadable=(UnreadableRecord(nct_id="NCT90000009", reason="no title module"),),
        notices=(Notice(id="x", text="A page was asked for twice."),),
    )
    text = PageReader(search_page(answer)).text
    for told in (
        "7 studies read. 1 shown here. 5 left out. 1 could not be read.",
        "The registry says that it has 9 studies on this.",
        "This list is not complete",
        "5 studies: a cell-free product is given, not cells.",
        "NCT90000009: no title module",
        "A page was asked for twice.",
    ):
        assert told in text


def test_nothing_found_is_said_in_words() -> None:
    assert "lists no such study under" in PageReader(search_page(a_search())).text
    saved = PageReader(search_page(a_search(source=SAMPLE))).text
    assert "That says nothing about the registry." in saved


def test_open_studies_stand_under_their_own_heading() -> None:
    text = PageReader(search_page(typical_search())).text
    # Each heading stands in the list of contents first.
    places = [text.rindex(words) for words in (
        "Open to new participants now (1)", "NCT90000001",
        "Not open to new participants now (2)", "NCT90000002",
    )]  # fmt: skip
    assert places == sorted(places)


@pytest.mark.parametrize("status", list(STATUSES))
def test_every_status_has_its_word_and_its_shape(status: str) -> None:
    page = search_page(a_search(a_trial(status=status)))
    assert f'class="chip chip-{shape_for(status)}"' in page
    assert f"</svg>{label_for(status)}</span>" in page


def test_shapes_differ_between_open_stopped_and_unknown() -> None:
    shown = ["RECRUITING", "NOT_YET_RECRUITING", "COMPLETED", "TERMINATED", "UNKNOWN", "NEW_WORD"]
    shapes = [shape_for(status) for status in shown]
    assert shapes == ["open", "soon", "closed", "stopped", "unsure", "unsure"]
    assert shape_for(None) == "unsure"


def test_values_that_came_into_use_later_are_shown_as_they_are() -> None:
    trial = a_trial(
        status="SLOWED_DOWN", phases=("PHASE9",), study_type="NEW_TYPE",
        design=Design(masking="TWILIGHT", allocation="BY_MOON"),
        signals=(Signal(id="new", text="New.", field="f", value="v", quote=None),),
    )  # fmt: skip
    site = Site(facility=None, city=None, state=None, country=None, status="HALF_OPEN")
    page = trials_page(an_answer(in_detail(trial, locations=(site,))))
    text = PageReader(page).text
    for words in ("Slowed down", "9", "twilight", "by moon", "New.", "Half open"):
        assert words in text
    assert "place not given, country not given" in text


def test_a_record_that_says_almost_nothing_makes_a_page_too() -> None:
    nothing = Status(value=None, label="Not stated", open_to_new_participants=False)
    bare = a_trial(
        brief_title=None, study_type=None, phases=(), conditions=(), sponsor=None, enrollment=None,
        dates=Dates(), countries=(), sites=Sites(total=0, recruiting=None), reading=None,
    ).model_copy(update={"status": nothing})  # fmt: skip
    text = PageReader(trials_page(an_answer(in_detail(bare, **dict(Details()))))).text
    assert "(no title)" in text
    assert "Last confirmed by the sponsor the record does not say" in text
    assert "The record lists no site." in text
    assert "not read" in PageReader(search_page(a_search(bare))).text


def test_every_claim_stands_with_its_quote_and_field() -> None:
    text = PageReader(PAGES["trials"]).text
    assert "by vein given intravenously interventions[0].description" in text
    assert "How by vein" in text


def test_a_list_shows_one_quote_for_each_value_and_a_full_page_all() -> None:
    quotes = tuple(
        Evidence(claim="route", value="intravenous", field=f"f{number}", quote=f"quote {number}")
        for number in range(3)
    )
    trial = a_trial(reading=a_reading().model_copy(update={"evidence": quotes}))
    assert search_page(a_search(trial)).count("quote ") == 1
    page = trials_page(an_answer(in_detail(trial)))
    assert all(evidence.quote in page for evidence in quotes)


def test_signals_stand_with_quote_and_how_common_they_are() -> None:
    rates = {kind.id: kind.base_rate for kind in kinds()}
    text = PageReader(PAGES["trials"]).text
    assert f"{PAYS.text} {PAYS.quote}" in text
    rate = re.search(r"\d+ in 100", rates[PAYS.id] or "")
    assert rate
    assert f"{PAYS.quote} {rate[0]}" in text


def test_only_marked_signals_stand_in_a_list() -> None:
    quiet = Signal(id="open-label", text="Everybody knows.", field="f", value="NONE", quote=None)
    text = PageReader(search_page(a_search(a_trial(signals=(PAYS, quiet))))).text
    assert PAYS.text in text
    assert "Everybody knows." not in text


def test_every_caution_stands_once_and_every_reason_once_in_its_section() -> None:
    answer = a_search(a_trial(1), a_trial(2, reading=a_reading(intravenous=Intravenous.NO)))
    text = PageReader(search_page(answer)).text
    first = headline_cautions()[0].text
    own = [caution for caution in answer.cautions if caution.why != "always"]
    assert own
    assert all(text.count(c.text) == 1 for c in answer.cautions if c.text != first)
    for why in {caution.why for caution in own}:
        sections = {caution.section for caution in own if caution.why == why}
        assert 1 <= text.count(why) <= len(sections)


def test_a_card_says_what_a_patient_asks_first() -> None:
    trial = a_trial(1, signals=(PAYS,), conditions=("Stroke", "Lupus", "COPD", "Asthma"))
    text = PageReader(search_page(a_search(trial))).text
    assert "For: Stroke, Lupus, COPD and 1 more" in text
    for name in ("Who can join", "Where", "What is given", "How", "Phase", "Run by", "Who pays"):
        assert name in text
    assert "people pay, says the record" in text
    quiet = PageReader(search_page(a_search(a_trial(1)))).text
    assert "Who pays the record does not say" in quiet


def test_a_short_page_has_one_line_a_study() -> None:
    trials = [a_trial(number) for number in range(1, 29)]
    reader = PageReader(search_page(a_search(*trials), is_short=True))
    assert reader.misnested == []
    assert len(reader.all("tr")) == 29
    assert not reader.all("article", "details")
    assert all(trial.nct_id in reader.text for trial in trials)
    assert "28 open now" in reader.text
    shown = PageReader(trials_page(typical_answer(), is_short=True))
    assert len(shown.all("tr")) == 3


@pytest.mark.parametrize(
    ("kind", "sign"),
    [
        ("no-us-site", "°"),
        ("expanded-access", "†"),
        ("observational", "‡"),
        ("status-not-verified", "!"),
    ],
)
def test_each_sign_below_a_short_page_stands_in_a_row_too(kind: str, sign: str) -> None:
    fact = PAYS.model_copy(update={"id": kind, "text": "A fact", "quote": None})
    plain = PageReader(search_page(a_search(a_trial(1)), is_short=True)).text
    text = PageReader(search_page(a_search(a_trial(1, signals=(fact,))), is_short=True)).text
    assert text.count(sign) == plain.count(sign) + 2


def test_phases_stand_in_their_order() -> None:
    phases = [
        ("PHASE3",),
        ("PHASE1", "PHASE2"),
        ("PHASE3",),
        (),
        ("EARLY_PHASE1",),
        ("NA",),
        ("PHASE1",),
    ]
    trials = [a_trial(number, phases=phase) for number, phase in enumerate(phases, 1)]
    text = PageReader(search_page(a_search(*trials))).text
    text = text[text.index("How far the testing has come") :]
    told = ["phase early 1", "phase 1", "phase 1/2", "phase 3", "not given"]
    assert [text.index(phase) for phase in told] == sorted(text.index(phase) for phase in told)


def test_cautions_of_a_study_stand_with_their_reasons_and_the_rest_once() -> None:
    text = PageReader(PAGES["trials"]).text
    assert text.count("The record says the cells go into a vein.") >= 2
    rest = text[text.rindex(headline_cautions()[0].text) :]
    always = [c.text for c in typical_answer().cautions if c.why == "always"]
    own = [c.text for c in typical_answer().cautions if c.why != "always"]
    assert always
    assert own
    assert all(words in rest for words in always)
    assert not any(words in rest for words in own)


def test_sites_are_grouped_by_country_with_open_ones_first() -> None:
    text = PageReader(PAGES["trials"]).text
    assert text.index("Austria 1 1") < text.index("France 1 0")
    assert text.index("B Clinic, Graz, Austria: Recruiting") < text.index("A Clinic, Lyon")


def test_sites_without_a_status_are_not_called_closed() -> None:
    site = Site(facility="C", city=None, state=None, country="Spain", status=None)
    text = PageReader(trials_page(an_answer(in_detail(a_trial(), locations=(site,))))).text
    assert "Spain 1 not stated" in text
    assert "The record gives no site a status of its own." in text
    assert "no site a status" not in PageReader(PAGES["trials"]).text


def test_numbers_that_do_not_exist_are_named() -> None:
    answer = an_answer(in_detail(a_trial()), missing=("NCT99999999",))
    assert "Not in the registry: NCT99999999." in PageReader(trials_page(answer)).text


def test_a_sheet_has_room_to_write_and_speaks_to_its_reader() -> None:
    patient = search_page(typical_search(), "patient")
    clinician = trials_page(typical_answer(), "clinician")
    assert 'class="room"' in patient
    assert "Questions to take along" in patient
    assert "Questions for the clinician to ask: NCT90000001" in PageReader(clinician).text
    assert "Is there an IND" in clinician
    assert "Is there an IND" not in patient
    assert "Is there an IND" in search_page(typical_search(), "clinician")


def test_without_a_sheet_a_study_has_its_questions_as_a_list() -> None:
    assert "Questions to ask" in PAGES["trials"]
    assert 'class="room"' not in PAGES["trials"] + PAGES["search"]


def test_bars_count_each_study_once_for_each_of_its_values() -> None:
    routes = (Route.INTRAVENOUS, Route.INTRATHECAL, Route.INTRAVENOUS)
    both = a_reading(routes=routes, products=(Product.MESENCHYMAL,))
    tallies = {t.title: t for t in tallies_for([a_trial(1), a_trial(2, reading=both)])}
    ways = tallies["How the cells are given"]
    assert [(bar.label, bar.count, bar.share) for bar in ways.bars] == [
        ("by vein", 2, 100.0), ("into the spinal fluid", 1, 50.0),
    ]  # fmt: skip
    assert ways.is_overlapping
    assert not tallies["Status of the studies"].is_overlapping


def test_records_without_words_are_counted_beside_those_by_vein() -> None:
    silent = a_reading(products=(Product.NOT_STATED,), intravenous=Intravenous.NOT_STATED)
    found = PageReader(search_page(a_search(a_trial(1), a_trial(2, reading=silent)))).text
    assert "1 by vein · 1 not saying what is given" in found
    assert "not saying" not in PageReader(search_page(a_search(a_trial(1)))).text


def test_a_page_holds_a_sheet_of_each_part_and_says_what_is_left_out() -> None:
    part = ["Measured:", *(f"  {number} of 100 people walked further" for number in range(500))]
    kept = list(environment().filters["a_sheet_of_each"]([*part, "Harms:", "  1 of 100 died"]))
    assert kept[:2] == part[:2]
    assert kept[-2:] == ["Harms:", "  1 of 100 died"]
    assert (
        kept[-3]
        == f"  {len(part) - len(kept) + 3} more lines are left out here; `stemcheck show` prints them."
    )
    assert sum(map(len, kept)) < 5_000
