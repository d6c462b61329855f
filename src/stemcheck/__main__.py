"""Start here. ``--version`` is answered before anything is loaded; all else goes to the boundary."""

import sys

_INTERRUPTED = 130


def program() -> None:
    """Be stemcheck: run it and end the process."""
    code = main()
    import gc

    gc.freeze()  # Python would look through all of it once more before it ends: a fifth of a short run
    sys.exit(code)


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

    # pydantic would look through everything that is installed for plugins to itself: none is wanted here.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.set_threshold(
        50_000
    )  # imports make no garbage; to look for it after each 700 objects takes a tenth
    from stemcheck.cli.boundary import run

    return run(arguments)


def _open_closed_streams() -> None:
    """Give a stream that the caller has closed (``>&-``) somewhere to go: then nobody wants to hear it."""
    import os

    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 (for good)


if __name__ == "__main__":
    program()
