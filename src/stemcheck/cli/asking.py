"""From options to whom is asked, and how."""

import gc
from typing import TYPE_CHECKING

from stemcheck.errors import UsageError
from stemcheck.services.search import Ask
from stemcheck.services.settings import Settings, seconds_from, settings_from

if TYPE_CHECKING:
    from stemcheck.registry.events import Event
    from stemcheck.services.connecting import Events


def chosen_ask(*, offline: bool, live: bool) -> Ask:
    """Return whom to ask; raise UsageError when the options contradict each other."""
    if offline and live:
        raise UsageError("--offline and --live contradict each other.", hint="Use one of them.")
    if offline:
        return Ask.SAVED_ONLY
    return Ask.REGISTRY_ONLY if live else Ask.REGISTRY_THEN_SAVED


def settings_with(timeout: str | None, *, refresh: bool = False) -> Settings:
    """Return the settings of the environment with what the command line says instead."""
    settings = settings_from()
    if timeout is not None:
        settings = settings._replace(timeout_seconds=seconds_from(timeout, "--timeout"))
    return settings._replace(cache="refresh") if refresh else settings


def tidying(listener: "Events") -> "Events":
    """Return a listener that has the room of each page given back before the next one is read.

    `__main__` has Python look for garbage hardly ever. There is next to none, but until it looks it keeps
    the room of tuples that are no more, thousands of each length.
    """

    def hear(event: "Event") -> None:
        from stemcheck.registry.events import PageArrived

        if isinstance(event, PageArrived) and event.number > 1:
            from stemcheck.registry.large_pieces import give_back_free_pieces

            if event.number == 2:  # noqa: PLR2004
                gc.freeze()  # what is there now stays: it need not be looked through again
            gc.collect()
            give_back_free_pieces()
        listener(event)

    return hear
