"""Start here. ``--version`` is answered before anything is loaded; all else goes to the boundary."""

import sys

_OBJECTS_BETWEEN_COLLECTIONS = 100_000
"""Python looks for garbage after 700 new objects. Imports and records make next to none, and looking for
it took an eighth of the time of a short run and a third of that of a long one."""


def main() -> int:
    """Run stemcheck on the process's own arguments and return its exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from stemcheck import __version__

        sys.stdout.write(f"stemcheck {__version__}\n")
        return 0
    import gc

    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    if "--offline" in arguments:
        from stemcheck.saved.packed import begin_unpacking

        begin_unpacking()
    from stemcheck.cli.boundary import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
