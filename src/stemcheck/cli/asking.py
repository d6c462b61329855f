"""From options to whom is asked, and how."""

from stemcheck.errors import UsageError
from stemcheck.services.search import Ask
from stemcheck.services.settings import Settings, seconds_from, settings_from


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
