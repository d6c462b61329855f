"""Signals: neutral facts with the field that says them, and silent where the record is."""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.signals.base_rates import DAY_OF_RECORDS, base_rates_for
from stemcheck.guidance.dates import first_day, last_day, months_between, years_before
from stemcheck.guidance.signals import (
    RULES,
    day_bound_ids,
    find_kind,
    kinds,
    reworded,
    signals_for,
)
from stemcheck.guidance.texts import read_texts
from stemcheck.registry.translate import study_for
from stemcheck.registry.wire import read_study
from stemcheck.trial.details import Details, FdaNotice, Paper, PostedDocument
from stemcheck.trial.study import Study, Unreadable
from stemcheck.trial.text import ArmText, InterventionText, RecordText
from stemcheck.trial.trial import Dates, Design, Intervention, Oversight, Signal, Status
from tests.conftest import PROJECT
from tests.unit.test_guidance_cautions import PLAIN_TRIAL

TODAY = date(2026, 11, 22)


def found(
    *, text: RecordText | None = None, details: Details | None = None, **changes: Any
) -> dict[str, Signal]:
    study = Study(
        trial=PLAIN_TRIAL.model_copy(update=changes), text=text or RecordText(), details=details
    )
    return {signal.id: signal for signal in signals_for(study, today=TODAY)}


def status(value: str, **changes: Any) -> Status:
    return Status(value=value, label="", open_to_new_participants=False, **changes)


def tone_of(signal_id: str) -> str:
    kind = find_kind(signal_id)
    assert kind
    return kind.tone


def base_rate_of(signal_id: str) -> str:
    kind = find_kind(signal_id)
    assert kind
    assert kind.base_rate
    return kind.base_rate


def described(words: str) -> dict[str, Signal]:
    return found(text=RecordText(detailed_description=words))


def test_a_record_that_says_little_gives_few_signals():
    assert set(found(oversight=Oversight())) == set()


PAYING = (
    "Background. This is a patient funded trial of cells. More.",
    "The study is patient-sponsored.",
    "Participants will pay for the product.",
    "Treatment is at the patient's expense.",
    "Subjects with adequate financial means to cover the treatment.",
    "There is no placebo. Participants pay for treatment.",
    "No risk. Participants pay $5,000.",
    "No side effects\n\nParticipants pay $5,000.",
    "Participants do not pay for parking. Participants pay for treatment.",
    "No one is turned away, participants pay for treatment.",
    "Without insurance, participants pay for treatment.",
    "Participants cover all costs of the treatment.",
    "The patient bears the cost.",
    "Participants pa\u00ady for treatment.",
    "The costs are borne by the participant.",
    "It is not blinded and patients pay for it.",
    "PATIENT-FUNDED",
    "out-of-poc\u212aet",
    "Über: patient paid",
    "Patients will not have to pay for the scans but will pay 5000 USD for the infusion.",
    "The sponsor does not cover travel. Patients self-fund the cell therapy.",
)
NOT_PAYING = (
    "Patients will be discharged after one day.",
    "The study is funded by the university.",
    "Please pay attention to the visits.",
    "Participants will not pay for the cells.",
    "No patient will be charged.",
    "Must have proof of health insurance.",
    "The study is sponsored by a company.",
    "The person in charge of the trial.",
    "The coffee is free.",
    "Participants do not pay.",
    "Participants will not have to pay for treatment.",
    "There is no participation fee.",
    "No costs are borne by the participant.",
    "Patients are not required to pay.",
)


@pytest.mark.parametrize("words", PAYING)
def test_payment_is_quoted_in_the_words_of_the_record(words):
    signal = described(words)["participants-pay"]
    assert signal.field == "detailedDescription"
    assert signal.quote
    assert signal.quote in words
    assert len(signal.quote) <= 200


@pytest.mark.parametrize("words", NOT_PAYING)
def test_other_words_on_money_and_denials_are_no_payment(words):
    assert "participants-pay" not in described(words)


