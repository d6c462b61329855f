"""What is left away of a command for one command line, and that nobody notices."""

from inspect import signature
from typing import Annotated

import pytest
import typer

from stemcheck.cli.app import COMMANDS, app_for
from stemcheck.cli.named_options import with_named_options


def command(
    *,
    limit: Annotated[int | None, typer.Option("--limit", "-n")] = None,
    output: Annotated[str | None, typer.Option("--output", "-o")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q")] = False,
) -> tuple[int | None, str | None, bool]:
    """Return what was given."""
    return limit, output, quiet


def names_for(*arguments: str) -> set[str]:
    return set(signature(with_named_options(command, arguments)).parameters)


@pytest.mark.parametrize(
    "arguments",
    [("--limit", "3"), ("--limit=3",), ("-n", "3"), ("-n3",), ("-qn3",), ("-q", "-n=3")],
)
def test_an_option_that_is_named_is_kept(arguments: tuple[str, ...]) -> None:
    assert names_for(*arguments) == {"limit", "quiet"}


def test_an_option_with_a_value_that_is_not_named_is_left_away() -> None:
    assert names_for("stroke", "--limits", "-x", "--", "n") == {"quiet"}


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("-qh",), ("-n3", "-h")])
def test_where_help_is_asked_for_nothing_is_left_away(arguments: tuple[str, ...]) -> None:
    assert names_for(*arguments) == {"limit", "output", "quiet"}


def test_a_command_without_some_options_does_the_same() -> None:
    assert with_named_options(command, ("-n3",))(limit=3, quiet=True) == (3, None, True)


def test_an_argument_or_option_that_has_to_be_given_is_kept() -> None:
    def strict(
        number: Annotated[str, typer.Argument()],
        *,
        route: Annotated[str, typer.Option("--route")],
    ) -> None:
        """Take what has to be there."""

    assert set(signature(with_named_options(strict, ())).parameters) == {"number", "route"}


def test_the_application_for_a_command_holds_that_one_alone() -> None:
    names = {info.name for info in app_for(["glossary", "route"]).registered_commands}
    assert names == {"glossary"}


def test_where_no_command_comes_first_all_are_listed() -> None:
    whole = app_for([command.name for command in COMMANDS], is_whole=True)
    everything = {info.name for info in whole.registered_commands}
    assert {info.name for info in app_for(["--help"]).registered_commands} == everything
    assert {info.name for info in app_for(["trails"]).registered_commands} == everything
