"""`stemcheck verify` as a person and a program meet it, against the stand-in registry."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stemcheck.errors import ExitCode
from stemcheck.guidance.cautions import leaflet_cautions
from tests.cli.conftest import Ran, Run, check_schema_of
from tests.conftest import PROJECT
from tests.standin import Fault, StandIn

STROKE, UNKNOWN, GIVES_NO_CELLS = "NCT90000001", "NCT90000009", "NCT90000029"
EXPANDED, NOWHERE, ALIAS = "NCT90000011", "NCT99999999", "NCT90000136"
VERDICTS = ("legitimate", "safe", "fraud", "scam")


def answer_of(ran: Ran) -> Any:
    return json.loads(ran.out)


def results(ran: Ran) -> dict[str, str | None]:
    return {check["what"]: check["result"] for check in answer_of(ran)["numbers"][0]["checks"]}


@pytest.fixture
def leaflet(tmp_path: Path) -> Path:
    path = tmp_path / "leaflet.txt"
    path.write_text(
        "Our trial (nct-90000001) is open. We cure stroke. It is FDA approved. 100% no side effects.",
        encoding="utf-8",
    )
    return path


def test_what_agrees_matches_and_ends_well(registry: StandIn, run: Run) -> None:
    ran = run("verify", STROKE, "-c", "stroke", "--route", "iv", "--cells", "msc", "--country", "USA",
              "--site", "Harbor Hospital", "--open", "--json")  # fmt: skip
    assert ran.code == ExitCode.DONE, ran.err
    assert set(results(ran).values()) == {"matches"}
    assert len(results(ran)) == 6
    for check in answer_of(ran)["numbers"][0]["checks"]:
        assert check["field"]
        assert check["quote"]


@pytest.mark.parametrize(
    ("claim", "what"),
    [
        (("-c", "lupus"), "condition"),
        (("--route", "intrathecal"), "route"),
        (("--cells", "own"), "cells"),
        (("--country", "Mexico"), "country"),
        (("--site", "Sunny Clinic"), "site"),
        (("--open", "--country", "Canada"), "open"),
        (("--phase", "3"), "phase"),
        (("--people", "2,000"), "people"),
        (("--sponsor", "Renova Institute"), "sponsor"),
    ],
)
def test_each_claim_can_differ(
    claim: tuple[str, ...], what: str, registry: StandIn, run: Run
) -> None:
    ran = run("verify", STROKE, *claim, "--json")
    assert ran.code == ExitCode.DIFFERS
    assert results(ran)[what] == "differs"


def test_a_name_that_is_not_known_never_differs(registry: StandIn, run: Run) -> None:
    claims = ("-c", "zorgle", "--country", "Freedonia", "--site", "XQZ", "--sponsor", "XQZ")
    ran = run("verify", STROKE, *claims, "--json")
    assert ran.code == ExitCode.DONE
    told = results(ran)
    assert {told.pop("open"), *told.values()} == {None, "not_settled"}
    out = " ".join(run("verify", STROKE, *claims).out.split())
    assert out.count("stemcheck does not know this name") == len(told)


@pytest.mark.parametrize("words", [("--phase", "soon"), ("--people", "many"), ("--sponsor", " ")])
def test_a_claim_that_says_nothing_is_wrong_usage(words: tuple[str, ...], run: Run) -> None:
    ran = run("verify", STROKE, *words)
    assert ran.code == ExitCode.USAGE
    assert words[0] in ran.err


@pytest.mark.parametrize(
    ("number", "claim", "result", "code"),
    [
        (GIVES_NO_CELLS, (), None, ExitCode.DONE),  # closed, and nobody called it open
        (GIVES_NO_CELLS, ("--open",), "differs", ExitCode.DIFFERS),
        (UNKNOWN, ("--open",), "not_stated", ExitCode.DONE),
    ],
)
def test_whether_it_is_open_differs_only_where_both_sides_say(
    number: str, claim: tuple[str, ...], result: str | None, code: int, registry: StandIn, run: Run
) -> None:
    ran = run("verify", number, *claim, "--json")
    assert (ran.code, results(ran)) == (code, {"open": result})


def test_a_number_that_is_nowhere_outweighs_what_differs(registry: StandIn, run: Run) -> None:
    ran = run("verify", STROKE, NOWHERE, "-c", "lupus", "--json")
    assert ran.code == ExitCode.NOT_FOUND
    found = {number["nct_id"]: number["found"] for number in answer_of(ran)["numbers"]}
    assert found == {STROKE: True, NOWHERE: False}


def test_a_number_of_zeros_is_no_reason_to_give_up(registry: StandIn, run: Run) -> None:
    ran = run("verify", "NCT00000000", STROKE, "--json")
    assert ran.code == ExitCode.NOT_FOUND
    assert [number["found"] for number in answer_of(ran)["numbers"]] == [False, True]
    registry.always = Fault.EDGE_403_ALL
    ran = run("verify", "NCT00000000", UNKNOWN, "--live", "--json")
    assert [number["found"] for number in answer_of(ran)["numbers"]] == [False, None]
    assert answer_of(ran)["source"] is None


def test_an_older_number_is_named(registry: StandIn, run: Run) -> None:
    ran = run("verify", ALIAS, "--json")
    assert ran.code == ExitCode.DONE
    assert answer_of(ran)["numbers"][0]["trial"]["nct_id"] == "NCT90000036"
    assert "alias" in {notice["id"] for notice in answer_of(ran)["notices"]}


@pytest.mark.parametrize(
    "words",
    [
        ("nct-90000001",),
        ("NCT", "90000001"),
        ("NCT 90000001",),
        ("\uff2e\uff23\uff349000000\uff11",),
    ],
)
def test_a_number_is_read_as_it_was_typed(
    words: tuple[str, ...], registry: StandIn, run: Run
) -> None:
    ran = run("verify", *words, "--json")
    number = answer_of(ran)["numbers"][0]
    assert (number["nct_id"], number["as_written"]) == (STROKE, " ".join(words))


def test_a_leaflet_gives_its_number_and_its_claims(
    leaflet: Path, registry: StandIn, run: Run
) -> None:
    ran = run("verify", "--text", str(leaflet), "--json")
    assert ran.code == ExitCode.DONE
    answer = answer_of(ran)
    assert [number["nct_id"] for number in answer["numbers"]] == [STROKE]
    assert {"cure", "fda_status", "no_risk"} <= {claim["kind"] for claim in answer["claims"]}
    text = leaflet.read_text(encoding="utf-8")
    assert all(claim["quote"] in text and claim["source"] for claim in answer["claims"])


WORDS = "Renova Institute\n\nOur phase 3 trial {number} in lupus takes 2,000 people in Mexico."


@pytest.mark.parametrize(
    ("number", "options", "code"),
    [
        (STROKE, (), ExitCode.DONE),
        (STROKE, ("-c", "stroke"), ExitCode.DONE),
        (STROKE, ("-c", "lupus"), ExitCode.DIFFERS),
        (f"{NOWHERE} and {STROKE}", ("-c", "lupus"), ExitCode.NOT_FOUND),
        (f"NCT123456 and {STROKE}", ("-c", "lupus"), ExitCode.NOT_FOUND),
    ],
)
def test_what_a_text_says_is_checked_and_changes_no_exit_code(
    number: str,
    options: tuple[str, ...],
    code: ExitCode,
    tmp_path: Path,
    registry: StandIn,
    run: Run,
) -> None:
    path = tmp_path / "leaflet.txt"
    path.write_text(WORDS.format(number=number), encoding="utf-8")
    ran = run("verify", "--text", str(path), *options, "--json")
    assert ran.code == code, ran.err
    check_schema_of("verify", answer_of(ran))
    found = next(one for one in answer_of(ran)["numbers"] if one["nct_id"] == STROKE)
    read = {c["what"]: c["result"] for c in found["checks"] if c["text_quote"]}
    if number == STROKE:
        assert read["phase"] == read["people"] == read["country"] == "differs"
    else:  # the sentence speaks of two studies
        assert "differs" not in read.values()


@pytest.mark.parametrize(
    ("typed", "text", "is_checked"),
    [
        ((STROKE,), "Our trial is in phase 3.", True),
        ((STROKE, UNKNOWN), "Our trial is in phase 3.", False),  # which of them?
        ((STROKE,), f"Our trial {UNKNOWN} is in phase 3.", False),
    ],
)
def test_a_number_typed_beside_a_text_without_one_is_that_of_the_text(
    typed: tuple[str, ...], text: str, is_checked: bool, tmp_path: Path, registry: StandIn, run: Run
) -> None:
    path = tmp_path / "leaflet.txt"
    path.write_text(text, encoding="utf-8")
    found = answer_of(run("verify", *typed, "--text", str(path), "--json"))["numbers"][0]
    assert any(check["text_quote"] for check in found["checks"]) is is_checked


def test_the_head_answers_what_people_ask_first(
    tmp_path: Path, registry: StandIn, run: Run
) -> None:
    path = tmp_path / "leaflet.txt"
    path.write_text(WORDS.format(number=STROKE), encoding="utf-8")
    ran = run("verify", "--text", str(path))
    out = " ".join(ran.out.split())
    for words in ("Run by", "Where", "Size phase", "Who pays", "Status Recruiting, last confirmed"):
        assert words in out
    assert '"Renova Institute" is named nowhere in the record' in out
    named = answer_of(run("verify", STROKE, "--site", "Harbor Hospital", "--json"))["numbers"][0]
    assert [offer["named"] for offer in named["offered_by"]] == [True]
    assert named["where"]
    assert "--site NAME" in run("verify", STROKE).out


@pytest.mark.parametrize("name", ["sheet.html", "sheet.md"])
@pytest.mark.parametrize("is_there", [True, False])
def test_a_sheet_to_hand_on_holds_all_that_was_found(
    name: str, is_there: bool, tmp_path: Path, leaflet: Path, registry: StandIn, run: Run
) -> None:
    if not is_there:
        registry.always = Fault.EDGE_403_ALL
    ran = run("verify", "--text", str(leaflet), "-o", str(tmp_path / name))
    assert ran.code == (ExitCode.DONE if is_there else ExitCode.REFUSED), ran.err
    sheet = " ".join((tmp_path / name).read_text(encoding="utf-8").replace("\\", "").split())
    assert STROKE in sheet
    assert "We cure stroke." in sheet
    assert "Which published study in people with my condition shows this" in sheet
    for caution in leaflet_cautions():
        assert caution.text.partition(".")[0] in sheet.replace("&#39;", "'")
    assert ("✓ matches" in sheet) is is_there
    assert ("COULD NOT BE ASKED" in sheet) is not is_there


def test_a_page_is_no_other_format(tmp_path: Path, run: Run) -> None:
    ran = run("verify", STROKE, "--json", "-o", str(tmp_path / "sheet.html"))
    assert ran.code == ExitCode.USAGE
    assert "sheet.html" in ran.err


def test_the_cautions_are_those_for_a_leaflet(registry: StandIn, run: Run) -> None:
    wanted = [caution.id for caution in leaflet_cautions()]
    answer = answer_of(run("verify", STROKE, "--json"))
    assert [caution["id"] for caution in answer["cautions"]][: len(wanted)] == wanted
    out = " ".join(run("verify", STROKE).out.split())
    assert "insurance often does not pay" in out


def test_a_claim_that_stands_there_twice_comes_once(
    tmp_path: Path, registry: StandIn, run: Run
) -> None:
    path = tmp_path / "twice.txt"
    path.write_text("We cure stroke. \n\n" * 3, encoding="utf-8")
    claims = answer_of(run("verify", "--text", str(path), "--json"))["claims"]
    assert [claim["kind"] for claim in claims].count("cure") == 1


def test_a_text_without_number_or_claim_says_so_and_asks_nobody(
    tmp_path: Path, registry: StandIn, run: Run
) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir, thank you for your visit.", encoding="utf-8")
    ran = run("verify", "--text", str(path))
    assert ran.code == ExitCode.DONE
    assert "names no NCT number" in ran.out
    assert "not a good sign" in ran.out
    assert registry.asked == []
    answer = answer_of(run("verify", "--text", str(path), "--json"))
    assert (answer["numbers"], answer["claims"], answer["source"]) == ([], [], None)


def test_what_was_told_without_a_number_is_said_to_be_unchecked(
    tmp_path: Path, registry: StandIn, run: Run
) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("We treat stroke.", encoding="utf-8")
    ran = run("verify", "--text", str(path), "-c", "stroke")
    assert ran.code == ExitCode.DONE
    assert "cannot be compared with a record" in ran.out


def test_a_text_of_many_numbers_asks_for_few(tmp_path: Path, registry: StandIn, run: Run) -> None:
    path = tmp_path / "list.txt"
    path.write_text(" ".join(f"NCT{n:08}" for n in range(1, 3000)), encoding="utf-8")
    answer = answer_of(run("verify", "--text", str(path), "--json"))
    assert len(answer["numbers"]) == 50
    assert {"numbers_cut", "several_numbers"} <= {notice["id"] for notice in answer["notices"]}
    assert len(registry.asked) <= 60


def test_the_registrys_own_terms_are_asked_too(registry: StandIn, run: Run) -> None:
    ran = run("verify", STROKE, "-c", "nervous system disease", "--json")
    check = answer_of(ran)["numbers"][0]["checks"][0]
    assert (check["result"], check["quote"]) == ("matches", "Nervous System Diseases")


def test_a_record_that_cannot_be_read_is_neither_missing_nor_checked(
    run: Run, registry: StandIn
) -> None:
    identification = {"nctId": STROKE, "briefTitle": []}
    broken = {"identificationModule": identification, "statusModule": []}
    registry.replace_records([{"protocolSection": broken}])
    ran = run("verify", STROKE, "--live", "-c", "stroke", "--json")
    number = answer_of(ran)["numbers"][0]
    assert (number["found"], number["trial"], number["checks"]) == (True, None, [])
    assert "could not be read" in number["summary"]
    assert ran.code == ExitCode.UNREADABLE


def test_an_answer_that_cannot_be_read_is_no_answer(run: Run, registry: StandIn) -> None:
    registry.always = Fault.TOP_LEVEL_LIST
    ran = run("verify", STROKE, "--live", "--json")
    assert ran.code == ExitCode.UNREADABLE
    assert answer_of(ran)["numbers"][0]["found"] is None


def test_numbers_that_came_before_a_failure_are_kept(run: Run, registry: StandIn) -> None:
    registry.trouble(Fault.EDGE_403_ALL, path=f"/studies/{UNKNOWN}", times=None)
    ran = run("verify", STROKE, UNKNOWN)
    assert ran.code == ExitCode.REFUSED
    assert "NOT EVERY NUMBER" in ran.out
    assert f"{STROKE} is in the registry" in ran.out


def test_what_was_saved_of_some_numbers_answers_for_these(run: Run, registry: StandIn) -> None:
    run("verify", STROKE)
    registry.always = Fault.EDGE_403_ALL
    ran = run("verify", STROKE, UNKNOWN, "--json")
    assert ran.code == ExitCode.SAVED_DATA
    assert [number["found"] for number in answer_of(ran)["numbers"]] == [True, None]
    assert answer_of(ran)["source"]["kind"] == "saved"


def test_nothing_at_all_is_wrong_usage(run: Run) -> None:
    ran = run("verify")
    assert ran.code == ExitCode.USAGE
    assert "--text" in ran.err
    assert "NCT" in ran.err


@pytest.mark.parametrize("words", [("90000001",), ("hello",), ("NCT123",)])
def test_what_is_no_number_is_wrong_usage(words: tuple[str, ...], run: Run) -> None:
    ran = run("verify", *words)
    assert ran.code == ExitCode.USAGE
    assert "NCT" in ran.err


def test_a_registry_that_refuses_is_not_a_missing_number(registry: StandIn, run: Run) -> None:
    registry.always = Fault.EDGE_403_ALL
    ran = run("verify", NOWHERE, "--live", "--json")
    assert ran.code == ExitCode.REFUSED
    number = answer_of(ran)["numbers"][0]
    assert (number["found"], number["trial"]) == (None, None)
    assert answer_of(ran)["source"] is None
    assert json.loads(ran.err.splitlines()[-1])["error"]["code"] == "refused"


def test_a_failure_is_unmissable_in_the_table(registry: StandIn, run: Run) -> None:
    registry.always = Fault.EDGE_403_ALL
    ran = run("verify", NOWHERE)
    assert ran.code == ExitCode.REFUSED
    assert "COULD NOT BE ASKED" in ran.out
    assert "not in the registry" not in ran.out


def test_saved_data_answer_under_their_own_name(registry: StandIn, run: Run) -> None:
    assert run("verify", STROKE, "--open", "--json").code == ExitCode.DONE
    registry.always = Fault.EDGE_403_ALL
    ran = run("verify", STROKE, "--open", "-c", "lupus", "--json")
    assert ran.code == ExitCode.SAVED_DATA
    assert answer_of(ran)["source"]["kind"] in {"saved", "sample"}
    assert answer_of(ran)["source"]["why_not_live"]
    assert results(ran) == {"condition": "differs", "open": "not_stated"}
    assert "THIS IS NOT AN ANSWER" in run("verify", STROKE).out


def test_offline_does_not_ask(registry: StandIn, run: Run) -> None:
    ran = run("verify", NOWHERE, "--offline", "--json")
    assert registry.asked == []
    assert answer_of(ran)["numbers"][0]["found"] is None
    assert ran.code == ExitCode.SAVED_DATA


def test_no_word_is_a_verdict(leaflet: Path, registry: StandIn, run: Run) -> None:
    ran = run("verify", STROKE, UNKNOWN, GIVES_NO_CELLS, EXPANDED, NOWHERE, "--open", "--json")
    for number in answer_of(ran)["numbers"]:
        assert not any(word in number["summary"].lower() for word in VERDICTS), number["summary"]


def test_a_study_that_gives_no_cells_says_so(registry: StandIn, run: Run) -> None:
    ran = run("verify", GIVES_NO_CELLS, "--json")
    assert "No cells are given in it" in answer_of(ran)["numbers"][0]["summary"]


def test_the_document_keeps_to_its_schema(leaflet: Path, registry: StandIn, run: Run) -> None:
    ran = run("verify", STROKE, NOWHERE, "--text", str(leaflet), "-c", "lupus", "--json")
    check_schema_of("verify", answer_of(ran))
    assert list(answer_of(ran)) == [
        "schema", "numbers", "other_numbers", "claims", "source", "cautions", "notices"
    ]  # fmt: skip


@pytest.mark.parametrize("width", ["80", "140"])
def test_the_table_keeps_to_the_screen(
    width: str, leaflet: Path, registry: StandIn, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    ran = run("verify", STROKE, "--text", str(leaflet), "-c", "lupus", "--route", "iv")
    assert max(len(line) for line in ran.out.splitlines()) <= int(width)
    for words in ("✗ differs", "✓ matches", "by vein", "Before you decide", "deserve a question"):
        assert words in ran.out


def test_registry_text_is_never_obeyed(registry: StandIn, run: Run) -> None:
    ran = run("verify", "NCT90000051", "NCT90000052", "NCT90000053", "NCT90000054", "-c", "x")
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out


def test_another_shape_is_wrong_usage(run: Run) -> None:
    assert run("verify", STROKE, "--format", "csv").code == ExitCode.USAGE


def test_a_mail_is_read_from_a_pipe_by_the_whole_program(registry: StandIn) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "stemcheck", "verify", "--text", "-", "--route", "iv", "--json"],
        input=b"Join NCT\n90000001\0 today! \xff",
        capture_output=True,
        check=False,
    )
    assert ran.returncode == ExitCode.DONE, ran.stderr
    answer = json.loads(ran.stdout)
    assert answer["numbers"][0]["checks"][0]["result"] == "matches"
    assert b"Traceback" not in ran.stderr


def test_a_number_that_cannot_be_one_is_told_and_ends_badly(
    tmp_path: Path, registry: StandIn, run: Run
) -> None:
    path = tmp_path / "leaflet.txt"
    path.write_text(f"Our trial NCT0437132 is running, see {STROKE}, NCT0450\n60731.", "utf-8")
    ran = run("verify", "--text", str(path), "--json")
    assert ran.code == ExitCode.NOT_FOUND
    check_schema_of("verify", answer_of(ran))
    found = {number["nct_id"]: number["found"] for number in answer_of(ran)["numbers"]}
    assert found == {STROKE: True, None: None}
    few, many = (number for number in answer_of(ran)["numbers"] if number["nct_id"] is None)
    assert few["as_written"] == "NCT0437132"
    assert (
        "has 7 digits; an NCT number has 8. It was not looked up. Ask for the right one."
        in few["summary"]
    )
    assert many["summary"].startswith("NCT0450 60731 has 9 digits")
    table = " ".join(run("verify", "--text", str(path)).out.split())
    assert "NCT0437132 has 7 digits" in table


def test_a_text_with_a_mangled_number_alone_is_not_said_to_name_none(
    tmp_path: Path, registry: StandIn, run: Run
) -> None:
    path = tmp_path / "leaflet.txt"
    path.write_text("Our trial NCT0437132 is running.", encoding="utf-8")
    ran = run("verify", "--text", str(path), "--json")
    assert ran.code == ExitCode.NOT_FOUND
    assert {notice["id"] for notice in answer_of(ran)["notices"]} == {"no_claim"}
    assert answer_of(ran)["source"] is None
    assert registry.asked == []


def test_what_was_not_looked_at_is_said_of_a_text_without_claims(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "leaflet.txt"
    path.write_text("We are open on Mondays. You can call the nurse in the morning.", "utf-8")
    out = " ".join(run("verify", "--text", str(path)).out.split())
    assert "stemcheck found none of the words it looks for." in out
    assert "That is not a good sign and not a bad one" in out
    assert "did not look for claims" not in out


def test_a_text_in_another_language_is_said_to_be_one(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "dépliant.txt"
    path.write_text(
        "Notre clinique est ouverte tous les jours de la semaine. Nous soignons les patients avec des "
        "cellules souches, et les résultats sont garantis pour tous ceux qui viennent nous voir.", "utf-8"
    )  # fmt: skip
    ran = run("verify", "--text", str(path), "--json")
    assert "other_language" in {notice["id"] for notice in answer_of(ran)["notices"]}
    assert answer_of(ran)["claims"] == []
    out = " ".join(run("verify", "--text", str(path)).out.split())
    assert "does not seem to be in English, Spanish or German" in out
    german = PROJECT / "fixtures" / "brochures" / "deutsches-faltblatt.txt"
    kinds = {
        claim["kind"]
        for claim in answer_of(run("verify", "--text", str(german), "--json"))["claims"]
    }
    assert "price" in kinds


def test_a_claim_is_shown_in_the_words_it_was_typed_in(registry: StandIn, run: Run) -> None:
    claims = ("--route", "drip", "--cells", "own cells")
    checks = answer_of(run("verify", STROKE, *claims, "--json"))["numbers"][0]["checks"]
    assert [(check["claimed"], check["told"]) for check in checks[:2]] == [
        ("autologous", "own cells"),
        ("intravenous", "drip"),
    ]
    assert "drip" in run("verify", STROKE, *claims).out
