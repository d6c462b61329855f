"""Opens the registry, or the answers kept from it, as the settings say."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from stemcheck.services.settings import Settings, data_dir_for

if TYPE_CHECKING:
    from stemcheck.registry.client import Registry
    from stemcheck.registry.past import PastAnswers
    from stemcheck.registry.waiting import Event

Events = Callable[["Event"], None]
"""Is called with what the client is doing: a page, a wait, a retry."""

FALLBACK_SECONDS = 15.0
"""How long the first answer may take when saved data can step in and no timeout was given."""


def connect(
    settings: Settings, *, has_fallback: bool, on_event: Events | None, keeps_answers: bool = True
) -> "Registry":
    """Return a registry client; nothing is sent yet."""
    from stemcheck.registry.waiting import Asking

    if on_event is not None:
        on_event(Asking())  # before the client is loaded: whoever waits sees something at once
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
    """Return what was kept of the registry's answers, or None when nothing was.

    No client is needed for that, and so no httpx: with ``--offline`` it would be a third of the time.
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
