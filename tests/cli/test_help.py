"""`stemcheck help`: what --help prints, and pages for man."""

import shutil
import subprocess

import pytest

from stemcheck.cli.app import COMMANDS
from tests.cli.conftest import Run


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_is_what_its_option_prints(run: Run, command: str) -> None:
    assert run("help", command).out.split() == run(command, "--help").out.split()


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_a_manual_page_is_whole_and_man_has_nothing_to_say(run: Run, command: str) -> None:
    page = run("help", *command.split(), "--man").out
    for heading in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS"):
        assert f".SH {heading}\n" in page
    if groff := shutil.which("groff"):
        made = subprocess.run(
            [groff, "-man", "-ww", "-Tutf8", "-k"],
            input=page,
            capture_output=True,
            text=True,
            check=True,
        )
        assert made.stderr == ""
        assert f"stemcheck{f'-{command}' if command else ''}" in made.stdout.replace("\u2010", "-")
