"""Every fault of the registry against every way of asking: no silent success, no false "none".

With ``--live`` nothing may stand in for the registry, so each fault has to end in its own exit code, with
an empty standard output; without it, the built-in sample answers under its own name and the exit code is 8.
"""

import json
import re
from pathlib import Path

import pytest

from stemcheck.errors import ExitCode
from tests.cli.conftest import Run
from tests.conftest import PROJECT
from tests.standin import Family, Fault, StandIn

WAYS = {
    "table": ("trials", "-c", "stroke"),
    "json": ("trials", "-c", "stroke", "--json"),
    "jsonl": ("trials", "-c", "stroke", "--jsonl"),
    "csv": ("trials", "-c", "stroke", "--csv"),
    "show": ("show", "NCT90000001", "--json"),
    "verify": ("verify", "NCT90000001", "--json"),
}
OF_ONE_STUDY = {"show", "verify"}

CODES: dict[Family, set[ExitCode]] = {
    Family.EDGE: {ExitCode.REFUSED},
    Family.BUSY: {ExitCode.REFUSED},
    Family.DOWN: {ExitCode.REFUSED},
    Family.ODD_STATUS: {ExitCode.REFUSED, ExitCode.UNREADABLE},
    Family.BODY: {ExitCode.UNREADABLE},
    Family.SHAPE: {ExitCode.UNREADABLE},
    Family.WIRE: {ExitCode.UNREACHABLE, ExitCode.UNREADABLE},
    Family.REDIRECT: {ExitCode.UNREACHABLE, ExitCode.REFUSED, ExitCode.UNREADABLE},
    Family.BOMB: {ExitCode.UNREADABLE, ExitCode.UNREACHABLE},
}
"""Which exit codes a fault that never ends may have. Families that are not here do not stop an answer."""

LET_THROUGH = {Fault.EDGE_403_UNLESS_TOKEN, Fault.EDGE_403_UNLESS_URLLIB}
"""What the connection ladder gets past."""

ONE_STUDY_SHAPES = {Fault.TOP_LEVEL_LIST, Fault.TOP_LEVEL_NULL, Fault.ERROR_OBJECT}

SILENT = {Fault.HANG, Fault.HANG_AFTER_HEADERS, Fault.DRIP_FOREVER, Fault.HUGE_CONTENT_LENGTH}
"""Cost all the time that there is."""

STOPPING = [f for f in Fault if f.family in CODES and f not in LET_THROUGH]


README = PROJECT / "tests" / "contract" / "README.md"
TABLE = dict(
    re.findall(r"^\| `([^`]+)` \| ([\d |]+) \|$", README.read_text(encoding="utf-8"), re.MULTILINE)
)
"""What the README says: for every fault, the exit codes of all ways, in their order."""


def told_code(fault: Fault, way: str) -> int:
    return int(TABLE[fault].split(" | ")[list(WAYS).index(way)])


def never_says_none(text: str) -> bool:
    return "lists no such" not in text and "holds none" not in text


CASES = [
    (fault, way)
    for fault in STOPPING
    for way in WAYS
    # One study has not the shape of a list.
    if way not in OF_ONE_STUDY or fault.family is not Family.SHAPE or fault in ONE_STUDY_SHAPES
]


