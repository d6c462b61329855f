"""The edge between Python and the shell: every error becomes one clear sentence and an exit code."""

import errno
import json
import os
import sys
from contextlib import suppress
from itertools import takewhile
from shlex import quote
from typing import TextIO

import typer
from typer.exceptions import TyperException

from stemcheck.errors import ExitCode, StemcheckError

_CANNOT_WRITE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})
_MACHINE_FLAGS = frozenset({"--json", "--jsonl", "--csv"})
_MACHINE_FORMATS = frozenset({"json", "jsonl", "csv"})


def run(arguments: list[str]) -> int:  # noqa: PLR0911 (one way out for each kind of end)
    """Run one command line and return its exit code; no exception leaves this function."""
    _open_streams()
    try:
        return _run_app(arguments)
    except StemcheckError as error:
        _report(error.code, error.message, error.hint, error.facts, arguments)
        return error.exit_code
    except BrokenPipeError:
        return _leave_stdout(ExitCode.READER_LEFT)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    except KeyboardInterrupt:
        _write_to_stderr("\nStopped.\n")
        return ExitCode.INTERRUPTED
    except OSError as error:
        if error.errno not in _CANNOT_WRITE:
            return _report_bug(error, arguments)
        text = f"The answer could not be written: {error.strerror}."
        _report("store", text, "Make room, or write to another place.", {}, arguments)
        return _leave_stdout(ExitCode.STORE)
    except Exception as error:  # noqa: BLE001 (the last door: a bug must still be one sentence)
        return _report_bug(error, arguments)


def _run_app(arguments: list[str]) -> int:
    arguments = arguments or ["--help"]
    try:
        code = _code_of(arguments)
        sys.stdout.flush()
    except typer.Exit as leaving:
        code = leaving.exit_code
    except SystemExit as leaving:
        # Typer leaves with 1 when our reader has gone; the shell's own number says more.
        if isinstance(leaving.__context__, BrokenPipeError):
            raise leaving.__context__ from None
        raise
    except typer.Abort:
        raise KeyboardInterrupt from None
    except TyperException as error:
        _report("usage", *_usage_words(error, arguments), {}, arguments)
        return ExitCode.USAGE
    return int(code or 0)


def _code_of(arguments: list[str]) -> int | None:
    """Have Typer run a command line."""
    from stemcheck.cli.app import app_for

    app = app_for(arguments)
    code: int | None = app(args=arguments, prog_name="stemcheck", standalone_mode=False)
    return code


def _usage_words(error: Exception, arguments: list[str]) -> tuple[str, str]:
    """Return Typer's complaint as a sentence, and what was meant or where to read what is possible."""
    message = str(getattr(error, "format_message", lambda: error)()).strip()
    message = message.replace("Value error, ", "")
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", "stemcheck") if context else "stemcheck"
    for opening in (" Did you mean ", " (Possible options: "):
        message, _, suggestion = message.partition(opening)
        if suggestion:
            words = suggestion.rstrip(" ?.)")
            return f"{message.rstrip('.')}.", f"Did you mean {words}? See: {command} --help"
    meant = _meant_command(message, arguments)
    hint = f"Did you mean: {meant}" if meant else f"See: {command} --help"
    return f"{message.rstrip('.')}.", hint


def _meant_command(message: str, arguments: list[str]) -> str | None:
    """Return the command for words that stand where none can: mostly an illness or a number."""
    is_command = message.startswith("No such command")
    is_search = message.startswith("Got unexpected extra argument") and arguments[0] == "trials"
    if not (is_command or is_search):
        return None
    if is_command and arguments[0].lower() in {"help", "?", "hilfe", "ayuda"}:
        return "stemcheck --help"
    from stemcheck.guidance.numbers import numbers_in

    words = _words_before_option(arguments)
    if is_search:
        named = next((n for n, word in enumerate(arguments) if word in {"-c", "--condition"}), None)
        after = "" if named is None else _words_before_option(arguments[named + 1 :])
        words = after or message.partition("(s) (")[2].removesuffix(")")
    if numbers := numbers_in(words):
        return f"stemcheck show {numbers[0].nct_id}"
    return f"stemcheck trials --condition {quote(words)}"


def _words_before_option(arguments: list[str]) -> str:
    return " ".join(takewhile(lambda word: not word.startswith("-"), arguments))


def _report(
    code: str,
    message: str,
    hint: str | None,
    facts: dict[str, object],
    arguments: list[str],
) -> None:
    """Write an error to stderr: a JSON line when a program reads us, else a sentence and a hint."""
    if _is_for_machines(arguments):
        line = {"error": {"code": code, "message": message, "hint": hint, **facts}}
        _write_to_stderr(json.dumps(line) + "\n")
        return
    from stemcheck.output.plain import clean

    tail = f"\nHint: {clean(hint)}" if hint else ""
    _write_to_stderr(f"stemcheck: {clean(message)}{tail}\n")


def _report_bug(error: Exception, arguments: list[str]) -> int:
    if os.environ.get("STEMCHECK_DEBUG"):
        raise error
    _report(
        "bug",
        f"Something went wrong inside stemcheck ({type(error).__name__}).",
        "This is a bug. Run it again with STEMCHECK_DEBUG=1 and report what it prints.",
        {},
        arguments,
    )
    return ExitCode.BUG


def _is_for_machines(arguments: list[str]) -> bool:
    """Return whether the command line asks for a machine format, even if it cannot be parsed."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    for number, word in enumerate(options):
        following = options[number + 1] if number + 1 < len(options) else ""
        named = following if word == "--format" else word.removeprefix("--format=")
        if word in _MACHINE_FLAGS or (word.startswith("--format") and named in _MACHINE_FORMATS):
            return True
    return False


def _open_streams() -> None:
    """Make both streams able to print any text, whatever the locale says."""
    for stream, errors in ((sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors=errors)


def _leave_stdout(code: ExitCode) -> int:
    """Write no more to standard output: its reader has gone, or it takes nothing more."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _write_to_stderr(text: str) -> None:
    stream: TextIO = sys.stderr
    with suppress(OSError, ValueError):
        stream.write(text)
        stream.flush()