@pytest.mark.parametrize("pattern", read_texts("signals")["phrases"]["first_look"])
@given(data=st.data())
def test_a_text_without_the_core_letters_has_nothing_at_first_look(pattern, data):
    cores = read_texts("signals")["phrases"]["cores"]
    written = data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE), fullmatch=True))
    letters = written.casefold().replace("-", "")
    assert any(core in letters for core in cores)


def test_stored_cells_are_found_in_the_criteria():
    signals = found(
        text=RecordText(eligibility_criteria="Inclusion:\nSubject must have banked their cells.")
    )
    assert signals["banked-cells"].field == "eligibilityCriteria"
    assert signals["banked-cells"].quote == "Subject must have banked their cells."
    assert "banked-cells" not in described("Samples will be banked for later tests.")


def test_long_sentences_are_cut_at_words():
    words = "word " * 80 + "this is a patient funded trial " + "more " * 80
    quote = described(words)["participants-pay"].quote
    assert quote
    assert quote in words
    assert len(quote) <= 200
    assert quote.split()[0] in {"word", "this"}


def test_many_names_of_one_disease_are_not_many_conditions():
    names = ("Lupus", "Rheumatoid Arthritis", "Crohn Disease", "Psoriasis", "Type 1 Diabetes")
    assert "many-conditions" not in found(conditions=names)
    unrelated = ("Stroke", "COPD", "Liver Cirrhosis", "Infertility", "Osteoarthritis")
    signal = found(conditions=unrelated)["many-conditions"]
    assert signal.value == "5 parts of the body: " + "; ".join(unrelated)


@pytest.mark.parametrize(
    ("value", "verified", "is_signal"),
    [
        ("UNKNOWN", "2015-03", True),
        ("UNKNOWN", None, True),
        ("RECRUITING", "2024-10", True),
        ("RECRUITING", "2024-11", False),  # the month may end after the day two years ago
        ("RECRUITING", "2026-01", False),
        ("RECRUITING", None, False),
        ("COMPLETED", "2015-03", False),
    ],
)
def test_an_old_status_is_told_only_when_it_is_surely_old(value, verified, is_signal):
    given = found(status=status(value, verified_on=verified))
    assert ("status-not-verified" in given) == is_signal


@pytest.mark.parametrize(
    ("value", "ended", "has_results", "is_signal"),
    [
        ("COMPLETED", "2025-10", False, True),
        ("TERMINATED", "2020", False, True),
        ("COMPLETED", "2025-11", False, False),
        ("COMPLETED", "2020-01", True, False),
        ("COMPLETED", "2020-01", None, False),
        ("COMPLETED", None, False, False),
        ("WITHDRAWN", "2020-01", False, False),
        ("RECRUITING", "2020-01", False, False),
    ],
)
def test_missing_results_are_told_a_year_after_the_end(value, ended, has_results, is_signal):
    given = found(
        status=status(value), dates=Dates(primary_completion=ended), has_results=has_results
    )
    assert ("no-results-posted" in given) == is_signal


def test_results_under_review_are_not_called_missing():
    given = found(
        status=status("COMPLETED"),
        dates=Dates(completion="2020-01"),
        details=Details(results_submitted_not_posted=True, results_first_submitted="2026-09-01"),
    )
    assert "no-results-posted" not in given
    assert given["results-under-review"].value == "2026-09-01"


@pytest.mark.parametrize(
    ("start", "submitted", "is_late"),
    [
        ("2021-05-01", "2021-05-22", False),
        ("2021-05-01", "2021-05-23", True),
        ("2021-05", "2021-06-21", False),  # it may have begun on the last day of May
        ("2021-05", "2021-06-22", True),
        (None, "2021-06-22", False),
        ("soon", "2021-06-22", False),
    ],
)
def test_late_registration_counts_from_the_last_day_it_can_mean(start, submitted, is_late):
    given = found(dates=Dates(start=start, first_submitted=submitted))
    assert ("registered-late" in given) == is_late