@pytest.mark.parametrize(("fault", "way"), CASES)
def test_a_fault_is_never_an_answer(
    fault: Fault, way: str, registry: StandIn, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEMCHECK_TIMEOUT", "0.5" if fault in SILENT else "60")
    registry.always = fault
    ran = run(*WAYS[way], "--live")
    assert ran.code in CODES[fault.family]
    assert ran.code == told_code(fault, way)
    assert never_says_none(ran.err)
    if way == "verify":
        # What was claimed is answered all the same: nobody could be asked whether the number exists.
        assert [number["found"] for number in json.loads(ran.out)["numbers"]] == [None]
    else:
        assert ran.out == ""
    if way == "table":
        message, hint = ran.err.splitlines()
        assert message.startswith("stemcheck: ")
        assert hint.startswith("Hint: ")
    else:
        said = json.loads(ran.err.splitlines()[-1])
        if way == "verify" and "notice" in said:  # one record that cannot be read stops no others
            assert said["notice"]["id"] == "unreadable"
            return
        assert said["error"]["message"]
        assert said["error"]["hint"]


@pytest.mark.parametrize("way", [way for way in WAYS if way not in OF_ONE_STUDY])
@pytest.mark.parametrize(
    "fault", [Fault.EDGE_403_ALL, Fault.DOWN_503, Fault.HTML_200, Fault.RESET, Fault.CUT_JSON]
)
def test_saved_data_stand_in_under_their_own_name(
    fault: Fault, way: str, registry: StandIn, run: Run
) -> None:
    registry.always = fault
    ran = run(*WAYS[way])
    if way in {"json", "jsonl", "csv"}:  # a program never gets the sample unasked
        assert ran.code in CODES[fault.family]
        assert ran.out == ""
        error = json.loads(ran.err.splitlines()[-1])["error"]
        assert error["web_url"] in error["hint"]
    else:
        assert ran.code == ExitCode.SAVED_DATA
        assert "gave no answer" in ran.err
        assert "https://clinicaltrials.gov/search?" in ran.err
        assert "THIS IS NOT AN ANSWER FROM THE REGISTRY" in ran.out


@pytest.mark.parametrize("fault", [Fault.DOWN_503, Fault.RESET])
@pytest.mark.parametrize("shape", ["json", "jsonl", "csv"])
def test_a_program_gets_the_kept_answer_to_the_same_search(
    shape: str, fault: Fault, registry: StandIn, run: Run
) -> None:
    run("trials", "-c", "stroke")
    registry.always = fault
    ran = run("trials", "-c", "stroke", "--format", shape, "--quiet")
    assert ran.code == ExitCode.SAVED_DATA
    assert "saved" in ran.out
    (notice,) = [json.loads(line)["notice"] for line in ran.err.splitlines()]
    assert notice["id"] == "not_live"
    other = run("trials", "-c", "lupus", "--format", shape, "--quiet")
    assert (other.code in CODES[fault.family], other.out) == (True, "")


@pytest.mark.parametrize(
    "command",
    ["trials -c stroke", "trials -c stroke --csv", "show NCT03673748", "report -c stroke",
     "report NCT03673748", "questions NCT03673748"],
)  # fmt: skip
def test_a_file_that_is_there_is_not_replaced_by_the_sample(
    command: str, registry: StandIn, run: Run, tmp_path: Path
) -> None:
    registry.always = Fault.DOWN_503
    target = tmp_path / "weekly"
    target.write_text("last week", encoding="utf-8")
    ran = run(*command.split(), "--force", "-o", str(target))
    assert ran.code == ExitCode.REFUSED
    assert target.read_text(encoding="utf-8") == "last week"


@pytest.mark.parametrize("shape", ["table", "json", "jsonl", "csv", "markdown"])
def test_strict_is_live_and_complete_or_nothing(shape: str, registry: StandIn, run: Run) -> None:
    run("trials", "-c", "stroke")
    registry.always = Fault.DOWN_503
    ran = run("trials", "-c", "stroke", "--format", shape, "--strict")
    assert (ran.code, ran.out) == (ExitCode.REFUSED, "")


@pytest.mark.parametrize("way", ["table", "json", "jsonl", "csv"])
@pytest.mark.parametrize(
    "fault", [Fault.EDGE_403_ALL, Fault.DOWN_503, Fault.HTML_200, Fault.RESET, Fault.CUT_JSON]
)
def test_half_an_answer_is_not_an_answer(
    fault: Fault, way: str, registry: StandIn, run: Run, small_pages: None
) -> None:
    registry.trouble(fault, page=2)
    arguments = [word for word in WAYS[way] if word not in {"-c", "stroke"}]
    ran = run(*arguments, "--cells", "any", "--live")
    assert ran.code in CODES[fault.family]
    if way == "jsonl":
        lines = [json.loads(line) for line in ran.out.splitlines()]
        error = json.loads(ran.err.splitlines()[-1])["error"]
        assert error["complete"] is False
        assert error["trials_written"] == len(lines) > 0
    else:
        assert ran.out == ""


@pytest.mark.parametrize(
    "fault", [f for f in Fault if f.family in {Family.PAGING, Family.HARMLESS, Family.SLOW}]
)
def test_pages_that_do_not_add_up_are_never_called_complete(
    fault: Fault, registry: StandIn, run: Run, small_pages: None
) -> None:
    registry.late_seconds = 0.2
    whole = json.loads(run("trials", "--cells", "any", "--live", "--json").out)
    registry.trouble(fault, path="/studies")
    ran = run("trials", "--cells", "any", "--live", "--json", "--refresh")
    if ran.code:
        assert ran.code in {ExitCode.UNREADABLE, ExitCode.UNREACHABLE}
        assert ran.out == ""
        return
    answer = json.loads(ran.out)
    counts = answer["counts"]
    assert (
        counts["shown"] + sum(counts["left_out"].values()) + counts["unreadable"]
        == counts["fetched"]
    )
    if counts["complete"]:
        assert counts["fetched"] == counts["registry_total"] == whole["counts"]["fetched"]
    else:
        assert answer["notices"]


@pytest.mark.parametrize("way", [way for way in WAYS if way not in OF_ONE_STUDY])
def test_broken_records_are_reported_and_the_others_shown(
    way: str, registry: StandIn, run: Run
) -> None:
    before = run(*WAYS[way], "--live").err.count("could not be read")
    registry.always = Fault.BROKEN_ITEMS
    ran = run(*WAYS[way], "--live", "--refresh")
    assert ran.code == ExitCode.DONE
    assert ran.out
    assert ran.err.count("could not be read") == before + 10
    if way == "json":
        counts = json.loads(ran.out)["counts"]
        assert counts["unreadable"] == before + 10
        assert counts["shown"] + sum(counts["left_out"].values()) + before + 10 == counts["fetched"]
    assert run(*WAYS[way], "--live", "--strict").code == ExitCode.UNREADABLE
