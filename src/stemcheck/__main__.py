"""Start here. ``--version`` is answered before anything is loaded; all else goes to the boundary."""

import sys


def main() -> int:
    """Run stemcheck on the process's own arguments and return its exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from stemcheck import __version__

        sys.stdout.write(f"stemcheck {__version__}\n")
        return 0
    from stemcheck.cli.boundary import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
