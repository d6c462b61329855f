"""The border between Python and the shell: turns every error into a clear sentence and an exit code."""

import errno
import os
import sys
from itertools import pairwise, takewhile
from shlex import quote
from unicodedata import normalize

import typer
from typer.exceptions import TyperException

from stemcheck.errors import ExitCode, StemcheckError, UsageError
from stemcheck.output.formats import Format
from stemcheck.output.plain import harmless
from stemcheck.output.sink import leave_stdout, open_streams
from stemcheck.output.talk import write_json_line, write_lines
from stemcheck.words import words

_CANNOT_WRITE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF})
_NO_MEMORY = (os.strerror(errno.ENOMEM), "failed to map segment", "can't start new thread")
"""Messages of parts of Python that run out of memory without raising MemoryError."""


def run(arguments: list[str]) -> int:  # noqa: PLR0911 (one way out for each kind of end)
    """Run one command line and return its exit code. Only a lack of memory can leave it as an error."""
    open_streams()
    try:
        return _run_app([_checked(word) for word in arguments] or ["--help"])
    except StemcheckError as error:
        _report(error.code, error.message, error.hint, error.facts, arguments)
        return error.exit_code
    except BrokenPipeError:
        return leave_stdout(ExitCode.READER_LEFT)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    except KeyboardInterrupt:
        write_lines(f"\n{words('cli.stopped')}")
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 (the last door: a bug must still be one sentence)
        if isinstance(error, OSError) and error.errno in _CANNOT_WRITE:
            text = words("cli.cannot_write", reason=error.strerror)
            _report("store", text, words("cli.make_room"), {}, arguments)
            return leave_stdout(ExitCode.STORE)
        if lack := _lack_behind(error):
            text, hint = words(f"cli.lack.{lack}"), words(f"cli.lack.{lack}_hint")
            _report("store", text, hint, {}, arguments)
            return leave_stdout(ExitCode.STORE)
        return _report_bug(error, arguments)


def _checked(word: str) -> str:
    """Return a word of the command line in composed form. Raises UsageError if it is not valid text.

    Composed and decomposed letters look the same but would find different things. The name of an existing
    file stays as it is.
    """
    if word.isascii():
        return word
    try:
        word.encode()
    except UnicodeEncodeError:
        shown = repr(os.fsencode(word))[1:]
        raise UsageError(words("cli.not_text", word=shown), hint=words("cli.use_utf8")) from None
    return word if os.path.lexists(word) else normalize("NFC", word)


def _lack_behind(error: BaseException | None) -> str | None:
    """Return "memory" or "files" if a lack of them is behind an error, otherwise None."""
    while error is not None:
        number, text = getattr(error, "errno", None), str(error)
        if number in {errno.EMFILE, errno.ENFILE} or os.strerror(errno.EMFILE) in text:
            return "files"
        # Python raises SystemError if it has no memory left to raise the right error.
        if isinstance(error, (MemoryError, SystemError)) or any(w in text for w in _NO_MEMORY):
            return "memory"
        error = error.__cause__ or error.__context__
    return None


def _run_app(arguments: list[str]) -> int:
    """Let Typer run a command line, and turn its own errors into ours."""
    from stemcheck.cli.app import app_for

    try:
        app = app_for(arguments)
        code = app(args=arguments, prog_name="stemcheck", standalone_mode=False)
        sys.stdout.flush()
    except typer.Exit as leaving:
        code = leaving.exit_code
    except SystemExit as leaving:
        # Typer exits with 1 if the reader has gone; the shell's own code says more.
        if isinstance(leaving.__context__, BrokenPipeError):
            raise leaving.__context__ from None
        raise
    except typer.Abort:
        raise KeyboardInterrupt from None
    except TyperException as error:
        _report("usage", *_usage_words(error, arguments), {}, arguments)
        return ExitCode.USAGE
    if code == ExitCode.INTERRUPTED:  # Typer treats Ctrl-C as the end of a command and says nothing
        raise KeyboardInterrupt
    return int(code or 0)


def _usage_words(error: Exception, arguments: list[str]) -> tuple[str, str]:
    """Return Typer's complaint as a sentence, with the likely intention or where to look for help."""
    message = str(getattr(error, "format_message", lambda: error)()).strip()
    message = message.replace("Value error, ", "")
    context = getattr(error, "ctx", None)
    command = getattr(context, "command_path", "stemcheck") if context else "stemcheck"
    see = words("cli.see_help", command=command)
    for opening in (" Did you mean ", " (Possible options: "):
        message, _, suggestion = message.partition(opening)
        if suggestion:
            meant = words("cli.did_you_mean_words", words=suggestion.rstrip(" ?.)"), see=see)
            return f"{message.rstrip('.')}.", meant
    meant_command = _meant_command(message, arguments)
    hint = words("cli.did_you_mean", command=meant_command) if meant_command else see
    return f"{message.rstrip('.')}.", hint


def _meant_command(message: str, arguments: list[str]) -> str | None:
    """Return the command for words in a place where none can be: usually an illness or a number."""
    is_command = message.startswith("No such command")
    is_search = message.startswith("Got unexpected extra argument") and arguments[0] == "trials"
    if not (is_command or is_search):
        return None
    if is_command and arguments[0].lower() in {"help", "?", "hilfe", "ayuda"}:
        return "stemcheck --help"
    from stemcheck.guidance.numbers import numbers_in

    typed = _words_before_option(arguments)
    if is_search:
        named = next((n for n, word in enumerate(arguments) if word in {"-c", "--condition"}), None)
        after = "" if named is None else _words_before_option(arguments[named + 1 :])
        typed = after or message.partition("(s) (")[2].removesuffix(")")
    if numbers := numbers_in(typed):
        return f"stemcheck show {numbers[0].nct_id}"
    return f"stemcheck trials --condition {quote(typed)}"


def _words_before_option(arguments: list[str]) -> str:
    return " ".join(takewhile(lambda word: not word.startswith("-"), arguments))


def _report(
    code: str,
    message: str,
    hint: str | None,
    facts: dict[str, object],
    arguments: list[str],
) -> None:
    """Write an error to stderr: a line of JSON if a program reads it, otherwise a sentence and a hint."""
    if _is_for_machines(arguments):
        write_json_line({"error": {"code": code, "message": message, "hint": hint, **facts}})
        return
    tail = f"\n{words('cli.hint', hint=harmless(hint))}" if hint else ""
    write_lines(f"stemcheck: {harmless(message)}{tail}")


def _report_bug(error: Exception, arguments: list[str]) -> int:
    if os.environ.get("STEMCHECK_DEBUG"):
        raise error
    text = words("cli.bug", error=type(error).__name__)
    _report("bug", text, words("cli.report_bug"), {}, arguments)
    return ExitCode.BUG


def _is_for_machines(arguments: list[str]) -> bool:
    """Return whether the command line asks for a machine format, even if it cannot be parsed."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    machines = [shape for shape in Format if shape.is_for_machines]
    asking = {f"--{shape}" for shape in machines} | {f"--format={shape}" for shape in machines}
    return not asking.isdisjoint(options) or any(
        option == "--format" and value in machines for option, value in pairwise(options)
    )
