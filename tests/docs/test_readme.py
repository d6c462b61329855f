"""The README is true: every command, option, exit code and variable stands in it, and its commands run."""

import re
import runpy
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from stemcheck.cli.app import COMMANDS as EVERY
from stemcheck.cli.app import app_for
from stemcheck.errors import ExitCode
from stemcheck.words import words
from tests.cli.conftest import Run, registry, run  # noqa: F401 (fixtures)
from tests.conftest import PROJECT
from tests.standin import StandIn

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
README = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
"""The README and the pages that it sends people to."""
WHOLE = app_for(list(EVERY))
COMMANDS = get_command(WHOLE).commands  # type: ignore[attr-defined]
SHARED_WITH_ALL = {"--help", "-h"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_named(name: str) -> None:
    assert f"stemcheck {name}" in README


def options() -> Iterator[str]:
    for command in COMMANDS.values():
        for parameter in command.params:
            for name in parameter.opts:
                if name.startswith("--") and name not in SHARED_WITH_ALL:
                    yield name


@pytest.mark.parametrize("option", sorted(set(options())))
def test_every_option_is_named(option: str) -> None:
    assert re.search(rf"`{option}\b|{option}\b", README)


def test_every_option_named_exists() -> None:
    known = {*options(), "--help", "--version", "--install-completion", "--show-completion"}
    text = re.sub(r"`systemctl [^`]*`", "", README)
    text = re.sub(r"```sh\n(?:python3|pipx|\.venv/bin/pip).*?```", "", text, flags=re.DOTALL)
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) <= known


def test_the_table_of_filters_is_the_one_in_the_code() -> None:
    tool = runpy.run_path(str(PROJECT / "tools" / "filter_table.py"))
    assert tool["table"]() in README


@pytest.mark.parametrize("code", list(ExitCode))
def test_every_exit_code_is_explained_as_in_the_help(code: ExitCode) -> None:
    assert f"| {code.value} | {words(f'cli.meanings.{code.name.lower()}')} |" in README


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in project["dependencies"]:
        name = re.split(r"[<>=]", requirement)[0]
        assert f"| {name} |" in README


def examples() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
    lines = [line.split("   #")[0].strip() for block in blocks for line in block.splitlines()]
    return list(dict.fromkeys(line for line in lines if line.startswith("stemcheck ")))


@pytest.mark.parametrize("line", examples())
def test_every_example_runs(
    line: str,
    registry: StandIn,  # noqa: F811
    run: Run,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    record = (PROJECT / "fixtures/studies/recruiting-stroke-iv.json").read_bytes()
    (tmp_path / "records.jsonl.gz").write_bytes(record)
    (tmp_path / "brochure.txt").write_text("Ask about NCT90000001.", encoding="utf-8")
    (tmp_path / "answer.jsonl").write_bytes(record)
    if line.startswith(("stemcheck changes", "stemcheck history", "stemcheck landscape --saved")):
        run("save", "stroke", "-c", "stroke", "-q")
    arguments = shlex.split(line.partition(" | ")[0])[1:]
    arguments = ["NCT90000001" if re.fullmatch(r"NCT\d{8}", word) else word for word in arguments]
    assert run(*arguments).code in {ExitCode.DONE, ExitCode.DIFFERS}
