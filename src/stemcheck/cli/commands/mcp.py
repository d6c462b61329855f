"""`stemcheck mcp`: the same answers for agents, over the Model Context Protocol."""

import sys

from stemcheck.cli.options import LiveFlag, OfflineFlag, TimeoutOption
from stemcheck.errors import UsageError
from stemcheck.words import words

EPILOG = """\b
Examples:
  stemcheck mcp
  claude mcp add stemcheck -- stemcheck mcp
"""


def serve_agents(
    *, offline: OfflineFlag = False, live: LiveFlag = False, timeout: TimeoutOption = None
) -> None:
    """Serve the tools until the host closes the connection. Raises UsageError if the kit is not installed."""
    from stemcheck.cli.asking import chosen_ask, settings_with
    from stemcheck.output.formats import Format
    from stemcheck.services.agents import Whom

    ask = chosen_ask(offline=offline, live=live, shape=Format.JSON)
    whom = Whom(ask, settings_with(timeout))
    try:
        from stemcheck.cli.agent_server import serve
    except ImportError:
        raise UsageError(
            words("agents.not_installed"), hint=words("agents.not_installed_hint")
        ) from None
    if sys.stdin is not None and sys.stdin.isatty():
        from stemcheck.output.talk import write_lines

        write_lines(f"stemcheck: {words('agents.at_terminal')}")
    serve(whom)
