"""What a shell gets to complete a line."""

import os
import subprocess
import sys

import pytest

from stemcheck.cli.app import COMMANDS
from stemcheck.services.filters import query_from
from stemcheck.trial.query import FILTERS


def completions(shell: str, *words: str) -> list[str]:
    """Return what completes the last of some words, by the variables that Typer's script for a shell sets."""
    line = ["stemcheck", *words]
    run = subprocess.run(
        [sys.executable, "-m", "stemcheck"],
        env={
            **os.environ,
            "_STEMCHECK_COMPLETE": f"complete_{shell}",
            "_TYPER_COMPLETE_ARGS": " ".join(line),
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            "COMP_WORDS": " ".join(line),
            "COMP_CWORD": str(len(line) - 1),
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert run.stderr == ""
    return run.stdout.splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_completes_commands_and_options(shell: str) -> None:
    commands = "\n".join(completions(shell, "s"))
    assert "show" in commands
    assert "schema" in commands
    assert "glossary" not in commands
    assert "--offline" in "\n".join(completions(shell, "trials", "--off"))


def test_without_a_word_begun_all_commands_are_listed() -> None:
    assert completions("bash", "") == list(COMMANDS)


@pytest.mark.parametrize(
    ("words", "some", "none"),
    [
        (("trials", "--status", ""), {"recruiting", "open", "withheld"}, {"RECRUITING"}),
        (("trials", "--status", "re"), {"recruiting"}, {"open"}),
        (("report", "--phase", ""), {"early1", "na"}, set()),
        (("trials", "--route", ""), {"intravenous", "not_stated"}, {"none"}),
        (("report", "--cells", ""), {"mesenchymal", "any"}, set()),
        (("trials", "-c", "lupus", "--format", "js"), {"json", "jsonl"}, {"csv"}),
        (("trials", "--condition", ""), set(), {"trials"}),
    ],
)
def test_the_words_of_a_filter_are_completed(
    words: tuple[str, ...], some: set[str], none: set[str]
) -> None:
    found = {*completions("bash", *words)}
    assert some <= found
    assert not none & found


@pytest.mark.parametrize(
    ("option", "command"), [("--status", "trials"), ("--phase", "report"), ("--route", "trials")]
)
def test_every_word_that_is_completed_is_taken(option: str, command: str) -> None:
    name = next(name for name, filter_ in FILTERS.items() if filter_.option == option)
    words = completions("bash", command, option, "")
    assert words
    query_from({name: words})
