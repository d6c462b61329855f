"""Giving back the room of a page before the next one is read."""

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemcheck.registry.events import Event
    from stemcheck.services.connecting import Events


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
