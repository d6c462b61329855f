"""A command with those options only that a command line names.

For every option that takes a value, given or not, Typer makes a validator, and pydantic takes half a
millisecond for each. A flag costs next to nothing.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from inspect import Parameter, signature
from typing import Any, get_args

from typer.models import OptionInfo

HELP_OPTIONS = ("-h", "--help")


def with_named_options(command: Callable[..., Any], arguments: Sequence[str]) -> Callable[..., Any]:
    """Return a command without the options that take a value and that none of the arguments can mean.

    One that is kept in vain (its name may be the value of another one) does no harm. Where help can be meant,
    the command is returned as it is: the help has to list them all.
    """
    if any(_can_mean(argument, name) for argument in arguments for name in HELP_OPTIONS):
        return command
    every = signature(command).parameters.values()
    kept = [option for option in every if not _can_be_left_away(option, arguments)]

    @wraps(command)
    def with_these(**given: Any) -> Any:
        return command(**given)

    with_these.__signature__ = signature(command).replace(parameters=kept)  # type: ignore[attr-defined]
    return with_these


def _can_be_left_away(option: Parameter, arguments: Sequence[str]) -> bool:
    kind, *about = get_args(option.annotation)
    info = about[0] if about else None
    is_optional = option.default is not Parameter.empty
    if kind is bool or not is_optional or not isinstance(info, OptionInfo):
        return False
    names = (info.default, *(info.param_decls or ()))  # Typer sorts the first one out only later
    return not any(_can_mean(argument, name) for argument in arguments for name in names)


def _can_mean(argument: str, name: object) -> bool:
    """Return whether an argument can be an option: ``--limit=3``, or ``-n3``, also behind other letters."""
    if not isinstance(name, str) or not argument.startswith("-"):
        return False
    if name.startswith("--"):
        return argument.partition("=")[0] == name
    return not argument.startswith("--") and name[1:] in argument
