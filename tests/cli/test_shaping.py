"""How much of an answer a program gets: fields, trials in short, counts, one line at the end."""

import json
from typing import Any

import pytest

from stemcheck.errors import ExitCode
from tests.cli.conftest import Run, check_schema_of
from tests.standin import StandIn

STROKE = ("trials", "-c", "stroke")


def one(run: Run, *options: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(*STROKE, *options).out)
    return told


def test_fields_keep_their_places_and_the_envelope(run: Run, registry: StandIn) -> None:
    whole = one(run, "--json")
    asked = "nct_id,status.value,reading.routes,interventions.name,sponsor.class"
    some = one(run, "--json", "--fields", asked)
    assert some["counts"] == whole["counts"]
    for short, trial in zip(some["trials"], whole["trials"], strict=True):
        assert short == {
            "nct_id": trial["nct_id"],
            "status": {"value": trial["status"]["value"]},
            "reading": {"routes": trial["reading"]["routes"]},
            "interventions": [{"name": each["name"]} for each in trial["interventions"]],
            "sponsor": {"class": trial["sponsor"]["class"]},
        }


def test_every_short_form_has_its_schema_and_its_cautions(run: Run, registry: StandIn) -> None:
    for name, options in {
        "brief": ("--brief",),
        "fields": ("--fields", "nct_id"),
        "count": ("--count",),
    }.items():
        document = one(run, "--json", *options)
        check_schema_of(name, document)
        assert document["schema"] == f"stemcheck.{name}/1"
        assert name == "count" or document["cautions"]
    lines = [
        json.loads(line)
        for line in run(*STROKE, "--jsonl", "--brief", "--summary").out.splitlines()
    ]
    for line in lines[:-1]:
        check_schema_of("brief-line", line)
    check_schema_of("summary-line", lines[-1])
    assert lines[-1]["summary"]["counts"]["shown"] == len(lines) - 1


def test_a_short_trial_keeps_every_quote(run: Run, registry: StandIn) -> None:
    whole, brief = one(run, "--json"), one(run, "--json", "--brief")
    for short, trial in zip(brief["trials"], whole["trials"], strict=True):
        quotes = {each["quote"] for each in trial["reading"]["evidence"]}
        assert quotes == {each["quote"] for each in short["reading"]["quotes"]}


def test_compact_is_the_same_document_without_blanks(run: Run, registry: StandIn) -> None:
    long, short = (
        run(*STROKE, "--json", "--offline").out,
        run(*STROKE, "--json", "--offline", "--compact").out,
    )
    assert json.loads(long) == json.loads(short)
    assert short.count("\n") == 1
    assert len(short) < len(long)


def test_a_count_is_a_number_and_columns_are_chosen_by_name(run: Run, registry: StandIn) -> None:
    assert int(run(*STROKE, "--count").out) == one(run, "--json")["counts"]["shown"]
    none = run("trials", "-c", "qqqq", "--count")
    assert none.out == "0\n"
    assert "Check the spelling" in none.err
    rows = run(*STROKE, "--csv", "--fields", "routes,nct_id").out.splitlines()
    assert rows[0] == "routes,nct_id"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--json", "--fields", "routes"), "reading.routes"),
        (("--json", "--fields", "nct"), "nct_id"),
        (("--csv", "--fields", "reading.routes"), "routes"),
        (("--json", "--fields", "nct_id,,status"), "empty"),
        (("--json", "--fields", ""), "empty"),
        (("--fields", "nct_id"), "--format json"),
        (("--csv", "--brief"), "--format jsonl"),
        (("--jsonl", "--compact"), "--format json"),
        (("--json", "--summary"), "--format jsonl"),
        (("--json", "--brief", "--count"), "Use one of them"),
    ],
)
def test_what_cannot_be_is_refused_before_anybody_is_asked(
    run: Run, registry: StandIn, options: tuple[str, ...], said: str
) -> None:
    ran = run(*STROKE, *options)
    assert (ran.code, ran.out, registry.asked) == (ExitCode.USAGE, "", [])
    assert said in ran.err


@pytest.mark.parametrize("shape", ["--json", "--jsonl", "--csv"])
def test_nothing_found_carries_its_hint_in_every_shape(
    run: Run, registry: StandIn, shape: str
) -> None:
    ran = run("trials", "-c", "qqqq", shape)
    assert ran.code == ExitCode.DONE
    assert "Check the spelling" in (ran.out + ran.err)
    if shape == "--json":
        assert [each["id"] for each in json.loads(ran.out)["notices"]] == ["none_found"]


def test_a_bare_number_is_never_that_of_the_sample(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEMCHECK_REGISTRY_URL", "http://127.0.0.1:9/api/v2")
    for command in (("trials", "-c", "stroke", "--count"), ("landscape", "-o", "figures.svg")):
        ran = run(*command)
        assert (ran.code, ran.out) == (ExitCode.UNREACHABLE, "")
    assert int(run("trials", "-c", "stroke", "--count", "--offline").out) > 0


def test_why_stands_in_json(run: Run, registry: StandIn) -> None:
    number = one(run, "--json")["trials"][0]["nct_id"]
    steps = json.loads(run("show", number, "--why", "--json").out)["why"]
    assert {"took"} <= {step["decision"] for step in steps}
    assert all(step["rule"] and step["quote"] for step in steps)
    assert json.loads(run("show", number, "--json").out)["why"] is None
