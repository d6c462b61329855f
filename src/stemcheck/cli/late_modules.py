"""Modules that pydantic and Typer import for what stemcheck does not do, loaded only if they are used.

pydantic would look for plugins with `importlib.metadata`, which brings the parsers of e-mail, zip and csv
along, and compare passwords with `secrets`, which brings OpenSSL; Typer would open programs. Together that
is a fifteenth of a search of saved data.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class LateModule(ModuleType):
    """Stands in a module's place until something of it is asked for; then the module itself does."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the import system asks every module for these
            raise AttributeError(name)
        return getattr(self._loaded(), name)

    def _loaded(self) -> ModuleType:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return import_module(self.__name__)


class LateMetadata(LateModule):
    """`importlib.metadata`, of which pydantic takes one function by name and never calls it."""

    def entry_points(self, **parameters: Any) -> Any:
        """Do what the function of the module does."""
        return self._loaded().entry_points(**parameters)


def put_off_loading() -> None:
    """Put those modules off, except what is loaded already."""
    for name in ("secrets", "subprocess", "platform"):
        sys.modules.setdefault(name, LateModule(name))
    sys.modules.setdefault("importlib.metadata", LateMetadata("importlib.metadata"))