def test_silence_on_oversight_is_no_signal():
    assert not {"no-monitoring-committee", "us-site-no-fda-flag"} & set(
        found(oversight=Oversight())
    )
    both = found(oversight=Oversight(fda_regulated_drug=False, fda_regulated_device=False))
    assert "us-site-no-fda-flag" in both
    abroad = found(
        oversight=Oversight(fda_regulated_drug=False, fda_regulated_device=False),
        countries=("Japan",),
    )
    assert "us-site-no-fda-flag" not in abroad
    assert abroad["no-us-site"].value == "Japan"
    assert "no-us-site" not in found(countries=())


def test_what_speaks_for_a_study_is_told_as_well():
    given = found(
        design=Design(allocation="RANDOMIZED", masking="DOUBLE"),
        oversight=Oversight(data_monitoring_committee=True),
        has_results=True,
        details=Details(
            documents=(PostedDocument(label="Study Protocol", date=None, url=None),),
            publications=(Paper(pmid="1", type="RESULT", citation=None),),
        ),
    )
    strengths = {name for name in given if tone_of(name) == "strength"}
    assert strengths == {
        "randomised",
        "masked",
        "monitoring-committee",
        "results-posted",
        "documents-posted",
        "publications-linked",
    }


def test_what_is_usual_in_early_studies_is_told_in_early_studies_alone():
    bare: dict[str, Any] = {
        "design": Design(arms=1, control_arms=0, masking="NONE"),
        "oversight": Oversight(fda_regulated_drug=True, data_monitoring_committee=False),
    }
    for phases, is_early in (
        (("EARLY_PHASE1",), True),
        (("PHASE1",), True),
        (("PHASE1", "PHASE2"), True),
        (("PHASE2",), False),
        (("PHASE2", "PHASE3"), False),
        (("PHASE3",), False),
        ((), False),
    ):
        given = found(phases=phases, **bare)
        for name in ("no-control", "open-label", "no-monitoring-committee"):
            assert ("early studies" in given[name].text) == is_early, (phases, name)


@pytest.mark.parametrize(
    ("name", "product"),
    [
        ("Remestemcel-L", "Ryoncil"),
        ("PROCHYMAL\u00ae adult human mesenchymal stem cells", "Ryoncil"),
        ("Biological: Orca-T", "TREGZI (Orca-T)"),
        ("Exagamglogene autotemcel", "Casgevy"),
        ("Hemacord (HPC, cord blood)", "Hemacord"),
        ("Placebo matching Prochymal", None),
        ("Orca-Q", None),
        ("Unlicensed cord blood", None),
        ("mesenchymal stem cells", None),
    ],
)
def test_an_approved_product_is_named_with_its_use_which_is_not_this_study(name, product):
    given = found(interventions=(Intervention(type="BIOLOGICAL", name=name),))
    signal = given.get("approved-product")
    if product is None:
        assert signal is None
        return
    assert signal
    assert (signal.value, signal.quote, signal.field) == (product, name, "interventions[0].name")
    assert product in signal.text
    assert signal.text.endswith("That does not approve its use in this study.")
    assert "{" not in signal.text


def test_an_approved_product_is_found_under_another_name_of_the_intervention():
    text = RecordText(interventions=(InterventionText(name="MSC", other_names=("Ryoncil",)),))
    signal = found(text=text)["approved-product"]
    assert (signal.quote, signal.field) == ("Ryoncil", "interventions[0].otherNames")


def test_signals_that_were_kept_are_told_in_words_and_order_of_now():
    kept = Signal(
        id="banked-cells", text="Old words.", field="eligibilityCriteria", value="v", quote="q"
    )
    later = Signal(id="of-a-later-version", text="New.", field="f", value="v", quote=None)
    pays = kept.model_copy(update={"id": "participants-pay"})
    told = reworded((later, kept, pays), PLAIN_TRIAL)
    assert [signal.id for signal in told] == [
        "participants-pay",
        "banked-cells",
        "of-a-later-version",
    ]
    assert told[0].text == "The record says that participants pay."
    assert told[1].quote == "q"
    assert told[2].text == "New."


