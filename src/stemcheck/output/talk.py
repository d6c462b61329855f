"""Messages on standard error: progress and notices, or nothing in quiet mode."""

import json
import os
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from stemcheck.output.plain import harmless, visible
from stemcheck.words import words

if TYPE_CHECKING:
    from rich.console import Console

    from stemcheck.registry.waiting import Event
    from stemcheck.trial.answer import Notice

_NARROWEST = 30
"""With fewer columns than this, no message fits."""
_USUAL_WIDTH = 80


class Talk:
    """How to talk to the user while the answer is prepared."""

    def __init__(
        self, *, quiet: bool = False, for_machines: bool = False, no_color: bool = False
    ) -> None:
        self.quiet = quiet
        self.for_machines = for_machines
        """A program reads stderr as well: write one JSON object per line."""
        self.no_color = no_color
        self._line = _StatusLine()

    def say(self, notices: "Iterable[Notice]", *, even_when_quiet: bool = False) -> None:
        """Write notices, one per line."""
        if self.quiet and not even_when_quiet:
            return
        self.wipe()
        for notice in notices:
            if self.for_machines:
                write_json_line({"notice": {"id": notice.id, "text": notice.text}})
            else:
                write_lines(f"stemcheck: {harmless(notice.text)}")

    def say_written(self, path: Path, count: int | None) -> None:
        """Say that a file was written, and how many studies it contains."""
        from stemcheck.trial.answer import Notice

        key = "written" if count is None else "written_studies"
        text = words(f"talk.{key}", path=path, count=count)
        if path.suffix.lower() in {".html", ".htm"}:
            text = f"{text} {words('talk.open_page')}"
        self.say([Notice(id="written", text=text)])

    def console(self, stream: TextIO, *, is_paged: bool = False) -> "Console":
        """Return a console on a stream. Colour depends on the terminal, ``NO_COLOR`` and ``FORCE_COLOR``.

        In a pager, it has the width and colours of the terminal itself.
        """
        from rich.console import Console

        on_terminal = {"force_terminal": True, "width": _terminal_width(sys.stdout)}
        return Console(
            file=stream,
            **(on_terminal if is_paged else {"width": _asked_width()}),
            no_color=True if self.no_color else None,
            highlight=False,
            markup=False,
            emoji=False,
        )

    @contextmanager
    def progress(self) -> Iterator[Callable[["Event"], None]]:
        """Give a listener for progress events. It draws on a terminal only, and not between JSON lines."""
        if self.quiet or not _can_draw() or (self.for_machines and sys.stdout.isatty()):
            yield _ignore
            return
        try:
            yield self._line.hear
        finally:
            self.wipe()

    def wipe(self) -> None:
        """Remove the progress line, so that the next message begins on a clean line."""
        self._line.wipe()


def write_json_line(line: dict[str, object]) -> None:
    """Write one JSON object to standard error, for a program."""
    seen = visible(json.dumps(line, ensure_ascii=False))
    _write(f"{json.dumps(json.loads(seen))}\n")


def write_lines(text: str) -> None:
    """Write text to standard error; on a terminal, wrap it between words."""
    if sys.stderr.isatty():
        width = max(_terminal_width(sys.stderr), _NARROWEST)
        text = "\n".join(
            textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
            for line in text.split("\n")
        )
    _write(f"{text}\n")


def _write(text: str) -> None:
    """Write to standard error, and ignore it if nobody can read it."""
    with suppress(OSError, ValueError):
        sys.stderr.write(text)
        sys.stderr.flush()


def _can_draw() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _terminal_width(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_WIDTH
    except (OSError, ValueError):
        return _USUAL_WIDTH


def _asked_width() -> int | None:
    """Return the width given by ``COLUMNS``, if reasonable; None: use the terminal's own."""
    asked = os.environ.get("COLUMNS", "")
    if not asked.isdecimal():
        return None
    return max(int(asked), _NARROWEST) if int(asked) else _USUAL_WIDTH


class _StatusLine:
    """One line on the terminal that changes as the work goes on and disappears at the end."""

    def __init__(self) -> None:
        self._is_drawn = False

    def hear(self, event: "Event") -> None:
        self.draw(_words_for(event))

    def draw(self, text: str) -> None:
        width = max(_terminal_width(sys.stderr) - 1, 20)
        _write(f"\r\x1b[K{text[:width]}")
        self._is_drawn = True

    def wipe(self) -> None:
        if self._is_drawn:
            _write("\r\x1b[K")
            self._is_drawn = False


def _words_for(event: "Event") -> str:
    from stemcheck.registry.waiting import (
        Asking,
        PageArrived,
        RecordsRead,
        Retrying,
        RungRefused,
    )

    match event:
        case Asking():
            return words("talk.asking")
        case PageArrived():
            known = "of_all" if event.pages and event.total else "page"
            return words(
                f"talk.{known}",
                number=event.number,
                pages=event.pages,
                studies=event.studies,
                total=event.total,
            )
        case RecordsRead():
            return words("talk.records", records=event.records)
        case Retrying():
            reason = harmless(event.reason)
            return words("talk.retrying", reason=reason, seconds=f"{event.seconds:.0f}")
        case RungRefused():
            return words("talk.refused", rung=event.rung, next=event.next_rung)


def _ignore(event: "Event") -> None:
    """Ignore an event."""
