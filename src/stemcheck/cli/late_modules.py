"""Modules that others import for what stemcheck does not do, loaded only if they are used.

pydantic would look for plugins with `importlib.metadata`, which brings the parsers of e-mail, zip and csv
along, and compare passwords with `secrets`, which brings OpenSSL; Typer would open programs; rich would
`pickle` what can be clicked. Together that is a fifteenth of a search of saved data. httpx would run
coroutines on `anyio`.
"""

import os
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_PUT_OFF: dict[str, tuple[str, ...]] = {
    "anyio": (),
    "importlib.metadata": ("entry_points",),
    "pickle": ("dumps", "loads"),
    "platform": (),
    "secrets": (),
    "subprocess": (),
}
"""The modules, and what others take out of them by name and never call."""


class LateModule(ModuleType):
    """Stands in a module's place until something of it is asked for; then the module itself does."""

    def __init__(self, name: str, functions: tuple[str, ...]) -> None:
        super().__init__(name)
        for function in functions:
            setattr(self, function, self._put_off(function))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the import system asks every module for these
            raise AttributeError(name)
        return getattr(self._loaded(), name)

    def _put_off(self, name: str) -> Any:
        def function(*values: Any, **named: Any) -> Any:
            return getattr(self._loaded(), name)(*values, **named)

        return function

    def _loaded(self) -> ModuleType:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return import_module(self.__name__)


def put_off_loading() -> None:
    """Put those modules off, except what is loaded already."""
    for name, functions in _PUT_OFF.items():
        sys.modules.setdefault(name, LateModule(name, functions))
    if "_STEMCHECK_COMPLETE" in os.environ:
        # No value is used: Typer goes on without pydantic, which would check them.
        sys.modules["typer._adapters"] = None  # type: ignore[assignment]