@pytest.mark.parametrize("year", ["9999", "9999-12", "9999-12-31", "0001", "0000", "2999-02-30"])
@pytest.mark.parametrize("today", [date(1, 1, 1), date(2026, 11, 22), date(9999, 12, 30)])
def test_a_date_of_any_year_is_a_value(year, today):
    dates = Dates(start=year, first_submitted=year, primary_completion=year, completion=year)
    for value in ("RECRUITING", "COMPLETED"):
        trial = PLAIN_TRIAL.model_copy(
            update={
                "dates": dates,
                "has_results": False,
                "status": status(value, verified_on=year, as_of=year),
            }
        )
        assert isinstance(signals_for(Study(trial=trial, text=RecordText()), today=today), tuple)


def test_background_papers_are_not_results_of_the_study():
    papers = (Paper(pmid="1", type="BACKGROUND", citation=None),)
    assert "publications-linked" not in found(details=Details(publications=papers))


def test_notices_of_the_fda_are_told_in_their_words():
    notice = FdaNotice(
        type="VIOLATION_IDENTIFIED",
        description="Failure to submit.",
        issued_on=None,
        posted_on=None,
    )
    signal = found(details=Details(fda_notices=(notice,)))["fda-notice"]
    assert signal.quote == "Failure to submit."
    flagged = found(details=Details(fdaaa801_violation=True))["fda-notice"]
    assert flagged.field == "miscInfoModule.fdaaa801Violation"


def test_kinds_of_study_are_told():
    assert "expanded-access" in found(study_type="EXPANDED_ACCESS")
    assert "observational" in found(study_type="OBSERVATIONAL")
    assert "open-label" not in found(study_type="OBSERVATIONAL", design=Design(masking="NONE"))


def test_the_reason_for_stopping_is_quoted():
    signal = found(status=status("TERMINATED", why_stopped="Slow enrolment"))["reason-for-stopping"]
    assert signal.quote == "Slow enrolment"


def test_every_signal_has_a_rule_and_every_rule_a_signal():
    with_fact = {row["id"] for row in read_texts("signals")["signal"] if "fact" in row}
    with_phrases = set(read_texts("signals")["phrases"]["kinds"])
    assert with_fact | with_phrases | set(RULES) == {kind.id for kind in kinds()}
    assert len(with_fact) + len(with_phrases) + len(RULES) == len(kinds())


def test_norms_are_told_as_norms():
    assert base_rate_of("no-results-posted").startswith("About 90 in 100 such trials")
    assert base_rate_of("many-conditions").startswith("Fewer than 1 in 100")
    assert find_kind("no-such-signal") is None
    rates = read_texts("signals")["base_rates"]["counts"]
    assert all(0 < hits <= asked for hits, asked in rates.values())


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-10", date(2024, 2, 10), date(2024, 2, 10)),
        ("2024-02-10T12:30", date(2024, 2, 10), date(2024, 2, 10)),
        ("2024-13", None, None),
        ("1_00", None, None),
        ("20240210", None, None),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
        ("", None, None),
        (None, None, None),
    ],
)
def test_partial_dates_are_intervals(written, first, last):
    assert (first_day(written), last_day(written)) == (first, last)


def test_leap_days_have_a_day_in_other_years():
    assert years_before(date(2024, 2, 29), 1) == date(2023, 2, 28)
    assert years_before(date(1, 6, 1), 2) == date.min


