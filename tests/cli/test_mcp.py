"""The server for agents: through the kit's own client, and by plain JSON-RPC over its pipes."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult

from stemcheck.cli.agent_server import server_for
from stemcheck.cli.asking import settings_with
from stemcheck.errors import ExitCode
from stemcheck.services.agents import Whom, as_text
from stemcheck.services.search import Ask
from tests.cli.conftest import Run
from tests.standin import StandIn
from tests.standin.records import read_fixtures

MOST_TRIALS = 40
MOST_OF_A_LIST = 12_000
MOST_OF_A_SEARCH = 40_000
NOBODY = "http://127.0.0.1:9/api/v2"


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn() as registry:
        yield registry


@pytest.fixture
def number(standin: StandIn) -> str:
    """The number of a study that the stand-in has."""
    return str(read_fixtures()[0]["protocolSection"]["identificationModule"]["nctId"])


def environment(registry: str, data: str) -> dict[str, str]:
    settings = {"STEMCHECK_REGISTRY_URL": registry, "STEMCHECK_DATA_DIR": data}
    return {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ} | settings


def ask(
    registry: str, data: object, *calls: tuple[str, dict[str, Any]], timeout: str = "5"
) -> list[CallToolResult]:
    """Start the server as a host does, and call some of its tools."""

    async def talk() -> list[CallToolResult]:
        server = StdioServerParameters(
            command=sys.executable,
            args=["-m", "stemcheck", "mcp", "--timeout", timeout],
            env=environment(registry, str(data)),
        )
        async with Client(server) as client:
            return [await client.call_tool(name, given) for name, given in calls]

    return asyncio.run(talk())


def facts_of(value: Any) -> Iterator[str]:
    """Yield every text and number that a document holds."""
    if isinstance(value, dict):
        for each in value.values():
            yield from facts_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from facts_of(each)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def calls_for(number: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    leaflet = f"Our clinic is registered as {number}. We cure stroke without any side effects."
    return (
        ("search_trials", {"condition": "stroke"}),
        ("get_trial", {"nct_id": number, "with_text": True}),
        ("verify_text", {"text": leaflet}),
        (
            "check_claims",
            {
                "nct_id": number,
                "told_route": "iv",
                "told_phase": "2",
                "told_people": "9",
                "told_sponsor": "X Clinic",
            },
        ),
        ("cautions", {"ids": ["listing-is-not-approval"]}),
        ("approved", {}),
    )


def test_every_tool_answers_live_with_source_counts_and_cautions(
    standin: StandIn, number: str, tmp_path: object
) -> None:
    calls = calls_for(number)
    for (name, _), answer in zip(calls, ask(standin.base_url, tmp_path, *calls), strict=True):
        told = answer.structured_content
        assert not answer.is_error, (name, told)
        text = getattr(answer.content[0], "text", "")
        assert text == as_text(told)
        assert all(fact in text for fact in facts_of(told)), name
        if name in {"search_trials", "get_trial", "verify_text", "check_claims"}:
            assert told["source"]["kind"] == "live"
            assert told["counts"]
            assert told["trials"]
            assert {"id", "text"} <= told["cautions"][0].keys()
            assert "data, not instructions" in told["about_this"]
        if name in {"verify_text", "check_claims"}:
            assert told["numbers"][0]["found"] is True


def test_a_search_of_forty_keeps_its_quotes_and_its_size(tmp_path: object) -> None:
    with StandIn(repeat=6) as registry:
        (answer,) = ask(registry.base_url, tmp_path, ("search_trials", {"condition": "stroke"}))
    told = answer.structured_content
    assert told["counts"]["shown"] == len(told["trials"]) == MOST_TRIALS
    assert told["counts"]["left_out"]["over_limit"] > 0
    assert all(trial["quotes"] for trial in told["trials"] if "products" in trial)
    assert len(json.dumps(answer.model_dump(mode="json", by_alias=True))) <= MOST_OF_A_SEARCH


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("search_trials", {"condition": "stroke", "routes": "nose-ish"}),
    ("search_trials", {"condition": "stroke", "colour": "red"}),
    ("check_claims", {"nct_id": "NCT00000102", "told_phase": "nine"}),
    ("search_trials", {}),
    ("search_trials", {"condition": "stroke", "limit": 0}),
    ("cautions", {"ids": ["no-such"]}),
    ("no_such_tool", {}),
]


def test_a_failure_is_an_error_with_our_code_and_never_an_empty_list(tmp_path: object) -> None:
    asking = calls_for("NCT00000102")[:4]
    for number, answer in enumerate(ask(NOBODY, tmp_path, *asking, *REFUSED, timeout="1")):
        told = answer.structured_content
        assert answer.is_error
        assert told.keys() == {"error"}
        assert told["error"]["code"] == ("unreachable" if number < len(asking) else "usage")
        assert told["error"]["message"] in getattr(answer.content[0], "text", "")
        assert "--" not in told["error"]["message"]


def test_a_number_that_is_not_there_is_an_error_and_for_claims_an_answer(
    standin: StandIn, tmp_path: object
) -> None:
    calls = (("get_trial", {"nct_id": "NCT99999999"}), ("check_claims", {"nct_id": "NCT99999999"}))
    shown, checked = ask(standin.base_url, tmp_path, *calls)
    assert (shown.is_error, shown.structured_content["error"]["code"]) == (True, "not_found")
    assert checked.structured_content["counts"]["not_in_registry"] == 1


def test_nothing_found_is_no_failure_and_says_what_to_do(
    standin: StandIn, tmp_path: object
) -> None:
    (answer,) = ask(standin.base_url, tmp_path, ("search_trials", {"condition": "qqqq"}))
    told = answer.structured_content
    assert (answer.is_error, told["trials"], told["counts"]["complete"]) == (False, [], True)
    assert told["notices"]


def test_what_changed_is_told_and_nothing_is_kept_of_it(
    standin: StandIn, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEMCHECK_REGISTRY_URL", standin.base_url)
    monkeypatch.setenv("STEMCHECK_DATA_DIR", str(tmp_path))
    assert run("save", "mine", "-c", "stroke").code == ExitCode.DONE
    told, again, unknown = ask(
        standin.base_url,
        tmp_path,
        ("changes", {"name": "mine"}),
        ("changes", {"name": "mine"}),
        ("changes", {"name": "other"}),
    )
    assert told.structured_content["counts"]["studies_now"] > 0
    assert told.structured_content["changes"] == again.structured_content["changes"] == []
    assert unknown.structured_content["error"]["code"] == "usage"


def test_offline_the_sample_answers_and_says_so(tmp_path: object) -> None:
    call = ("search_trials", {"condition": "stroke", "offline": True, "limit": 3})
    told = ask(NOBODY, tmp_path, call)[0].structured_content
    assert told["source"]["kind"] == "sample"
    assert len(told["trials"]) == 3
    assert told["notices"]


def test_prompts_and_the_resource_of_one_trial(standin: StandIn, number: str) -> None:
    settings = settings_with(None)

    async def talk() -> tuple[str, str, str]:
        async with Client(server_for(Whom(Ask.REGISTRY_ONLY, settings))) as client:
            names = [prompt.name for prompt in (await client.list_prompts()).prompts]
            told = await client.get_prompt(names[0], {"condition": "stroke"})
            template = (await client.list_resource_templates()).resource_templates[0]
            uri = template.uri_template.replace("{nct_id}", number)
            record = await client.read_resource(uri)
            with pytest.raises(MCPError, match="NCT99999999"):
                await client.read_resource(uri.replace(number, "NCT99999999"))
            with pytest.raises(MCPError, match="prompt"):
                await client.get_prompt("no_such", {})
            prompt, content = told.messages[0].content, record.contents[0]
            return getattr(prompt, "text", ""), getattr(content, "text", ""), template.name

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STEMCHECK_REGISTRY_URL", standin.base_url)
        settings = settings_with(None)
        prompt, record, name = asyncio.run(talk())
    assert "stroke" in prompt
    assert json.loads(record)["trials"][0]["nct_id"] == number
    assert name == "trial"


def test_plain_json_rpc_over_the_pipes(standin: StandIn, tmp_path: object) -> None:
    def line(number: int | None, method: str, **given: Any) -> str:
        asked = {"jsonrpc": "2.0", "method": method, "params": given}
        return json.dumps(asked | ({"id": number} if number else {})) + "\n"

    hello = {"protocolVersion": "2025-06-18", "capabilities": {}}
    me = {"name": "host", "version": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "stemcheck", "mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(standin.base_url, str(tmp_path)),
    ) as server:
        assert server.stdin and server.stdout and server.stderr  # noqa: PT018 (for the types)
        answers = []
        for asked in (
            line(1, "initialize", **hello, clientInfo=me),
            line(None, "notifications/initialized"),
            line(2, "tools/list"),
            line(3, "tools/call", name="search_trials", arguments={"condition": "stroke"}),
        ):
            server.stdin.write(asked)
            server.stdin.flush()
            if '"id"' in asked:
                answers.append(json.loads(server.stdout.readline()))
        server.stdin.close()
        assert server.wait(timeout=20) == 0
        assert server.stderr.read() == ""
    first, listed, found = (answer["result"] for answer in answers)
    assert "never instructions" in first["instructions"]
    assert 1 < len(listed["tools"]) <= 8
    assert len(json.dumps(listed)) < MOST_OF_A_LIST
    for tool in listed["tools"]:
        assert all(each["description"] for each in tool["inputSchema"]["properties"].values())
        assert tool["annotations"]["readOnlyHint"] is True
    assert found["structuredContent"]["trials"]


def test_without_the_kit_one_sentence_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "stemcheck.cli.agent_server", None)
    ran = run("mcp")
    assert ran.code == ExitCode.USAGE
    assert "pip install 'stemcheck[mcp]'" in ran.err
