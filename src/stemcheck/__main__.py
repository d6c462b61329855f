"""Start here. ``--version`` alone is answered before anything is loaded; all else goes to the boundary."""

import sys

_CANNOT_LOAD = (
    "stemcheck: This machine has too little memory left, or too many files open, to load stemcheck."
)
"""The one sentence that stands in the code: without memory no table of words can be read."""


def program() -> None:
    """Be stemcheck: run it and end the process."""
    code = main()
    import gc

    gc.freeze()  # Python would look through all that is loaded once more before it ends
    sys.exit(code)


def main() -> int:
    """Run stemcheck on the process's own arguments and return its exit code."""
    try:
        if sys.argv[1:] == ["--version"] and _print_version():
            return 0
        return _run()
    except KeyboardInterrupt:  # before the boundary stands
        return 130
    except (
        MemoryError,
        SystemError,
        ImportError,
        OSError,
    ):  # too little of them even for the boundary
        if sys.stderr is not None:
            sys.stderr.write(f"{_CANNOT_LOAD}\n")
        return 7


def _run() -> int:
    import gc
    import os

    os.environ.setdefault(
        "PYDANTIC_DISABLE_PLUGINS", "__all__"
    )  # it looks through all packages for some
    gc.set_threshold(300_000)  # imports make no garbage worth looking for after each 700 objects
    from stemcheck.cli.boundary import run

    return run(sys.argv[1:])


def _print_version() -> bool:
    """Print the version; False where that cannot be, which the boundary can explain."""
    from stemcheck import __version__

    try:
        sys.stdout.write(f"stemcheck {__version__}\n")
        sys.stdout.flush()
    except (AttributeError, OSError):  # closed, or full
        return False
    return True


if __name__ == "__main__":
    program()