@pytest.mark.parametrize(
    ("earlier", "later", "months"),
    [
        (date(2026, 5, 30), date(2026, 11, 30), 6),
        (date(2026, 5, 31), date(2026, 11, 30), 5),
        (date(2026, 11, 30), date(2026, 11, 30), 0),
        (date(2026, 11, 30), date(1990, 1, 1), -443),
    ],
)
def test_months_are_counted_whole(earlier, later, months):
    assert months_between(earlier, later) == months


def test_territories_of_the_us_are_sites_in_the_us():
    assert "no-us-site" not in found(countries=("Puerto Rico",))


RECORDS = sorted((PROJECT / "fixtures" / "studies").glob("*.json"))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_signals_have_a_field_and_quote_the_record(path):
    record = read_study(path.read_bytes())
    assert not isinstance(record, Unreadable)
    strings = "\n".join(strings_of(json.loads(path.read_bytes())))
    signals = signals_for(study_for(record, with_details=True), today=TODAY)
    for signal in signals:
        assert signal.field
        assert signal.value
        assert "{" not in signal.text
        assert signal.quote is None or signal.quote in strings


def test_base_rates_are_counted_among_those_that_can_have_the_signal():
    over = {"status": status("COMPLETED"), "dates": Dates(primary_completion="2020-01")}
    kinds_of_trial: list[dict[str, Any]] = [
        {},
        {"countries": ("Japan",)},
        {"study_type": "OBSERVATIONAL"},
        {**over, "has_results": False},
        {**over, "has_results": True},
    ]
    studies = [
        Study(trial=PLAIN_TRIAL.model_copy(update=changes), text=RecordText())
        for changes in kinds_of_trial
    ]
    size, lines = base_rates_for(iter(studies), DAY_OF_RECORDS)
    counted = tomllib.loads(lines)["base_rates"]
    assert size == counted["size"] == 5
    assert counted["checked"] == "2022-10"
    assert counted["counts"]["no-us-site"] == [1, 5]
    assert counted["counts"]["observational"] == [1, 5]
    assert counted["counts"]["no-results-posted"] == [1, 2]
    assert counted["counts"].keys() <= {kind.id for kind in kinds()}


def strings_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings_of(item)


def test_beside_saved_data_old_news_is_told_of_their_day():
    past = status("RECRUITING", verified_on="2020-01", as_of="2022-10-13")
    told = found(status=past)["status-not-verified"].text
    assert told == "By 13 Oct 2022, no one had confirmed this status for over two years."
    over = status("COMPLETED", as_of="2022-10-13")
    signals = found(status=over, dates=Dates(primary_completion="2020-01"), has_results=False)
    assert "before 13 Oct 2022" in signals["no-results-posted"].text


def test_every_signal_that_asks_for_the_day_has_words_for_saved_data():
    long_ago, later = date(2000, 1, 1), date(2030, 1, 1)
    old = Dates(primary_completion="2020-01")
    moved = set()
    for value in ("RECRUITING", "COMPLETED"):
        trial = PLAIN_TRIAL.model_copy(
            update={
                "status": status(value, verified_on="2020-01"),
                "dates": old,
                "has_results": False,
            }
        )
        study = Study(trial=trial, text=RecordText())
        on = [{s.id for s in signals_for(study, today=day)} for day in (long_ago, later)]
        moved |= on[0] ^ on[1]
    assert moved == day_bound_ids()


PLACEBO = RecordText(arms=(ArmText(label="Group B", intervention_names=("Drug: Placebo",)),))


@pytest.mark.parametrize(
    ("design", "text", "is_signal"),
    [
        (Design(arms=2, control_arms=0), None, True),
        (Design(arms=1, control_arms=0), None, True),
        (Design(arms=2, control_arms=1), None, False),
        (Design(), None, False),
        (Design(arms=2, control_arms=0), PLACEBO, False),
        (Design(arms=2, control_arms=0, allocation="RANDOMIZED"), None, False),
    ],
)
def test_a_missing_control_group_is_told_only_where_the_arms_show_it(design, text, is_signal):
    assert ("no-control" in found(design=design, text=text)) == is_signal
