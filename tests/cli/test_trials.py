"""`stemcheck trials`, as a person and as a program meets it."""

import csv
import io
import json

import pytest

from stemcheck.errors import ExitCode
from stemcheck.services.nearby import OPEN_THERE
from stemcheck.trial.status import STATUSES, label_for
from tests.cli.conftest import Run, check_schema_of
from tests.contract.made_up import made_up_studies, made_up_study
from tests.standin import StandIn, read_fixtures

EVERYTHING = ("trials", "--cells", "any", "--live")


def test_the_counts_account_for_every_record(registry: StandIn, run: Run) -> None:
    answer = json.loads(run("trials", "--live", "--json").out)
    counts = answer["counts"]
    assert counts["complete"]
    assert counts["shown"] == len(answer["trials"]) > 0
    assert (
        counts["shown"] + sum(counts["left_out"].values()) + counts["unreadable"]
        == counts["fetched"]
    )
    assert counts["unreadable"] == len(answer["unreadable"])


def test_every_document_keeps_to_its_schema(registry: StandIn, run: Run) -> None:
    answer = json.loads(run(*EVERYTHING, "--json").out)
    check_schema_of("trials", answer)
    check_schema_of("cautions", json.loads(run("cautions", "--json").out))
    one = ("show", answer["trials"][0]["nct_id"], "--live")
    check_schema_of("show", json.loads(run(*one, "--json").out))
    check_schema_of("show-line", json.loads(run(*one, "--jsonl").out))
    for line in run(*EVERYTHING, "--jsonl").out.splitlines():
        check_schema_of("trials-line", json.loads(line))


def test_every_format_shows_the_same_trials(registry: StandIn, run: Run) -> None:
    whole = {trial["nct_id"] for trial in json.loads(run(*EVERYTHING, "--json").out)["trials"]}
    lines = {json.loads(line)["nct_id"] for line in run(*EVERYTHING, "--jsonl").out.splitlines()}
    rows = {row["nct_id"] for row in csv.DictReader(io.StringIO(run(*EVERYTHING, "--csv").out))}
    markdown = run(*EVERYTHING, "--format", "markdown").out
    table = run(*EVERYTHING, "--all").out
    assert whole == lines == rows
    assert all(f"[{nct_id}](" in markdown and nct_id in table for nct_id in whole)


def test_every_trial_has_status_reading_cautions_and_address(registry: StandIn, run: Run) -> None:
    for trial in json.loads(run(*EVERYTHING, "--json").out)["trials"]:
        assert trial["status"]["label"]
        assert trial["status"]["meaning"]
        assert trial["reading"]["products"]
        assert trial["cautions"]
        assert trial["url"] == f"https://clinicaltrials.gov/study/{trial['nct_id']}"


@pytest.mark.parametrize("status", list(STATUSES))
def test_every_status_is_shown_in_words(status: str, registry: StandIn, run: Run) -> None:
    registry.replace_records([made_up_study(1, overallStatus=status), *read_fixtures()])
    ran = run("trials", "--live", "--json", "--cells", "any", "--status", status)
    trials = json.loads(ran.out)["trials"]
    assert {trial["status"]["label"] for trial in trials} == {label_for(status)}


def test_an_unknown_status_comes_with_the_last_known_one(registry: StandIn, run: Run) -> None:
    ran = run("trials", "--live", "--json", "--status", "unknown")
    trials = json.loads(ran.out)["trials"]
    assert trials
    # One record, nearly-empty.json, gives its status and nothing before it.
    assert [bool(trial["status"]["last_known"]) for trial in trials].count(False) == 1
    table = run("trials", "--live", "--status", "unknown").out
    assert "last: " in table
    assert "confirmed" in table


def test_what_is_no_trial_is_marked(registry: StandIn, run: Run) -> None:
    table = run(*EVERYTHING, "--all").out
    assert "expanded access" in table
    assert "observational" in table


def test_open_trials_come_first(registry: StandIn, run: Run) -> None:
    trials = json.loads(run(*EVERYTHING, "--json").out)["trials"]
    openness = [bool(trial["status"]["open_to_new_participants"]) for trial in trials]
    assert openness == sorted(openness, reverse=True)


def test_a_limit_is_counted_as_a_reason(registry: StandIn, run: Run) -> None:
    counts = json.loads(run("trials", "--live", "--json", "--limit", "3").out)["counts"]
    assert counts["shown"] == 3
    assert counts["left_out"]["over_limit"] > 0
    assert (
        counts["shown"] + sum(counts["left_out"].values()) + counts["unreadable"]
        == counts["fetched"]
    )


def test_none_listed_is_an_answer(registry: StandIn, run: Run) -> None:
    ran = run("trials", "-c", "a disease nobody has", "--live")
    assert ran.code == ExitCode.DONE
    assert 'lists no such study under "a disease nobody has" today' in " ".join(ran.out.split())
    answer = json.loads(run("trials", "-c", "a disease nobody has", "--live", "--json").out)
    assert (answer["trials"], answer["counts"]["registry_total"]) == ([], 0)


