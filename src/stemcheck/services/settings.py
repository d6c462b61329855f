"""The settings, for rooms that only pass them on: they stand in `stemcheck.registry.settings`."""

# It loads nothing but the standard library, so that it may be imported before there is anything to ask.
from stemcheck.registry.settings import (  # noqa: TID253
    Settings,
    connection_from,
    data_dir_for,
    seconds_from,
    settings_from,
)

__all__ = ["Settings", "connection_from", "data_dir_for", "seconds_from", "settings_from"]
