"""What is said beside the answer, on standard error: progress and notices, or nothing when quiet."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TextIO

from stemcheck.output.plain import clean

if TYPE_CHECKING:
    from rich.console import Console

    from stemcheck.registry.events import Event
    from stemcheck.trial.answer import Notice

_NARROWEST = 30
"""Below this nothing can be told any more."""
_USUAL_WIDTH = 80
SILENT_SECONDS = 0.6
"""Progress shows only when the work takes longer than this."""


class Talk(NamedTuple):
    """How to talk to whoever waits for the answer."""

    quiet: bool = False
    for_machines: bool = False
    """A program reads stderr too: one JSON object a line."""
    no_color: bool = False

    def say(self, notices: "tuple[Notice, ...] | list[Notice]") -> None:
        """Write notices, one a line."""
        if self.quiet:
            return
        for notice in notices:
            if self.for_machines:
                line = json.dumps({"notice": {"id": notice.id, "text": notice.text}})
            else:
                line = f"stemcheck: {clean(notice.text)}"
            sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    def console(self, stream: TextIO) -> "Console":
        """Return a console on a stream; colour by terminal, ``NO_COLOR`` and ``FORCE_COLOR``."""
        from rich.console import Console

        return Console(
            file=stream,
            width=_asked_width(),
            no_color=True if self.no_color else None,
            highlight=False,
            markup=False,
            emoji=False,
        )

    @contextmanager
    def progress(self) -> Iterator[Callable[["Event"], None]]:
        """Give a listener for the registry client's events; it draws only on a terminal."""
        if self.quiet or self.for_machines or not sys.stderr.isatty():
            yield _ignore
            return
        line = _StatusLine()
        try:
            yield line.hear
        finally:
            line.clear()


def _asked_width() -> int | None:
    """Return the width that ``COLUMNS`` asks for, within reason; None: the terminal's own."""
    asked = os.environ.get("COLUMNS", "")
    if not asked.isdecimal():
        return None
    return max(int(asked), _NARROWEST) if int(asked) else _USUAL_WIDTH


class _StatusLine:
    """One line on the terminal that is replaced as the work goes on, and gone at the end."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._is_drawn = False

    def hear(self, event: "Event") -> None:
        from stemcheck.registry.events import PageArrived

        if isinstance(event, PageArrived) and time.monotonic() - self._start < SILENT_SECONDS:
            return
        self._draw(_words_for(event))

    def _draw(self, text: str) -> None:
        width = max(os.get_terminal_size(sys.stderr.fileno()).columns - 1, 20)
        sys.stderr.write(f"\r\x1b[K{text[:width]}")
        sys.stderr.flush()
        self._is_drawn = True

    def clear(self) -> None:
        if self._is_drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._is_drawn = False


def _words_for(event: "Event") -> str:
    from stemcheck.registry.events import PageArrived, Retrying, RungRefused

    match event:
        case PageArrived():
            of_pages = f" of {event.pages}" if event.pages else ""
            of_total = f" of {event.total:,}" if event.total else ""
            return f"Reading page {event.number}{of_pages}: {event.studies:,}{of_total} studies ..."
        case Retrying():
            return f"{clean(event.reason)} Asking again in {event.seconds:.0f} s ..."
        case RungRefused():
            return f"Refused by connection {event.rung}; trying connection {event.next_rung} ..."


def _ignore(event: "Event") -> None:
    """Take an event and say nothing."""
