"""The options that say how much of an answer a program wants."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

from stemcheck.cli.options import option
from stemcheck.errors import UsageError
from stemcheck.output.shaping import Shaping
from stemcheck.words import words

_FLAGS = ("brief", "count", "compact", "summary")


def takes_shaping(*flags: str) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Return a decorator that gives a command ``--fields`` and these flags (default: all) as ``shaping``."""
    offered = flags or _FLAGS

    def make(command: Callable[..., int]) -> Callable[..., int]:
        @wraps(command)
        def with_options(**typed: Any) -> int:
            given = {name: typed.pop(name) for name in offered}
            shaping = Shaping(fields=_names_in(typed.pop("fields") or []), **given)
            return command(shaping=shaping, **typed)

        parameters = []
        for parameter in inspect.signature(command).parameters.values():
            parameters += _options(offered) if parameter.name == "shaping" else [parameter]
        signature = inspect.Signature(parameters, return_annotation=int)
        with_options.__signature__ = signature  # type: ignore[attr-defined]
        with_options.__annotations__ = {}
        return with_options

    return make


def _names_in(texts: list[str]) -> tuple[str, ...]:
    """Return the names of fields. Raises UsageError if one is empty."""
    names = tuple(part.strip() for text in texts for part in text.split(","))
    if not all(names):
        raise UsageError(words("cli.shaping.empty_name"), hint=words("cli.shaping.empty_name_hint"))
    return names


def _options(flags: tuple[str, ...]) -> list[inspect.Parameter]:
    fields = Annotated[list[str] | None, option("--fields", metavar="NAME,...")]
    kinds: dict[str, Any] = {"fields": fields}
    kinds |= {name: Annotated[bool, option(f"--{name}")] for name in flags}
    return [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None if name == "fields" else False,
            annotation=kind,
        )
        for name, kind in kinds.items()
    ]
