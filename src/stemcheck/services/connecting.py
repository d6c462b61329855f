"""Opens the registry with given settings, and finds its saved answers."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from stemcheck.services.settings import Settings, data_dir_for

if TYPE_CHECKING:
    from stemcheck.registry.client import Registry
    from stemcheck.registry.past import PastAnswers
    from stemcheck.registry.waiting import Event

Events = Callable[["Event"], None]
"""Receives the client's events: which page, which wait, which retry."""

FALLBACK_SECONDS = 15.0
"""How long the first answer may take if saved data can be shown instead and the user set no timeout."""


def connect(
    settings: Settings, *, has_fallback: bool, on_event: Events | None, keeps_answers: bool = True
) -> "Registry":
    """Return a registry client, without sending anything yet."""
    from stemcheck.registry.waiting import Asking

    if on_event is not None:
        on_event(Asking())  # before the client is loaded, so that the user sees something at once
    from stemcheck.registry.client import Registry
    from stemcheck.saved.answers import AnswerStore, ConnectionMemory

    keep = AnswerStore if keeps_answers else ConnectionMemory
    is_hurried = has_fallback and not settings.is_timeout_given
    return Registry(
        settings,
        store=keep(data_dir_for(settings)),
        on_event=on_event or _ignore,
        first_answer_seconds=FALLBACK_SECONDS if is_hurried else None,
    )


def find_past(settings: Settings) -> "PastAnswers | None":
    """Return the saved answers of the registry, or None if there are none.

    This needs no client and so no httpx, whose import would take a third of the time with ``--offline``.
    """
    from stemcheck.saved import STORE_FILE

    folder = data_dir_for(settings)
    if folder is None or not (folder / STORE_FILE).is_file():
        return None
    from stemcheck.registry.past import PastAnswers
    from stemcheck.saved.answers import AnswerStore

    return PastAnswers(AnswerStore(folder), settings)


def _ignore(event: "Event") -> None:
    """Ignore an event."""
