"""From settings to an open registry."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from stemcheck.services.settings import Settings, data_dir_for

if TYPE_CHECKING:
    from stemcheck.registry.client import Registry
    from stemcheck.registry.events import Event
    from stemcheck.registry.past import PastAnswers
    from stemcheck.registry.settings import RegistrySettings

Events = Callable[["Event"], None]
"""Hears what the client is doing: which page, which wait, which retry."""

FIRST_ANSWER_SECONDS = 7.0
"""When saved data stand ready, nobody should wait longer than this for a first word of the registry."""


def connect(settings: Settings, *, has_fallback: bool, on_event: Events | None) -> "Registry":
    """Return a registry client; nothing is sent yet. Raise UsageError for an address not allowed."""
    from stemcheck.registry.events import Asking

    if on_event is not None:
        on_event(Asking())  # before the client is loaded: whoever waits sees something at once
    from stemcheck.registry.client import Registry

    return Registry(registry_settings_for(settings, has_fallback=has_fallback, on_event=on_event))


def find_past(settings: Settings) -> "PastAnswers | None":
    """Return what was kept of the registry's answers, or None when nothing is to be kept.

    No client is needed for that, and so no httpx: with ``--offline`` it would be a third of the time.
    """
    if not data_dir_for(settings).is_dir():
        return None
    from stemcheck.registry.past import open_past

    return open_past(registry_settings_for(settings, has_fallback=False))


def registry_settings_for(
    settings: Settings, *, has_fallback: bool, on_event: Events | None = None
) -> "RegistrySettings":
    """Return how the registry is to be asked. Raise UsageError for an address that is not allowed."""
    from stemcheck.registry.settings import RegistrySettings, ignore_event

    return RegistrySettings(
        base_url=settings.registry_url,
        timeout_seconds=settings.timeout_seconds,
        connection=settings.connection,
        cache=settings.cache,
        memory_dir=data_dir_for(settings),
        first_answer_seconds=FIRST_ANSWER_SECONDS if has_fallback else None,
        on_event=on_event or ignore_event,
    )
