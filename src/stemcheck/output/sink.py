"""Where an answer goes: standard output, or a file that is written completely or not at all."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedWriter, RawIOBase, TextIOWrapper
from pathlib import Path
from typing import TextIO, TypeGuard

from stemcheck.errors import ExitCode, StoreError, UsageError
from stemcheck.words import words


@contextmanager
def answer_stream(output: Path | None, *, force: bool = False) -> Iterator[TextIO]:
    """Give a text stream for the answer: standard output if no file is named.

    A file is written under another name and moved at the end, so that a failure midway leaves nothing
    behind. An existing file is kept unless ``force`` is given. Raises UsageError if no file can be created
    there, and StoreError if writing fails.
    """
    if not is_file(output):
        yield sys.stdout
        sys.stdout.flush()
        return
    check_place(output, force=force)
    with _replacement_for(output) as stream:
        yield stream


def open_streams() -> None:
    """Make the standard streams able to carry any text completely.

    A stream that the caller has closed (``>&-``) leads nowhere, as the caller wanted. A stream without a
    buffer (``PYTHONUNBUFFERED``) gets one: otherwise the rest of a partial write would be lost.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, _nowhere(number))
        elif number and hasattr(stream, "reconfigure"):
            setattr(sys, name, _whole(stream))


def _nowhere(number: int) -> TextIO:
    """Open a stream that leads nowhere. It gets the number of the closed one, which is the first free."""
    opened = os.open(os.devnull, os.O_RDWR)
    return os.fdopen(opened, "w" if number else "r", encoding="utf-8", closefd=False)


def _whole(stream: TextIOWrapper) -> TextIOWrapper:
    """Return a stream that takes any text and either writes all of it or raises."""
    with suppress(OSError, ValueError, AttributeError):
        os.set_blocking(stream.fileno(), True)
    if isinstance(stream.buffer, RawIOBase):
        return TextIOWrapper(
            BufferedWriter(stream.buffer),
            encoding="utf-8",
            errors="backslashreplace",
            line_buffering=True,
        )
    stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return stream


def leave_stdout(code: ExitCode) -> ExitCode:
    """Write nothing more to standard output: its reader has gone, or the disk is full."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def is_file(output: Path | None) -> TypeGuard[Path]:
    """Return whether the answer goes into a file."""
    return output is not None and str(output) != "-"


def check_place(output: Path | None, *, force: bool) -> None:
    """Raise UsageError if an answer cannot be written there. Call this before asking the registry."""
    if not is_file(output):
        return
    try:
        _check(output, force=force)
    except (OSError, RuntimeError) as error:  # the name is too long, or links form a circle
        reason = getattr(error, "strerror", None) or words("files.circle")
        text = words("files.not_a_file", path=output, reason=reason)
        raise UsageError(text, hint=words("files.another")) from None


def _check(output: Path, *, force: bool) -> None:
    output.resolve(strict=False)
    if output.is_dir():
        raise UsageError(words("files.folder", path=output), hint=words("files.folder_hint"))
    if not output.parent.is_dir():
        text = words("files.no_folder", path=output.parent)
        raise UsageError(text, hint=words("files.no_folder_hint"))
    if output.exists() and not output.is_file():
        raise UsageError(words("files.not_ordinary", path=output), hint=words("files.another"))
    if output.exists() and not force:
        raise UsageError(words("files.exists", path=output), hint=words("files.exists_hint"))


@contextmanager
def _replacement_for(output: Path) -> Iterator[TextIO]:
    import secrets

    target = output.resolve()
    # Choose the name before the file exists, so that it can be removed however the program ends.
    temporary = target.parent / f".{target.name[:80]}.{secrets.token_hex(8)}"
    try:
        with (
            _removed_when_ended(temporary),
            os.fdopen(
                os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600),
                "w",
                encoding="utf-8",
                errors="backslashreplace",
                newline="",
            ) as stream,
        ):
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        temporary.replace(target)
    except OSError as error:
        raise StoreError(
            words("files.not_written", path=output, reason=error.strerror or error),
            hint=words("files.not_written_hint"),
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def _removed_when_ended(temporary: Path) -> Iterator[None]:
    """Remove an unfinished file if SIGTERM or SIGHUP ends the program meanwhile."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread can handle signals
        return

    def end(number: int, _frame: object) -> None:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), end) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
