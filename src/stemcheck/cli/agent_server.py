"""The server for agents over the Model Context Protocol: the only module that uses the optional MCP kit."""

import json
from functools import partial
from typing import Any

import anyio
import mcp_types as types
from anyio.to_thread import run_sync
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from stemcheck import __version__
from stemcheck.cli.agent_tools import TOOLS, tool_named
from stemcheck.errors import StemcheckError, TrialNotFoundError, UsageError
from stemcheck.services.agents import Document, Whom, as_text
from stemcheck.words import words

TRIAL_URI = "stemcheck://trial/{nct_id}"
_PROMPTS = {"look_for": "condition", "check_offer": "text"}
"""Each prompt and its argument."""


def serve(whom: Whom) -> None:
    """Serve over standard input and output until the host closes them."""
    server = server_for(whom)

    async def run() -> None:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    anyio.run(run)


def server_for(whom: Whom) -> Server[Any]:
    """Return the server, which can run over any transport."""
    answers = _Answers(whom)
    return Server(
        "stemcheck",
        version=__version__,
        title=words("agents.title"),
        instructions=words("agents.instructions"),
        on_list_tools=answers.list_tools,
        on_call_tool=answers.call_tool,
        on_list_prompts=answers.list_prompts,
        on_get_prompt=answers.get_prompt,
        on_list_resources=answers.list_resources,
        on_list_resource_templates=answers.list_templates,
        on_read_resource=answers.read_resource,
    )


class _Answers:
    """Answers each kind of message. Tools run in threads, where they can wait for the registry."""

    def __init__(self, whom: Whom) -> None:
        self._whom = whom

    async def list_tools(self, _: Any, __: Any) -> types.ListToolsResult:
        return types.ListToolsResult(
            tools=[
                types.Tool(
                    name=tool.name,
                    description=tool.description,
                    input_schema=tool.input_schema(),
                    annotations=types.ToolAnnotations(
                        read_only_hint=True, open_world_hint=tool.asks_registry
                    ),
                )
                for tool in TOOLS.values()
            ]
        )

    async def call_tool(self, _: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            call = partial(tool_named(asked.name).call, asked.arguments or {}, self._whom)
            return _told(await run_sync(call))
        except Exception as error:  # noqa: BLE001 (an agent has to be told of a bug, too)
            return _told(error_document(error), is_error=True)

    async def list_prompts(self, _: Any, __: Any) -> types.ListPromptsResult:
        return types.ListPromptsResult(
            prompts=[_prompt(name, argument) for name, argument in _PROMPTS.items()]
        )

    async def get_prompt(
        self, _: Any, asked: types.GetPromptRequestParams
    ) -> types.GetPromptResult:
        argument = _PROMPTS.get(asked.name)
        given = (asked.arguments or {}).get(argument or "")
        if argument is None:
            raise MCPError(types.INVALID_PARAMS, words("agents.no_prompt", name=asked.name))
        if given is None:
            lacking = words("agents.prompt_lacks", name=asked.name, argument=argument)
            raise MCPError(types.INVALID_PARAMS, lacking)
        text = words(f"agents.prompts.{asked.name}_text", **{argument: given})
        message = types.PromptMessage(role="user", content=types.TextContent(text=text))
        return types.GetPromptResult(messages=[message])

    async def list_resources(self, _: Any, __: Any) -> types.ListResourcesResult:
        return types.ListResourcesResult(resources=[])

    async def list_templates(self, _: Any, __: Any) -> types.ListResourceTemplatesResult:
        template = types.ResourceTemplate(
            name="trial",
            uri_template=TRIAL_URI,
            description=words("agents.resources.trial"),
            mime_type="application/json",
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def read_resource(
        self, _: Any, asked: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        start = TRIAL_URI.partition("{")[0]
        if not asked.uri.startswith(start):
            raise MCPError(types.INVALID_PARAMS, words("agents.no_resource", uri=asked.uri))
        given = {"nct_id": asked.uri.removeprefix(start)}
        try:
            document = await run_sync(partial(TOOLS["get_trial"].call, given, self._whom))
        except StemcheckError as error:
            is_asked_wrong = isinstance(error, (UsageError, TrialNotFoundError))
            code = types.INVALID_PARAMS if is_asked_wrong else types.INTERNAL_ERROR
            raise MCPError(code, error.message, error_document(error)["error"]) from None
        text = json.dumps(document, ensure_ascii=False)
        content = types.TextResourceContents(uri=asked.uri, text=text, mime_type="application/json")
        return types.ReadResourceResult(contents=[content])


def _prompt(name: str, argument: str) -> types.Prompt:
    about = words(f"agents.arguments.{argument}")
    taken = types.PromptArgument(name=argument, description=about, required=True)
    return types.Prompt(name=name, description=words(f"agents.prompts.{name}"), arguments=[taken])


def _told(document: Document, *, is_error: bool = False) -> types.CallToolResult:
    """Return a document in both forms, as lines and as structured content."""
    return types.CallToolResult(
        content=[types.TextContent(text=as_text(document))],
        structured_content=document,
        is_error=is_error,
    )


def error_document(error: Exception) -> Document:
    """Return a failure in the form of the command line's error line."""
    if isinstance(error, StemcheckError):
        facts = {"code": error.code, "message": error.message, "hint": error.hint, **error.facts}
        return {"error": facts}
    message = words("agents.bug", error=type(error).__name__)
    return {"error": {"code": "bug", "message": message, "hint": words("cli.report_bug")}}
