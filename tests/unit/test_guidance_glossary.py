"""Every value that the registry or our reading can give has its plain words."""

from collections.abc import Iterable

import pytest

from stemcheck.guidance import glossary
from stemcheck.trial.status import STATUSES, label_for
from stemcheck.trial.terms import Donor, Intravenous, Product, Route, Tissue

ENUMS: dict[str, Iterable[str]] = {
    "status": STATUSES,
    "product": Product,
    "tissue": Tissue,
    "donor": Donor,
    "route": Route,
    "intravenous": Intravenous,
}
PHASES = {"EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4", "NA"}


@pytest.mark.parametrize("topic", ENUMS)
def test_every_value_has_an_entry_and_no_entry_is_left_over(topic):
    assert {entry.value for entry in glossary.entries(topic)} == set(ENUMS[topic])


def test_all_phases_and_study_types_are_there():
    assert {entry.value for entry in glossary.entries("phase")} == PHASES
    assert {entry.value for entry in glossary.entries("study_type")} == {
        "INTERVENTIONAL",
        "OBSERVATIONAL",
        "EXPANDED_ACCESS",
    }


@pytest.mark.parametrize("status", list(STATUSES))
def test_status_says_what_it_means_for_someone_who_wants_to_join(status):
    entry = glossary.find_entry("status", status)
    assert entry is not None
    assert entry.label == label_for(status)
    assert entry.join
    assert glossary.status_meaning(status) == f"{entry.meaning} {entry.join}"


def test_only_open_statuses_invite():
    inviting = {
        entry.value for entry in glossary.entries("status") if "can ask to join" in entry.join
    }
    assert inviting == {"RECRUITING"}


def test_words_that_came_later_are_shown_as_written():
    assert glossary.plain("route", "BY_DRONE") == "by drone"
    assert glossary.plain("route", None) == "not stated"
    assert "does not know" in glossary.status_meaning("PAUSED_BY_SPONSOR")
    assert glossary.status_meaning(None) == "The record gives no status."


@pytest.mark.parametrize(
    ("topic", "value", "words"),
    [
        ("route", Route.INTRAVENOUS, "by vein"),
        ("route", Route.NOT_STATED, "how: not stated"),
        ("donor", Donor.ALLOGENEIC, "donor's cells"),
        ("donor", Donor.AUTOLOGOUS, "own cells"),
        ("product", Product.MESENCHYMAL, "mesenchymal"),
    ],
)
def test_table_words_are_short(topic, value, words):
    assert glossary.plain(topic, value) == words


def test_every_entry_has_a_source_and_table_words_that_fit_a_column():
    for entry in glossary.entries():
        assert entry.source
        assert len(entry.plain) <= 32, entry.value


def test_an_unknown_topic_is_empty():
    assert glossary.entries("weather") == ()
    assert set(ENUMS) <= set(glossary.topics())


def test_short_words_name_no_entry_of_another_value_in_their_topic():
    for topic in glossary.topics():
        values = {entry.value.lower() for entry in glossary.entries(topic)}
        for entry in glossary.entries(topic):
            assert not {word.lower() for word in entry.also} & (values - {entry.value.lower()})


def test_every_entry_can_be_asked_for_in_the_words_that_are_printed():
    for entry in glossary.entries():
        assert {entry.value, entry.label, entry.plain} <= set(glossary.words_of(entry))


@pytest.mark.parametrize(
    "asked",
    [
        "placebo", "consent", "ethics committee", "IRB", "GMP", "right to try", "361", "exemption",
        "stem cell", "FDA registered", "patient funded", "MedWatch", "NDC", "state law", "SVF",
        "boxed warning", "control group", "homologous use", "RMAT",
    ],
)  # fmt: skip
def test_words_of_leaflets_and_records_are_explained(asked):
    found = [
        entry
        for entry in glossary.entries()
        if asked.casefold() in {word.casefold() for word in glossary.words_of(entry)}
    ]
    assert found
    assert all(entry.meaning and entry.source for entry in found)


def test_svf_is_described_as_the_courts_see_it():
    entry = glossary.find_entry("product", "mixed_tissue")
    assert entry
    assert "enzymes" in entry.meaning
    assert "held that SVF is a drug" in entry.meaning
    assert "27 September 2024" in entry.source


def test_a_status_of_an_unknown_day_is_not_called_of_today():
    assert "do not say on which day" in glossary.past_status_meaning(None)
    assert "13 Oct 2022" in glossary.past_status_meaning("2022-10-13")
