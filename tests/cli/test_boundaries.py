"""Where one answer ends and the next begins: what weighs more, a day earlier, a word further, one of many."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stemcheck.errors import ExitCode
from tests.cli.conftest import Run
from tests.contract.made_up import made_up_study
from tests.standin import Fault, StandIn

GOOD, BROKEN, ABSENT, FAILING = "NCT90000001", "NCT90000002", "NCT99999998", "NCT99999999"
PAID = "NCT90000018"


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ((ABSENT, FAILING), ExitCode.NOT_FOUND),
        ((BROKEN, ABSENT), ExitCode.NOT_FOUND),
        ((BROKEN, FAILING), ExitCode.REFUSED),
        ((GOOD, BROKEN), ExitCode.UNREADABLE),
        ((GOOD, FAILING), ExitCode.REFUSED),
        ((GOOD, ABSENT), ExitCode.NOT_FOUND),
        ((GOOD,), ExitCode.DIFFERS),
    ],
)
def test_the_gravest_of_several_things_is_the_exit_code(
    numbers: tuple[str, ...], code: ExitCode, registry: StandIn, run: Run
) -> None:
    broken = made_up_study(2)
    broken["protocolSection"]["conditionsModule"] = {"conditions": "Stroke"}
    registry.replace_records([made_up_study(1), broken])
    registry.trouble(Fault.DOWN_503, path=f"/studies/{FAILING}")
    assert run("verify", *numbers, "--condition", "psoriasis", "--live").code == code


def test_saved_data_weigh_more_than_what_differs(registry: StandIn, run: Run) -> None:
    asked = ("verify", GOOD, "--condition", "psoriasis")
    assert run(*asked).code == ExitCode.DIFFERS
    registry.always = Fault.EDGE_403_ALL
    assert run(*asked).code == ExitCode.SAVED_DATA
    assert run(*asked, "--offline").code == ExitCode.DIFFERS


def test_what_a_record_says_is_a_caution_of_saved_data_too(registry: StandIn, run: Run) -> None:
    """That participants pay stands in the record; only what time undoes is of its day alone."""

    def cautions(*how: str) -> set[str]:
        (trial,) = json.loads(run("show", PAID, "--json", *how).out)["trials"]
        assert "participants-pay" in {signal["id"] for signal in trial["signals"]}
        return set(trial["cautions"])

    live = cautions("--live")
    kept = cautions("--offline")
    assert "participants-pay" in live & kept


def signals_of(folder: Path, run: Run, change: Callable[[dict[str, Any]], object]) -> set[str]:
    """The signals of a record that was changed."""
    study = made_up_study(1)
    change(study["protocolSection"])
    (folder / "study.json").write_text(json.dumps(study), encoding="utf-8")
    (trial,) = json.loads(run("read", str(folder / "study.json"), "--json").out)["trials"]
    return {signal["id"] for signal in trial["signals"]}


@pytest.mark.parametrize(
    ("conditions", "is_told"),
    [
        (["Asthma", "Osteoarthritis", "Stroke"], False),
        (["Asthma", "Osteoarthritis", "Stroke", "Liver Cirrhosis"], True),
    ],
)
def test_four_unrelated_illnesses_are_many_and_three_are_not(
    conditions: list[str], is_told: bool, tmp_path: Path, run: Run
) -> None:
    told = signals_of(tmp_path, run, lambda p: p["conditionsModule"].update(conditions=conditions))
    assert ("many-conditions" in told) == is_told


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Participants are required to pay.", True),
        ("Participants are not at any time to be required to pay.", False),
        ("This is not a study of drugs alone, and all participants are required to pay.", True),
    ],
)
def test_a_no_reaches_the_words_before_it_and_no_further(
    text: str, is_told: bool, tmp_path: Path, run: Run
) -> None:
    told = signals_of(
        tmp_path, run, lambda p: p.update(descriptionModule={"detailedDescription": text})
    )
    assert ("participants-pay" in told) == is_told


@pytest.mark.parametrize(
    ("ended", "is_told"), [("2025-11-19", True), ("2025-11-20", False), ("2025-11", False)]
)
def test_results_are_missed_after_a_year_and_not_on_its_last_day(
    ended: str, is_told: bool, tmp_path: Path, run: Run
) -> None:
    def change(protocol: dict[str, Any]) -> None:
        protocol["designModule"] = {"studyType": "INTERVENTIONAL"}
        protocol["statusModule"] = {
            "overallStatus": "COMPLETED",
            "primaryCompletionDateStruct": {"date": ended},
        }

    assert ("no-results-posted" in signals_of(tmp_path, run, change)) == is_told


@pytest.mark.parametrize(
    ("verified", "is_told"),
    [("2024-11-19", True), ("2024-11-20", False), ("2024-10", True), ("2024-11", False)],
)
def test_a_status_is_old_after_two_years_and_not_on_their_last_day(
    verified: str, is_told: bool, tmp_path: Path, run: Run
) -> None:
    told = signals_of(
        tmp_path, run, lambda p: p["statusModule"].update(statusVerifiedDate=verified)
    )
    assert ("status-not-verified" in told) == is_told


@pytest.mark.parametrize(
    ("condition", "result"),
    [
        ("Failure alpha beta gamma kidney", "matches"),
        ("Failure alpha beta gamma delta kidney", "not_settled"),
    ],
)
def test_the_words_of_a_claim_may_stand_three_words_apart(
    condition: str, result: str, registry: StandIn, run: Run
) -> None:
    study = made_up_study(1)
    study["protocolSection"]["conditionsModule"]["conditions"] = [condition]
    registry.replace_records([study])
    ran = run("verify", GOOD, "--condition", "kidney failure", "--live", "--json")
    checks = json.loads(ran.out)["numbers"][0]["checks"]
    assert [c["result"] for c in checks if c["what"] == "condition"] == [result]


@pytest.mark.parametrize(
    ("filters", "reason"),
    [
        (("--phase", "2"), "phase"),
        (("--country", "Spain"), "no_site_listed"),
        (("--route", "intravenous"), "no_cells_given"),
        (("--phase", "2", "--country", "Spain", "--route", "intravenous"), "phase"),
    ],
)
def test_of_several_reasons_to_leave_a_study_out_the_records_own_counts(
    filters: tuple[str, ...], reason: str, registry: StandIn, run: Run
) -> None:
    """A field of the record comes first, then whether it is about stem cells, then how they are given."""
    study = made_up_study(1)
    study["protocolSection"]["armsInterventionsModule"] = {
        "interventions": [{"type": "DRUG", "name": "Aspirin"}]
    }
    study["protocolSection"]["designModule"] = {"studyType": "INTERVENTIONAL"}
    study["protocolSection"]["identificationModule"]["briefTitle"] = (
        "Aspirin, and stem cells counted"
    )
    registry.replace_records([study])
    counts = json.loads(run("trials", *filters, "--live", "--json").out)["counts"]
    assert counts["left_out"] == {reason: 1}
