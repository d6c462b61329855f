"""The settings, for packages that only pass them on. They are defined in `stemcheck.registry.settings`."""

# This import loads only the standard library, so it is cheap even if nothing will be asked.
from stemcheck.registry.settings import (  # noqa: TID253
    Settings,
    connection_from,
    data_dir_for,
    seconds_from,
    settings_from,
)

__all__ = ["Settings", "connection_from", "data_dir_for", "seconds_from", "settings_from"]
