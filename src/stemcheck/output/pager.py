"""Shows a long answer page by page on a terminal, as git does: with ``less`` unless another pager is set."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import TextIO

_NONE = frozenset({"", "cat"})
_USUAL = "less"
_LESS_OPTIONS = "FRX"
"""Exit at once if everything fits on the screen, show colours, and leave the text on the screen."""


@contextmanager
def paged(stream: TextIO) -> Iterator[TextIO]:
    """Yield a stream that a pager shows, or the stream itself without a terminal or a pager."""
    command = _pager() if stream is sys.stdout and sys.stdout.isatty() else None
    if command is None:
        yield stream
        return
    environment = {"LESS": _LESS_OPTIONS, "LESSCHARSET": "utf-8", "LV": "-c", **os.environ}
    try:
        pager = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)  # noqa: S603 (the user's own)
    except OSError:
        yield stream
        return
    assert pager.stdin is not None  # noqa: S101 (a pipe was asked for)
    screen = TextIOWrapper(pager.stdin, encoding="utf-8", errors="backslashreplace")
    try:
        yield screen
    except BrokenPipeError:
        pass  # the reader has seen enough
    except SystemExit as leaving:  # rich then ends the program
        if not isinstance(leaving.__context__, BrokenPipeError):
            raise
    finally:
        with suppress(OSError):
            screen.close()
        _wait(pager)


def _pager() -> list[str] | None:
    """Return the command of the chosen pager. None: the answer goes straight to the terminal."""
    asked = os.environ.get("STEMCHECK_PAGER", os.environ.get("PAGER"))
    command = shlex.split(_USUAL if asked is None else asked)
    if not command or command[0] in _NONE or os.environ.get("TERM") == "dumb":
        return None
    return command if shutil.which(command[0]) else None


def _wait(pager: "subprocess.Popen[bytes]") -> None:
    """Wait until the reader leaves the pager. Ctrl-C belongs to the pager meanwhile."""
    while True:
        try:
            pager.wait()
        except KeyboardInterrupt:
            continue
        return
