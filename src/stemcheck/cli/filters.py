"""The filters of a search as options, and the query made from them."""

import inspect
from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Annotated, Any

import typer

from stemcheck.services.filters import query_from
from stemcheck.trial.filter import Filter, Switch, Words
from stemcheck.trial.query import FILTERS, TrialQuery
from stemcheck.words import words


class Given(dict[str, Any]):
    """The typed values by filter name; filters that were not given have no key."""


def takes_filters(*, without: Collection[str] = ()) -> Callable[..., Callable[..., int]]:
    """Return a decorator that replaces a command's parameter ``filters`` with an option for each filter."""

    def make(command: Callable[..., int]) -> Callable[..., int]:
        options = {
            _parameter(filter_): name for name, filter_ in FILTERS.items() if name not in without
        }

        @wraps(command)
        def with_options(**typed: Any) -> int:
            given = {options[name]: typed.pop(name) for name in options}
            filters = Given(
                {n: value for n, value in given.items() if value not in (None, [], False)}
            )
            return command(filters=filters, **typed)

        parameters = []
        for parameter in inspect.signature(command).parameters.values():
            if parameter.name == "filters":
                parameters += [_option_of(name) for name in options.values()]
            else:
                parameters.append(parameter)
        signature = inspect.Signature(parameters, return_annotation=int)
        with_options.__signature__ = signature  # type: ignore[attr-defined]
        with_options.__annotations__ = {}
        return with_options

    return make


def query_for(filters: Mapping[str, Any]) -> TrialQuery:
    """Return the query of some filters. Raises UsageError for a word that no filter knows."""
    return query_from(filters, called="options")


def _parameter(filter_: Filter) -> str:
    return filter_.option.removeprefix("--").replace("-", "_")


def _option_of(name: str) -> inspect.Parameter:
    """Return the parameter from which Typer makes the option of a filter."""
    filter_ = FILTERS[name]
    option = typer.Option(
        filter_.option,
        *([filter_.short] if filter_.short else []),
        metavar=filter_.metavar,
        help=words(f"filters.help.{name}"),
        autocompletion=_completion_of(filter_),
    )
    kind: Any = list[str] if filter_.is_repeatable else str
    if isinstance(filter_.takes, Switch):
        option = typer.Option(filter_.option, help=words(f"filters.help.{name}"))
        kind = bool
    return inspect.Parameter(
        _parameter(filter_),
        inspect.Parameter.KEYWORD_ONLY,
        default=False if kind is bool else None,
        annotation=Annotated[kind if kind is bool else kind | None, option],
    )


def _completion_of(filter_: Filter) -> Callable[[], list[str]] | None:
    taken = filter_.takes
    if not isinstance(taken, Words):
        return None
    offered = list(taken.completed or taken.shown)
    return lambda: offered