def test_explain_names_what_was_left_out(registry: StandIn, run: Run) -> None:
    ran = run("trials", "--live", "--explain")
    assert registry.base_url in ran.err
    assert "https://clinicaltrials.gov/search?" in ran.err
    assert "no cells are given" in ran.err
    account = json.loads(run("trials", "--live", "--explain", "--json", "-q").err)["explain"]
    left_out = account["counts"]["left_out"]
    assert {reason: len(ids) for reason, ids in account["left_out"].items()} == left_out


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ((), "It shows {shown} studies that are left out here"),
        (("--phase", "2"), "of the studies read here: their records give no phase."),
        (("--country", "Spain"), "of the studies read here: their records list no site."),
        (("--age", "67"), "It cannot be asked for --age, so it shows more."),
    ],
)
def test_explain_says_how_the_search_in_a_browser_differs(
    filters: tuple[str, ...], told: str, registry: StandIn, run: Run
) -> None:
    answer = json.loads(run("trials", "--live", "--explain", "--json", *filters).out)
    there, counts = answer["explain"]["in_browser"], answer["counts"]
    on_site = counts["fetched"] - counts["unreadable"] - sum(there["left_out"].values())
    assert counts["shown"] + there["shown"] <= on_site
    if not filters:
        assert counts["shown"] + there["shown"] == on_site
    assert told.format(**there) in run("trials", "--live", "--explain", *filters).err


def test_saved_data_have_no_search_in_a_browser_to_differ_from(run: Run) -> None:
    answer = json.loads(run("trials", "--offline", "--explain", "--json", "-n", "1").out)
    assert answer["explain"]["in_browser"] is None


def test_quiet_says_nothing_but_errors(registry: StandIn, run: Run) -> None:
    assert run("trials", "--live", "--quiet", "--json").err == ""
    assert run("trials", "--live", "--quiet", "--status", "nonsense").err


def test_a_second_search_asks_only_whether_anything_changed(registry: StandIn, run: Run) -> None:
    run("trials", "-c", "stroke", "--live", "--json")
    again = run("trials", "-c", "stroke", "--live", "--json")
    assert registry.pages_asked[-1].headers.get("if-none-match")
    assert json.loads(again.out)["source"]["kind"] == "live"


def test_the_last_answer_stands_in_when_the_registry_is_gone(registry: StandIn, run: Run) -> None:
    from tests.standin import Fault

    live = json.loads(run("trials", "-c", "stroke", "--live", "--json").out)
    registry.always = Fault.DOWN_503
    ran = run("trials", "-c", "stroke", "--json")
    saved = json.loads(ran.out)
    assert ran.code == ExitCode.SAVED_DATA
    assert saved["source"]["kind"] == "saved"
    assert saved["source"]["why_not_live"]
    assert [t["nct_id"] for t in saved["trials"]] == [t["nct_id"] for t in live["trials"]]
    offline = run("trials", "-c", "stroke", "--json", "--offline")
    assert offline.code == ExitCode.DONE
    assert json.loads(offline.out)["source"]["kind"] == "saved"


def test_the_sample_answers_offline_and_says_so(run: Run) -> None:
    ran = run("trials", "--condition", "stroke", "--offline")
    assert ran.code == ExitCode.DONE
    assert "THIS IS NOT AN ANSWER FROM THE REGISTRY" in ran.out
    answer = json.loads(run("trials", "-c", "stroke", "--offline", "--json").out)
    assert answer["source"]["kind"] == "sample"
    assert answer["source"]["data_timestamp"] == "2022-10-13"
    assert len(answer["trials"]) > 15


def test_an_empty_sample_answer_says_nothing_about_the_registry(run: Run) -> None:
    ran = run("trials", "--condition", "a disease nobody has", "--offline")
    assert ran.code == ExitCode.DONE
    assert "That says nothing about the registry." in ran.out


