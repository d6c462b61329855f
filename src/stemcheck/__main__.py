"""Start here. ``--version`` is answered before anything is loaded; all else goes to the boundary."""

import sys

_OBJECTS_BETWEEN_COLLECTIONS = 500_000
"""Python looks for garbage after 700 new objects. Imports and records make next to none, and looking for
it took an eighth of the time of a short run and a third of that of a long one."""

_READERS = {"trials": 2, "report": 2, "show": 0}
"""Readers of the commands that ask the registry (`stemcheck.services.readers`)."""

_INTERRUPTED = 130


def program() -> None:
    """Be stemcheck: run it and end the process."""
    _leave(main())


def main() -> int:
    """Run stemcheck on the process's own arguments and return its exit code."""
    try:
        _open_closed_streams()
        arguments = sys.argv[1:]
        if arguments == ["--version"] and _print_version():
            return 0
        return _run(arguments)
    except KeyboardInterrupt:  # before the boundary stands, or after it
        return _INTERRUPTED


def _leave(code: int) -> None:
    """End without taking Python apart module by module, a tenth of a short run that does nothing for anyone.

    All files are closed by now, and no thread is waited for anyway; what was printed is sent off.
    """
    import os

    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue
    os._exit(code)


def _print_version() -> bool:
    """Print the version; False when that cannot be written, which the boundary can explain."""
    from stemcheck import __version__

    try:
        sys.stdout.write(f"stemcheck {__version__}\n")
        sys.stdout.flush()
    except OSError:
        return False
    return True


def _run(arguments: list[str]) -> int:
    import gc
    import os

    # pydantic would look through everything that is installed for plugins to itself: none is wanted here,
    # and looking takes as long as all of our own modules.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # It loads `zoneinfo`, too, which would read how Python was built to find the time zones: here all is UTC.
    os.environ.setdefault("PYTHONTZPATH", "")
    from stemcheck.cli.late_modules import put_off_loading

    put_off_loading()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    if "--offline" in arguments:
        from stemcheck.saved.packed import begin_unpacking

        begin_unpacking()
    elif arguments and arguments[0] in _READERS and not {"-h", "--help"} & {*arguments}:
        from stemcheck.services.readers import begin_readers

        begin_readers(_READERS[arguments[0]])
    from stemcheck.cli.boundary import run

    return run(arguments)


def _open_closed_streams() -> None:
    """Give a stream that the caller has closed (``>&-``) somewhere to go: then nobody wants to hear it."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(_nowhere(), "w", encoding="utf-8"))  # noqa: SIM115, PTH123 (for good)


def _nowhere() -> str:
    import os

    return os.devnull


if __name__ == "__main__":
    program()
