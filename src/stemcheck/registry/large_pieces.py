"""Large pieces of memory, given back to the system as soon as nobody needs them.

Each page comes as one piece of some six megabytes. The allocator of Linux (glibc) hands out a first piece of
that size apart from all small ones; when it is freed, it takes the size for a common one, and lays the next
among the small ones. There a few texts that are still needed keep it from being used again: over fifty
pages a crawl grew by an eighth.
"""

import sys
from contextlib import suppress
from functools import cache
from typing import Any

_MMAP_THRESHOLD = -3
"""glibc's ``M_MMAP_THRESHOLD``. Once it is set, it is not moved any more."""
_BYTES = 128 * 1024
"""Its value when a program starts."""


@cache
def keep_large_pieces_apart() -> None:
    """Have large pieces kept apart from small ones for good. Elsewhere than with glibc nothing happens."""
    with suppress(AttributeError, OSError):  # another C library
        _c_library().mallopt(_MMAP_THRESHOLD, _BYTES)


def give_back_free_pieces() -> None:
    """Give the system what is free between small pieces. Elsewhere than with glibc nothing happens."""
    with suppress(AttributeError, OSError):
        _c_library().malloc_trim(0)


def _c_library() -> Any:
    if sys.platform != "linux":
        raise OSError
    import ctypes  # some milliseconds that a search of one page does not need

    return ctypes.CDLL(None)