@pytest.mark.parametrize("width", [30, 60, 69, 70, 80, 100, 119, 120, 140, 200])
def test_tables_fit_the_terminal(
    width: int, registry: StandIn, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = run(*EVERYTHING, "--all").out.splitlines()
    from rich.cells import cell_len

    assert max(map(cell_len, lines)) <= width


@pytest.mark.parametrize("width", [30, 40, 60, 69, 70, 80, 120, 140])
def test_every_width_tells_the_number_the_status_and_the_route(
    width: int, registry: StandIn, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    numbers = [row["nct_id"] for row in json.loads(run(*EVERYTHING, "--json").out)["trials"]]
    out = run(*EVERYTHING, "--all").out
    assert [number for number in numbers if number not in out] == []
    assert out.count("●") + out.count("○") == len(numbers)
    assert "by vein" in out


def test_cautions_stand_under_every_table(registry: StandIn, run: Run) -> None:
    for arguments in (("-c", "stroke"), ("-c", "a disease nobody has")):
        out = run("trials", *arguments, "--live").out
        assert "Before you decide" in out
        assert "can do harm" in out


def test_rows_that_are_not_printed_are_told(registry: StandIn, run: Run) -> None:
    from stemcheck.cli.commands import trials

    registry.replace_records(made_up_studies(trials.TABLE_ROWS + 2))
    told = f"{trials.TABLE_ROWS} of {trials.TABLE_ROWS + 2} studies are printed"
    assert told in run(*EVERYTHING).out


def test_csv_holds_no_formulas(registry: StandIn, run: Run) -> None:
    rows = list(csv.reader(io.StringIO(run(*EVERYTHING, "--csv").out)))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_hostile_text_reaches_no_format(registry: StandIn, run: Run) -> None:
    for shape in ("table", "json", "jsonl", "csv", "markdown"):
        out = run(*EVERYTHING, "--format", shape).out
        assert not {"\x1b", "\x07", "\x9b", "\x9d", "\u202e", "\u2066"} & set(out), shape
    assert "<script" not in run(*EVERYTHING, "--format", "markdown").out.replace("\\<", "")


def test_a_file_is_written_whole_and_never_replaced_unasked(
    registry: StandIn, run: Run, tmp_path: object
) -> None:
    from pathlib import Path

    target = Path(str(tmp_path)) / "answer.json"
    assert run("trials", "--live", "--json", "-o", str(target)).code == 0
    first = target.read_text(encoding="utf-8")
    assert json.loads(first)["trials"]
    refused = run("trials", "--live", "--json", "-o", str(target))
    assert refused.code == ExitCode.USAGE
    assert "--force" in json.loads(refused.err)["error"]["hint"]
    assert run("trials", "--live", "--json", "-o", str(target), "--force").code == 0
    assert [path.name for path in target.parent.glob("*.json*")] == ["answer.json"]


def test_a_failure_leaves_the_old_file_alone(registry: StandIn, run: Run, tmp_path: object) -> None:
    from pathlib import Path

    from tests.standin import Fault

    target = Path(str(tmp_path)) / "answer.json"
    target.write_text("before", encoding="utf-8")
    registry.always = Fault.DOWN_503
    ran = run("trials", "--live", "--json", "-o", str(target), "--force")
    assert ran.code == ExitCode.REFUSED
    assert target.read_text(encoding="utf-8") == "before"
    assert [path.name for path in target.parent.glob("*answer*")] == ["answer.json"]


def test_trials_near_a_place_come_with_their_nearest_site(registry: StandIn, run: Run) -> None:
    ran = run(*EVERYTHING, "--near", "Madrid", "--within", "100km", "--json")
    answer = json.loads(ran.out)
    assert answer["query"]["near"]["country"] == "Spain"
    assert answer["trials"]
    for trial in answer["trials"]:
        assert trial["nearest"]["city"] == "Madrid"
        assert trial["nearest"]["distance_km"] < 12
    placed = {trial["nearest"]["placed_by"] for trial in answer["trials"]}
    assert "position" in placed
    opens = [trial["nearest"]["status"] in OPEN_THERE for trial in answer["trials"]]
    assert opens == sorted(opens, reverse=True)
    assert "sites_without_position" in {notice["id"] for notice in answer["notices"]}
    shown = run(*EVERYTHING, "--near", "Madrid", "--explain")
    screen = " ".join(shown.out.split())
    assert "near Madrid, Spain, within 100 km" in screen
    there = sum(
        trial["nearest"]["status"] == "RECRUITING" and trial["status"]["open_to_new_participants"]
        for trial in answer["trials"]
    )
    assert f"{there} open now near Madrid, Spain" in screen
    assert "only sites whose position it holds" in screen
    assert "only sites whose position it holds" in " ".join(shown.err.split())


def test_a_place_that_may_be_several_is_asked_back(run: Run) -> None:
    ran = run("trials", "--near", "Cambridge", "--offline", "--json")
    error = json.loads(ran.err)["error"]
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")
    assert len(error["candidates"]) > 1
    assert "United Kingdom" in error["hint"]


def test_who_may_take_part_is_judged_live_and_on_the_sample(registry: StandIn, run: Run) -> None:
    for more in ((), ("--offline",)):
        arguments = [word for word in EVERYTHING if word != "--live" or not more]
        everyone = json.loads(run(*arguments, *more, "--json").out)["trials"]
        for age, sex in (("67", "female"), ("8 months", "male")):
            found = json.loads(run(*arguments, *more, "--age", age, "--sex", sex, "--json").out)
            assert found["query"]["sex"] == sex.upper()
            kept = {trial["nct_id"] for trial in found["trials"]}
            assert kept < {trial["nct_id"] for trial in everyone}
            for trial in found["trials"]:
                assert trial["eligibility"]["sex"] in {"ALL", sex.upper(), None}


def test_the_gazetteer_is_read_only_for_a_place(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stemcheck.trial.places._text", lambda: 1 / 0)
    assert run("trials", "-c", "stroke", "--offline").code == ExitCode.DONE
