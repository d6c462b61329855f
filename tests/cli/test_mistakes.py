"""Mistakes at the keyboard are answered with the right word, on stderr, with exit code 2."""

import json
from pathlib import Path

import pytest

from stemcheck.errors import ExitCode
from tests.cli.conftest import Run
from tests.conftest import PROJECT


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        (("trails",), "trials"),
        (("stroke",), "Did you mean: stemcheck trials --condition stroke"),
        (("lung", "cancer", "--offline"), "stemcheck trials --condition 'lung cancer'"),
        (("trials", "stroke"), "stemcheck trials --condition stroke"),
        (("trials", "--offline", "stroke"), "stemcheck trials --condition stroke"),
        (("trials", "-c", "lung", "cancer"), "stemcheck trials --condition 'lung cancer'"),
        (("NCT0450", "6073"), "stemcheck show NCT04506073"),
        (("trials", "NCT04506073"), "stemcheck show NCT04506073"),
        (("show", "stroke"), "stemcheck trials --condition stroke"),
        (("questions", "--for", "nurse"), "patient, clinician"),
        (("questions", "--for", "patient,clinician"), "patient, clinician"),
        (("trials", "--route", "telepathy"), "drip, vein"),
        (("trials", "--status", "recruting"), "recruiting"),
        (("trials", "--phase", "5"), "early1, 1, 2, 3, 4, na"),
        (("trials", "--age", "200"), "up to 120"),
        (("trials", "--age", "1500 months"), "up to 120"),
        (("help", "trails"), "Did you mean: trials?"),
        (("help", "nope"), "See: stemcheck --help"),
        (("trials", "-c", ""), "stroke"),
        (("trials", "-c", "   "), "stroke"),
        (("trials", "--country", ""), "Spain"),
        (("trials", "--country", "Tailand"), "Thailand"),
        (("trials", "--country", "Atlantis"), "in English"),
        (("trials", "--route", "intravenus"), "intravenous"),
        (("trials", "--cells", "mesenchimal"), "mesenchymal"),
        (("trials", "--offline", "--live"), "Use one of them"),
        (("trials", "--all", "--limit", "3"), "Use one of them"),
        (("trials", "--limit", "0"), "1 or more"),
        (("trials", "--limit", "many"), "1 or more"),
        (("trials", "--conditoin", "stroke"), "--condition"),
        (("trials", "--timeout", "soon"), "like 30"),
        (("trials", "-c", " ".join(f"word{n}" for n in range(13))), "main words"),
        (("show", "NCT123"), "eight digits"),
        (("show", "04506073"), "NCT04506073"),
        (("show",), "--help"),
        (("show", "NCT04506073", "--all"), "--help"),
        (("read", "no-such-file.json"), "Check the name"),
        (("schema", "nothing"), "trials"),
        (("doctor", "--connection", "9"), "auto, 1, 2, 3"),
    ],
)
def test_a_mistake_is_answered_with_what_would_be_right(
    typed: tuple[str, ...], advice: str, run: Run
) -> None:
    ran = run(*typed)
    assert ran.code == ExitCode.USAGE
    assert ran.out == ""
    message, hint = ran.err.splitlines()
    assert message.startswith("stemcheck: ")
    assert advice in hint


def test_a_program_gets_its_mistakes_as_json(run: Run) -> None:
    assert (
        json.loads(run("trials", "--json", "--csv").err)["error"]["hint"] == "Choose one of them."
    )
    ran = run("trials", "--status", "recruting", "--format", "json")
    assert ran.out == ""
    error = json.loads(ran.err)["error"]
    assert error["code"] == "usage"
    assert "recruiting" in error["hint"]


@pytest.mark.parametrize(
    "url",
    ["http://example.org/api", "ftp://example.org", "nonsense", "https://user:pw@example.org"],
)
def test_an_address_that_is_not_allowed_is_refused(
    url: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEMCHECK_REGISTRY_URL", url)
    ran = run("trials", "-c", "stroke", "--live")
    assert ran.code == ExitCode.USAGE
    assert "STEMCHECK_REGISTRY_URL" in ran.err


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    ran = run()
    assert (ran.code, ran.err) == (ExitCode.DONE, "")
    assert "Usage: stemcheck" in ran.out
    assert "Exit codes" in ran.out


def test_a_bug_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("stemcheck.services.search.open_search", break_down)
    ran = run("trials", "-c", "stroke")
    assert ran.code == ExitCode.BUG
    assert "This is a bug" in ran.err


def test_no_message_speaks_as_a_program_does(run: Run) -> None:
    assert "Value error" not in run("trials", "--format", "xyz").err
    assert "Value error" not in run("questions", "--for", "nurse").err


def test_a_number_with_a_digit_too_few_is_told_how_many_it_has(run: Run) -> None:
    assert "it has 7 digits" in run("show", "NCT0437132").err


@pytest.mark.parametrize(
    "command",
    ["trials -c", "trials --country", "trials --raw", "verify NCT04506073 -c", "show", "read",
     "glossary", "questions -c", "report -o", "verify --text", "trials --offline -o"],
)  # fmt: skip
def test_an_argument_that_is_not_utf8_is_wrong_usage(command: str, run: Run) -> None:
    ran = run(*command.split(), "caf\udce9")
    assert (ran.code, ran.out) == (ExitCode.USAGE, "")
    assert ran.err.count("UTF-8") == 2
    assert json.loads(run(*command.split(), "caf\udce9", "--json").err)["error"]["code"] == "usage"


@pytest.mark.parametrize("typed", ["esclerosis m\u00faltiple", "esclerosis mu\u0301ltiple"])
def test_letters_are_composed_before_use(typed: str, run: Run) -> None:
    found = json.loads(run("trials", "-c", typed, "--offline", "--json").out)
    assert len(found["trials"]) >= 20
    assert found["query"]["conditions"] == ["esclerosis m\u00faltiple"]


def test_the_name_of_a_file_stays_as_it_is(run: Run, tmp_path: Path) -> None:
    record = (PROJECT / "fixtures/studies/recruiting-stroke-iv.json").read_bytes()
    target = tmp_path / "e\u0301tude.json"
    target.write_bytes(record)
    assert run("read", str(target), "--json").code == ExitCode.DONE
